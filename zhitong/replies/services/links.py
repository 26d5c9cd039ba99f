"""Links that work once: made, opened, revoked."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_noop

from zhitong.core import permissions
from zhitong.core.errors import FasterError, NotPermittedError, RefusedError
from zhitong.core.service import Work, service
from zhitong.orgs import queries as org_queries
from zhitong.replies.models import Reply, ReplyLink
from zhitong.replies.queries import Matter, digest
from zhitong.replies.states import ReplyState, lasts

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Assist, Case
    from zhitong.core.actor import Actor
    from zhitong.orgs.models import Department

BYTES = 32
WAITS = gettext_noop("A reply of this unit waits already. Take it in or refuse it first.")


class MadeLink:
    """A link with its token, which is shown once and kept nowhere."""

    def __init__(self, row: ReplyLink, token: str) -> None:
        self.row, self.token = row, token


@service("replies.make_link")
def make_link(
    work: Work,
    *,
    by: Actor,
    now: datetime,
    case: Case,
    department: Department,
    assist: Assist | None = None,
) -> MadeLink:
    """Make a link with which a unit answers once; an earlier one stops working."""
    matter = Matter(case, department, assist)
    permissions.require(by, "replies.link", matter)
    if by.user is None:
        raise NotPermittedError  # a person answers for it
    if matter.case.confidential:
        raise RefusedError(
            gettext_noop(
                "This case is confidential: no link is made. Hand it over in person and enter the reply "
                "from paper."
            )
        )
    check_possible(matter)
    revoke_live(matter, now)
    token = secrets.token_urlsafe(BYTES)
    try:
        with transaction.atomic():
            row = ReplyLink.objects.create(
                case=matter.case, assist=matter.assist, department=matter.department,
                token_hash=digest(token), made_by_id=by.user, at=now, expires_at=now + lasts(),
            )  # fmt: skip
    except IntegrityError as error:
        raise FasterError from error  # somebody else made one at the same moment
    work.record(row, tenant=matter.case.enterprise_id, unit=matter.department.pk, until=row.expires_at)
    return MadeLink(row, token)


def check_possible(matter: Matter) -> None:
    """Refuse what needs no reply from outside: it is answered, a reply waits, the unit has accounts."""
    if not matter.open:
        raise FasterError(gettext_noop("This was answered or has moved on. Reload to see where it is."))
    if not org_queries.is_without_accounts(matter.department.pk):
        raise RefusedError(
            gettext_noop("%(unit)s has accounts of its own. Its people answer themselves."),
            unit=matter.department.name,
        )
    if Reply.objects.filter(
        case=matter.case, department=matter.department, state=ReplyState.WAITING
    ).exists():
        raise RefusedError(WAITS)


def revoke_live(matter: Matter, now: datetime) -> None:
    """Stop the link that a unit may hold for a case."""
    ReplyLink.objects.filter(
        case=matter.case, department=matter.department, used_at__isnull=True, revoked_at__isnull=True
    ).update(revoked_at=now)


@service("replies.revoke_link")
def revoke_link(work: Work, *, by: Actor, now: datetime, link: ReplyLink) -> ReplyLink:
    """Stop a link that has not been used."""
    permissions.require(by, "replies.link", link)
    unused = ReplyLink.objects.filter(pk=link.pk, used_at__isnull=True, revoked_at__isnull=True)
    if not unused.update(revoked_at=now):
        raise FasterError(gettext_noop("This link was used or revoked already."))
    link.refresh_from_db()
    work.record(link, tenant=link.case.enterprise_id, unit=link.department_id)
    return link


def note_opening(*, link: ReplyLink, now: datetime) -> None:
    """Count that a link was looked at; looking is no act of anybody and leaves no event."""
    ReplyLink.objects.filter(pk=link.pk, opened_at__isnull=True).update(opened_at=now)
    ReplyLink.objects.filter(pk=link.pk).update(opens=F("opens") + 1)
