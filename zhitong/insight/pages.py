"""Precedents as the office's pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zhitong.core import permissions
from zhitong.core.clock import local_date
from zhitong.insight import naming, queries
from zhitong.insight.models import Precedent
from zhitong.insight.permissions import maker
from zhitong.insight.states import KINDS, STEPS, TITLE, PrecedentState, rules

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor
    from zhitong.kernel.text import Recognised

BUTTONS = ("send", "publish", "send_back", "renew", "withdraw")
MONTHS = 12  # of a year


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken out of a text, or still stands in it: its kind in words, and how it is written."""

    kind: Any
    text: str


@dataclass(frozen=True, slots=True)
class Begun:
    """What a precedent's form begins with, what was taken out for it, and an earlier one of the same case."""

    initial: dict[str, Any]
    taken: list[Taken]
    before: Precedent | None


def begin(case: Case, now: datetime) -> Begun:
    """Return the form's first words: those of the case, without what tells whose it was."""
    day = local_date(now)
    texts = {"title": case.title, "question": case.text, "answer": case.answer}
    plain, taken = naming.without_names(case, texts, day)
    plain["title"] = plain["title"][:TITLE]
    initial = {**plain, "category": case.category, "valid_until": next_day(now)}
    return Begun(initial, _in_words(taken), queries.live_of(case))


def next_day(now: datetime) -> date:
    """Return the day by which a precedent that is right today is looked at again."""
    today = local_date(now)
    months = today.month - 1 + rules(today)["months"]
    # The first of a month exists in every year.
    return today.replace(year=today.year + months // MONTHS, month=months % MONTHS + 1, day=1)


def names_left(row: Precedent, now: datetime) -> list[Taken]:
    """Return what in a precedent still tells whose case it was, each once."""
    texts = {"title": row.title, "question": row.question, "answer": row.answer, "basis": row.basis}
    return _in_words(naming.without_names(row.case, texts, local_date(now))[1])


def _in_words(rows: Iterable[Recognised]) -> list[Taken]:
    return [Taken(KINDS[row.kind], row.text) for row in rows]


def with_counts(rows: Iterable[Precedent]) -> list[Precedent]:
    """Precedents with how often each was used, counted once for all."""
    found = list(rows)
    counts = queries.counts([row.pk for row in found])
    for row in found:
        row.used, row.sent = counts[row.pk].used, counts[row.pk].sent
    return found


def detail(actor: Actor, row: Precedent, now: datetime) -> dict[str, Any]:
    """What the page of a precedent shows; what is left of names only to those who work on it."""
    steps = [name for name in BUTTONS if row.state in STEPS[name][0]]
    inside = maker(actor, row.case)
    return {
        "precedent": with_counts([row])[0],
        "source": queries.source_of(actor, row),
        "inside": inside,
        "found": names_left(row, now) if inside and row.state != PrecedentState.WITHDRAWN else [],
        "stale": row.state == PrecedentState.PUBLISHED and row.valid_until < local_date(now),
        "may_edit": row.state in STEPS["edit"][0] and permissions.may(actor, "insight.edit", row),
        "steps": [name for name in steps if permissions.may(actor, f"insight.{name}", row)],
    }
