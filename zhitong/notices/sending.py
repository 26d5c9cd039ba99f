"""Sending what is due: claimed for a while, sent outside of any transaction, then written down.

A claim is a conditional update that moves the due time past the lease, so that no two workers send the same
message. A worker that dies in between leaves a claim that runs out: the message is sent again under the same
reference, by which the gateway knows it.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import F
from django.utils import timezone

from zhitong.core.clock import local_date
from zhitong.core.messaging import GatewayError, RejectedError, ThrottledError, UnboundError, sms
from zhitong.notices import adapters, hours, planning, queries, texts
from zhitong.notices.models import Delivery, Preference
from zhitong.notices.states import OPEN, Channel, Reason, State, table_on

if TYPE_CHECKING:
    from collections.abc import Iterable

    from zhitong.notices.queries import Person
    from zhitong.notices.states import Table

MOST = 500  # messages of one run; the next one goes on


def send_due(now: datetime, *, notices: Iterable[int] | None = None) -> int:
    """Send what is due and goes one by one, urgent ones first; return how many left."""
    rows = Delivery.objects.filter(state__in=OPEN, digest=False, due_at__lte=now)
    if notices is not None:
        rows = rows.filter(notice__in=notices)
    keys = list(rows.order_by("-urgent", "due_at", "pk").values_list("pk", flat=True)[:MOST])
    return sum(send(pk, now) for pk in keys)


def send(pk: int, now: datetime) -> bool:
    """Try one message; whether it left."""
    table = table_on(local_date(now))
    row = claim(pk, now, table)
    if row is None:
        return False
    person = queries.person(row.notice.user)
    if _stopped(table, row, person, now):
        return False
    try:
        parts = _hand_over(table, row, person)
    except GatewayError as error:
        failed(table, [row], error, now)
        _unbound(row, person, error, now)
        return False
    finish([row], state=State.SENT, reason="", due_at=None, sent_at=now, parts=parts, error="")
    return True


def claim(pk: int, now: datetime, table: Table) -> Delivery | None:
    """Take a message that is due, so that nobody else tries it before the lease is over."""
    lease = now + timedelta(minutes=table.number("retry", "lease_minutes"))
    taken = Delivery.objects.filter(pk=pk, state__in=OPEN, digest=False, due_at__lte=now).update(
        state=State.WAITING, reason="", due_at=lease, attempts=F("attempts") + 1
    )
    return Delivery.objects.select_related("notice__user").get(pk=pk) if taken else None


def finish(rows: list[Delivery], **values: object) -> int:
    """Write down what came of a claim; nothing if it ran out and somebody else took the message up."""
    return sum(
        Delivery.objects.filter(pk=row.pk, state=row.state, attempts=row.attempts).update(**values)
        for row in rows
    )


def _stopped(table: Table, row: Delivery, person: Person, now: datetime) -> bool:
    """Whether a message does not go now: too old, not wanted any more, too many, or at night."""
    why = unwanted(table, row, person)
    if why is None and row.channel == Channel.SMS and not row.urgent and _many(table, person, now):
        why = Reason.LIMIT
    if why is not None:
        finish([row], state=State.DROPPED, reason=why, due_at=None)
        return True
    gave_up = gives_up(table, row, now)
    if gave_up is not None:
        finish([row], state=State.FAILED, reason=gave_up, due_at=None)
        return True
    rings = row.channel in table.raw["quiet"]["channels"] and not row.urgent
    until = hours.quiet_until(table, person.preference, now) if rings else None
    if until is not None:
        finish([row], state=State.HELD, reason=Reason.QUIET, due_at=until, attempts=row.attempts - 1)
    return until is not None


def unwanted(table: Table, row: Delivery, person: Person) -> Reason | None:
    """Why a message is not sent any more, by what the person chose in the meantime."""
    if not person.user.is_active:
        return Reason.CLOSED
    if not person.wants(table.group(row.notice.event, person.side), row.channel):
        return Reason.OFF
    return None if person.reach(row.channel) else Reason.NO_ADDRESS


def gives_up(table: Table, row: Delivery, now: datetime) -> Reason | None:
    """Why a message is not tried any more: too old to say anything new, or tried often enough."""
    if now - row.since > timedelta(hours=table.number("retry", "give_up_hours")) and not row.digest:
        return Reason.TOO_LATE
    return Reason.GIVEN_UP if row.attempts > len(table.raw["retry"]["pauses_minutes"]) + 1 else None


def _many(table: Table, person: Person, now: datetime) -> bool:
    midnight = datetime.combine(local_date(now), time.min, tzinfo=timezone.get_default_timezone())
    today = Delivery.objects.filter(notice__user=person.user, channel=Channel.SMS, sent_at__gte=midnight)
    return today.count() >= table.number("sms", "most_a_day")


def _hand_over(table: Table, row: Delivery, person: Person) -> int:
    """Give one message to its gateway; return in how many parts it went."""
    name = texts.names([row.notice.subject])[row.notice.subject]
    group = table.group(row.notice.event, person.side)
    language, reference, to = person.preference.language, f"notice-{row.pk}", person.reach(row.channel)
    if row.channel == Channel.SMS:
        text = texts.sms(table, group, language, name)
        sms().send(phone=to, text=text, reference=reference)
        return table.parts(text)
    if row.channel == Channel.WEIXIN:
        adapters.weixin_adapter().send(
            openid=to,
            number=name.number,
            text=texts.weixin(group, language),
            at=row.notice.created_at,
            reference=reference,
        )
        return 1
    subject, body = texts.email(
        table, [texts.line(table, row.notice, language, name)], language, digest=False
    )
    adapters.mail_adapter().send(to=to, subject=subject, body=body, reference=reference)
    return 1


def failed(table: Table, rows: list[Delivery], error: GatewayError, now: datetime) -> None:
    """Write down a try that failed: for ever, for later as the gateway asks, or for another try."""
    for row in rows:
        finish([row], **_consequence(table, row, error, now))


def _consequence(table: Table, row: Delivery, error: GatewayError, now: datetime) -> dict[str, object]:
    if isinstance(error, UnboundError):
        return {"state": State.DROPPED, "reason": Reason.UNBOUND, "due_at": None, "error": error.code}
    if isinstance(error, RejectedError):
        return {"state": State.FAILED, "reason": Reason.REJECTED, "due_at": None, "error": error.code}
    pauses = table.raw["retry"]["pauses_minutes"]
    if isinstance(error, ThrottledError):
        # Not the message's fault: no try is lost, its age alone ends it.
        pause = timedelta(minutes=table.number("retry", "throttled_minutes"))
        pause = timedelta(seconds=error.seconds) if error.seconds is not None else pause
        return {
            "state": State.HELD if row.digest else State.WAITING,
            "reason": Reason.DIGEST if row.digest else Reason.THROTTLED,
            "due_at": now + pause,
            "attempts": row.attempts - 1,
            "error": error.code,
        }
    if row.attempts > len(pauses):
        return {"state": State.FAILED, "reason": Reason.GIVEN_UP, "due_at": None, "error": error.code}
    later = now + timedelta(minutes=pauses[row.attempts - 1])
    return {"due_at": later, "error": error.code}


def _unbound(row: Delivery, person: Person, error: GatewayError, now: datetime) -> None:
    """Remember that somebody does not follow the account any more, and try the next way."""
    if not isinstance(error, UnboundError):
        return
    Preference.objects.update_or_create(user=person.user, defaults={"unbound_at": now})
    made = planning.fall_back(row, queries.person(person.user), now)
    if made is not None:
        send_due(now, notices=[row.notice_id])
