"""Kinds of titles: their names, levels, and how long one lasts."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from zhitong.core import data

if TYPE_CHECKING:
    from datetime import date

TABLE = "titles"
LEAP_DAY = (2, 29)


@dataclass(frozen=True, slots=True)
class TitleKind:
    """One kind of title; `years` is how long it lasts, None where it does not end by itself."""

    key: str
    level: str
    years: int | None
    texts: dict[str, str] = field(compare=False)

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return data.label(self.texts)


@cache
def _kinds(version: int) -> dict[str, TitleKind]:
    table = data.read("titles", f"{TABLE}-{version}")
    return {
        key: TitleKind(key, row["level"], row.get("years"), row["label"])
        for key, row in table["kind"].items()
    }


def kinds_on(day: date) -> dict[str, TitleKind]:
    """Return the titles that are known on a day, in the order of their rank."""
    return _kinds(data.version_on("titles", TABLE, day))


def usual_end(kind: TitleKind, granted_on: date) -> date | None:
    """Return the day on which a title given on a day ends by itself."""
    if kind.years is None:
        return None
    day = granted_on.replace(day=28) if (granted_on.month, granted_on.day) == LEAP_DAY else granted_on
    return day.replace(year=day.year + kind.years)
