"""Reading what came in: pasted notes and spreadsheets as rows, before anything is kept."""

from __future__ import annotations

import hashlib
import tempfile
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_noop

from zhitong.cases.states import Channel
from zhitong.core.clock import local_date
from zhitong.core.errors import FieldError
from zhitong.core.sheets.heading import find_heading, normalise_label
from zhitong.core.sheets.limits import SheetLimits
from zhitong.core.sheets.reading import read_table
from zhitong.core.sheets.reasons import SENTENCES, SheetRefused
from zhitong.drafts.marks import NO_CHANNEL, NO_TIME
from zhitong.drafts.queries import hidden
from zhitong.drafts.services import Received, Row
from zhitong.drafts.states import PASTED, Source, Weight, rules_of_mail, sheet_rules, words
from zhitong.kernel.mail import Mail, title
from zhitong.kernel.notes import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from zhitong.core.sheets.heading import Heading
    from zhitong.core.sheets.reading import TableFile
    from zhitong.core.uploads.inspect import Inspected
    from zhitong.enterprises.models import Enterprise

TOP = 25  # rows in which the heading is looked for
TITLE = 80


def pasted(
    text: str,
    *,
    channel: str,
    now: datetime,
    files: Iterable[Inspected] = (),
    source: Source = Source.PASTE,
) -> Received:
    """Read a pasted chat or note as one draft; what it does not say is marked when it is kept."""
    note = read(text[:PASTED], words(), today=local_date(now))
    raw = hidden(text[:PASTED])
    row = Row(
        1,
        columns={
            "channel": channel,
            "contact": note.contact[:40],
            "text": hidden(note.matter),
            "place": note.place[:200],
            "said_at": _aware(note.at),
            "raw": raw,
        },
        names=note.firms,
        phone=note.phone,
    )
    name = next(iter(raw.split("\n")), "").strip()[:40]
    return Received(source, name, hashlib.sha256(text.encode()).hexdigest(), (row,), files=tuple(files))


def mailed(mail: Mail, *, now: datetime, senders: tuple[Enterprise, ...] = ()) -> Received:
    """Read an e-mail as one draft; the whole text stays beside it, with what it quotes."""
    note = read(mail.own[:PASTED], words(), today=local_date(now))
    titled = title(mail.subject, rules_of_mail())
    names = "\n".join(f"[{file.name}]" for file in mail.files)
    row = Row(
        1,
        columns={
            "channel": Channel.MAIL.value,
            "contact": (note.contact or mail.sender)[:40],
            "title": hidden(titled)[:TITLE],
            "text": hidden(note.matter) or hidden(titled),
            "place": note.place[:200],
            "said_at": min(mail.at, now) if mail.at else None,
            "raw": hidden(f"{mail.subject}\n\n{mail.text}\n\n{names}".strip()[:PASTED]),
        },
        names=note.firms,
        phone=note.phone,
        senders=senders,
    )
    return Received(Source.MAIL, hidden(mail.subject)[:120], mail.digest, (row,))


def _aware(moment: datetime | None) -> datetime | None:
    return timezone.make_aware(moment) if moment is not None else None


def sheet(file: Any, *, channel: str, source: Source = Source.SHEET) -> Received:
    """Have a limited child read an uploaded spreadsheet; FieldError on `file` says what is wrong with it."""
    rules = sheet_rules()
    content = file.read(rules["file_mb"] * 1024 * 1024 + 1)
    limits = SheetLimits(file_mb=rules["file_mb"], unpacked_mb=100, rows=10 * rules["rows"])
    with tempfile.TemporaryDirectory(prefix="sheet-") as folder:
        raw = Path(folder) / "file"
        raw.write_bytes(content)
        try:
            table = read_table(raw, out=Path(folder) / "rows", limits=limits)
            rows, unread = _rows(table, channel)
        except SheetRefused as refusal:
            raise FieldError("file", SENTENCES[refusal.code], **refusal.params) from refusal
    if len(rows) > rules["rows"]:
        raise FieldError(
            "file",
            gettext_noop("A list holds at most %(limit)d rows. Please split it."),
            limit=rules["rows"],
        )
    name = Path(file.name or "").name
    return Received(source, name, hashlib.sha256(content).hexdigest(), tuple(rows), tuple(unread))


