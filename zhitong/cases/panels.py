"""What cases show on the first pages of the two faces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhitong.cases import calls, pages, parts, queries, reporters, soundings
from zhitong.cases.states import CallState
from zhitong.core.actor import Side
from zhitong.core.paging import BoundedPaginator

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor
    from zhitong.core.slots import Sought

SHOWN = 3
FOUND = 6
MARK = "case:"  # how events, and what was open last, name a case
PAGE = 50
BOUND = 100  # counters stop here: 99+ says enough


class FirmPanel:
    """The firm's running cases, and the answers that wait for a rating."""

    template = "cases/_portal_panel.html"

    def context(self, actor: Actor, subject: Any, now: datetime) -> dict[str, Any]:
        """The most urgent cases with progress, clock and the last word; `subject` is not used."""
        del subject
        running = queries.running(actor)
        in_progress = list(running.exclude(state="reviewed")[: SHOWN + 1])
        return {
            "cards": [_card(actor, case, now) for case in in_progress[:SHOWN]],
            "more": len(in_progress) > SHOWN,
            "to_rate": list(running.filter(state="reviewed")[:SHOWN]),
        }


def _card(actor: Actor, case: Any, now: datetime) -> dict[str, Any]:
    last = queries.entries(actor, case).exclude(text="").order_by("-id").first()
    if last is not None:  # somebody of the office may open this page as well
        last.by_label, last.text = reporters.who(actor, case, last), reporters.said(actor, case, last.text)
    return {"case": case, "clock": pages.clock(case, now), "steps": pages.steps(case), "last": last}


class OneFirmPanel:
    """The running cases of one firm, and what its ended ones were answered: to read before the door."""

    template = "cases/_one_firm_panel.html"

    def context(self, actor: Actor, subject: Any, now: datetime) -> dict[str, Any]:
        """Running cases with their clocks, the promises among ended ones, and how many there were."""
        visible = queries.of_firm(actor, subject)
        ended = visible.filter(ended_at__isnull=False)
        return {
            "running": pages.rows(
                queries.listed(visible.filter(ended_at__isnull=True)).order_by("due_at", "id")[:BOUND], now
            ),
            "promised": list(ended.filter(outcome="planned").order_by("-ended_at")[:SHOWN]),
            "ended": ended[:BOUND].count(),
        }


class ToDoPanel:
    """The cases on which the reader has the next step, most urgent first."""

    template = "cases/_to_do_panel.html"

    def context(self, actor: Actor, subject: Any, now: datetime) -> dict[str, Any]:
        """One page of rows and bounded figures, each with the list behind it; `subject` is the page."""
        page = BoundedPaginator(queries.listed(queries.to_do(actor, now)), PAGE).get_page(subject)
        return {
            "page_obj": page,
            "rows": pages.rows(page.object_list, now),
            "counters": {"to_do": page.paginator.count, **_counters(actor, now)},
        }


def _counters(actor: Actor, now: datetime) -> dict[str, int]:
    running = queries.running(actor)
    return {
        "running": running[:BOUND].count(),
        "late": running.filter(due_at__lt=now)[:BOUND].count(),
    }


class CallsPanel:
    """The calls that urgent cases make necessary, with who is on duty at both ends."""

    template = "cases/_calls_panel.html"

    def context(self, actor: Actor, subject: Any, now: datetime) -> dict[str, Any] | None:
        """The most urgent calls; nothing where there are none."""
        del subject
        found = list(queries.calls(actor).filter(state=CallState.OPEN)[:PAGE])
        return {"calls": calls.rows(found, now)} if found else None


class PartsPanel:
    """The parts of other departments' cases on which the reader has the next step."""

    template = "cases/_parts_panel.html"

    def context(self, actor: Actor, subject: Any, now: datetime) -> dict[str, Any] | None:
        """The most urgent parts; nothing where there are none."""
        del subject
        found = parts.parts(actor, queries.helping(actor)[:PAGE], now)
        return {"parts": found} if found else None


class SoundingsPanel:
    """What the reader's units are asked before a dispatch."""

    template = "cases/_soundings_panel.html"

    def context(self, actor: Actor, subject: Any, now: datetime) -> dict[str, Any] | None:
        """The most urgent questions; nothing where there are none."""
        del subject
        found = soundings.rows(actor, soundings.to_answer(actor)[:PAGE], now)
        return {"rows": found} if found else None


class FoundPanel:
    """The cases that fit some words, the one whose number was typed alone; without words those open last."""

    template = "cases/_found_panel.html"

    def context(self, actor: Actor, subject: Sought, now: datetime) -> dict[str, Any] | None:
        """A few rows as lists show them, and whether there are more; nothing where nothing is found."""
        if actor.side is not Side.STAFF:
            return None
        found = _by_words(actor, subject.words) if subject.words else _open_last(actor, subject.recent)
        if not found:
            return None
        rows = pages.rows(found[:FOUND], now)
        return {"rows": rows, "words": subject.words, "more": len(found) > FOUND}


def _by_words(actor: Actor, words: str) -> list[Case]:
    found = queries.by_words(actor, queries.visible(actor).order_by("-id"), words)
    return list(queries.listed(found.rows)[: FOUND + 1])


def _open_last(actor: Actor, recent: tuple[str, ...]) -> list[Case]:
    keys = [int(name.removeprefix(MARK)) for name in recent if name.startswith(MARK)]
    rows = queries.listed(queries.visible(actor).filter(pk__in=keys)) if keys else []
    return sorted(rows, key=lambda case: keys.index(case.pk))
