"""Helping departments: asked, taken up, answered, objected to, called off; the lead stays accountable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_noop

from zhitong.cases.models import Assist, Entry
from zhitong.cases.services import clocks
from zhitong.cases.services.intake import keep_from
from zhitong.cases.services.moves import Said, move
from zhitong.cases.states import OPEN_ASSISTS, UNDECIDED, AssistState, Visibility, rule
from zhitong.core import permissions
from zhitong.core import queries as core_queries
from zhitong.core.actor import Role
from zhitong.core.clock import local_date
from zhitong.core.errors import FasterError, FieldError, RefusedError
from zhitong.core.service import Work, service
from zhitong.kernel.calendar import add_workdays
from zhitong.orgs import queries as orgs_queries

if TYPE_CHECKING:
    from datetime import date, datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor
    from zhitong.orgs.models import Department, User


@service("cases.ask_help")
def ask_help(
    work: Work,
    *,
    by: Actor,
    now: datetime,
    case: Case,
    department: Department,
    text: str,
    version: int | None = None,
) -> Case:
    """Ask another department for its part; it gets a clock of its own, the lead's runs on."""
    permissions.require(by, "cases.ask_help", case)
    if department is not None:
        _check_department(case, department, now)
    moved = move(
        work,
        case=case,
        action="ask_help",
        version=version,
        given={"department": department, "text": text},
        said=Said(text=text, visibility=Visibility.INTERNAL),
    )
    columns = clocks.begin(clock="assist", sla_version=case.sla_version, kind=case.kind, now=now)
    del columns["clock"], columns["clock_started_at"]
    assist = Assist.objects.create(
        case=moved,
        department=department,
        wanted=text,
        state=AssistState.SENT,
        asked_by_id=by.user,
        started_at=now,
        **columns,
    )
    work.emit("cases.assist", case=moved.pk, assist=assist.pk, by=by.user)
    return moved


def _check_department(case: Case, department: Department, now: datetime) -> None:
    keep_from(case, department, "department")
    if department.pk == case.lead_id:
        raise FieldError(
            "department", gettext_noop("The lead department cannot help itself. Choose another.")
        )
    if Assist.objects.filter(case=case, department=department, ended_at__isnull=True).exists():
        raise FieldError(
            "department", gettext_noop("This department was asked already and has not answered yet.")
        )
    handlers = orgs_queries.holders(department.pk, Role.HANDLER, now=now)
    if not handlers.exists() and not orgs_queries.is_without_accounts(department.pk):
        raise FieldError("department", gettext_noop("This department has no handler. Choose another one."))


@service("cases.take_assist")
def take_assist(
    work: Work, *, by: Actor, now: datetime, assist: Assist, version: int | None = None
) -> Assist:
    """Take up one's department's part."""
    del now
    permissions.require(by, "cases.take_assist", assist)
    changes = {"state": AssistState.TAKEN, "person_id": assist.person_id or by.user}
    return _change(work, assist, version, (AssistState.SENT,), changes)


@service("cases.assign_assist")
def assign_assist(
    work: Work, *, by: Actor, now: datetime, assist: Assist, person: User, version: int | None = None
) -> Assist:
    """Put a handler of the helping department in charge of its part."""
    permissions.require(by, "cases.assign_assist", assist)
    if person is None:
        raise FieldError("person", gettext_noop("Please fill in this field."))
    if not orgs_queries.holders(assist.department_id, Role.HANDLER, now=now).filter(pk=person.pk).exists():
        raise FieldError("person", gettext_noop("This person is not a handler of the chosen department."))
    return _change(work, assist, version, OPEN_ASSISTS, {"person_id": person.pk})


@service("cases.answer_assist")
def answer_assist(
    work: Work, *, by: Actor, now: datetime, assist: Assist, text: str, version: int | None = None
) -> Assist:
    """Answer the lead; the part is done."""
    permissions.require(by, "cases.answer_assist", assist)
    _required("text", text)
    changes = {
        "state": AssistState.ANSWERED,
        "reply": text,
        "replied_by_id": by.user,
        "person_id": assist.person_id or by.user,
        "ended_at": now,
    }
    return _change(work, assist, version, (AssistState.SENT, AssistState.TAKEN), changes, text)


