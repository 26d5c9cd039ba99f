"""Which column of a list is what: recognised by its heading, or remembered for its source."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from zhitong.core import data
from zhitong.core.sheets.heading import normalise_label

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

TABLE = "enterprises"
YEAR = re.compile(r"(?:19|20)\d\d")
FACT = "fact:"


def _table() -> dict[str, Any]:
    return data.read("imports", TABLE)


def fields() -> list[str]:
    """The fields that a column can be."""
    return list(_table()["fields"])


def units(kind_unit: str) -> dict[str, int]:
    """What units are worth for a kind of fact: money in fen, counts in pieces."""
    table: dict[str, Any] = _table()["units"]
    return table["money"] if kind_unit == "fen" else table["count"]


def usual_unit(kind_unit: str) -> str:
    """Return the unit of a column that names none."""
    return _table()["units"]["money_default"] if kind_unit == "fen" else ""


def headings() -> list[str]:
    """Every heading that is recognised, as a list is searched for them."""
    table = _table()
    return [word for group in ("fields", "facts") for words in table[group].values() for word in words]


def recognise(label: str, today: date) -> str:
    """Return what a heading means: a field, a fact with its period, or "" for nothing that is known."""
    plain = normalise_label(label)
    table = _table()
    for name, words in table["fields"].items():
        if plain in {normalise_label(word) for word in words}:
            return name
    year = YEAR.search(plain)
    bare = YEAR.sub("", plain)
    for word in table["years"]["words"]:
        bare = bare.removeprefix(word).removesuffix(word)
    bare = bare.strip("_-/ ")
    for kind, words in table["facts"].items():
        if bare in {normalise_label(word) for word in words}:
            return f"{FACT}{kind}:{year.group() if year else today.year - 1}"
    return ""


def guess(labels: list[str], remembered: Mapping[str, str], today: date) -> dict[str, str]:
    """Return what each column is, by its place as text; what was chosen for the source comes first."""
    found: dict[str, str] = {}
    for place, label in enumerate(labels):
        plain = normalise_label(label)
        meaning = remembered.get(plain) if plain in remembered else recognise(label, today)
        if meaning and meaning not in found.values():
            found[str(place)] = meaning
    return found
