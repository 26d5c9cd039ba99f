"""The fixed words of deliveries, and the dated table of ways, times and texts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from functools import cache
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhitong.core import data

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

FOLDER = "notices"
NAME = "channels"


class Channel(models.TextChoices):
    """A way out of the system."""

    SMS = "sms", _("Text message")
    WEIXIN = "weixin", _("WeChat")
    EMAIL = "email", _("E-mail")


class State(models.TextChoices):
    """Where a message is on its way out."""

    WAITING = "waiting", _("Waiting")
    HELD = "held", _("Held")
    SENT = "sent", _("Sent out")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Failed")
    DROPPED = "dropped", _("Not sent")


OPEN = (State.WAITING, State.HELD)
GONE = (State.SENT, State.DELIVERED)


class Reason(models.TextChoices):
    """Why a message is held, failed or was not sent."""

    NONE = "", _("No reason")
    QUIET = "quiet", _("Quiet hours")
    DIGEST = "digest", _("Waits for the digest")
    THROTTLED = "throttled", _("The gateway asks for later")
    OFF = "off", _("Switched off by the person")
    NO_ADDRESS = "no_address", _("No number, address or account")
    UNBOUND = "unbound", _("The person does not follow the account")
    LIMIT = "limit", _("Too many on one day")
    READ = "read", _("Read in the meantime")
    CLOSED = "closed", _("The account is closed")
    REJECTED = "rejected", _("Refused by the gateway")
    GIVEN_UP = "given_up", _("No try succeeded")
    TOO_LATE = "too_late", _("Too old to be sent")
    NOT_ARRIVED = "not_arrived", _("The gateway reports that it did not arrive")


HOLDS = (Reason.QUIET, Reason.DIGEST)
DROPS = (Reason.OFF, Reason.NO_ADDRESS, Reason.UNBOUND, Reason.LIMIT, Reason.READ, Reason.CLOSED)
FAILS = (Reason.REJECTED, Reason.GIVEN_UP, Reason.TOO_LATE, Reason.NOT_ARRIVED)

# What a text may name, by way. A text message carries no personal data, and nothing that somebody typed.
VARIABLES = {
    "sms": frozenset({"number"}),
    "weixin": frozenset(),
    "line": frozenset({"sentence", "number", "unit"}),
    "line_hidden": frozenset({"number"}),
    "subject": frozenset(),
    "ending": frozenset({"link"}),
    "digest_subject": frozenset({"count"}),
    "digest_opening": frozenset({"count"}),
    "code_subject": frozenset(),
    "code_text": frozenset({"code", "minutes"}),
}
LANGUAGES = ("zh", "en")
WIDEST_NUMBER = 24  # of a case or matter
PLACE = re.compile(r"%\((\w*)\)s")


@dataclass(frozen=True, slots=True)
class Group:
    """Kinds of messages that a person switches on and off together."""

    name: str
    side: str
    label: dict[str, str]
    events: frozenset[str]
    ladder: tuple[str, ...]
    on: frozenset[str]
    texts: dict[str, dict[str, str]]
    urgent: bool = False
    digest: bool = False
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One version of the table."""

    groups: tuple[Group, ...]
    raw: dict[str, Any]

    def group(self, event: str, side: str) -> Group:
        """Return the group of an event on one side; what no group names belongs to the rest."""
        mine = self.of(side)
        named = (group for group in mine if event in group.events)
        return next(named, next(group for group in mine if group.rest))

    def of(self, side: str) -> tuple[Group, ...]:
        """Return the groups of one side."""
        return tuple(group for group in self.groups if group.side == side)

    def number(self, part: str, name: str) -> int:
        """Return a number that is laid down."""
        return int(self.raw[part][name])

    def moment(self, part: str, name: str) -> time:
        """Return a time of day that is laid down."""
        return time.fromisoformat(self.raw[part][name])

    def parts(self, text: str) -> int:
        """Return in how many text messages a text is sent."""
        length = len(text)
        if length <= self.number("sms", "part"):
            return 1
        return -(-length // self.number("sms", "long_part"))


def table_on(day: date) -> Table:
    """Return the table in force on a day."""
    return table(data.version_on(FOLDER, NAME, day))


@cache
def table(version: int) -> Table:
    """Return one version, checked; ImproperlyConfigured names what cannot work."""
    return parse(data.read(FOLDER, f"{NAME}-{version}"))


def check_all() -> None:
    """Read every version of the table."""
    for stem in data.stems(FOLDER):
        if stem.startswith(f"{NAME}-"):
            parse(data.read(FOLDER, stem))


def parse(raw: dict[str, Any]) -> Table:
    """Return the table of a file; ImproperlyConfigured names every fault."""
    found = Table(tuple(_group(row) for row in raw["group"]), raw)
    faults = [*_texts(found), *_sides(found), *_names(found)]
    if faults:
        raise ImproperlyConfigured("data/notices: " + " ".join(faults))
    return found


def _group(row: dict[str, Any]) -> Group:
    return Group(
        name=row["name"],
        side=row["side"],
        label=row["label"],
        events=frozenset(row["events"]),
        ladder=tuple(row["ladder"]),
        on=frozenset(row["on"]),
        texts={"sms": row["sms"], "weixin": row["weixin"]},
        urgent=row.get("urgent", False),
        digest=row.get("digest", False),
        rest=row.get("rest", False),
    )


def _all_texts(found: Table) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield where a text stands, of which kind it is, and the text itself."""
    for group in found.groups:
        for kind, texts in group.texts.items():
            yield f"{group.name}.{kind}", kind, texts
    for kind, texts in found.raw["email"].items():
        yield f"email.{kind}", kind, texts


def _texts(found: Table) -> Iterator[str]:
    for place, kind, texts in _all_texts(found):
        for language in LANGUAGES:
            text = texts.get(language)
            if not text:
                yield f"{place} has no text in {language}."
                continue
            unknown = sorted(set(PLACE.findall(text)) - VARIABLES.get(kind, frozenset()))
            if unknown:
                yield f"{place} ({language}) names {', '.join(unknown)}, which it may not."
            elif "%" in PLACE.sub("", text):
                yield f"{place} ({language}) has a stray percent sign."
            else:
                yield from _too_long(found, place, kind, text, language)


def _too_long(found: Table, place: str, kind: str, text: str, language: str) -> Iterator[str]:
    widest = PLACE.sub("0" * WIDEST_NUMBER, text)
    if kind == "sms":
        parts = found.parts(found.raw["sms"]["signature"][language] + widest)
        if parts > found.number("sms", "most_parts"):
            yield f"{place} ({language}) takes {parts} text messages."
    if kind == "weixin" and len(widest) > found.number("weixin", "thing"):
        yield f"{place} ({language}) is too long for a field of WeChat."


def _sides(found: Table) -> Iterator[str]:
    for side in ("firm", "staff"):
        if [group.rest for group in found.of(side)].count(True) != 1:
            yield f"The side {side} needs one group for the rest."
        named = [event for group in found.of(side) for event in group.events]
        yield from (
            f"{event} stands in two groups." for event in sorted(set(named)) if named.count(event) > 1
        )


def _names(found: Table) -> Iterator[str]:
    for group in found.groups:
        strange = ({*group.ladder, *group.on} - set(Channel.values)) | ({group.side} - {"firm", "staff"})
        if strange:
            yield f"{group.name} names {', '.join(sorted(strange))}, which nobody knows."
    strange = set(found.raw["quiet"]["channels"]) - set(Channel.values)
    if strange:
        yield f"The quiet hours name {', '.join(sorted(strange))}, which nobody knows."
