"""Asking units before the dispatch whether a matter is theirs: asked, answered, over. The case stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.cases.models import Case, Entry, Sounding
from zhitong.cases.services import clocks
from zhitong.cases.services.moves import ASKED_IN
from zhitong.cases.states import DutyAnswer, Visibility
from zhitong.core import permissions
from zhitong.core.actor import DEPARTMENT_ROLES
from zhitong.core.errors import FasterError, FieldError, RefusedError
from zhitong.core.service import Work, service
from zhitong.orgs import queries as orgs_queries

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.orgs.models import Department


@service("cases.sound")
def sound(
    work: Work, *, by: Actor, now: datetime, case: Case, departments: Sequence[Department], question: str
) -> Case:
    """Ask several units at once whether a matter is theirs; the clock of the dispatch runs on."""
    permissions.require(by, "cases.sound", case)
    # Whoever dispatches it at the same moment waits here, or is seen.
    check_soundable(Case.objects.select_for_update().get(pk=case.pk))
    if not departments:
        raise FieldError("departments", gettext_noop("Choose at least one unit."))
    if not question.strip():
        raise FieldError("question", gettext_noop("Please fill in this field."))
    for unit in departments:
        _check_unit(case, unit, now)
    clock = clocks.run("sounding", case.sla_version, case.kind, now)
    for unit in departments:
        row = Sounding.objects.create(
            case=case,
            department=unit,
            question=question.strip(),
            asked_by_id=by.user,
            started_at=now,
            **clock,
        )
        _write(work, row, "sound", question.strip())
        work.emit("cases.sounding", case=case.pk, sounding=row.pk, by=by.user)
    work.record(case, tenant=case.enterprise_id, units=[unit.pk for unit in departments])
    return case


def check_soundable(case: Case) -> None:
    """Refuse to ask about a case that nobody is to be charged with now, or that is confidential.

    What is about a unit is confidential always: no unit is asked about a complaint against itself.
    """
    if case.state != ASKED_IN:
        raise FasterError(gettext_noop("Units are asked between the acceptance and the dispatch only."))
    if case.confidential:
        raise RefusedError(gettext_noop("This case is confidential: no unit learns of it but its lead."))


def _check_unit(case: Case, unit: Department, now: datetime) -> None:
    if unit.pk == case.intake_id:
        raise FieldError(
            "departments", gettext_noop("Your unit does not ask itself. It can take the case up at once.")
        )
    if orgs_queries.is_without_accounts(unit.pk):
        raise FieldError(
            "departments",
            gettext_noop("Nobody of %(unit)s can sign in and answer. Ask units with accounts only."),
            unit=unit.name,
        )
    if not orgs_queries.holders(unit.pk, *DEPARTMENT_ROLES, now=now).exists():
        raise FieldError(
            "departments",
            gettext_noop("%(unit)s has no handler and no head who could answer. Leave it out."),
            unit=unit.name,
        )
    if Sounding.objects.filter(case=case, department=unit, ended_at__isnull=True).exists():
        raise FieldError(
            "departments",
            gettext_noop("%(unit)s was asked already and has not answered yet."),
            unit=unit.name,
        )


@service("cases.answer_sounding")
def answer_sounding(
    work: Work, *, by: Actor, now: datetime, sounding: Sounding, answer: str, basis: str = ""
) -> Sounding:
    """Say for one's unit whether a matter is its duty; who says no names the rule."""
    permissions.require(by, "cases.answer_sounding", sounding)
    if answer not in DutyAnswer.values:
        raise FieldError("answer", gettext_noop("Choose one of the answers in the list."))
    if answer == DutyAnswer.NOT_OURS and not basis.strip():
        raise FieldError(
            "basis", gettext_noop("Name the rule, the list of duties or the facts by which it is not yours.")
        )
    changed = Sounding.objects.filter(pk=sounding.pk, ended_at__isnull=True).update(
        answer=answer,
        basis=basis.strip(),
        answered_by_id=by.user,
        answered_at=now,
        ended_at=now,
        told_at=None,  # the dispatcher may have been told that the time is over: this answer is told as well
    )
    if not changed:
        raise FasterError(
            gettext_noop(
                "This question is no longer open: somebody of your unit answered, or the case was dispatched."
            )
        )
    row = Sounding.objects.select_related("case", "department").get(pk=sounding.pk)
    _write(work, row, f"sounding_{answer}", row.basis)
    work.record(row, tenant=row.case.enterprise_id, case=row.case_id, answer=answer)
    _tell(work, row.case)
    return row


@service("cases.sounding_over")
def sounding_over(work: Work, *, by: Actor, now: datetime, case: Case) -> Case:
    """Tell the dispatcher once that the time for the answers is over; who has not answered still may."""
    del now
    permissions.require(by, "cases.sounding_over", case)
    if not _tell(work, case):
        raise RefusedError(gettext_noop("The time is not over yet."))
    work.record(case, tenant=case.enterprise_id)
    return case


def _tell(work: Work, case: Case) -> bool:
    """Tell the dispatcher when no answer is waited for any more; one message for all of them."""
    rows = Sounding.objects.filter(case=case)
    if rows.filter(ended_at__isnull=True, due_at__gte=work.now).exists():
        return False
    if not rows.filter(told_at__isnull=True).update(told_at=work.now):
        return False
    work.emit("cases.sounded", case=case.pk, by=work.by.user)
    return True


def _write(work: Work, row: Sounding, action: str, text: str) -> None:
    Entry.objects.create(
        case=row.case,
        at=work.now,
        action=action,
        from_state=row.case.state,
        to_state=row.case.state,
        by_user_id=work.by.user,
        by_label=work.by.label,
        department=row.department,
        text=text,
        visibility=Visibility.INTERNAL,
    )