def _rows(table: TableFile, channel: str) -> tuple[list[Row], list[str]]:
    known = _headings()
    heading = find_heading(list(islice(table.rows(), TOP)), table.merged, known)
    places = _places(heading, known) if heading else {}
    if heading is None or "text" not in places:
        raise FieldError(
            "file",
            gettext_noop("No column holds the trouble. Call one of them “%(name)s”."),
            name=sheet_rules()["columns"]["text"][0],
        )
    used = set(places.values())
    unread = [label for place, label in enumerate(heading.labels) if place not in used and label.strip()]
    return [_row(line, found, channel) for line, found in _cells(table, heading, places)], unread


def _cells(
    table: TableFile, heading: Heading, places: Mapping[str, int]
) -> Iterable[tuple[int, dict[str, str]]]:
    for line, cells in table.rows():
        if line <= heading.line_last:
            continue
        found = {key: cells[place].strip() if place < len(cells) else "" for key, place in places.items()}
        if any(found.get(key) for key in ("text", "firm", "title", "contact")):
            yield line, found


def _row(line: int, found: Mapping[str, str], channel: str) -> Row:
    rules = sheet_rules()
    row = Row(
        line,
        columns={
            "channel": channel,
            "original_number": found.get("number", "")[:60],
            "contact": found.get("contact", "")[:40],
            "title": found.get("title", "")[:TITLE],
            "text": hidden(found.get("text", "")) or hidden(found.get("title", "")),
            "place": found.get("place", "")[:200],
            "urgent": found.get("urgent", "").lower() in rules["urgency"]["words"],
            "raw": hidden(" | ".join(value for value in found.values() if value)),
        },
        names=tuple(found[key] for key in ("firm", "code") if found.get(key)),
        phone=found.get("phone", ""),
        unit=found.get("unit", ""),
    )
    _read_channel(row, found.get("channel", ""))
    _read_time(row, found.get("time", ""), rules["time_formats"])
    return row


def _read_channel(row: Row, said: str) -> None:
    if not said:
        return
    label = normalise_label(said)
    for channel, names in sheet_rules()["channels"].items():
        if any(normalise_label(name) in label for name in names):
            row.columns["channel"] = Channel(channel).value
            return
    row.remark(Weight.DOUBT, NO_CHANNEL, text=said[:40])


def _read_time(row: Row, said: str, formats: Sequence[str]) -> None:
    if not said:
        return
    for form in formats:
        try:
            moment = datetime.strptime(said, form)  # noqa: DTZ007 - the sheet's clock is the city's
        except ValueError:
            continue
        row.columns["said_at"] = _aware(moment)
        return
    row.remark(Weight.DOUBT, NO_TIME, text=said[:40])


def _headings() -> dict[str, str]:
    """Return which column each known heading means."""
    found: dict[str, str] = {}
    for key, labels in sheet_rules()["columns"].items():
        for label in labels:
            found.setdefault(normalise_label(label), key)
    return found


def _places(heading: Heading, known: Mapping[str, str]) -> dict[str, int]:
    """The column of each field: exact headings first, then those that hold a known word of three signs."""
    places: dict[str, int] = {}
    for place, label in enumerate(heading.labels):
        key = known.get(normalise_label(label))
        if key is not None:
            places.setdefault(key, place)
    taken = set(places.values())
    for place, label in enumerate(heading.labels):
        plain = normalise_label(label)
        for word in sorted(known, key=len, reverse=True):
            if place not in taken and known[word] not in places and len(word) > 2 and word in plain:  # noqa: PLR2004
                places[known[word]] = place
                taken.add(place)
    return places
