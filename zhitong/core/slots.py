"""Named places that rooms above fill, so that imports only ever run downwards.

A slot is a name, a protocol and a list. `zhitong.config.slots` fills them when the program starts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime, timedelta

    from django.http import HttpRequest

    from zhitong.core.actor import Actor
    from zhitong.core.models import OutboxMessage

T = TypeVar("T")


class Slot(Generic[T]):
    """A typed list that others fill; `protocol` says what a member must offer."""

    def __init__(self, name: str, protocol: type, about: str) -> None:
        self.name = name
        self.protocol = protocol
        self.about = about
        self._members: dict[str, T] = {}

    def fill(self, name: str, member: T) -> None:
        """Add a member under a name; a name can be taken once."""
        if name in self._members:
            message = f"The slot {self.name} already has {name}."
            raise ValueError(message)
        self._members[name] = member

    def __iter__(self) -> Iterator[T]:
        return iter(self._members.values())

    def __getitem__(self, name: str) -> T:
        return self._members[name]

    def items(self) -> Iterator[tuple[str, T]]:
        """Pairs of name and member, in the order in which they were filled."""
        return iter(self._members.items())

    def names(self) -> tuple[str, ...]:
        """The members' names, in order."""
        return tuple(self._members)


class Panel(Protocol):
    """A part of a page that the page's own app does not know."""

    template: str

    def context(self, actor: Actor, subject: Any, now: datetime) -> dict[str, Any] | None:
        """Return what the template needs, or None to show nothing."""


class Beginning(Protocol):
    """Texts that an answer or a note about a case may begin with; a person chooses and writes on."""

    template: str

    def context(self, actor: Actor, subject: Any, now: datetime) -> dict[str, Any] | None:
        """Return what the template needs to offer them, or None to offer nothing."""

    def text(self, *, actor: Actor, case: Any, key: int, now: datetime) -> str | None:
        """Return the text of one of them for a case, None where the actor has no such text."""


class Unfinished(Protocol):
    """Marks in a text that tell a person to fill something in before it is sent."""

    def __call__(self, text: str) -> tuple[str, ...]:
        """Return the marks that are left in a text."""


class Guard(Protocol):
    """A reason why an action cannot be done yet, known only to a room above."""

    def __call__(self, *, action: str, subject: Any) -> str | None:
        """Return the English sentence that says why not, or None."""


class Provider(Protocol):
    """An answer that a room above has for a room below."""

    def __call__(self, **question: Any) -> Any:
        """Answer the question."""


class FirmQuestion(Protocol):
    """What a room above knows between somebody and a firm."""

    def __call__(self, *, actor: Actor, enterprises: frozenset[int]) -> bool:
        """Whether it is so for any of the entries that stand for one firm."""


class FirmNames(Protocol):
    """Rows of a room above that keep the names of firms."""

    def __call__(self, *, enterprises: frozenset[int]) -> None:
        """Take the names of these firms over as they are now, within the caller's transaction."""


class FirmMatter(Protocol):
    """Whether a number names a matter of a firm, on which the office may come without being counted."""

    def __call__(self, *, number: str, enterprises: frozenset[int]) -> bool:
        """Whether it is a matter of any of the entries that stand for one firm."""


class HiddenTenants(Protocol):
    """Whose people's acts are read in the audit log without a name."""

    def __call__(self, tenants: frozenset[int]) -> frozenset[int]:
        """Return those of some tenants that have a matter whose reporter is protected."""


@dataclass(frozen=True, slots=True)
class LeaderMatter:
    """A case that somebody could lay before a leader, and why, in the reader's language."""

    case: int
    reason: Any
    at: datetime | None = None  # since when; a leader who decided after that has decided on it


@dataclass(frozen=True, slots=True)
class OutsideName:
    """What something may be called where a message about it leaves the system."""

    number: str
    open: bool  # whether what people wrote about it may go along


class OutsideNames(Protocol):
    """What the matters of a room may be called outside, as it stands now; what no room names stays inside."""

    def __call__(self, subjects: frozenset[str]) -> dict[str, OutsideName]:
        """Name those of the subjects that the room knows."""


class LeaderMatters(Protocol):
    """Cases that a room would name to those who may lay one before a leader."""

    def __call__(self, actor: Actor, now: datetime) -> list[LeaderMatter]:
        """Name the cases in the actor's sight."""


class WordForLeader(Protocol):
    """A word about a matter that a leader has to hear before the matter ends, or although it has ended."""

    def __call__(self, subject: Any) -> datetime | None:
        """Return the moment of the newest such word, None where there is none."""


class Recomputer(Protocol):
    """Work that follows when a day of the calendar changes."""

    def __call__(self, *, by: Actor, now: datetime, days: frozenset[date]) -> int:
        """Recompute what depends on the days; return how many rows changed."""


class PayloadBuilder(Protocol):
    """What travels with a case to another place."""

    def __call__(self, subject: Any) -> dict[str, Any]:
        """Return plain data."""


class Consumer(Protocol):
    """What happens after commit when a topic was emitted; its effects share the delivery's transaction."""

    topics: frozenset[str]

    def __call__(self, message: OutboxMessage, now: datetime) -> None:
        """Do the work once; an exception means a later try."""


class Schedule(Protocol):
    """Work that is due again and again."""

    every: timedelta

    def run(self, now: datetime) -> str:
        """Do the work; return a short note for the log."""


