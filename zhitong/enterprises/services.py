"""Changes to firms and seats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_noop

from zhitong.core import permissions
from zhitong.core.errors import FieldError
from zhitong.core.service import Work, service
from zhitong.enterprises.codes import checked
from zhitong.enterprises.models import Enterprise, Membership

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor


@service("enterprises.register")
def register(
    work: Work, *, by: Actor, now: datetime, code: str, name: str, region: str, address: str = ""
) -> Enterprise:
    """Enter a firm in the register under its code."""
    permissions.require(by, "enterprises.register")
    code = checked(code)
    if Enterprise.objects.filter(code=code).exists():
        raise FieldError("code", gettext_noop("A firm with this code is already registered."))
    firm = Enterprise.objects.create(code=code, name=name, region=region, address=address, created_at=now)
    work.record(firm, tenant=firm.pk, code=code)
    return firm


@service("enterprises.seat")
def seat(work: Work, *, by: Actor, now: datetime, enterprise: Enterprise, user: Any, role: str) -> Membership:
    """Seat a person in a firm as member or administrator."""
    permissions.require(by, "enterprises.seat", enterprise)
    if Membership.objects.filter(user=user, enterprise=enterprise, until__isnull=True).exists():
        raise FieldError("user", gettext_noop("This person already belongs to the firm."))
    row = Membership.objects.create(user=user, enterprise=enterprise, role=role, since=now)
    work.record(row, tenant=enterprise.pk, user=user.pk, role=role)
    return row
