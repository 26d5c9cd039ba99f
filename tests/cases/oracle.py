"""What should happen to a case, worked out a second time and as plainly as possible.

Nothing here asks the product: the flow, the deadlines, the holidays and who may do what are written down again, so
that a fault in a table of the product shows as well as one in its code.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from types import SimpleNamespace
from typing import NamedTuple

from tests.support.office import STAFF
from zhitong.core.errors import FasterError, FieldError, NotPermittedError, RefusedError

CITY = timezone(timedelta(hours=8))
DAY = timedelta(days=1)


class Row(NamedTuple):
    """One action: from where, to where, what the clock does, whose it is, what must be said."""

    sources: str
    target: str
    clock: str
    group: str
    needs: tuple[str, ...] = ()


FLOW = {
    "supplement": Row("returned", "submitted", "start", "firm", ("text",)),
    "withdraw": Row(
        "submitted returned accepted dispatched handling", "withdrawn", "stop", "firm", ("reason",)
    ),
    "rate": Row("reviewed", "rated", "start", "firm", ("stars",)),
    "accept": Row("submitted returned", "accepted", "start", "intake", ("kind",)),
    "return": Row("submitted", "returned", "start", "intake", ("reason",)),
    "dispatch": Row("accepted", "dispatched", "start", "intake", ("lead",)),
    "redispatch": Row("dispatched handling", "dispatched", "keep", "intake", ("lead", "reason")),
    "close": Row("rated", "closed", "stop", "intake", ("outcome",)),
    "assign": Row("dispatched handling", "", "keep", "assigning", ("person",)),
    "start": Row("dispatched", "handling", "keep", "starting"),
    "note": Row(
        "submitted returned accepted dispatched handling answered reviewed rated",
        "",
        "keep",
        "noting",
        ("text", "visibility"),
    ),
    "answer": Row("handling", "answered", "start", "person", ("text", "outcome")),
    "approve": Row("answered", "reviewed", "start", "other reviewer"),
    "reject": Row("answered", "handling", "resume", "other reviewer", ("reason",)),
    "close_unrated": Row("reviewed", "closed", "stop", "system"),
}
# The way of a case that goes well, and the turns that often come before it does.
MAIN_WAY = ("accept", "dispatch", "start", "answer", "approve", "rate", "close")
TURNS = ("return", "supplement", "reject")
OWNED_BY_LEAD = frozenset({"dispatched", "handling", "answered", "reviewed", "closed"})
ENDED = frozenset({"closed", "withdrawn"})
CLOCKS = {
    "submitted": "accept",
    "returned": "supplement",
    "accepted": "dispatch",
    "dispatched": "handle",
    "handling": "handle",
    "answered": "review",
    "reviewed": "rate",
    "rated": "close",
}
WORKDAYS = {"accept": 1, "supplement": 5, "dispatch": 1, "review": 1, "close": 2}
HANDLING_DAYS = {"consult": 3, "normal": 7, "complex": 15}
RATING_DAYS = 7
HELD_OVER = frozenset({"dispatched", "handling", "answered", "reviewed", "rated"})


def _days(*spans: str) -> Iterator[date]:
    """Yield the days of spans such as 2026-02-15..23 or 2025-01-28..02-04."""
    for span in spans:
        first, _, last = span.partition("..")
        day = date.fromisoformat(first)
        end = date.fromisoformat(first[: -len(last)] + last) if last else day
        while day <= end:
            yield day
            day += DAY


HOLIDAYS = frozenset(
    _days("2026-01-01..03", "2026-02-15..23", "2026-04-04..06", "2026-05-01..05")
    ) | frozenset(
    _days("2026-06-19..21", "2026-09-25..27", "2026-10-01..07")
)  # fmt: skip
WORKING_WEEKENDS = frozenset(
    _days("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10")
)


@dataclass
class Calendar:
    """The city's days as the histories have edited them; knows 2026 by heart."""

    loaded: set[int] = field(default_factory=lambda: {2025, 2026})
    off: set[date] = field(default_factory=set)  # gazetted later, with another year
    on: set[date] = field(default_factory=set)
    local: dict[date, bool] = field(default_factory=dict)  # day -> works

    def works(self, day: date) -> bool:
        """Whether offices work on the day."""
        if day in self.local:
            return self.local[day]
        if day in HOLIDAYS or day in self.off:
            return False
        return day in WORKING_WEEKENDS or day in self.on or day.weekday() < 5

    def due(self, began: datetime, days: int, *, working: bool) -> datetime:
        """The last moment of the day on which a clock runs out."""
        day = began.astimezone(CITY).date()
        while days:
            day += DAY
            if not working or self.works(day):
                days -= 1
        return datetime(day.year, day.month, day.day, 23, 59, 59, 999999, tzinfo=CITY).astimezone(UTC)

    def provisional(self, began: datetime, due: datetime) -> bool:
        """Whether a working-day clock reaches a year that is not loaded."""
        first = began.astimezone(CITY).date() + DAY
        return any(year not in self.loaded for year in range(first.year, due.astimezone(CITY).year + 1))