@service("cases.answer_assist_for")
def answer_assist_for(
    work: Work, *, by: Actor, now: datetime, assist: Assist, text: str, version: int | None = None
) -> Assist:
    """Enter what a department without accounts replied; the part is done."""
    permissions.require(by, "cases.answer_assist_for", assist)
    _required("text", text)
    refuse_with_accounts(assist.department)
    changes = {
        "state": AssistState.ANSWERED,
        "reply": text,
        "replied_by_id": by.user,
        "entered_for": True,
        "ended_at": now,
    }
    return _change(work, assist, version, (AssistState.SENT, AssistState.TAKEN), changes, text)


def refuse_with_accounts(department: Department) -> None:
    """Refuse to speak for a department whose own people can sign in and answer."""
    if not orgs_queries.is_without_accounts(department.pk):
        raise RefusedError(
            gettext_noop("%(unit)s has accounts of its own. Its people answer themselves."),
            unit=department.name,
        )


@service("cases.return_assist")
def return_assist(
    work: Work, *, by: Actor, now: datetime, assist: Assist, reason: str, version: int | None = None
) -> Assist:
    """Say that the part is not one's department's; the same day it is decided that it is, or not. Once."""
    permissions.require(by, "cases.answer_assist", assist)
    _required("reason", reason)
    if assist.insisted:
        raise RefusedError(
            gettext_noop(
                "Your department objected once, and it was decided that the part is yours. Please answer."
            )
        )
    last = last_day_to_return(assist)
    if local_date(now) > last:
        raise RefusedError(
            gettext_noop("The time for an objection ended on %(day)s. Please answer."), day=last.isoformat()
        )
    changes = {"state": AssistState.RETURNED, **clocks.decide(assist.case, now)}
    return _change(work, assist, version, (AssistState.SENT, AssistState.TAKEN), changes, reason)


def last_day_to_return(assist: Assist) -> date:
    """Return the last day on which a helping department may say that the part is not its own."""
    day = local_date(assist.started_at)
    days = rule(assist.case.sla_version, "objection", assist.case.kind)
    return add_workdays(day, days, core_queries.day_table(day)).due


@service("cases.insist_assist")
def insist_assist(
    work: Work, *, by: Actor, now: datetime, assist: Assist, reason: str, version: int | None = None
) -> Assist:
    """Decide that the part is the department's, for good; its clock has run on."""
    del now
    permissions.require(by, "cases.steer_assist", assist)
    _required("reason", reason)
    changes = {"state": AssistState.SENT, "insisted": True, **UNDECIDED}
    return _change(work, assist, version, (AssistState.RETURNED,), changes, reason)


@service("cases.cancel_assist")
def cancel_assist(
    work: Work, *, by: Actor, now: datetime, assist: Assist, reason: str, version: int | None = None
) -> Assist:
    """Call a part off that is not needed any more."""
    permissions.require(by, "cases.steer_assist", assist)
    _required("reason", reason)
    changes = {"state": AssistState.CANCELLED, "ended_at": now, **UNDECIDED}
    return _change(work, assist, version, OPEN_ASSISTS, changes, reason)


def _required(name: str, value: str) -> None:
    if not value.strip():
        raise FieldError(name, gettext_noop("Please fill in this field."))


def _change(
    work: Work,
    assist: Assist,
    version: int | None,
    states: tuple[str, ...],
    changes: dict[str, Any],
    text: str = "",
) -> Assist:
    """One conditional update of the part, and a line in the timeline of its case."""
    seen = assist.version if version is None else version
    same = Assist.objects.filter(pk=assist.pk, version=seen, state__in=states)
    if not same.update(version=seen + 1, **changes):
        raise FasterError(
            gettext_noop("This step is no longer possible: the part has moved on. Reload to see where it is.")
        )
    assist = Assist.objects.select_related("case", "department", "person").get(pk=assist.pk)
    action = work.action.removeprefix("cases.")
    Entry.objects.create(
        case=assist.case,
        at=work.now,
        action=action,
        from_state=assist.case.state,
        to_state=assist.case.state,
        by_user_id=work.by.user,
        by_label=work.by.label,
        department=assist.department,
        text=text,
        visibility=Visibility.INTERNAL,
    )
    work.record(assist, tenant=assist.case.enterprise_id, state=assist.state, person=assist.person_id)
    work.emit("cases.assist", case=assist.case_id, assist=assist.pk, by=work.by.user)
    return assist


def refuse_while_open(case: Case) -> None:
    """Refuse an answer while another department's part is open."""
    waiting = case.assists.filter(ended_at__isnull=True).select_related("department")
    names = " · ".join(row.department.label for row in waiting)
    if names:
        raise RefusedError(
            gettext_noop("Still waiting for %(names)s. Wait for the reply, or call the part off."),
            names=names,
        )
