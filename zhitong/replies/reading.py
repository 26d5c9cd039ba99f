"""A unit's sheet read: where its columns stand, which case and what reply each row holds."""

from __future__ import annotations

import hashlib
import tempfile
import unicodedata
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_noop

from zhitong.cases.states import Outcome
from zhitong.core.errors import FieldError
from zhitong.core.sheets.heading import Heading, find_heading, normalise_label
from zhitong.core.sheets.limits import SheetLimits
from zhitong.core.sheets.reading import TableFile, read_table
from zhitong.core.sheets.reasons import SENTENCES, SheetRefused
from zhitong.replies.services import ReceivedSheet, SheetRow
from zhitong.replies.states import sheet_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TOP = 25  # rows in which the heading is looked for
READ = ("number", "text", "outcome", "name")
NEEDED = ("number", "text")


def read_sheet(file: Any) -> ReceivedSheet:
    """Have a limited child read an uploaded sheet; FieldError on `file` says what is wrong with it."""
    rules = sheet_rules()
    content = file.read(rules["file_mb"] * 1024 * 1024 + 1)
    limits = SheetLimits(file_mb=rules["file_mb"], unpacked_mb=100, rows=10 * rules["rows"])
    with tempfile.TemporaryDirectory(prefix="sheet-") as folder:
        raw = Path(folder) / "file"
        raw.write_bytes(content)
        try:
            table = read_table(raw, out=Path(folder) / "rows", limits=limits)
            rows = _rows(table)
        except SheetRefused as refusal:
            raise FieldError("file", SENTENCES[refusal.code], **refusal.params) from refusal
    if len(rows) > rules["rows"]:
        raise FieldError(
            "file",
            gettext_noop("A sheet holds at most %(limit)d cases. Please split it."),
            limit=rules["rows"],
        )
    return ReceivedSheet(file.name or "", hashlib.sha256(content).hexdigest(), rows)


def _rows(table: TableFile) -> tuple[SheetRow, ...]:
    known = _headings()
    heading = find_heading(list(islice(table.rows(), TOP)), table.merged, known)
    places = _places(heading, known) if heading else {}
    if heading is None or any(key not in places for key in NEEDED):
        raise FieldError(
            "file",
            gettext_noop(
                "The columns for case number and reply were not found. Use the sheet that was handed out."
            ),
        )
    outcomes = _outcomes()
    return tuple(_read(table, heading.line_last, places, outcomes))


def _read(
    table: TableFile, last: int, places: Mapping[str, int], outcomes: Mapping[str, str]
) -> Iterator[SheetRow]:
    for line, cells in table.rows():
        found = {key: cells[place].strip() if place < len(cells) else "" for key, place in places.items()}
        if line <= last or not any(found.values()):
            continue
        found["number"] = "".join(unicodedata.normalize("NFKC", found["number"]).upper().split())
        # A word that is none stays as it is: the person who looks at the sheet sees what was written.
        said = found.get("outcome", "")
        found["outcome"] = outcomes.get(normalise_label(said), said)
        # A sign before what could be a formula was put there when the sheet was handed out.
        yield SheetRow(line, **{key: value.removeprefix("'") for key, value in found.items()})


def _headings() -> dict[str, str]:
    """Return which column each known heading means."""
    return {
        normalise_label(label): column["key"]
        for column in sheet_rules()["column"]
        for label in (*column["label"].values(), *column.get("also", ()))
        if column["key"] in READ
    }


def _places(heading: Heading, known: Mapping[str, str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, label in enumerate(heading.labels):
        key = known.get(normalise_label(label))
        if key is not None:
            places.setdefault(key, place)
    return places


def _outcomes() -> dict[str, str]:
    """Return the outcome that each word means, in all languages of the program."""
    found = {value: value for value in Outcome.values}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {normalise_label(str(label)): value for value, label in Outcome.choices}
    return found
