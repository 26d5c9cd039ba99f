"""What the lead department does: take up, pass on, contact, note; and handing a leaver's cases on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.cases import queries
from zhitong.cases.models import Assist, Case
from zhitong.cases.services.intake import check_person, keep_from
from zhitong.cases.services.moves import Said, move
from zhitong.cases.states import WAYS, CallState, Visibility
from zhitong.core import permissions
from zhitong.core.actor import Role
from zhitong.core.clock import local_date
from zhitong.core.errors import FieldError
from zhitong.core.service import Work, service
from zhitong.enterprises import services as enterprise_services
from zhitong.orgs import queries as orgs_queries

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.core.uploads.inspect import Inspected
    from zhitong.orgs.models import Department, User


@service("cases.assign")
def assign(
    work: Work, *, by: Actor, now: datetime, case: Case, person: User, version: int | None = None
) -> Case:
    """Put a handler of the lead department in charge; the clock runs on."""
    del by
    if person is not None and not _is_handler(case, person.pk, now):
        raise FieldError("person", gettext_noop("This person is not a handler of the lead department."))
    return move(
        work,
        case=case,
        action="assign",
        version=version,
        given={"person": person},
        changes={"person_id": person and person.pk},
        said=Said(visibility=Visibility.INTERNAL),
    )


def _handler_behind(by: Actor, case: Case) -> int | None:
    posts = [post for post in by.posts if post.role is Role.HANDLER and post.department == case.lead_id]
    absent = [post.for_user for post in posts if post.for_user is not None]
    return min(absent) if absent and len(absent) == len(posts) else by.user


def _is_handler(case: Case, person: int, now: datetime) -> bool:
    return _handles(case.lead_id or 0, person, now)


def _handles(department: int, person: int, now: datetime) -> bool:
    return orgs_queries.holders(department, Role.HANDLER, now=now).filter(pk=person).exists()


@service("cases.start")
def start(work: Work, *, by: Actor, now: datetime, case: Case, version: int | None = None) -> Case:
    """Take a dispatched case up; whoever takes up an unassigned one is in charge of it.

    A stand-in takes it up for the person they stand in for: it stays theirs when the delegation is over.
    """
    changes = {} if case.person_id else {"person_id": _handler_behind(by, case)}
    moved = move(work, case=case, action="start", version=version, changes=changes)
    case.calls.filter(callee=case.lead, state=CallState.OPEN).update(state=CallState.NEEDLESS, ended_at=now)
    return moved


@service("cases.note")
def note(  # noqa: PLR0913 - the parts of the form
    work: Work,
    *,
    by: Actor,
    now: datetime,
    case: Case,
    text: str,
    visibility: str = Visibility.INTERNAL,
    files: Iterable[Inspected] = (),
    version: int | None = None,
) -> Case:
    """Write down progress, for the firm or for the inside."""
    del by, now
    if visibility not in Visibility.values:
        raise FieldError("visibility", gettext_noop("Say who may read the note."))
    return move(
        work,
        case=case,
        action="note",
        version=version,
        given={"text": text, "visibility": visibility},
        said=Said(text=text, visibility=visibility, files=files),
    )


@service("cases.contact")
def contact(
    work: Work, *, by: Actor, now: datetime, case: Case, way: str, text: str, version: int | None = None
) -> Case:
    """Write down that the firm was contacted; the first time counts for the response rate.

    With a firm the contact enters its ledger, so that nobody disturbs it twice for the same matter. The firm
    and offices that do not see the case read the ledger: it gets the case's number, not what was said. Of a
    protected reporter it gets nothing: the number on the firm's page would say who that is.
    """
    if way and way not in WAYS:
        raise FieldError("way", gettext_noop("Choose one of the ways in the list."))
    moved = move(
        work,
        case=case,
        action="contact",
        version=version,
        given={"way": way, "text": text},
        changes={} if case.contacted_at else {"contacted_at": now},
        said=Said(text=text, visibility=Visibility.INTERNAL),
    )
    firm = queries.firm_of(None, case)
    if firm is not None and case.accountable_id in by.departments():
        coming = enterprise_services.Coming(
            kind=way,
            reason=case.number,
            day=local_date(now),
            department=case.accountable,
            matter=case.number,
        )
        enterprise_services.record_contact(by=by, now=now, enterprise=firm, coming=coming)
    return moved


@service("cases.transfer")
def transfer(  # noqa: PLR0913 - the parts of the form
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
    """Pass a case to a unit below the lead department; the handling clock runs on."""
    del by
    check_person(lead, person, now)
    keep_from(case, lead)
    if lead is not None and case.lead is not None and not _is_below(lead, case.lead):
        raise FieldError("lead", gettext_noop("Choose a unit below your own department."))
    return move(
        work,
        case=case,
        action="transfer",
        version=version,
        given={"lead": lead, "reason": reason},
        changes={"lead_id": lead and lead.pk, "person_id": person and person.pk},
        said=Said(text=reason, visibility=Visibility.INTERNAL),
    )


def _is_below(unit: Department, above: Department) -> bool:
    return unit.pk != above.pk and unit.path.startswith(above.path)


@service("cases.hand_over")
def _hand_over_one(work: Work, *, by: Actor, now: datetime, case: Case, to: int | None) -> Case:
    """Give one case of a leaver to a successor in the same department, or back to the department."""
    del by
    successor = to if to is not None and _is_handler(case, to, now) else None
    return move(
        work,
        case=case,
        action="hand_over",
        version=None,
        changes={"person_id": successor},
        said=Said(visibility=Visibility.INTERNAL),
    )


def hand_over(*, user: int, to: int | None, by: Actor, now: datetime) -> int:
    """Hand over the running cases of somebody who no longer handles in their lead department; count them."""
    rows = Case.objects.filter(person=user, ended_at__isnull=True).select_related(
        "lead", "accountable", "intake"
    )
    orphans = [case for case in rows if not _is_handler(case, user, now)]
    for case in orphans:
        _hand_over_one(by=by, now=now, case=case, to=to)
    parts = Assist.objects.filter(person=user, ended_at__isnull=True).select_related("department", "case")
    left = [row for row in parts if not _handles(row.department_id, user, now)]
    for row in left:
        _hand_over_part(by=by, now=now, assist=row, to=to)
    return len(orphans) + len(left)


@service("cases.hand_over_assist")
def _hand_over_part(work: Work, *, by: Actor, now: datetime, assist: Assist, to: int | None) -> Assist:
    """Give a leaver's part in a case to a successor in the same department, or back to the department."""
    permissions.require(by, "cases.hand_over", assist.case)
    successor = to if to is not None and _handles(assist.department_id, to, now) else None
    Assist.objects.filter(pk=assist.pk).update(person=successor, version=assist.version + 1)
    work.record(assist, tenant=assist.case.enterprise_id, person=successor)
    return assist
