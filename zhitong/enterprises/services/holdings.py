"""Changes to what a firm holds: titles, intellectual property, standards, its state on public lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.core import permissions
from zhitong.core.clock import local_date
from zhitong.core.errors import FasterError, FieldError
from zhitong.core.service import Work, service
from zhitong.enterprises.models import CreditMark, Enterprise, Patent, Standard, Title
from zhitong.enterprises.services.traces import tell
from zhitong.enterprises.titles import kinds_on, usual_end
from zhitong.enterprises.words import CreditList, CreditState, PatentKind, StandardLevel, StandardRole

if TYPE_CHECKING:
    from datetime import date, datetime

    from zhitong.core.actor import Actor


@service("enterprises.grant_title")
def grant_title(  # noqa: PLR0913 - the fields of a row
    work: Work,
    *,
    by: Actor,
    now: datetime,
    enterprise: Enterprise,
    kind: str,
    granted_on: date,
    expires_on: date | None = None,
    number: str = "",
    review_by: date | None = None,
    source: str = "",
) -> Title:
    """Enter a title; without an end it lasts as long as its kind does."""
    permissions.require(by, "enterprises.change", enterprise)
    today = local_date(now)
    known = kinds_on(today).get(kind)
    if known is None:
        raise FieldError("kind", gettext_noop("Choose one of the titles in the list."))
    if granted_on > today:
        raise FieldError("granted_on", gettext_noop("This day has not come yet."))
    expires_on = expires_on or usual_end(known, granted_on)
    if expires_on is not None and expires_on <= granted_on:
        raise FieldError("expires_on", gettext_noop("A title ends after it was given."))
    if Title.objects.filter(enterprise=enterprise, kind=kind, granted_on=granted_on).exists():
        raise FieldError("granted_on", gettext_noop("This title is entered already."))
    row = Title.objects.create(
        enterprise=enterprise, kind=kind, number=number, granted_on=granted_on, expires_on=expires_on,
        review_by=review_by, source=source, recorded_at=now,
    )  # fmt: skip
    tell(enterprise, now=now, action="title")
    work.record(row, tenant=enterprise.pk, kind=kind, granted_on=granted_on, expires_on=expires_on)
    return row


@service("enterprises.withdraw_title")
def withdraw_title(work: Work, *, by: Actor, now: datetime, title: Title, day: date, source: str) -> Title:
    """Enter that a title was taken away on a day; its history stays."""
    permissions.require(by, "enterprises.change", title.enterprise)
    if not title.granted_on <= day <= local_date(now):
        raise FieldError("day", gettext_noop("Give a day after the title was given, and not in the future."))
    if not Title.objects.filter(pk=title.pk, withdrawn_on__isnull=True).update(withdrawn_on=day):
        raise FasterError
    title.refresh_from_db()
    tell(title.enterprise, now=now, action="title")
    work.record(title, tenant=title.enterprise_id, kind=title.kind, day=day, source=source)
    return title


@service("enterprises.add_patent")
def add_patent(  # noqa: PLR0913 - the fields of a row
    work: Work,
    *,
    by: Actor,
    now: datetime,
    enterprise: Enterprise,
    number: str,
    kind: str,
    name: str,
    granted_on: date,
    acquired_on: date | None = None,
) -> Patent:
    """Enter a right; `acquired_on` where the firm bought it."""
    permissions.require(by, "enterprises.change", enterprise)
    if kind not in PatentKind.values:
        raise FieldError("kind", gettext_noop("Choose one of the kinds in the list."))
    if granted_on > local_date(now):
        raise FieldError("granted_on", gettext_noop("This day has not come yet."))
    if Patent.objects.filter(enterprise=enterprise, number=number).exists():
        raise FieldError("number", gettext_noop("This number is entered already."))
    row = Patent.objects.create(
        enterprise=enterprise, number=number, kind=kind, name=name, granted_on=granted_on,
        acquired_on=acquired_on,
    )  # fmt: skip
    tell(enterprise, now=now, action="patent")
    work.record(row, tenant=enterprise.pk, number=number, kind=kind)
    return row


@service("enterprises.add_standard")
def add_standard(  # noqa: PLR0913 - the fields of a row
    work: Work,
    *,
    by: Actor,
    now: datetime,
    enterprise: Enterprise,
    number: str,
    name: str,
    level: str,
    role: str,
    published_on: date | None = None,
) -> Standard:
    """Enter a standard that the firm helped to write."""
    permissions.require(by, "enterprises.change", enterprise)
    if level not in StandardLevel.values or role not in StandardRole.values:
        raise FieldError("level", gettext_noop("Choose one of the kinds in the list."))
    if Standard.objects.filter(enterprise=enterprise, number=number).exists():
        raise FieldError("number", gettext_noop("This number is entered already."))
    row = Standard.objects.create(
        enterprise=enterprise, number=number, name=name, level=level, role=role, published_on=published_on
    )
    tell(enterprise, now=now, action="standard")
    work.record(row, tenant=enterprise.pk, number=number, level=level)
    return row


@service("enterprises.mark_credit")
def mark_credit(  # noqa: PLR0913 - the fields of a row
    work: Work,
    *,
    by: Actor,
    now: datetime,
    enterprise: Enterprise,
    list: str,  # noqa: A002 - the word of the field
    state: str,
    checked_on: date,
    source: str,
    since: date | None = None,
) -> CreditMark:
    """Enter what a look into a public list found; it replaces the look before."""
    permissions.require(by, "enterprises.change", enterprise)
    if list not in CreditList.values or state not in CreditState.values:
        raise FieldError("list", gettext_noop("Choose one of the lists."))
    if checked_on > local_date(now) or (since is not None and since > checked_on):
        raise FieldError("checked_on", gettext_noop("This day cannot be right."))
    if not source.strip():
        raise FieldError("source", gettext_noop("Say where you looked."))
    CreditMark.objects.filter(enterprise=enterprise, list=list, replaced_at__isnull=True).update(
        replaced_at=now
    )
    row = CreditMark.objects.create(
        enterprise=enterprise, list=list, state=state, since=since, checked_on=checked_on, source=source
    )
    tell(enterprise, now=now, action="credit")
    work.record(row, tenant=enterprise.pk, list=list, state=state, checked_on=checked_on, source=source)
    return row
