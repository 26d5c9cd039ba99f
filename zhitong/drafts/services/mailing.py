"""How a fetched e-mail becomes a draft, once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from zhitong.core import permissions
from zhitong.core.errors import FasterError
from zhitong.core.sealing import blind_index, seal
from zhitong.core.service import Work, service
from zhitong.drafts.models import Lot, Mail
from zhitong.drafts.queries import SENDER, hidden
from zhitong.drafts.services.receiving import Received, receive
from zhitong.drafts.states import Outcome

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.kernel.mail import Mail as Read
    from zhitong.orgs.models import Department

KEPT = 4000  # signs of what became no draft
SHOWN = 2


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mail lies: folder, the server's word for its numbers, number."""

    box: str
    validity: int
    uid: int


@service("drafts.take_mail")
def take_mail(  # noqa: PLR0913 - where it lay, what it says, what it becomes
    work: Work,
    *,
    by: Actor,
    now: datetime,
    unit: Department,
    place: Place,
    mail: Read,
    outcome: Outcome,
    given: Received | None,
) -> Mail:
    """Keep that a mail was taken in, together with the draft it becomes; FasterError where it was before.

    `given` is what it becomes, None where it becomes nothing. All of it is one transaction: a mail is never
    noted without its draft, nor a draft made without the note.
    """
    permissions.require(by, "drafts.take_mail")
    if given is not None and Lot.objects.filter(unit=unit, sha256=given.sha256, source=given.source).exists():
        raise FasterError
    try:
        with transaction.atomic():
            lot = receive(by=by, now=now, given=given, unit=unit) if given is not None else None
            row = Mail.objects.create(
                box=place.box, validity=place.validity, uid=place.uid, digest=mail.digest, unit=unit, lot=lot,
                outcome=outcome, said_at=mail.at, at=now, **_words(mail, outcome), **sender(mail.address),
            )  # fmt: skip
    except IntegrityError as error:
        raise FasterError from error
    work.record(row, unit=unit.pk, outcome=row.outcome, lot=lot and lot.pk)
    return row


def _words(mail: Read, outcome: Outcome) -> dict[str, str]:
    text = "" if outcome in {Outcome.DRAFT, Outcome.KNOWN} else hidden(mail.text[:KEPT])
    return {"subject": hidden(mail.subject)[:250], "text": text}


def sender(address: str) -> dict[str, str]:
    """Return the columns that keep a sender's address: sealed, findable, and what is shown of it."""
    if not address:
        return {"sender_sealed": "", "sender_index": "", "sender_mask": ""}
    name, _at, host = address.rpartition("@")
    return {
        "sender_sealed": seal(address, place=SENDER),
        "sender_index": blind_index(address, place=SENDER),
        "sender_mask": f"{name[:SHOWN]}***@{host}"[:60],
    }
