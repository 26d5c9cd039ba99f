"""What people choose about how they are told, reports of gateways, and trying again."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import DateTimeField, F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_noop

from zhitong.core import permissions, sealing
from zhitong.core.clock import local_date
from zhitong.core.errors import FieldError, RefusedError
from zhitong.core.service import Work, service
from zhitong.notices import adapters, queries, texts
from zhitong.notices.models import Choice, Delivery, Preference, Report
from zhitong.notices.states import Channel, Reason, State, table_on
from zhitong.orgs import services as org_services
from zhitong.orgs.models import User

if TYPE_CHECKING:
    from datetime import datetime, time

    from zhitong.core.actor import Actor

DIGITS = 6
MOST_COUNTED = 1000
AT_ONCE = 1000  # failed messages that are put back by one press
REPORTED = {"delivered": State.DELIVERED, "failed": State.FAILED}


def _own(by: Actor) -> Preference:
    # A row of one's own to lock: two forms sent at once follow each other.
    kept, _ = Preference.objects.get_or_create(user_id=by.user)
    return Preference.objects.select_for_update().get(pk=kept.pk)


@service("notices.choose")
def choose(  # noqa: PLR0913 - all that a person chooses
    work: Work,
    *,
    by: Actor,
    now: datetime,
    on: dict[str, bool],
    off: bool,
    digest: bool,
    language: str,
    quiet_from: time | None = None,
    quiet_to: time | None = None,
) -> Preference:
    """Choose by which ways one is told of what (`group.channel`), when not, and in which language."""
    if (quiet_from is None) != (quiet_to is None):
        raise FieldError("quiet_to", gettext_noop("Give both times, or none."))
    permissions.require(by, "notices.choose")
    kept = _own(by)
    groups = table_on(local_date(now)).of(queries.person(kept.user).side)
    usual = {f"{group.name}.{way}": way in group.on for group in groups for way in Channel.values}
    if on.keys() - usual.keys():
        raise RefusedError(gettext_noop("Choose among the kinds of messages and ways in the list."))
    kept.off, kept.digest, kept.language = off, digest, language
    kept.quiet_from, kept.quiet_to = quiet_from, quiet_to
    kept.save(update_fields=["off", "digest", "language", "quiet_from", "quiet_to"])
    _keep_choices(kept, {name: wanted for name, wanted in on.items() if wanted != usual[name]})
    work.record(
        kept,
        off=off,
        digest=digest,
        language=language,
        quiet=[str(quiet_from or ""), str(quiet_to or "")],
        on=sorted(name for name, wanted in on.items() if wanted),
    )
    return kept


def _keep_choices(kept: Preference, other: dict[str, bool]) -> None:
    """Keep what differs from the usual; everything else goes on following the table."""
    Choice.objects.filter(user=kept.user).delete()
    split = [(*name.split("."), wanted) for name, wanted in other.items()]
    Choice.objects.bulk_create(
        Choice(user=kept.user, group=group, channel=channel, on=wanted) for group, channel, wanted in split
    )


@service("notices.ask_address")
def ask_address(work: Work, *, by: Actor, now: datetime, address: str) -> Preference:
    """Send a code to an e-mail address; it is used once the code comes back."""
    permissions.require(by, "notices.choose")
    kept, table, today = _own(by), table_on(local_date(now)), local_date(now)
    if kept.asked_on != today:
        kept.asked_on, kept.asked_times = today, 0
    if kept.asked_times >= table.number("address", "most_a_day"):
        raise FieldError("address", gettext_noop("Too many codes today. Please try again tomorrow."))
    code = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
    kept.asked_times += 1
    kept.pending = sealing.seal(address, place=queries.ADDRESS)
    kept.pending_code = _digest(kept, code)
    kept.pending_until = now + timedelta(minutes=table.number("address", "minutes"))
    kept.pending_tries = 0
    kept.save()
    work.emit("notices.address_code", user=kept.user_id, code=code)
    work.record(kept, domain=address.rpartition("@")[2])
    return kept


@service("notices.confirm_address")
def confirm_address(work: Work, *, by: Actor, now: datetime, code: str) -> Preference:
    """Show that one reads the address, by the code that was sent there."""
    permissions.require(by, "notices.choose")
    kept, table = _own(by), table_on(local_date(now))
    if not kept.pending or kept.pending_until is None or kept.pending_until <= now:
        raise FieldError("code", gettext_noop("This code is not valid any more. Please ask for a new one."))
    if not hmac.compare_digest(kept.pending_code, _digest(kept, code)):
        raise FieldError("code", gettext_noop("This code is not right."))
    if kept.pending_tries > table.number("address", "tries"):
        raise FieldError("code", gettext_noop("This code is not valid any more. Please ask for a new one."))
    kept.address, kept.pending, kept.pending_code, kept.pending_until = kept.pending, "", "", None
    kept.save()
    work.record(kept, verified=True)
    return kept


def count_try(*, by: Actor) -> None:
    """Count a code before it is looked at: a refusal rolls its service back, the count must stay."""
    Preference.objects.filter(user=by.user, pending_tries__lt=MOST_COUNTED).update(
        pending_tries=F("pending_tries") + 1
    )


@service("notices.remove_address")
def remove_address(work: Work, *, by: Actor, now: datetime) -> Preference:
    """Forget one's e-mail address."""
    del now
    permissions.require(by, "notices.choose")
    kept = _own(by)
    kept.address, kept.pending, kept.pending_code, kept.pending_until = "", "", "", None
    kept.save()
    work.record(kept, removed=True)
    return kept


