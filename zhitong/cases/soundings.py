"""Questions to units before the dispatch: who reads which, how they stand, what they say to a suggestion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from zhitong.cases.models import Case, Sounding
from zhitong.cases.states import DutyAnswer, clock_row, profile
from zhitong.core import data, lamps, permissions
from zhitong.core import queries as core_queries
from zhitong.core.actor import DEPARTMENT_ROLES, Side
from zhitong.core.clock import local_date
from zhitong.core.hanging import hangs

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from typing import Any

    from django.db.models import QuerySet

    from zhitong.core.actor import Actor
    from zhitong.core.lamps import Clock

LAMP = {"yellow_days": 2, "yellow_percent": 100}  # of profiles that lay down none
NEEDLESS = _("No answer needed any more")
WAITING = _("Not answered yet")
TONES = {DutyAnswer.OURS: "success", DutyAnswer.JOINTLY: "primary", DutyAnswer.NOT_OURS: "warning"}


@dataclass(frozen=True, slots=True)
class Row:
    """One question as a reader sees it: how it stands in words, its clock while it is open."""

    sounding: Sounding
    standing: Any
    tone: str
    clock: Clock | None
    may_answer: bool


def of_case(case: Case) -> QuerySet[Sounding]:
    """What units were asked about a case, oldest first."""
    return Sounding.objects.filter(case=case).select_related("department", "case", "answered_by", "asked_by")


def shown(actor: Actor, case: Case, now: datetime) -> list[Row]:
    """What units were asked about a case as a reader sees it; nothing where none was."""
    return rows(actor, of_case(case), now) if hangs(Sounding, case) else []


def to_answer(actor: Actor) -> QuerySet[Sounding]:
    """The open questions to the departments of those who answer for them, most urgent first."""
    return (
        Sounding.objects.filter(department__in=actor.departments(*DEPARTMENT_ROLES), ended_at__isnull=True)
        .select_related("case", "department", "asked_by")
        .order_by("due_at", "id")
    )


def get_sounding(actor: Actor, pk: int) -> Sounding:
    """Return a question to the actor's department, open or answered by the actor; 404 for every other."""
    mine = Q(ended_at__isnull=True) | Q(answered_by__in=actor.persons)
    row = Sounding.objects.filter(mine, pk=pk, department__in=actor.departments(*DEPARTMENT_ROLES))
    sounding = row.select_related("case", "department").first() if actor.side is Side.STAFF else None
    if sounding is None:
        raise Http404
    return sounding


def run_out(now: datetime) -> QuerySet[Case]:
    """The cases in which no answer is waited for any more and the dispatcher was not told."""
    mine = Sounding.objects.filter(case=OuterRef("pk"))
    waiting = mine.filter(ended_at__isnull=True, due_at__gte=now)
    untold = Sounding.objects.filter(told_at__isnull=True, due_at__lt=now).values("case")
    return Case.objects.filter(~Exists(waiting), pk__in=untold, ended_at__isnull=True).order_by("id")


def rows(actor: Actor, found: Iterable[Sounding], now: datetime) -> list[Row]:
    """Return questions as a reader sees them; the calendar is read once for all."""
    table = core_queries.day_table(local_date(now))
    made = []
    for row in found:
        version = row.case.sla_version
        label, lamp = data.label(clock_row(version, "sounding")["label"]), profile(version).get("lamp", LAMP)
        made.append(
            Row(
                row,
                *_standing(row),
                None if row.ended_at else lamps.clock_of(row, label, now, table, lamp),
                row.ended_at is None and permissions.may(actor, "cases.answer_sounding", row),
            )
        )
    return made


def _standing(row: Sounding) -> tuple[Any, str]:
    if row.answer:
        return row.get_answer_display(), TONES[DutyAnswer(row.answer)]
    return (NEEDLESS, "neutral") if row.ended_at else (WAITING, "neutral")


def answers(case: Case) -> dict[int, Sounding]:
    """Return the last answer of each department about a case; who has not answered has not said no."""
    found = Sounding.objects.filter(case=case).exclude(answer="").order_by("answered_at", "id")
    return {row.department_id: row for row in found.select_related("department")}
