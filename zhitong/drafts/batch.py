"""One step on several drafts: which of them can take it, and what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhitong.core.errors import FasterError, RefusedError
from zhitong.core.http import COUNTS, KEYS, whole
from zhitong.drafts import pages, queries, services
from zhitong.drafts.states import DraftState, Weight

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.drafts.models import Draft

MOST = 500
STEPS = {
    "enter": gettext_noop("Enter as cases"),
    "drop": gettext_noop("Drop"),
    "restore": gettext_noop("Take back the dropping"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A chosen draft, the version that was seen, and why it cannot take the step (empty: it can)."""

    draft: Draft
    version: int
    against: str


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one draft."""

    draft: Draft
    done: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """The chosen drafts in sight; `over` says how many were beyond the limit."""

    rows: list[Row]
    over: int

    @property
    def possible(self) -> list[Row]:
        """The drafts that can take the step."""
        return [row for row in self.rows if not row.against]


def label(step: str) -> str:
    """Return the words for a step in the reader's language."""
    return _(STEPS[step])


def chosen(actor: Actor, step: str, numbers: Iterable[str]) -> Chosen:
    """Return the chosen drafts that the actor sees; `numbers` are keys, with the version if one was seen."""
    seen: dict[int, int | None] = {}
    for number in numbers:
        typed, _sign, version = number.partition(":")
        pk = whole(typed, below=KEYS)
        if pk is not None:
            seen[pk] = whole(version, below=COUNTS)
    found = queries.visible(actor).filter(pk__in=list(seen)[:MOST]).order_by("lot", "line")
    rows = [Row(draft, seen[draft.pk] or draft.version, _against(step, draft)) for draft in found]
    return Chosen(rows, max(0, len(seen) - MOST))


def _against(step: str, draft: Draft) -> str:
    wanted = DraftState.DROPPED if step == "restore" else DraftState.OPEN
    if draft.state != wanted:
        return _("It is in another state: %(state)s.") % {"state": draft.get_state_display()}
    if step == "enter" and draft.weight == Weight.ERROR:
        return _("Mend what is marked first.")
    return ""


def run(*, by: Actor, now: datetime, step: str, chosen: Chosen, given: dict[str, Any]) -> list[Done]:
    """Take the step on each draft by itself; what one is refused does not hold up the others."""
    if not chosen.possible:
        raise FasterError(gettext_noop("None of the chosen drafts can take this step any more."))
    receipt = []
    for row in chosen.possible:
        key = f"{given['key'][:32]}:{row.draft.pk}" if given["key"] else ""
        try:
            after = _step(by, now, step, row, given, key)
        except RefusedError as refusal:
            receipt.append(Done(row.draft, done=False, sentence=refusal.message))
        else:
            receipt.append(Done(after, done=True, sentence=""))
    return receipt + [Done(row.draft, done=False, sentence=row.against) for row in chosen.rows if row.against]


def _step(by: Actor, now: datetime, step: str, row: Row, given: dict[str, Any], key: str) -> Draft:
    common = {"by": by, "now": now, "key": key, "draft": row.draft, "version": row.version}
    if step == "drop":
        return services.drop(**common, reason=given["reason"])
    if step == "restore":
        return services.restore(**common)
    return services.enter(**common, way=_way(row.draft, given, now))


def _way(draft: Draft, given: dict[str, Any], now: datetime) -> services.Way:
    lead = given["lead"]
    if given["own_lead"] and given["kind"]:
        lead = pages.lines([draft], now)[0].lead or lead
    return services.Way(given["kind"], lead, None, given["message"])
