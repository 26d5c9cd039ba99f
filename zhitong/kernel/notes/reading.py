"""Finding who speaks, when, from which firm and about what, in a text that somebody pasted.

What was found can be corrected by whoever pasted; what was not found is empty.
The words (labels, endings of names, greetings) come with the call: no language stands in the code.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

LONGEST = 20_000  # signs that are read; the rest of a longer text is left alone
NAMED = 40  # signs of a speaker's name, of a contact
FIRMS = 8  # names of firms that are given
MOBILE = re.compile(r"(?<!\d)(?:\+?86[ -]?)?(1[3-9]\d)[ -]?(\d{4})[ -]?(\d{4})(?!\d)")
LAND_LINE = re.compile(r"(?<!\d)(0\d{2,3})[- ]?(\d{7,8})(?:-\d{1,5})?(?!\d)")
CLOCK = r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::[0-5]\d)?"
FULL_DAY = (
    r"(?P<year>20\d\d)[-/.\u5e74](?P<month>1[0-2]|0?[1-9])[-/.\u6708](?P<day>3[01]|[12]\d|0?[1-9])\u65e5?"
)
SHORT_DAY = r"(?P<month>1[0-2]|0?[1-9])[-/.\u6708](?P<day>3[01]|[12]\d|0?[1-9])\u65e5?"
MOMENTS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{FULL_DAY}[ T,]*{CLOCK}",
        rf"(?<![\d.]){SHORT_DAY}[ ,]*{CLOCK}",
        FULL_DAY,
        r"(?P<month>1[0-2]|0?[1-9])\u6708(?P<day>3[01]|[12]\d|0?[1-9])\u65e5",
        rf"(?:^|\s){CLOCK}(?:\s|$)",
    )
)
# Signs of a name: letters and figures of any script, brackets, a middle dot.
NAME_SIGNS = r"[\w()\u00b7\u2022&]"
# Where a line is cut to look for labels: behind a full stop, a semicolon, at a tabulator.
PARTS = re.compile("(?<=[;\uff1b\u3002\t])")
STOP = re.compile("[,.;!?\u3002\uff0c\uff1b\uff01\uff1f\u3001]")
AROUND = " ,.;:!?~()[]-/\u3002\uff0c\uff1b\uff1a\uff01\uff1f\u3001\uff08\uff09"
COLONS = (":", "\uff1a")
SPEAKERS = 16  # signs of who speaks, with firm and duty


@dataclass(frozen=True, slots=True)
class Words:
    """The words by which a note is read: labels before a value, endings of names, what is part of neither."""

    firm: tuple[str, ...] = ()
    contact: tuple[str, ...] = ()
    phone: tuple[str, ...] = ()
    matter: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()  # of names of firms, the longest first
    before: tuple[str, ...] = ()  # what stands before a name without being part of it
    greetings: tuple[str, ...] = ()
    records: tuple[str, ...] = ()  # what a note is called that is no name: "record of a call"
    today: tuple[str, ...] = ()
    yesterday: tuple[str, ...] = ()

    @classmethod
    def parse(cls, table: Mapping[str, Any]) -> Words:
        """Read the words from a table; ValueError names what is no list of texts."""
        found: dict[str, tuple[str, ...]] = {}
        for name in cls.__slots__:
            given = table.get(name, [])
            if not isinstance(given, list) or not all(isinstance(word, str) and word for word in given):
                message = f"{name} has to be a list of words."
                raise ValueError(message)
            found[name] = tuple(sorted((_plain(word) for word in given), key=len, reverse=True))
        return cls(**found)


@dataclass(frozen=True, slots=True)
class Note:
    """What a note says; empty or None where it says nothing."""

    matter: str
    firms: tuple[str, ...] = ()  # names as written, the likeliest first
    contact: str = ""
    phone: str = ""
    place: str = ""
    at: datetime | None = None  # without a zone: the clock on the wall


@dataclass(slots=True)
class _Found:
    lines: list[str] = field(default_factory=list)
    firms: list[str] = field(default_factory=list)
    speaker: str = ""
    contact: str = ""
    phone: str = ""
    place: str = ""
    at: datetime | None = None


def read(text: str, words: Words, *, today: date) -> Note:
    """Return what a pasted text says; `today` is the day that a bare time or "yesterday" is counted from."""
    found = _Found()
    for raw in text[:LONGEST].splitlines():
        line = _plain(raw)
        if line and not _head(line, words, today, found):
            _line(raw, words, today, found)
    whole = _plain(text[:LONGEST].replace("\n", " "))
    firms = found.firms + [name for name in _firms(whole, words) if name not in found.firms]
    return Note(
        matter="\n".join(found.lines).strip(),
        firms=tuple(firms[:FIRMS]),
        contact=(found.contact or found.speaker)[:NAMED],
        phone=found.phone or _phone(whole),
        place=found.place[:200],
        at=found.at,
    )


def replace_numbers(text: str, how: Callable[[str], str]) -> str:
    """Return a text in which every telephone number is replaced by `how` of its digits."""
    for pattern in (MOBILE, LAND_LINE):
        text = pattern.sub(lambda match: how("".join(match.groups())), text)
    return text


def _visible(text: str) -> str:
    """The text as it was written, without invisible signs and runs of blanks."""
    kept = "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in text)
    return " ".join(kept.split())


def _plain(text: str) -> str:
    """One writing: half-width signs, no invisible ones, single blanks."""
    return _visible(unicodedata.normalize("NFKC", text))


def _head(line: str, words: Words, today: date, found: _Found) -> bool:
    """Take in a line that only says who speaks and when, as chats put it above each message."""
    moment = _moment(line, words, today)
    if moment is None:
        return False
    at, rest = moment
    for record in words.records:
        rest = rest.replace(record, " ")
    names = [name.strip(AROUND) for name in rest.split() if name.strip(AROUND)]
    if len(names) > 3 or any(len(name) > NAMED or STOP.search(name) for name in names):  # noqa: PLR2004 - name, firm, duty
        return False
    if sum(map(len, names)) > SPEAKERS:
        return False  # a sentence without blanks that names a moment
    found.at = found.at or at
    if names and not found.speaker:
        found.speaker = names[0]
    return True


def _line(raw: str, words: Words, today: date, found: _Found) -> None:
    kept: list[str] = []
    for part in PARTS.split(raw):
        label, value = _labelled(_visible(part), words)
        plain = _plain(value)
        if label == "firm":
            found.firms.append(plain.strip(AROUND))
        elif label == "contact":
            found.contact = found.contact or _without_phone(plain)
            found.phone = found.phone or _phone(plain)
        elif label == "phone":
            found.phone = found.phone or _phone(plain) or re.sub(r"\D", "", plain)[:20]
        elif label == "place":
            found.place = found.place or value.strip(AROUND)
        elif value and not _only_greets(plain, words):
            kept.append(value)
    if kept:
        found.lines.append("".join(kept))
    moment = _moment(_plain(raw), words, today)
    found.at = found.at or (moment[0] if moment else None)


def _only_greets(plain: str, words: Words) -> bool:
    """Whether nothing is left of a line without greetings, telephone numbers and their labels."""
    left = _without_phone(plain)
    for word in (*words.greetings, *words.phone):
        left = left.replace(word, "")
    return not left.strip(AROUND)


def _labelled(part: str, words: Words) -> tuple[str, str]:
    """Split "label: value"; the label's kind is empty where none of the labels stands there."""
    for kind in ("firm", "contact", "phone", "place", "matter"):
        for label in getattr(words, kind):
            rest = part[len(label) :].lstrip()
            if part.lower().startswith(label) and rest[:1] in COLONS and rest[1:].strip():
                return kind, rest[1:].strip()
    return "", part


