"""Changes to who in the office stands up for a firm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from zhitong.core import permissions
from zhitong.core.errors import FasterError, FieldError
from zhitong.core.service import Work, service
from zhitong.enterprises.models import Enterprise, Sponsorship
from zhitong.enterprises.words import Duty

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor


@service("enterprises.sponsor")
def sponsor(
    work: Work, *, by: Actor, now: datetime, enterprise: Enterprise, user: Any, duty: str, basis: str = ""
) -> Sponsorship:
    """Link somebody of the office to a firm; a new linked leader takes the place of the one before."""
    permissions.require(by, "enterprises.sponsor", enterprise)
    if duty not in Duty.values:
        raise FieldError("duty", gettext_noop("Choose one of the duties in the list."))
    held = Sponsorship.objects.filter(enterprise=enterprise, duty=duty, until__isnull=True)
    if held.filter(user=user).exists():
        raise FieldError("user", gettext_noop("This person has this duty already."))
    if duty == Duty.LEADER:
        held.update(until=now)
    try:
        with transaction.atomic():
            row = Sponsorship.objects.create(
                enterprise=enterprise, user=user, duty=duty, basis=basis, since=now
            )
    except IntegrityError as error:
        raise FasterError from error
    work.record(row, tenant=enterprise.pk, user=user.pk, duty=duty, basis=basis)
    return row


@service("enterprises.end_sponsorship")
def end_sponsorship(work: Work, *, by: Actor, now: datetime, sponsorship: Sponsorship) -> Sponsorship:
    """End a link between somebody of the office and a firm."""
    permissions.require(by, "enterprises.sponsor", sponsorship.enterprise)
    if not Sponsorship.objects.filter(pk=sponsorship.pk, until__isnull=True).update(until=now):
        raise FasterError
    sponsorship.refresh_from_db()
    work.record(sponsorship, tenant=sponsorship.enterprise_id, user=sponsorship.user_id)
    return sponsorship


def hand_over(*, user: int, to: int | None, by: Actor, now: datetime) -> int:
    """Give the links of somebody who leaves to a successor, or end them; return how many moved."""
    rows = list(Sponsorship.objects.filter(user=user, until__isnull=True).select_related("enterprise"))
    for row in rows:
        pass_on(by=by, now=now, sponsorship=row, to=to)
    return len(rows)


@service("enterprises.pass_on")
def pass_on(work: Work, *, by: Actor, now: datetime, sponsorship: Sponsorship, to: int | None) -> Sponsorship:
    """Give one link to a successor, or end it where there is none."""
    permissions.require(by, "enterprises.pass_on")
    Sponsorship.objects.filter(pk=sponsorship.pk, until__isnull=True).update(until=now)
    same = {"enterprise_id": sponsorship.enterprise_id, "duty": sponsorship.duty, "until": None}
    if to is not None and not Sponsorship.objects.filter(user_id=to, **same).exists():
        Sponsorship.objects.create(user_id=to, basis=sponsorship.basis, since=now, **same)
    work.record(sponsorship, tenant=sponsorship.enterprise_id, to=to)
    return sponsorship
