"""The audit log: append events, seal them into a chain, and prove that nothing was touched."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, Max, OuterRef

from zhitong.core.crypto import hmac_sm3, sm3
from zhitong.core.models import AuditEvent, AuditSeal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zhitong.core.actor import Actor

FORMAT = 1
GENESIS = "0" * 64
BATCH = 500
LATE_COMMITS = 100_000


def canonical(event: AuditEvent) -> bytes:
    """Return the bytes an event is keyed and chained by: a JSON array of numbers and strings, no blanks."""
    parts = [
        FORMAT,
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.actor,
        event.actor_label,
        event.action,
        event.target,
        event.tenant,
        event.result,
        event.payload,
        event.request_id,
    ]
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()


def append(
    *,
    by: Actor,
    now: datetime,
    action: str,
    target: str = "",
    tenant: int | None = None,
    result: str = "done",
    facts: dict[str, Any] | None = None,
) -> AuditEvent:
    """Write one event inside the caller's transaction; on SQLite seal it at once."""
    event = AuditEvent(
        at=now,
        actor=by.principal,
        actor_label=by.label[:100],
        action=action,
        target=target,
        tenant=tenant,
        result=result,
        payload=json.dumps(
            facts or {}, ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=str
        ),
        request_id=by.request_id,
    )
    event.mac = hmac_sm3(settings.AUDIT_KEY, canonical(event)).hex()
    with transaction.atomic(savepoint=False):
        event.save(force_insert=True)
        if _chains_at_once():
            _link(event, *_head())
    return event


def _chains_at_once() -> bool:
    # One writer at a time on SQLite: chaining there costs microseconds and leaves no unsealed tail.
    return connection.vendor == "sqlite"


def seal_pending(limit: int = 10_000) -> int:
    """Seal the committed events that have no seal yet, in the order of their ids; return how many.

    For databases with concurrent writers. Two sealers cannot fork the chain: the place in it is unique.
    """
    sealed = 0
    while sealed < limit and not _chains_at_once():
        try:
            done = _seal_batch()
        except IntegrityError:
            return sealed  # another sealer took the same place; the next run goes on from its head
        sealed += done
        if done < BATCH:
            break
    return sealed


def _seal_batch() -> int:
    with transaction.atomic():
        seq, digest = _head()
        # Ids are given out in order but commit in any; none commits this far behind one that is sealed.
        last = AuditSeal.objects.aggregate(last=Max("event_id"))["last"] or 0
        events = list(unsealed().filter(id__gt=last - LATE_COMMITS).order_by("id")[:BATCH])
        for event in events:
            seq, digest = _link(event, seq, digest)
        return len(events)


def unsealed() -> Any:
    """Return the events that no seal covers yet, as a queryset."""
    return AuditEvent.objects.filter(~Exists(AuditSeal.objects.filter(event_id=OuterRef("pk"))))


def _head() -> tuple[int, str]:
    last = AuditSeal.objects.order_by("-seq").values_list("seq", "digest").first()
    return last or (0, GENESIS)


def _link(event: AuditEvent, seq: int, digest: str) -> tuple[int, str]:
    seal = AuditSeal(seq=seq + 1, event_id=event.pk, digest=link_digest(seq + 1, digest, event))
    seal.save(force_insert=True)
    return seal.seq, seal.digest


def link_digest(seq: int, previous: str, event: AuditEvent) -> str:
    """Return the chain hash of an event at its place: SM3 over place, link before, id and content."""
    head = json.dumps([seq, previous, event.pk], separators=(",", ":")).encode()
    return sm3(head + canonical(event)).hex()


@dataclass(frozen=True, slots=True)
class Report:
    """What verification found; `fault` is empty where all is well."""

    sealed: int
    unsealed: tuple[int, ...]
    head: str
    fault: str = ""
    event: int | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.fault


def verify(*, anchor: tuple[int, str] | None = None) -> Report:
    """Recompute the whole chain and the keys; name the first wrong event.

    `anchor` is a (place, digest) written down elsewhere: it finds a cut tail and a chain rebuilt whole.
    """
    digest, seq, found = GENESIS, 0, None
    for seal, event in _sealed_pairs():
        seq += 1
        found = _fault(seal, event, seq, digest)
        if found:
            return Report(seq, (), digest, found, seal.event_id)
        digest = seal.digest
        if anchor and anchor[0] == seq and anchor[1] != digest:
            return Report(seq, (), digest, "The chain differs from the anchor kept elsewhere.", seal.event_id)
    if anchor and anchor[0] > seq:
        return Report(seq, (), digest, "The chain is shorter than the anchor kept elsewhere.")
    return _tail(seq, digest)


def _sealed_pairs() -> Iterator[tuple[AuditSeal, AuditEvent | None]]:
    last = 0
    while seals := list(AuditSeal.objects.filter(seq__gt=last).order_by("seq")[:BATCH]):
        events = AuditEvent.objects.in_bulk([seal.event_id for seal in seals])
        for seal in seals:
            yield seal, events.get(seal.event_id)
        last = seals[-1].seq


def _fault(seal: AuditSeal, event: AuditEvent | None, seq: int, previous: str) -> str:
    if seal.seq != seq:
        return "A seal is missing before this event."
    if event is None:
        return "This event was deleted."
    if seal.digest != link_digest(seq, previous, event):
        return "This event was changed or moved after it was sealed."
    if event.mac != hmac_sm3(settings.AUDIT_KEY, canonical(event)).hex():
        return "This event was not written by the system."
    return ""


def _tail(seq: int, digest: str) -> Report:
    tail = []
    for event in unsealed().order_by("id").iterator():
        if event.mac != hmac_sm3(settings.AUDIT_KEY, canonical(event)).hex():
            return Report(
                seq, tuple(tail), digest, "This unsealed event was not written by the system.", event.pk
            )
        tail.append(event.pk)
    if tail and _chains_at_once():
        return Report(seq, tuple(tail), digest, "This event was inserted beside the system.", tail[0])
    return Report(seq, tuple(tail), digest)


def head() -> tuple[int, str]:
    """Return the place and digest of the newest seal, to be kept elsewhere as an anchor."""
    return _head()
