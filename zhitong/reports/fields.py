"""The catalogue of fields that templates and the ledger know, read from data."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from zhitong.core import data
from zhitong.core.sheets.heading import normalise_label
from zhitong.reports.states import FOLDER

if TYPE_CHECKING:
    from collections.abc import Mapping

NEAR = 0.5  # how alike an unknown name and a known one have to be
CASE, FILTER, FIGURE = "case", "filter", "figure"
NUMBERS = ("number", "rate")


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its key, what it belongs to, of which type it is, how it is called and what it means."""

    key: str
    group: str
    type: str
    labels: Mapping[str, str]
    also: tuple[str, ...]
    meanings: Mapping[str, str]
    source: str

    @property
    def label(self) -> str:
        """Its name in the reader's language."""
        return data.label(self.labels)

    @property
    def means(self) -> str:
        """What it means, in the reader's language."""
        return data.label(self.meanings)

    @property
    def number(self) -> bool:
        """Whether its values are numbers."""
        return self.type in NUMBERS


@cache
def _table() -> dict[str, Any]:
    newest = max(stem for stem in data.stems(FOLDER) if stem.startswith("fields-"))
    return data.read(FOLDER, newest)


@cache
def fields() -> dict[str, Field]:
    """Return all fields by key, in the order of the table."""
    return {
        row["key"]: Field(
            row["key"], row["group"], row["type"], row["label"], tuple(row["also"]), row["means"], row["from"]
        )
        for row in _table()["field"]
    }


def of_cases() -> dict[str, Field]:
    """Return the fields that a case has: the columns of the ledger."""
    return {key: field for key, field in fields().items() if field.group == CASE}


@cache
def names() -> dict[str, str]:
    """Return the key that each name means, as names are compared."""
    return {
        normalise_label(name): key
        for key, field in fields().items()
        for name in (key, *field.labels.values(), *field.also)
    }


@dataclass(frozen=True, slots=True)
class Form:
    """What may stand behind a field after a bar."""

    names: tuple[str, ...]
    meanings: Mapping[str, str]

    @property
    def means(self) -> str:
        """What it means, in the reader's language."""
        return data.label(self.meanings)


def forms() -> list[Form]:
    """Return the formats that a field may have."""
    return [Form(tuple(row["names"]), row["means"]) for row in _table()["format"]]


@cache
def words() -> dict[str, Any]:
    """Return the catalogue as the child process gets it."""
    formats = {
        name: {part: row[part] for part in ("date", "missing") if part in row}
        for row in _table()["format"]
        for name in row["names"]
    }
    return {"names": names(), "listed": list(of_cases()), "formats": formats}


def nearest(name: str) -> Field | None:
    """Return the field whose name is most like an unknown one; None where nothing is alike."""
    alike = difflib.get_close_matches(normalise_label(name), names(), n=1, cutoff=NEAR)
    return fields()[names()[alike[0]]] if alike else None
