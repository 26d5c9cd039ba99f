"""One e-mail with everything unread since the last, on working days."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from zhitong.core.clock import local_date
from zhitong.core.messaging import GatewayError
from zhitong.notices import adapters, hours, queries, sending, texts
from zhitong.notices.models import Delivery
from zhitong.notices.states import OPEN, Reason, State, table_on

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.notices.queries import Person
    from zhitong.notices.states import Table

MOST = 200  # messages of one e-mail; the rest comes with the next


def send_digests(now: datetime) -> int:
    """Send every digest that is due; return how many left."""
    table = table_on(local_date(now))
    if not hours.digest_due(table, now):
        return 0
    due = Delivery.objects.filter(state__in=OPEN, digest=True, due_at__lte=now)
    users = sorted(set(due.values_list("notice__user", flat=True)))
    return sum(send_digest(user, now) for user in users)


def send_digest(user: int, now: datetime) -> bool:
    """Send one person's digest; whether it left."""
    table = table_on(local_date(now))
    rows = _claim(table, user, now)
    if not rows:
        return False
    person = queries.person(rows[0].notice.user)
    rows = [row for row in rows if not _stopped(table, row, person, now)]
    if not rows:
        return False
    language = person.preference.language
    names = texts.names(row.notice.subject for row in rows)
    lines = [texts.line(table, row.notice, language, names[row.notice.subject]) for row in rows]
    subject, body = texts.email(table, lines, language, digest=True)
    try:
        adapters.mail_adapter().send(
            to=person.reach("email"), subject=subject, body=body, reference=_reference(rows)
        )
    except GatewayError as error:
        sending.failed(table, rows, error, now)
        return False
    sending.finish(rows, state=State.SENT, reason="", due_at=None, sent_at=now, parts=1, error="")
    return True


def _claim(table: Table, user: int, now: datetime) -> list[Delivery]:
    """Take what is due for one person, oldest first; a second worker waits here and then finds nothing."""
    lease = now + timedelta(minutes=table.number("retry", "lease_minutes"))
    with transaction.atomic():
        due = Delivery.objects.select_for_update().filter(
            state__in=OPEN, digest=True, due_at__lte=now, notice__user=user
        )
        keys = [row.pk for row in due.order_by("pk")[:MOST]]
        Delivery.objects.filter(pk__in=keys).update(due_at=lease, attempts=F("attempts") + 1)
    return list(Delivery.objects.filter(pk__in=keys).select_related("notice__user").order_by("pk"))


def _stopped(table: Table, row: Delivery, person: Person, now: datetime) -> bool:
    why = Reason.READ if row.notice.read_at is not None else sending.unwanted(table, row, person)
    if why is not None:
        sending.finish([row], state=State.DROPPED, reason=why, due_at=None)
        return True
    gave_up = sending.gives_up(table, row, now)
    if gave_up is not None:
        sending.finish([row], state=State.FAILED, reason=gave_up, due_at=None)
    return gave_up is not None


def _reference(rows: list[Delivery]) -> str:
    """Name a digest by what is in it: the same again has the same name, with one more it has another."""
    keys = ",".join(str(row.pk) for row in rows)
    return f"digest-{hashlib.sha256(keys.encode()).hexdigest()[:24]}"
