"""Changes to who sits in a firm: invited, seated by an officer, leaving, an administrator lost."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from zhitong.core import permissions
from zhitong.core.actor import FIRM_ROLES, Role, Side
from zhitong.core.clock import local_date
from zhitong.core.errors import FasterError, FieldError, NotPermittedError, RefusedError
from zhitong.core.phones import MOBILE, account_number
from zhitong.core.service import Work, service
from zhitong.enterprises.models import Enterprise, Invitation, Membership
from zhitong.enterprises.queries import same_firm
from zhitong.enterprises.queries.exchange import digest
from zhitong.enterprises.services.privacy import give_consent
from zhitong.kernel.codes import normalise
from zhitong.orgs import services as org_services

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor

LASTS = timedelta(days=7)
SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that looks like something else
LENGTH = 12  # sixty bits: nobody guesses it within a week
WRONG = gettext_noop(
    "This invitation does not fit: check the credit code and the invitation code, or ask for a new one."
)


@service("enterprises.seat")
def seat(work: Work, *, by: Actor, now: datetime, enterprise: Enterprise, user: Any, role: str) -> Membership:
    """Seat a person in a firm as member or administrator."""
    permissions.require(by, "enterprises.seat", enterprise)
    row = _sit(enterprise, user, role, now)
    work.record(row, tenant=enterprise.pk, user=user.pk, role=role)
    return row


def _sit(firm: Enterprise, user: Any, role: str, now: datetime) -> Membership:
    if role not in FIRM_ROLES:
        raise FieldError("role", gettext_noop("Choose member or administrator."))
    taken = FieldError("user", gettext_noop("This person already belongs to the firm."))
    if Membership.objects.filter(user=user, enterprise__in=same_firm(firm), until__isnull=True).exists():
        raise taken
    try:
        with transaction.atomic():
            return Membership.objects.create(user=user, enterprise=firm, role=role, since=now)
    except IntegrityError as error:
        raise taken from error


@service("enterprises.seat_new")
def seat_new(
    work: Work, *, by: Actor, now: datetime, enterprise: Enterprise, name: str, phone: str, role: str
) -> Membership:
    """Seat somebody by name and number, with a new account if there is none.

    Nobody can sign in with it before the number has answered a code.
    """
    permissions.require(by, "enterprises.seat", enterprise)
    user = org_services.firm_account(by=by, now=now, name=name, phone=_checked_phone(phone))
    row = _sit(enterprise, user, role, now)
    work.record(row, tenant=enterprise.pk, user=user.pk, role=role)
    return row


def _checked_phone(phone: str) -> str:
    plain = account_number(phone)
    if not MOBILE.fullmatch(plain):
        raise FieldError("phone", gettext_noop("Use a mobile number of 11 digits."))
    return plain


@service("enterprises.unseat")
def unseat(work: Work, *, by: Actor, now: datetime, membership: Membership) -> Membership:
    """End a seat: a person leaves by themselves, or the administrator or an officer ends it."""
    permissions.require(by, "enterprises.unseat", membership)
    if not Membership.objects.filter(pk=membership.pk, until__isnull=True).update(until=now):
        raise FasterError
    membership.refresh_from_db()
    work.record(membership, tenant=membership.enterprise_id, user=membership.user_id, role=membership.role)
    return membership


@service("enterprises.replace_administrator")
def replace_administrator(
    work: Work, *, by: Actor, now: datetime, enterprise: Enterprise, name: str, phone: str, reason: str
) -> Membership:
    """Give a firm whose administrator is lost another one; the seats of the former ones end.

    `reason` says how the office made sure that the new person speaks for the firm.
    """
    permissions.require(by, "enterprises.replace_administrator", enterprise)
    if not reason.strip():
        raise FieldError(
            "reason", gettext_noop("Say how you made sure that this person speaks for the firm.")
        )
    user = org_services.firm_account(by=by, now=now, name=name, phone=_checked_phone(phone))
    held = Membership.objects.filter(enterprise__in=same_firm(enterprise), until__isnull=True)
    former = list(held.filter(role=Role.FIRM_ADMIN).exclude(user=user).values_list("user", flat=True))
    held.filter(role=Role.FIRM_ADMIN).update(until=now)
    held.filter(user=user).update(until=now)
    row = Membership.objects.create(user=user, enterprise=enterprise, role=Role.FIRM_ADMIN, since=now)
    everybody = [*former, *held.exclude(user=user).values_list("user", flat=True)]
    org_services.notify(
        users=everybody,
        msgid=gettext_noop("%(firm)s has a new administrator: %(name)s. If this is wrong, call the office."),
        params={"firm": enterprise.name, "name": user.name},
        subject=f"firm:{enterprise.pk}",
        source=f"administrator:{row.pk}",
        event="enterprises.replace_administrator",
        now=now,
    )
    work.record(row, tenant=enterprise.pk, user=user.pk, former=former, reason=reason)
    return row


class Invited:
    """An invitation with its code, which is shown once and kept nowhere."""

    def __init__(self, row: Invitation, code: str) -> None:
        self.row, self.code = row, code


@service("enterprises.invite")
def invite(work: Work, *, by: Actor, now: datetime, enterprise: Enterprise, role: str) -> Invited:
    """Make a code with which one person takes a seat; it lasts a week."""
    permissions.require(by, "enterprises.invite", enterprise)
    if by.user is None:
        raise NotPermittedError  # a person answers for it
    if role not in FIRM_ROLES:
        raise FieldError("role", gettext_noop("Choose member or administrator."))
    code = "".join(secrets.choice(SIGNS) for _ in range(LENGTH))
    row = Invitation.objects.create(
        enterprise=enterprise, role=role, digest=digest(code), made_at=now, made_by_id=by.user,
        expires_at=now + LASTS,
    )  # fmt: skip
    work.record(row, tenant=enterprise.pk, role=role)
    return Invited(row, "-".join(code[at : at + 4] for at in range(0, LENGTH, 4)))


@service("enterprises.withdraw_invitation")
def withdraw_invitation(work: Work, *, by: Actor, now: datetime, invitation: Invitation) -> Invitation:
    """Make an unused code worthless."""
    permissions.require(by, "enterprises.invite", invitation.enterprise)
    unused = Invitation.objects.filter(pk=invitation.pk, used_at__isnull=True, withdrawn_at__isnull=True)
    if not unused.update(withdrawn_at=now):
        raise FasterError
    invitation.refresh_from_db()
    work.record(invitation, tenant=invitation.enterprise_id)
    return invitation


@service("enterprises.join")
def join(
    work: Work, *, by: Actor, now: datetime, code: str, invitation: str, name: str = "", phone: str = ""
) -> Membership:
    """Take the seat of an invitation, which proves belonging together with the firm's credit code.

    Somebody signed in takes it with their own account; others get one by name and number. Joining is
    agreeing to the privacy notice.
    """
    plain = "".join(sign for sign in invitation.upper() if sign.isalnum())
    found = Invitation.objects.filter(
        digest=digest(plain), used_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=now
    )
    row = found.select_related("enterprise").first()
    if row is None or row.enterprise.code != normalise(code):
        raise RefusedError(WRONG)
    if by.side is Side.STAFF:
        raise RefusedError(gettext_noop("Officers cannot sit in a firm. Sign out first."))
    user = _joining(by, now, name, phone)
    seat_ = _sit(row.enterprise, user, row.role, now)
    if not found.filter(pk=row.pk).update(used_at=now, used_by=user.pk):
        raise RefusedError(WRONG)
    give_consent(user, now=now, today=local_date(now))
    work.record(seat_, tenant=row.enterprise_id, user=user.pk, role=row.role, invitation=row.pk)
    return seat_


def _joining(by: Actor, now: datetime, name: str, phone: str) -> Any:
    if by.user is not None:
        return org_services.own_account(by=by)
    if not name.strip():
        raise FieldError("name", gettext_noop("Give your name."))
    return org_services.firm_account(by=by, now=now, name=name, phone=_checked_phone(phone), new_only=True)
