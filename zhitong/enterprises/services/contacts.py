"""Changes to the ledger of contacts: planned, joined, taken place, cancelled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F
from django.utils.translation import gettext_noop

from zhitong.core import permissions, slots
from zhitong.core.clock import local_date
from zhitong.core.errors import FasterError, FieldError
from zhitong.core.service import Work, service
from zhitong.enterprises.caps import Question, caps_on, stretch
from zhitong.enterprises.models import Contact, ContactCount, Enterprise
from zhitong.enterprises.queries import is_key, same_firm, used
from zhitong.enterprises.words import ContactKind, ContactState

if TYPE_CHECKING:
    from datetime import date, datetime

    from zhitong.core.actor import Actor
    from zhitong.enterprises.caps import Cap
    from zhitong.orgs.models import Department

VISITING = (ContactKind.VISIT, ContactKind.CHECK)


@dataclass(frozen=True, slots=True)
class Coming:
    """How somebody wants to come: what kind, why, when, for which department, on whose call.

    `matter` is the number of the case on which the firm called: such a contact is never counted.
    `excuse` says why a cap does not hold; only those who may excuse can give it.
    """

    kind: str
    reason: str
    day: date
    department: Department
    matter: str = ""
    excuse: str = ""
    joins: Contact | None = None


@service("enterprises.plan_contact")
def plan_contact(work: Work, *, by: Actor, now: datetime, enterprise: Enterprise, coming: Coming) -> Contact:
    """Enter a contact for today or later in the ledger; refused where a cap is used up or the firm rests."""
    permissions.require(by, "enterprises.contact", enterprise)
    if coming.day < local_date(now):
        raise FieldError("day", gettext_noop("This day is over. Enter what took place instead."))
    row = _enter(by, now, enterprise, coming, ContactState.PLANNED)
    work.record(row, tenant=enterprise.pk, kind=row.kind, day=row.day, excused=row.excused)
    return row


@service("enterprises.record_contact")
def record_contact(
    work: Work, *, by: Actor, now: datetime, enterprise: Enterprise, coming: Coming, note: str = ""
) -> Contact:
    """Enter a contact that took place: it is counted, whatever the caps are, since it cannot be undone."""
    permissions.require(by, "enterprises.contact", enterprise)
    if coming.day > local_date(now):
        raise FieldError("day", gettext_noop("This day has not come yet. Plan the contact instead."))
    row = _enter(by, now, enterprise, coming, ContactState.DONE, note=note)
    work.record(row, tenant=enterprise.pk, kind=row.kind, day=row.day, over=_over(row))
    return row


def _enter(
    by: Actor, now: datetime, firm: Enterprise, coming: Coming, state: ContactState, *, note: str = ""
) -> Contact:
    _check(by, firm, coming, state)
    counted = [] if coming.matter or coming.joins else _count(firm, coming, state)
    return Contact.objects.create(
        enterprise=firm, kind=coming.kind, state=state, department=coming.department, person_id=by.user,
        day=coming.day, reason=coming.reason.strip(), matter=coming.matter, joined=_joined(coming),
        excused=coming.excuse, counted=counted, note=note, recorded_at=now, recorded_by_id=by.user,
    )  # fmt: skip


def _joined(coming: Coming) -> Contact | None:
    """Return the contact that carries the counters: who joins a joined visit joins the first of them."""
    return coming.joins and (coming.joins.joined or coming.joins)


def _check(by: Actor, firm: Enterprise, coming: Coming, state: ContactState) -> None:
    if coming.kind not in ContactKind.values:
        raise FieldError("kind", gettext_noop("Choose one of the kinds in the list."))
    if not coming.reason.strip():
        raise FieldError("reason", gettext_noop("Say why the firm has to be disturbed."))
    if by.user is not None and coming.department.pk not in by.departments():
        raise FieldError("department", gettext_noop("Choose a department in which you hold a post."))
    if coming.excuse:
        permissions.require(by, "enterprises.excuse_contact", firm)
    if coming.joins is not None and (
        coming.joins.enterprise_id not in same_firm(firm) or coming.joins.state == ContactState.CANCELLED
    ):
        raise FieldError("joins", gettext_noop("Choose one of this firm's planned visits."))
    if coming.joins is not None and coming.joins.day != coming.day:
        raise FieldError("day", gettext_noop("A joint visit is on the day of the one it joins."))
    if coming.matter and not _is_matter(firm, coming.matter):
        raise FieldError("matter", gettext_noop("This firm has no case of that number."))
    entries = Enterprise.objects.filter(pk__in=same_firm(firm), quiet_until__gte=coming.day)
    resting = entries.order_by("-quiet_until").first()
    free = coming.matter or coming.joins or coming.excuse or state == ContactState.DONE
    if resting is not None and coming.kind in VISITING and not free:
        day = str(resting.quiet_until)
        raise FieldError("day", gettext_noop("The firm asks not to be visited until %(day)s."), day=day)


def _is_matter(firm: Enterprise, number: str) -> bool:
    ids = same_firm(firm)
    return any(matter(number=number, enterprises=ids) for matter in slots.firm_matters)


def _count(firm: Enterprise, coming: Coming, state: ContactState) -> list[str]:
    """Take one from each counter that the contact counts in; FieldError where one is used up."""
    caps = caps_on(coming.day)
    key_firm = is_key(firm, caps, coming.day)
    question = Question(coming.kind, coming.day, coming.department.pk, key_firm)
    free = bool(coming.excuse) or state == ContactState.DONE
    elsewhere = used(firm, question, but=firm)
    counted = []
    for cap in caps.of(question):
        row, _ = ContactCount.objects.get_or_create(
            enterprise=firm, cap=cap.key, stretch=stretch(cap, question)
        )
        counter = ContactCount.objects.filter(pk=row.pk)
        left = counter if free else counter.filter(used__lt=cap.limit - elsewhere.get(cap.key, 0))
        if not left.update(used=F("used") + 1):
            raise _used_up(cap)
        counted.append(row.pk)
    return counted


def _used_up(cap: Cap) -> FieldError:
    return FieldError(
        "day",
        gettext_noop(
            "Too often: %(cap)s. Join a visit that is planned, choose another day, or ask by phone."
        ),
        cap=cap.label,
    )


def _over(row: Contact) -> list[str]:
    """The caps that a contact which took place went beyond, by their keys."""
    limits = {cap.key: cap.limit for cap in caps_on(row.day).caps}
    counters = ContactCount.objects.filter(pk__in=row.counted)
    return sorted(one.cap for one in counters if one.used > limits.get(one.cap, one.used))


@service("enterprises.finish_contact")
def finish_contact(work: Work, *, by: Actor, now: datetime, contact: Contact, note: str = "") -> Contact:
    """Say that a planned contact took place."""
    permissions.require(by, "enterprises.contact_of_department", contact)
    if contact.day > local_date(now):
        raise FieldError("day", gettext_noop("This day has not come yet."))
    planned = Contact.objects.filter(pk=contact.pk, state=ContactState.PLANNED)
    if not planned.update(state=ContactState.DONE, note=note):
        raise FasterError
    contact.refresh_from_db()
    work.record(contact, tenant=contact.enterprise_id)
    return contact


@service("enterprises.cancel_contact")
def cancel_contact(work: Work, *, by: Actor, now: datetime, contact: Contact, note: str = "") -> Contact:
    """Cancel a planned contact; its counters get back what they gave, and what joined it stands alone."""
    del now
    permissions.require(by, "enterprises.contact_of_department", contact)
    planned = Contact.objects.filter(pk=contact.pk, state=ContactState.PLANNED)
    if not planned.update(state=ContactState.CANCELLED, note=note):
        raise FasterError
    contact.refresh_from_db()
    joint = Contact.objects.filter(joined=contact).exclude(state=ContactState.CANCELLED)
    heir = joint.order_by("id").first()
    if heir is not None:
        # The visit goes on, or went on, with those who joined it: the first of them carries its counters now.
        joint.exclude(pk=heir.pk).update(joined=heir)
        Contact.objects.filter(pk=heir.pk).update(joined=None, counted=contact.counted)
    else:
        ContactCount.objects.filter(pk__in=contact.counted, used__gt=0).update(used=F("used") - 1)
    work.record(contact, tenant=contact.enterprise_id, heir=heir.pk if heir else None)
    return contact