class ActorSource(Protocol):
    """What a room knows about a signed-in user: posts or seats."""

    def __call__(self, user: Any, now: datetime) -> dict[str, Any]:
        """Return the fields of Actor that this room knows."""


class SeatedUsers(Protocol):
    """Users whose open work a room can hand over when they leave."""

    def __call__(self, *, user: int, to: int | None, by: Actor, now: datetime) -> int:
        """Reassign all open work of `user`; return how many pieces moved."""


class KeyScope(Protocol):
    """Something that a program's key can be good for."""

    label: Any


@dataclass(frozen=True, slots=True)
class Scope:
    """A scope with its words for the page of keys, in the reader's language."""

    label: Any


class ListPage(Protocol):
    """A list of the office that keeps filters and views."""

    address: str
    permission: str
    label: Any


@dataclass(frozen=True, slots=True)
class Listed:
    """A list with its address, who may open it, and its words in the reader's language."""

    address: str
    permission: str
    label: Any


@dataclass(frozen=True, slots=True)
class Sought:
    """What somebody looks for from anywhere: words, or nothing yet and what they had open last."""

    words: str
    recent: tuple[str, ...] = ()  # as events name their objects: "case:42", newest first


class Home(Protocol):
    """Where a signed-in person begins."""

    def __call__(self, request: HttpRequest) -> str | None:
        """Return the address of the first page, or None if this room has none for the person."""


panels: Slot[Panel] = Slot("panels", Panel, "parts of the case page that cases does not know")
portal_panels: Slot[Panel] = Slot("portal_panels", Panel, "parts of the firm's first page")
firm_panels: Slot[Panel] = Slot("firm_panels", Panel, "parts of a firm's page that firms do not know")
desk_panels: Slot[Panel] = Slot("desk_panels", Panel, "parts of the office's first page")
finders: Slot[Panel] = Slot(
    "finders", Panel, "what somebody may open that fits some words, a few of each kind"
)
writing_panels: Slot[Panel] = Slot(
    "writing_panels", Panel, "what is known of a matter while a firm writes it down"
)
beginnings: Slot[Beginning] = Slot("beginnings", Beginning, "texts that an answer or a note may begin with")
unfinished: Slot[Unfinished] = Slot(
    "unfinished", Unfinished, "marks in a text that has to be filled in before it is sent"
)
guards: Slot[Guard] = Slot("guards", Guard, "reasons why an action cannot be done yet")
providers: Slot[Provider] = Slot("providers", Provider, "answers that rooms above have for rooms below")
firms_in_hand: Slot[FirmQuestion] = Slot(
    "firms_in_hand", FirmQuestion, "who has a running matter of a firm in hand, and may call it at once"
)
firms_called_in: Slot[FirmQuestion] = Slot(
    "firms_called_in", FirmQuestion, "to whose desk a running matter brings a firm of another territory"
)
firm_matters: Slot[FirmMatter] = Slot("firm_matters", FirmMatter, "whether a number names a matter of a firm")
firm_names: Slot[FirmNames] = Slot(
    "firm_names", FirmNames, "what keeps the names of firms and follows when one changes"
)
leader_matters: Slot[LeaderMatters] = Slot(
    "leader_matters", LeaderMatters, "cases that could be laid before a leader, with the reason"
)
words_for_leaders: Slot[WordForLeader] = Slot(
    "words_for_leaders", WordForLeader, "what a leader has to hear before a matter ends"
)
outside_names: Slot[OutsideNames] = Slot(
    "outside_names", OutsideNames, "what a matter may be called where a message about it leaves the system"
)
hidden_tenants: Slot[HiddenTenants] = Slot(
    "hidden_tenants", HiddenTenants, "firms whose people are not named on the page of the audit log"
)
recomputers: Slot[Recomputer] = Slot("recomputers", Recomputer, "work that follows a calendar edit")
payload_builders: Slot[PayloadBuilder] = Slot(
    "payload_builders", PayloadBuilder, "what travels with a case that goes to another place"
)
consumers: Slot[Consumer] = Slot("consumers", Consumer, "what happens after commit when a topic was emitted")
schedules: Slot[Schedule] = Slot("schedules", Schedule, "work that is due again and again")
actor_sources: Slot[ActorSource] = Slot("actor_sources", ActorSource, "posts and seats of a signed-in user")
handovers: Slot[SeatedUsers] = Slot("handovers", SeatedUsers, "open work of somebody who leaves")
homes: Slot[Home] = Slot("homes", Home, "first page of a signed-in person")
lists: Slot[ListPage] = Slot("lists", ListPage, "lists of the office that keep filters and views")
key_scopes: Slot[KeyScope] = Slot("key_scopes", KeyScope, "what a program's key can be good for")

SLOTS: tuple[Slot[Any], ...] = (
    panels,
    portal_panels,
    firm_panels,
    desk_panels,
    finders,
    writing_panels,
    beginnings,
    unfinished,
    guards,
    providers,
    firms_in_hand,
    firms_called_in,
    firm_matters,
    firm_names,
    leader_matters,
    words_for_leaders,
    outside_names,
    hidden_tenants,
    recomputers,
    payload_builders,
    consumers,
    schedules,
    actor_sources,
    handovers,
    homes,
    lists,
    key_scopes,
)
