"""The skeleton of every service: one transaction that holds rows, audit event, outbox and idempotency key."""

from __future__ import annotations

import functools
import hashlib
import json
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from django.apps import apps
from django.db import connection, models, transaction

from zhitong.core import audit
from zhitong.core.errors import KeyReusedError, RefusedError
from zhitong.core.models import IdempotencyKey, OutboxMessage

if TYPE_CHECKING:
    from collections.abc import Callable

    from zhitong.core.actor import Actor

P = ParamSpec("P")
R = TypeVar("R")

TEXT = "="  # before a stored result that is no row

_depth: ContextVar[int] = ContextVar("service_depth", default=0)
# Whether the running request has left an event; the middleware writes one where no service did.
events_written: ContextVar[int] = ContextVar("audit_events_written", default=0)


class Work:
    """What a running service may do besides changing rows: record facts, and say what must be told."""

    def __init__(self, action: str, *, by: Actor, now: datetime) -> None:
        self.action = action
        self.by = by
        self.now = now
        self.recorded = 0

    def record(self, target: models.Model | str, *, tenant: int | None = None, **facts: Any) -> None:
        """Write the audit event of this action on `target`."""
        audit.append(
            by=self.by, now=self.now, action=self.action, target=reference(target), tenant=tenant, facts=facts
        )
        self.recorded += 1
        events_written.set(events_written.get() + 1)

    def emit(self, topic: str, **payload: Any) -> OutboxMessage:
        """Leave a message that workers deliver after commit."""
        return emit(topic, now=self.now, **payload)


def emit(topic: str, *, now: datetime, **payload: Any) -> OutboxMessage:
    """Leave a message that workers deliver after commit; services call it through their Work."""
    message = OutboxMessage.objects.create(topic=topic, payload=payload, created_at=now, next_at=now)

    def tell() -> None:  # no functools.partial: Django logs a failed hook by its name
        _deliver_soon(message.pk)

    transaction.on_commit(tell, robust=True)
    return message


def _deliver_soon(message: int) -> None:
    from zhitong.core import tasks  # noqa: PLC0415 - tasks sit above services

    tasks.deliver.enqueue(message)


def reference(target: models.Model | str) -> str:
    """Name a row as app.model:pk; a text is taken as it is."""
    if isinstance(target, models.Model):
        return f"{target._meta.label_lower}:{target.pk}"  # noqa: SLF001 - Django's public name
    return target


def service(
    action: str,
) -> Callable[[Callable[Concatenate[Work, P], R]], Callable[P, R]]:
    """Make a function a service called `action`.

    The function gets a Work first, then keyword arguments that include `by` and `now`. Callers may add
    `key`: a repeat with the same key and content returns the first result; other content is refused.
    A service that records no audit event is a programming error. A refusal rolls everything back and
    leaves its own event.
    """

    def decorate(function: Callable[Concatenate[Work, P], R]) -> Callable[P, R]:
        @functools.wraps(function)
        def run(*, by: Actor, now: datetime, key: str = "", **given: Any) -> R:
            work = Work(action, by=by, now=now)
            token = _depth.set(_depth.get() + 1)
            try:
                with transaction.atomic():
                    return _once(function, work, key, given)
            except RefusedError as refusal:
                if _depth.get() == 1:
                    record_refusal(by=by, now=now, action=action, refusal=refusal, given=given)
                raise
            finally:
                _depth.reset(token)

        return run

    return decorate


def _once(function: Callable[..., R], work: Work, key: str, given: dict[str, Any]) -> R:
    if key:
        print_ = fingerprint(given)
        if not _claim(work, key, print_):
            return _replay(work, key, print_)
    result = function(work, by=work.by, now=work.now, **given)
    if not work.recorded:
        message = f"The service {work.action} recorded no audit event."
        raise AssertionError(message)
    if key:
        IdempotencyKey.objects.filter(principal=work.by.principal, key=key).update(result=_kept(result))
    return result


def _kept(result: Any) -> str:
    """What of a result a repeat gets: a row by its name, a short text as it is, nothing of anything else."""
    if isinstance(result, str):
        return f"{TEXT}{result}"
    return reference(result) if isinstance(result, models.Model) else ""


def _claim(work: Work, key: str, fingerprint_: str) -> bool:
    """Insert the key first: a concurrent repeat waits here until the first request has ended."""
    table = connection.ops.quote_name(IdempotencyKey._meta.db_table)  # noqa: SLF001 - Django's public name
    sql = (
        f"INSERT INTO {table} (principal, key, action, fingerprint, result, at) "  # noqa: S608 - fixed names
        "VALUES (%s, %s, %s, %s, '', %s) ON CONFLICT DO NOTHING"
    )
    moment = connection.ops.adapt_datetimefield_value(work.now)
    with connection.cursor() as cursor:
        cursor.execute(sql, [work.by.principal, key[:64], work.action, fingerprint_, moment])
        return cursor.rowcount == 1


def _replay(work: Work, key: str, fingerprint_: str) -> Any:
    stored = IdempotencyKey.objects.get(principal=work.by.principal, key=key[:64])
    if stored.action != work.action or stored.fingerprint != fingerprint_:
        raise KeyReusedError
    events_written.set(events_written.get() + 1)  # the first request left the event
    if not stored.result:
        return None
    if stored.result.startswith(TEXT):
        return stored.result.removeprefix(TEXT)
    label, _, pk = stored.result.rpartition(":")
    return apps.get_model(label)._base_manager.get(pk=pk)  # noqa: SLF001 - the actor's own result


def fingerprint(given: dict[str, Any]) -> str:
    """Return a digest of a service's inputs; rows count by identity, uploads by content."""
    return hashlib.sha256(json.dumps(given, sort_keys=True, default=_identity).encode()).hexdigest()


def _identity(value: Any) -> str:
    for attribute in ("fingerprint", "source_sha256"):
        if hasattr(value, attribute):
            return str(getattr(value, attribute))
    return reference(value) if isinstance(value, models.Model) else str(value)


def record_refusal(
    *, by: Actor, now: datetime, action: str, refusal: RefusedError, given: dict[str, Any] | None = None
) -> None:
    """Leave an event that says what was refused and why."""
    targets = [reference(value) for value in (given or {}).values() if isinstance(value, models.Model)]
    with transaction.atomic():
        audit.append(
            by=by,
            now=now,
            action=action,
            target=targets[0] if targets else "",
            result="refused",
            facts={"reason": refusal.msgid, "kind": type(refusal).__name__},
        )
    events_written.set(events_written.get() + 1)


def prune_keys(*, now: datetime, keep: timedelta = timedelta(days=30)) -> int:
    """Forget keys older than `keep`: nobody sends a form again after a month."""
    deleted, _ = IdempotencyKey.objects.filter(at__lt=now - keep).delete()
    return deleted
