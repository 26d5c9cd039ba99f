"""What the intake unit does: accept, return, refuse, dispatch, change the lead, urge, close, reopen."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_noop

from zhitong.cases import queries
from zhitong.cases.services import categorising, clocks
from zhitong.cases.services.moves import Said, move
from zhitong.cases.states import Visibility, kinds, routes, rule
from zhitong.core import permissions
from zhitong.core.actor import Role
from zhitong.core.errors import FieldError, RefusedError
from zhitong.core.service import Work, service
from zhitong.orgs import queries as orgs_queries

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor
    from zhitong.orgs.models import Department, User


def afresh(case: Case, now: datetime) -> dict[str, Any]:
    """Return the columns of a case that is taken up again: it is contacted, extended and signed anew."""
    return {
        "reopened": case.reopened + 1,
        "contacted_at": None,
        "contact_due_at": clocks.contact_due(sla_version=case.sla_version, kind=case.kind, now=now),
        "extended": False,
        "chain": "",
        "chain_step": 0,
    }


@service("cases.accept")
def accept(  # noqa: PLR0913 - the parts of the form
    work: Work,
    *,
    by: Actor,
    now: datetime,
    case: Case,
    kind: str,
    message: str = "",
    category: str = "",
    version: int | None = None,
) -> Case:
    """Accept a case as one kind of matter; the kind decides how long the handling may take.

    `category` says what it is about, if the dispatcher knows already.
    """
    del by, now
    if kind and kind not in kinds(case.sla_version):
        raise FieldError("kind", gettext_noop("Choose one of the kinds in the list."))
    moved = move(
        work,
        case=case,
        action="accept",
        version=version,
        given={"kind": kind},
        changes={"kind": kind},
        said=Said(text=message),
    )
    if category in {"", moved.category}:
        return moved
    return categorising.write(work, case=moved, category=category, before=moved.category)


@service("cases.return")
def return_for_supplement(
    work: Work, *, by: Actor, now: datetime, case: Case, reason: str, version: int | None = None
) -> Case:
    """Send a case back to its firm with a word on what is missing."""
    del by, now
    return move(
        work, case=case, action="return", version=version, given={"reason": reason}, said=Said(text=reason)
    )


@service("cases.refuse")
def refuse(  # noqa: PLR0913 - the parts of the form
    work: Work,
    *,
    by: Actor,
    now: datetime,
    case: Case,
    route: str,
    text: str,
    earlier: Case | None = None,
    version: int | None = None,
) -> Case:
    """Do not accept a case, and tell the firm where its matter belongs.

    `earlier` is the firm's own case about the same matter, where that is the reason.
    """
    del by, now
    known = routes()
    if route and route not in known:
        raise FieldError("route", gettext_noop("Choose one of the reasons in the list."))
    names = bool(route) and known[route].names_case and case.enterprise_id is not None
    if names and case.state in REFUSABLE:
        _check_earlier(case, earlier)
    return move(
        work,
        case=case,
        action="refuse",
        version=version,
        given={"route": route, "text": text},
        changes={
            "route": route,
            "answer": text,
            "outcome": known[route].outcome,
            "repeats_id": earlier.pk if names and earlier is not None else None,
        }
        if route
        else {},
        said=Said(text=text),
    )


REFUSABLE = frozenset({"submitted", "returned"})


def _check_earlier(case: Case, earlier: Case | None) -> None:
    if earlier is None:
        raise FieldError("earlier", gettext_noop("Name the case in which the same matter is or was handled."))
    if not queries.earlier_of(case).filter(pk=earlier.pk).exists():
        raise FieldError("earlier", gettext_noop("Name an earlier case of the same firm."))


@service("cases.dispatch")
def dispatch(  # noqa: PLR0913 - the parts of the form
    work: Work,
    *,
    by: Actor,
    now: datetime,
    case: Case,
    lead: Department,
    person: User | None = None,
    message: str = "",
    version: int | None = None,
) -> Case:
    """Charge a department, and a person in it if one is named, with the answer; the handling clock starts."""
    del by
    check_person(lead, person, now)
    keep_from(case, lead)
    return move(
        work,
        case=case,
        action="dispatch",
        version=version,
        given={"lead": lead},
        changes={
            "lead_id": lead and lead.pk,
            "person_id": person and person.pk,
            "contact_due_at": clocks.contact_due(sla_version=case.sla_version, kind=case.kind, now=now),
        },
        said=Said(text=message, visibility=Visibility.INTERNAL if message else Visibility.FIRM),
    )


@service("cases.redispatch")
def redispatch(  # noqa: PLR0913 - the parts of the form
    work: Work,
    *,
    by: Actor,
    now: datetime,
    case: Case,
    lead: Department,
    reason: str,
    person: User | None = None,
    version: int | None = None,
) -> Case:
    """Charge another department; the handling clock runs on."""
    del by
    check_person(lead, person, now)
    keep_from(case, lead)
    return move(
        work,
        case=case,
        action="redispatch",
        version=version,
        given={"lead": lead, "reason": reason},
        changes={"lead_id": lead and lead.pk, "person_id": person and person.pk},
        said=Said(text=reason, visibility=Visibility.INTERNAL),
    )


def keep_from(case: Case, unit: Department | None, field: str = "lead") -> None:
    """Refuse to give a case to the unit that it is about, or to one that belongs to it."""
    if unit is not None and case.accused is not None and unit.path.startswith(case.accused.path):
        raise FieldError(field, gettext_noop("The firm asked that this unit does not learn of the case."))


def check_person(lead: Department | None, person: User | None, now: datetime) -> None:
    """Refuse a department whose handlers are missing, and a person who is none of them."""
    if lead is None:
        return  # the flow asks for it and says so
    handlers = orgs_queries.holders(lead.pk, Role.HANDLER, now=now)
    if person is not None and not handlers.filter(pk=person.pk).exists():
        raise FieldError("person", gettext_noop("This person is not a handler of the chosen department."))
    if not handlers.exists() and not orgs_queries.is_without_accounts(lead.pk):
        raise FieldError("lead", gettext_noop("This department has no handler. Choose another one."))


@service("cases.pass_up")
def pass_up(
    work: Work, *, by: Actor, now: datetime, case: Case, reason: str, version: int | None = None
) -> Case:
    """Pass a case that a park or a street has looked into to the next unit above that takes cases in."""
    del now
    permissions.require(by, "cases.pass_up", case)
    unit = orgs_queries.intake_above(case.intake)
    if unit is None:
        raise RefusedError(gettext_noop("No unit above yours takes cases in. Please accept or dispatch it."))
    if case.accused is not None and unit.path.startswith(case.accused.path):
        raise RefusedError(gettext_noop("The firm asked that this unit does not learn of the case."))
    return move(
        work,
        case=case,
        action="pass_up",
        version=version,
        given={"reason": reason},
        changes={"intake_id": unit.pk},
        said=Said(text=reason, visibility=Visibility.INTERNAL),
    )


@service("cases.close")
def close(
    work: Work,
    *,
    by: Actor,
    now: datetime,
    case: Case,
    outcome: str,
    message: str = "",
    version: int | None = None,
) -> Case:
    """Close a rated case after the return visit, with the outcome that really came about."""
    del by, now
    return move(
        work,
        case=case,
        action="close",
        version=version,
        given={"outcome": outcome},
        changes={"outcome": outcome},
        said=Said(text=message),
    )


@service("cases.remind")
def remind(
    work: Work, *, by: Actor, now: datetime, case: Case, reason: str, version: int | None = None
) -> Case:
    """Urge whoever has the case, with a word that they read."""
    del by, now
    return move(
        work,
        case=case,
        action="remind",
        version=version,
        given={"reason": reason},
        said=Said(text=reason, visibility=Visibility.INTERNAL),
    )


@service("cases.reopen")
def reopen(
    work: Work, *, by: Actor, now: datetime, case: Case, reason: str, version: int | None = None
) -> Case:
    """Take a closed case up again: the same lead gets the usual time once more."""
    permissions.require(by, "cases.reopen", case)
    days = rule(case.sla_version, "reopen_within")
    if case.ended_at is not None and now > case.ended_at + timedelta(days=days):
        raise RefusedError(
            gettext_noop(
                "This case ended more than %(days)d days ago. Ask the firm to report the matter anew."
            ),
            days=days,
        )
    return move(
        work,
        case=case,
        action="reopen",
        version=version,
        given={"reason": reason},
        changes=afresh(case, now),
        said=Said(text=reason),
    )
