"""How often the office may come to a firm: dated caps, and the stretches of time they count in."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from zhitong.core import data

if TYPE_CHECKING:
    from datetime import date

TABLE = "caps"


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody wants to do with a firm: the kind of contact, the day, by which department."""

    kind: str
    day: date
    department: int
    key_firm: bool


@dataclass(frozen=True, slots=True)
class Cap:
    """One cap: which contacts it counts, in which stretch, how many it lets pass."""

    key: str
    kinds: tuple[str, ...]
    per: str
    limit: int
    by: str
    firms: str
    texts: dict[str, str] = field(compare=False)

    @property
    def label(self) -> str:
        """The cap in a sentence, in the reader's language."""
        return data.label(self.texts)


@dataclass(frozen=True, slots=True)
class Caps:
    """The table in force on a day."""

    caps: tuple[Cap, ...]
    merge_within: int
    longest_rest: int
    key_titles: tuple[str, ...]
    key_sizes: tuple[str, ...]

    def of(self, question: Question) -> list[Cap]:
        """Return the caps that a contact would count in."""
        firms = {"all", "key" if question.key_firm else "other"}
        return [cap for cap in self.caps if question.kind in cap.kinds and cap.firms in firms]


@cache
def _caps(version: int) -> Caps:
    table = data.read("contacts", f"{TABLE}-{version}")
    return Caps(
        tuple(
            Cap(
                row["key"], tuple(row["kinds"]), row["per"], row["limit"], row["by"], row["firms"],
                row["text"],
            )
            for row in table["cap"]
        ),
        table["merge_within"],
        table["longest_rest"],
        tuple(table["key"]["titles"]),
        tuple(table["key"]["sizes"]),
    )  # fmt: skip


def caps_on(day: date) -> Caps:
    """Return the caps in force on a day."""
    return _caps(data.version_on("contacts", TABLE, day))


def stretch(cap: Cap, question: Question) -> str:
    """Name the counter of a cap: its stretch of time, and the department where each counts by itself."""
    day = question.day
    spans = {
        "day": day.isoformat(),
        "month": f"{day:%Y-%m}",
        "quarter": f"{day.year}-Q{(day.month + 2) // 3}",
        "year": str(day.year),
    }
    return spans[cap.per] if cap.by == "city" else f"{spans[cap.per]} #{question.department}"