@dataclass(repr=False)
class Expected:
    """A case as it should stand; units and people by their short names."""

    pk: int
    firm: str
    intake: str
    created: datetime
    state: str = "submitted"
    lead: str | None = None
    person: str | None = None
    author: str | None = None
    kind: str = ""
    began: datetime | None = None
    since: datetime | None = None
    version: int = 1
    entries: int = 1
    ended: datetime | None = None
    stretches: list[tuple] = field(default_factory=list)
    runs: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.began = self.since = self.created

    def __repr__(self) -> str:
        return f"<case {self.pk} of firm {self.firm}: {self.state}>"

    @property
    def owner(self) -> str | None:
        """The accountable department."""
        return self.lead if self.state in OWNED_BY_LEAD else self.intake

    @property
    def clock(self) -> str:
        """The running clock, empty where the case has ended."""
        return CLOCKS.get(self.state, "")

    def due(self, calendar: Calendar) -> datetime | None:
        """When the running clock runs out."""
        if not self.clock:
            return None
        if self.clock == "rate":
            return calendar.due(self.began, RATING_DAYS, working=False)
        days = HANDLING_DAYS[self.kind] if self.clock == "handle" else WORKDAYS[self.clock]
        return calendar.due(self.began, days, working=True)

    def provisional(self, calendar: Calendar) -> bool:
        """Whether that moment may still move when a year is loaded."""
        due = self.due(calendar)
        return due is not None and self.clock != "rate" and calendar.provisional(self.began, due)

    def become(self, action: str, given: dict, by: str, now: datetime, calendar: Calendar) -> None:
        """Do a legal action."""
        row = FLOW[action]
        changes = {"state": row.target or self.state, **_effects(self, action, given, by)}
        self.change(changes, clock=row.clock, now=now, calendar=calendar)

    def change(self, changes: dict, *, clock: str, now: datetime, calendar: Calendar) -> None:
        """End the running stretch if anything about it changes, and begin the next one."""
        before = SimpleNamespace(owner=self.owner, state=self.state, person=self.person, clock=self.clock)
        due = self.due(calendar)
        for name, value in changes.items():
            setattr(self, name, value)
        moved = (before.owner, before.state, before.person) != (self.owner, self.state, self.person)
        if moved or clock != "keep":
            late = clock != "keep" and now > due
            self.stretches.append(
                (
                    before.state,
                    before.owner,
                    before.person,
                    self.since,
                    now,
                    before.clock,
                    self.began,
                    due,
                    late,
                )
            )
            self.runs[before.clock] = self.began
            self.since = now
        self.began = {"keep": self.began, "stop": None, "resume": self.runs.get(self.clock)}.get(clock, now)
        self.ended = now if self.state in ENDED else None
        self.version += 1
        self.entries += 1


