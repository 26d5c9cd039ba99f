"""The states of a precedent, its steps, and the numbers and words that the city sets."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhitong.core import data
from zhitong.core.actor import Role

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

UNIT_ROLES = (Role.HANDLER, Role.SECTION_HEAD)  # who in a unit writes precedents and keeps its texts
TITLE, TEXT = 80, 2000  # signs of a title, of a question or an answer


class PrecedentState(models.TextChoices):
    """Where a precedent is on its way to others."""

    DRAFT = "draft", _("Still a draft")
    REVIEW = "review", _("In review")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


LIVE = (PrecedentState.DRAFT, PrecedentState.REVIEW, PrecedentState.PUBLISHED)
# From which states a step leads to which.
STEPS: dict[str, tuple[tuple[str, ...], str]] = {
    "edit": ((PrecedentState.DRAFT,), PrecedentState.DRAFT),
    "send": ((PrecedentState.DRAFT,), PrecedentState.REVIEW),
    "send_back": ((PrecedentState.REVIEW,), PrecedentState.DRAFT),
    "publish": ((PrecedentState.REVIEW,), PrecedentState.PUBLISHED),
    "renew": ((PrecedentState.PUBLISHED,), PrecedentState.PUBLISHED),
    "withdraw": (LIVE, PrecedentState.WITHDRAWN),
}
# What takes the place of something in a text, in words that a reader knows it by.
KINDS = {
    "firm": _("the name of a firm"),
    "person": _("the name of a person"),
    "officer": _("the name of an official"),
    "place": _("an address"),
    "number": _("a case number"),
    "email": _("an e-mail address"),
    "id": _("the number of an identity card"),
    "code": _("a unified social credit code"),
    "phone": _("a telephone number"),
    "bank": _("a bank account"),
    "plate": _("a number plate"),
}
PLACE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


@cache
def _table(version: int) -> dict[str, Any]:
    return data.read("insight", f"insight-{version}")


def rules(day: date) -> dict[str, Any]:
    """Return the table that is in force on a day."""
    return _table(data.version_on("insight", "insight", day))


def fields(day: date) -> dict[str, dict[str, str]]:
    """Return the fields that a canned answer may hold, with their labels."""
    return {row["name"]: row["label"] for row in rules(day)["field"]}


def unknown_fields(text: str, day: date) -> list[str]:
    """Return the names in double braces that are no field, in the order of the text."""
    known = fields(day)
    return [name for name in (found.strip() for found in PLACE.findall(text)) if name not in known]


def filled(text: str, values: dict[str, str], day: date) -> str:
    """Return a text with its fields filled in; what has no value is marked to be filled in by a person."""
    known, mark = fields(day), rules(day)["mark"]["open"]

    def value(match: re.Match[str]) -> str:
        name = match[1].strip()
        if name not in known:
            return match[0]
        return values.get(name) or mark.format(label=known[name]["zh"])

    return PLACE.sub(value, text)


@cache
def _left_open() -> re.Pattern[str]:
    """The marks of every version: a text may wait longer than a table is in force."""
    tables: Iterable[dict[str, Any]] = [data.read("insight", stem) for stem in data.stems("insight")]
    pairs = {(table["mark"]["stem"], table["mark"]["close"]) for table in tables}
    return re.compile("|".join(f"{re.escape(stem)}.*?{re.escape(close)}" for stem, close in sorted(pairs)))


def left_open(text: str) -> tuple[str, ...]:
    """Return the marks in a text that somebody still has to fill in, each once."""
    return tuple(dict.fromkeys(_left_open().findall(text)))
