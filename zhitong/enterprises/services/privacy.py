"""Personal data: agreement to the notice, numbers seen in full, and erasure when the time is over."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_noop

from zhitong.core import data, permissions, slots
from zhitong.core.clock import local_date
from zhitong.core.errors import FasterError, FieldError, NotPermittedError
from zhitong.core.sealing import unseal
from zhitong.core.service import Work, service
from zhitong.enterprises.models import (
    Consent,
    ContactPerson,
    Enterprise,
    ImportBatch,
    ImportRefusal,
    Invitation,
    Membership,
)
from zhitong.enterprises.queries import same_firm
from zhitong.enterprises.sealed import PLACE, sealed_phone
from zhitong.enterprises.words import ImportState
from zhitong.orgs import services as org_services

if TYPE_CHECKING:
    from datetime import date, datetime

    from zhitong.core.actor import Actor

ERASED = "—"
LISTS = "lists"  # the folder of imported lists beside the uploads


@service("enterprises.add_contact_person")
def add_contact_person(
    work: Work,
    *,
    by: Actor,
    now: datetime,
    enterprise: Enterprise,
    name: str,
    duty: str = "",
    phone: str = "",
) -> ContactPerson:
    """Enter somebody to call in a firm."""
    permissions.require(by, "enterprises.keep_people", enterprise)
    number = sealed_phone(phone)
    if not name.strip():
        raise FieldError("name", gettext_noop("Give the person's name."))
    index = number["phone_index"]
    if index and ContactPerson.objects.filter(
        enterprise__in=same_firm(enterprise), phone_index=index, until__isnull=True
    ):
        raise FieldError("phone", gettext_noop("This number is entered already."))
    row = ContactPerson.objects.create(
        enterprise=enterprise, name=name.strip(), duty=duty, source=by.side.value, since=now, **number
    )
    work.record(row, tenant=enterprise.pk)
    return row


@service("enterprises.end_contact_person")
def end_contact_person(work: Work, *, by: Actor, now: datetime, person: ContactPerson) -> ContactPerson:
    """Say that somebody is not the one to call any more; the number is erased when its time is over."""
    permissions.require(by, "enterprises.keep_people", person.enterprise)
    if not ContactPerson.objects.filter(pk=person.pk, until__isnull=True).update(until=now):
        raise FasterError
    person.refresh_from_db()
    work.record(person, tenant=person.enterprise_id)
    return person


class Unmasked:
    """A number in full, for one answer to one request."""

    def __init__(self, person: ContactPerson, phone: str) -> None:
        self.person, self.phone = person, phone


@service("enterprises.unmask")
def unmask(work: Work, *, by: Actor, now: datetime, person: ContactPerson, reason: str = "") -> Unmasked:
    """Show a number in full and record who saw it; whoever has the firm's running case needs no reason."""
    del now
    permissions.require(by, "enterprises.unmask", person.enterprise)
    if by.user is None:
        raise NotPermittedError
    if not person.phone_sealed:
        raise FieldError("person", gettext_noop("No number is kept for this person."))
    on_case = handles_a_case(by=by, firm=person.enterprise)
    if not on_case and not reason.strip():
        raise FieldError("reason", gettext_noop("Say what you need the number for; this is recorded."))
    phone = unseal(person.phone_sealed, place=PLACE)
    work.record(person, tenant=person.enterprise_id, reason=reason or "running case", on_case=on_case)
    return Unmasked(person, phone)


def handles_a_case(*, by: Actor, firm: Enterprise) -> bool:
    """Whether a room above says that the actor has a running case of the firm in hand."""
    ids = same_firm(firm)
    return any(in_hand(actor=by, enterprises=ids) for in_hand in slots.firms_in_hand)


def give_consent(user: Any, *, now: datetime, today: date) -> Consent:
    """Keep that a person agreed to the notice in force; once is enough."""
    version = data.version_on("notices", "privacy", today)
    row, _ = Consent.objects.get_or_create(user=user, version=version, defaults={"given_at": now})
    return row


@service("enterprises.consent")
def consent(work: Work, *, by: Actor, now: datetime) -> Consent:
    """Agree to the privacy notice in force."""
    permissions.require(by, "enterprises.consent")
    row = give_consent(org_services.own_account(by=by), now=now, today=local_date(now))
    work.record(row, version=row.version)
    return row


def _erase_lists(before: datetime) -> int:
    """Forget the rows of lists that came in before a moment; what each row did to a firm stays."""
    old = ImportBatch.objects.filter(made_at__lt=before).exclude(table="")
    old = old.exclude(state__in=[ImportState.RUNNING, ImportState.UNDOING])
    names = list(old.values_list("table", flat=True))
    ImportRefusal.objects.filter(batch__in=old).delete()
    old.filter(state=ImportState.READ).update(state=ImportState.FAILED)
    erased = ImportBatch.objects.filter(table__in=names).update(table="")
    for name in names:
        transaction.on_commit(partial((settings.MEDIA_ROOT / LISTS / name).unlink, missing_ok=True))
    return erased


@service("enterprises.erase_due")
def erase_due(work: Work, *, by: Actor, now: datetime) -> dict[str, int]:
    """Erase personal data whose time is over: of former contacts, accounts without a seat, imported lists."""
    permissions.require(by, "enterprises.erase")
    version = data.version_on("retention", "retention", local_date(now))
    days = data.read("retention", f"retention-{version}")

    def before(kind: str) -> datetime:
        return now - timedelta(days=days[kind])

    people = ContactPerson.objects.filter(until__lt=before("contact_people"), erased_at__isnull=True).update(
        name=ERASED, duty="", phone_sealed="", phone_index="", phone_mask="", erased_at=now
    )
    over = Q(expires_at__lt=before("invitations")) | Q(used_at__lt=before("invitations"))
    invitations, _ = Invitation.objects.filter(over).delete()
    seats = Membership.objects.filter(user=OuterRef("pk"))
    held = seats.filter(Q(until__isnull=True) | Q(until__gte=before("accounts")))
    accounts = org_services.erase_accounts(by=by, now=now, which=Exists(seats) & ~Exists(held))
    lists = _erase_lists(before("imports"))
    done = {"people": people, "invitations": invitations, "accounts": accounts, "lists": lists}
    work.record("enterprises.contactperson", **done)
    return done