def _effects(case: Expected, action: str, given: dict, by: str) -> dict:
    """The columns an action sets besides the state."""
    if action in {"dispatch", "redispatch"}:
        return {"lead": given["lead"], "person": given["person"]}
    if action == "start":
        return {"person": case.person or by}
    if action == "answer":
        return {"author": by}
    return {name: given[name] for name in ("kind", "person") if name in given}


@dataclass
class People:
    """Who holds which posts, who stands in for whom."""

    posts: dict[str, set[tuple[str, str]]]
    away: list[tuple[str, str, datetime, datetime]] = field(default_factory=list)

    def held(self, name: str, now: datetime) -> set[tuple[str, str]]:
        """Own posts, and those of absentees in departments where the person holds a post, too."""
        own = self.posts.get(name, set())
        units = {unit for unit, _ in own}
        lent = {post for who in self.replaced(name, now) for post in self.posts[who] if post[0] in units}
        return own | lent

    def replaced(self, name: str, now: datetime) -> set[str]:
        """Those whose posts the person may act in."""
        return {who for who, by, since, until in self.away if by == name and since <= now < until}

    def persons(self, name: str, now: datetime) -> set[str]:
        """The person, and those replaced who lend at least one post."""
        units = {unit for unit, _ in self.posts.get(name, set())}
        lending = {who for who in self.replaced(name, now) if units & {unit for unit, _ in self.posts[who]}}
        return {name} | lending

    def handles(self, name: str | None, unit: str | None) -> bool:
        """Whether the person holds a handler's post there."""
        return (unit, "handler") in self.posts.get(name, set())

    def behind(self, name: str, unit: str | None, now: datetime) -> str:
        """Who is in charge of what the person takes up: they themselves if a handler there, else an absentee."""
        if self.handles(name, unit):
            return name
        absent = [who for who in self.replaced(name, now) if self.handles(who, unit)]
        return min(absent, key=[row[0] for row in STAFF].index) if absent else name

    def near(self, case: Expected, now: datetime) -> list[str]:
        """Those who have something to do with the case or with one like it."""
        units = {case.intake, case.lead}
        staff = [name for name in self.posts if units & {unit for unit, _ in self.held(name, now)}]
        return [*staff, "firm_a", "firm_b", "admin_a"]

    def may(self, name: str, group: str, case: Expected, now: datetime) -> bool:
        """Whether the person belongs to a group of the flow for this case; "system" is the clock."""
        held, persons = self.held(name, now), self.persons(name, now)
        intake = (case.intake, "dispatcher") in held
        handler = (case.lead, "handler") in held
        reviewer = bool({(case.lead, "section_head"), (case.lead, "leader_in_charge")} & held)
        person = handler and case.person in persons
        answers = {
            "firm": name in {f"firm_{case.firm}", f"admin_{case.firm}"},
            "intake": intake,
            "assigning": intake or reviewer,
            "starting": person or (handler and case.person is None),
            "noting": intake or reviewer or person,
            "person": person,
            "other reviewer": reviewer and case.author not in persons,
            "system": name == "system",
        }
        return answers[group]


def faults(
    case: Expected, action: str, given: dict, by: str, now: datetime, people: People, calendar: Calendar
) -> set[type[RefusedError]]:
    """Why an action must be refused; empty where it is legal."""
    row, found = FLOW[action], set()
    if case.state not in row.sources.split():
        found.add(FasterError)
    if not people.may(by, row.group, case, now):
        found.add(NotPermittedError)
    if any(not given.get(name) for name in row.needs) or given.get("visibility") == "nobody":
        found.add(FieldError)
    if _wrong_people(case, action, given, people):
        found.add(FieldError)
    if action == "close_unrated" and (case.clock == "" or now <= case.due(calendar)):
        found.add(RefusedError)
    return found


def _wrong_people(case: Expected, action: str, given: dict, people: People) -> bool:
    if action == "assign":
        return not people.handles(given["person"], case.lead)
    if action not in {"dispatch", "redispatch"} or given["lead"] is None:
        return False
    anybody = any(people.handles(name, given["lead"]) for name in people.posts)
    return not anybody or (given["person"] is not None and not people.handles(given["person"], given["lead"]))
