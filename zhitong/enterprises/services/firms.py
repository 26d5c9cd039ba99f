"""Changes to firms and seats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_noop

from zhitong.core import permissions
from zhitong.core.clock import local_date
from zhitong.core.errors import FasterError, FieldError
from zhitong.core.service import Work, service
from zhitong.enterprises.codes import checked
from zhitong.enterprises.models import Enterprise, FormerName, Membership
from zhitong.enterprises.states import activities

if TYPE_CHECKING:
    from datetime import date, datetime

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


@service("enterprises.change")
def change(  # noqa: PLR0913 - the fields of a firm
    work: Work,
    *,
    by: Actor,
    now: datetime,
    enterprise: Enterprise,
    name: str,
    region: str,
    address: str = "",
    activity: str = "",
    founded_on: date | None = None,
    capital: int | None = None,
    version: int | None = None,
) -> Enterprise:
    """Change what is known about a firm; a name that it gives up is kept. `capital` is in whole fen."""
    permissions.require(by, "enterprises.change", enterprise)
    found = activities().find(activity)
    if activity and found is None:
        raise FieldError("activity", gettext_noop("There is no such activity in GB/T 4754-2017."))
    if founded_on is not None and founded_on > local_date(now):
        raise FieldError("founded_on", gettext_noop("This day has not come yet."))
    if capital is not None and capital < 0:
        raise FieldError("capital", gettext_noop("Capital cannot be negative."))
    after = {
        "name": name.strip(),
        "region": region,
        "address": address,
        "activity": found.code if found else "",
        "founded_on": founded_on,
        "capital": capital,
    }
    before = {column: getattr(enterprise, column) for column in after}
    seen = enterprise.version if version is None else version
    rows = Enterprise.objects.filter(pk=enterprise.pk, version=seen)
    if not rows.update(**after, version=seen + 1):
        raise FasterError
    if before["name"] != after["name"]:
        FormerName.objects.create(enterprise=enterprise, name=before["name"], until=now)
    enterprise.refresh_from_db()
    changed = {column: [before[column], after[column]] for column in after if before[column] != after[column]}
    work.record(enterprise, tenant=enterprise.pk, **changed)
    return enterprise
