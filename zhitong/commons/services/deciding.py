"""A person decides: these cases are one matter with one lead, or they are none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.cases import services as case_services
from zhitong.commons import queries
from zhitong.commons.models import CommonMember, CommonProblem
from zhitong.commons.services.changing import change, fresh, handle_together, settle, title_of, words
from zhitong.commons.states import Standing, State
from zhitong.core import permissions
from zhitong.core.clock import local_date
from zhitong.core.errors import FieldError
from zhitong.core.service import Work, service

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor
    from zhitong.orgs.models import Department

LEAST = 2  # cases that make something common; proposals need more firms


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person decides about a proposal."""

    title: str
    lead: Department
    leading: Case
    cases: Collection[int]  # keys of those that belong to it
    plan: str = ""
    due: date | None = None


@service("commons.confirm")
def confirm(
    work: Work,
    *,
    by: Actor,
    now: datetime,
    problem: CommonProblem,
    decided: Decided,
    version: int | None = None,
) -> CommonProblem:
    """Confirm that cases are one matter: one lead, and they follow the leading case and are answered with it.

    Those that can still be merged into the leading case are, all or none; the others stay linked. A leading
    case that was only accepted is dispatched to the lead. Who is left out goes on alone.
    """
    permissions.require(by, "commons.confirm", problem)
    title = title_of(decided.title)
    chosen, others = _chosen(problem, decided)
    leading = _leading(by, problem, decided, chosen)
    if decided.due is not None and decided.due < local_date(now):
        raise FieldError("due", gettext_noop("Choose a day that has not passed."))
    changed = change(
        problem, version, [State.PROPOSED],
        {
            "state": State.CONFIRMED, "title": title, "lead": decided.lead, "leading": leading,
            "plan": decided.plan.strip(), "due": decided.due, "decided_by_id": by.user, "decided_at": now,
        },
    )  # fmt: skip
    leading = _give_to(work, leading, decided.lead)
    merged = handle_together(work, [row.case for row in chosen], leading, title)
    settle(work, chosen, Standing.IN)
    settle(work, others, Standing.OUT)
    work.record(
        changed, lead=decided.lead.pk, leading=leading.pk, merged=merged,
        cases=[row.case_id for row in chosen], left_out=[row.case_id for row in others],
    )  # fmt: skip
    work.emit("commons.confirm", problem=changed.pk, by=by.user)
    return changed


def _chosen(problem: CommonProblem, decided: Decided) -> tuple[list[CommonMember], list[CommonMember]]:
    rows = CommonMember.objects.filter(problem=problem, open=True).select_related(
        "case__enterprise", "case__intake", "case__accountable", "case__lead", "case__person"
    )
    found = list(rows.order_by("id"))
    chosen = [row for row in found if row.case_id in decided.cases]
    if len(chosen) < LEAST or len(chosen) != len(set(decided.cases)):
        raise FieldError("cases", gettext_noop("Choose at least two of the cases that are shown."))
    return chosen, [row for row in found if row.case_id not in decided.cases]


def _leading(by: Actor, problem: CommonProblem, decided: Decided, chosen: list[CommonMember]) -> Case:
    if decided.leading.pk not in {row.case_id for row in chosen}:
        raise FieldError(
            "leading", gettext_noop("The leading case has to be one of those that belong to it.")
        )
    leading = queries.can_lead(by, problem).filter(pk=decided.leading.pk).first()
    if leading is None:
        raise FieldError(
            "leading", gettext_noop("Choose a case of your own unit that was accepted and has no answer yet.")
        )
    if leading.lead_id is not None and leading.lead_id != decided.lead.pk:
        raise FieldError(
            "lead",
            gettext_noop(
                "Another department has the leading case in hand. Choose it, or redispatch the case first."
            ),
        )
    return leading


def _give_to(work: Work, leading: Case, lead: Department) -> Case:
    """Dispatch a leading case that nobody has in hand yet; return it as it is then."""
    if leading.state == "accepted":
        case_services.dispatch(by=work.by, now=work.now, case=leading, lead=lead)
    return fresh(leading)


@service("commons.dismiss")
def dismiss(
    work: Work, *, by: Actor, now: datetime, problem: CommonProblem, reason: str, version: int | None = None
) -> CommonProblem:
    """Say why cases are not one matter; the same cases are not proposed again."""
    permissions.require(by, "commons.dismiss", problem)
    changes = {
        "state": State.DISMISSED, "reason": words("reason", reason),
        "decided_by_id": by.user, "decided_at": now,
    }  # fmt: skip
    changed = change(problem, version, [State.PROPOSED], changes)
    settle(work, CommonMember.objects.filter(problem=problem, open=True), Standing.OUT)
    work.record(changed, reason=changed.reason)
    return changed
