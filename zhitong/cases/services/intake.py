"""What the intake unit does: accept, return, dispatch, change the lead, close."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.cases.services.moves import Said, move
from zhitong.cases.states import Visibility, kinds
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


@service("cases.accept")
def accept(
    work: Work,
    *,
    by: Actor,
    now: datetime,
    case: Case,
    kind: str,
    message: str = "",
    version: int | None = None,
) -> Case:
    """Accept a case as one kind of matter; the kind decides how long the handling may take."""
    del by, now
    if kind and kind not in kinds(case.sla_version):
        raise FieldError("kind", gettext_noop("Choose one of the kinds in the list."))
    return move(
        work,
        case=case,
        action="accept",
        version=version,
        given={"kind": kind},
        changes={"kind": kind},
        said=Said(text=message),
    )


@service("cases.return")
def return_for_supplement(
    work: Work, *, by: Actor, now: datetime, case: Case, reason: str, version: int | None = None
) -> Case:
    """Send a case back to its firm with a word on what is missing."""
    del by, now
    return move(
        work, case=case, action="return", version=version, given={"reason": reason}, said=Said(text=reason)
    )


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
    _check_person(lead, person, now)
    return move(
        work,
        case=case,
        action="dispatch",
        version=version,
        given={"lead": lead},
        changes={"lead_id": lead and lead.pk, "person_id": person and person.pk},
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
    _check_person(lead, person, now)
    return move(
        work,
        case=case,
        action="redispatch",
        version=version,
        given={"lead": lead, "reason": reason},
        changes={"lead_id": lead and lead.pk, "person_id": person and person.pk},
        said=Said(text=reason, visibility=Visibility.INTERNAL),
    )


def _check_person(lead: Department | None, person: User | None, now: datetime) -> None:
    if lead is None:
        return  # the flow asks for it and says so
    handlers = orgs_queries.holders(lead.pk, Role.HANDLER, now=now)
    if person is not None and not handlers.filter(pk=person.pk).exists():
        raise FieldError("person", gettext_noop("This person is not a handler of the chosen department."))
    if not handlers.exists():
        raise FieldError("lead", gettext_noop("This department has no handler. Choose another one."))


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


@service("cases.close_unrated")
def close_unrated(work: Work, *, by: Actor, now: datetime, case: Case) -> Case:
    """Close an answered case whose rating window has passed; no rating is invented."""
    permissions.require(by, "cases.close_unrated", case)
    if case.due_at is None or case.due_at >= now:
        raise RefusedError(gettext_noop("The rating window is still open."))
    return move(work, case=case, action="close_unrated", version=None)
