"""The catalogue of duties: which units a text belongs to by its words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zhitong.core import data
from zhitong.orgs import queries as orgs_queries

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from zhitong.orgs.models import Department

DUTIES = "duties"


def catalogue(day: date) -> dict[str, Any]:
    """Return the duty catalogue that is in force on a day."""
    return data.read(DUTIES, f"{DUTIES}-{data.version_on(DUTIES, DUTIES, day)}")


def matching(text: str, day: date) -> list[tuple[dict[str, Any], list[str]]]:
    """Return the duties whose words a text holds, with the words, most words first."""
    table = catalogue(day)
    found = [(duty, [word for word in duty["words"] if word in text]) for duty in table["duty"]]
    return sorted((row for row in found if row[1]), key=lambda row: -len(row[1]))


@dataclass(frozen=True, slots=True)
class DutyUnit:
    """A department whose duty a text is about, and the words that say so."""

    department: Department
    words: tuple[str, ...]


def units_for(texts: Iterable[str], day: date) -> list[list[DutyUnit]]:
    """Return for each text the departments whose duties it is about, most words first; each once."""
    leads = list(orgs_queries.leads())
    return [_units(text, day, leads) for text in texts]


def _units(text: str, day: date, leads: list[Department]) -> list[DutyUnit]:
    found: dict[int, DutyUnit] = {}
    for duty, words in matching(text, day):
        for unit in leads:
            if unit.local_code in duty["units"]:
                found.setdefault(unit.pk, DutyUnit(unit, tuple(words)))
    return list(found.values())