def _digest(kept: Preference, code: str) -> str:
    return hmac.new(
        settings.SECRET_KEY.encode(), f"address {kept.user_id} {kept.pending} {code}".encode(), hashlib.sha256
    ).hexdigest()


def mail_code(*, user: int, code: str, reference: str, now: datetime) -> None:
    """Send the code of an address to it; one that was asked for again in the meantime is dropped."""
    kept = Preference.objects.filter(user=user).exclude(pending="").first()
    if kept is None or kept.pending_until is None or kept.pending_until <= now:
        return
    if not hmac.compare_digest(kept.pending_code, _digest(kept, code)):
        return
    to = sealing.unseal(kept.pending, place=queries.ADDRESS)
    subject, body = texts.code(table_on(local_date(now)), kept.language, code)
    adapters.mail_adapter().send(to=to, subject=subject, body=body, reference=reference)


@service("notices.report")
def take_report(
    work: Work, *, by: Actor, now: datetime, channel: str, digest: str, reports: list[dict[str, Any]]
) -> int:
    """Take in what a gateway reports of messages it was given; the same report again changes nothing."""
    permissions.require(by, "notices.report")
    _, new = Report.objects.get_or_create(digest=digest, defaults={"at": now})
    changed = sum(_report(channel, row, now) for row in reports) if new else 0
    work.record(f"notices.{channel}", reports=len(reports), changed=changed, repeated=not new)
    return changed


def _report(channel: str, row: dict[str, Any], now: datetime) -> int:
    """Note one report; only of a message of this way that was tried and of which nothing is known yet.

    A report may come before we wrote down that the message was sent, or after we thought it was not.
    """
    key, state = str(row.get("id", "")).removeprefix("notice-"), REPORTED.get(str(row.get("state")))
    if state is None or not key.isascii() or not key.isdigit() or len(key) > DIGITS * 3:
        return 0
    tried = Q(state=State.SENT) | Q(state=State.WAITING, attempts__gt=0)
    sent = Delivery.objects.filter(tried, pk=int(key), channel=channel)
    failed = state == State.FAILED
    return sent.update(
        state=state,
        reason=Reason.NOT_ARRIVED if failed else "",
        due_at=None,
        sent_at=Coalesce("sent_at", Value(now, DateTimeField())),
        reported_at=now,
        error=str(row.get("code", ""))[:60] if failed else "",
    )


@service("notices.retry")
def retry(work: Work, *, by: Actor, now: datetime, channel: str) -> int:
    """Put what failed on one way back, as if it had just been made."""
    permissions.require(by, "notices.retry")
    failed = Delivery.objects.filter(channel=channel, state=State.FAILED, notice__user__is_active=True)
    keys = list(failed.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    rows = Delivery.objects.filter(pk__in=keys, state=State.FAILED)
    again = {"due_at": now, "since": now, "attempts": 0, "error": ""}
    done = rows.filter(digest=True).update(state=State.HELD, reason=Reason.DIGEST, **again)
    done += rows.filter(digest=False).update(state=State.WAITING, reason="", **again)
    work.record(f"notices.{channel}", put_back=done)
    return done


@service("notices.prune")
def prune(work: Work, *, by: Actor, now: datetime) -> int:
    """Forget deliveries and reports after their time, and what erased people had chosen."""
    permissions.require(by, "notices.report")
    days = timedelta(days=table_on(local_date(now)).number("keep", "days"))
    old, _ = Delivery.objects.filter(since__lt=now - days, due_at__isnull=True).delete()
    Report.objects.filter(at__lt=now - timedelta(days=1)).delete()
    erased = User.objects.filter(is_active=False, name=org_services.ERASED)
    Choice.objects.filter(user__in=erased).delete()
    people, _ = Preference.objects.filter(user__in=erased).delete()
    work.record("notices.delivery", forgotten=old, people=people)
    return old