def _without_phone(text: str) -> str:
    return LAND_LINE.sub("", MOBILE.sub("", text)).strip(AROUND)


def _phone(text: str) -> str:
    mobile = MOBILE.search(text)
    if mobile:
        return "".join(mobile.groups())
    land_line = LAND_LINE.search(text)
    return "-".join(land_line.groups()) if land_line else ""


def _moment(line: str, words: Words, today: date) -> tuple[datetime, str] | None:
    """Return the first moment a line names, and the line without it."""
    day = today
    for back, names in ((0, words.today), (1, words.yesterday)):
        for name in names:
            if name in line:
                day, line = today - timedelta(days=back), line.replace(name, " ", 1)
    for pattern in MOMENTS:
        match = pattern.search(line)
        if match is None:
            continue
        at = _as_moment(match.groupdict(), day)
        if at is not None:
            return at, line[: match.start()] + " " + line[match.end() :]
    return None


def _as_moment(parts: Mapping[str, str | None], day: date) -> datetime | None:
    numbers = {name: int(value) for name, value in parts.items() if value is not None}
    year = numbers.get("year", day.year)
    try:
        moment = datetime(  # noqa: DTZ001 - a note names no zone
            year,
            numbers.get("month", day.month),
            numbers.get("day", day.day),
            numbers.get("hour", 0),
            numbers.get("minute", 0),
        )
    except ValueError:
        return None  # the 31st of a short month
    if "year" not in numbers and moment.date() > day:
        return moment.replace(year=year - 1) if (moment.month, moment.day) != (2, 29) else None
    return moment


def _firms(text: str, words: Words) -> Iterable[str]:
    """Give what looks like a firm's name: signs up to an ending, without what only leads to it."""
    if not words.endings:
        return
    endings = "|".join(re.escape(ending) for ending in words.endings)
    for match in re.finditer(rf"({NAME_SIGNS}{{2,40}}?)({endings})", text):
        name = match[1]
        for lead in words.before:
            name = name.rpartition(lead)[2]
        if len(name) > 1:
            yield name + match[2]
