"""Writing many firms at once: the one path of imports, of exchange files and of the synthetic city.

A chunk of rows is one transaction with one audit event. Each row makes a firm or changes the one with its
code; what a row does not mention stays as it is.
"""

from __future__ import annotations

import dataclasses
import hashlib
from typing import TYPE_CHECKING, Any

from zhitong.core import permissions
from zhitong.core.actor import Side
from zhitong.core.clock import local_date
from zhitong.core.errors import NotPermittedError
from zhitong.core.service import Work, service
from zhitong.enterprises.models import Enterprise, EnterpriseChange
from zhitong.enterprises.queries import newest_size, standing
from zhitong.enterprises.queries.scope import reaches
from zhitong.enterprises.records import COLUMNS, FirmRecord
from zhitong.enterprises.services import bulk_children as children
from zhitong.enterprises.services.traces import index, resize, size_columns

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from zhitong.core.actor import Actor


@dataclasses.dataclass(frozen=True, slots=True)
class Done:
    """What a row did: to which firm, whether it made it, columns as they stood, children made, version."""

    firm: int
    code: str
    created: bool
    before: dict[str, Any]
    made: dict[str, Any]
    version: int


@service("enterprises.store")
def store(work: Work, *, by: Actor, now: datetime, records: Sequence[FirmRecord]) -> list[Done]:
    """Make or change the firms of valid records, whose codes all differ; one `Done` a record, in order."""
    permissions.require(by, "enterprises.store")
    if by.side is Side.MACHINE:
        _within_regions(by, records)
    return _store(work, now, records)


@service("enterprises.receive")
def receive(work: Work, *, by: Actor, now: datetime, records: Sequence[FirmRecord]) -> str:
    """Store the firms that a program sends; how many were made, changed and as they stood, for its repeat."""
    permissions.require(by, "enterprises.store")
    done = store(by=by, now=now, records=records)
    created = sum(one.created for one in done)
    changed = sum(not one.created and bool(one.before or one.made) for one in done)
    work.record("enterprises.enterprise", created=created, changed=changed, rows=len(done))
    return f"{created}/{changed}/{len(done) - created - changed}"


def _within_regions(by: Actor, records: Sequence[FirmRecord]) -> None:
    """Refuse rows about firms that the key of a program may not see, or would put out of its sight."""
    known = {
        firm.code: standing(firm)
        for firm in Enterprise.objects.filter(code__in=[record.code for record in records])
    }
    regions = {firm.region for firm in known.values()}
    # A firm that is new has to say where it lies.
    regions |= {
        record.columns.get("region", "")
        for record in records
        if "region" in record.columns or record.code not in known
    }
    if any(not region or not reaches(by.regions, region) for region in regions):
        raise NotPermittedError


def store_within(work: Work, now: datetime, records: Sequence[FirmRecord]) -> list[Done]:
    """Do the same inside another service's transaction, under its name and its permission."""
    return _store(work, now, records)


def _store(work: Work, now: datetime, records: Sequence[FirmRecord]) -> list[Done]:
    known = {
        firm.code: firm
        for firm in Enterprise.objects.filter(code__in=[record.code for record in records]).select_related(
            "merged_into"
        )
    }
    # Rows may name one firm by two codes that were merged: they change one row in hand, one after the other.
    tops: dict[int, Enterprise] = {}
    for code, firm in known.items():
        top = standing(firm)
        known[code] = tops.setdefault(top.pk, top)
    new = [record for record in records if record.code not in known]
    made = Enterprise.objects.bulk_create(_new(record, now) for record in new)
    fresh = {firm.code: firm for firm in made}
    old = [(known[record.code], record) for record in records if record.code in known]
    before: dict[str, dict[str, Any]] = {}
    for firm, record in old:
        before[firm.code] = _apply(firm, record) | before.get(firm.code, {})
    pairs = [(fresh.get(record.code) or known[record.code], record) for record in records]
    touched = children.write(pairs, now=now)
    children.former_names(pairs, before, touched, now)
    met = {firm.pk: firm for firm, _ in old}.values()
    changed = [firm for firm in met if before[firm.code] or firm.pk in touched]
    _save(changed, now)
    _remember_sizes([*made, *changed], now)
    index([*made, *changed])
    EnterpriseChange.objects.bulk_create(
        EnterpriseChange(enterprise=firm.pk, code=firm.code, region=firm.region, action=action, at=now)
        for firms, action in ((made, "register"), (changed, "change"))
        for firm in firms
    )
    work.record(
        "enterprises.enterprise", created=len(made), changed=len(changed), rows=len(records),
        codes=_digest(records),
    )  # fmt: skip
    # The first row of a firm answers for all that was done to it.
    return [_done(firm, fresh, before.pop(firm.code, {}), touched.pop(firm.pk, {})) for firm, _ in pairs]


def _digest(records: Sequence[FirmRecord]) -> str:
    return hashlib.sha256("\n".join(record.code for record in records).encode()).hexdigest()


def _new(record: FirmRecord, now: datetime) -> Enterprise:
    return Enterprise(code=record.code, created_at=now, **{"name": record.code, **record.columns})


def _apply(firm: Enterprise, record: FirmRecord) -> dict[str, Any]:
    """Set the columns that differ on the row in hand; return what stood there."""
    before = {}
    for name, value in record.columns.items():
        old = getattr(firm, name)
        if old != value:
            before[name] = old
            setattr(firm, name, value)
    return before


def _save(firms: list[Enterprise], now: datetime) -> None:
    for firm in firms:
        firm.version += 1
        firm.changed_at = now
    Enterprise.objects.bulk_update(
        firms, [*(name.removesuffix("_id") for name in COLUMNS), "version", "changed_at"], batch_size=200
    )


def _remember_sizes(firms: list[Enterprise], now: datetime) -> None:
    today = local_date(now)
    ids = [firm.pk for firm in firms]
    merged = set(Enterprise.objects.filter(merged_into__in=ids).values_list("merged_into", flat=True))
    for firm in firms:
        if firm.pk in merged:  # figures of its other entries count as well
            resize(firm, now=now)
    firms = [firm for firm in firms if firm.pk not in merged]
    said = children.statements(firms)
    differing = []
    for firm in firms:
        found = size_columns(newest_size(firm.activity, said.get(firm.pk, {}), today))
        if any(getattr(firm, name) != value for name, value in found.items()):
            for name, value in found.items():
                setattr(firm, name, value)
            differing.append(firm)
    Enterprise.objects.bulk_update(differing, ["size", "scale", "sized_for"], batch_size=200)


def _done(
    firm: Enterprise, fresh: dict[str, Enterprise], before: dict[str, Any], made: dict[str, Any]
) -> Done:
    return Done(firm.pk, firm.code, firm.code in fresh, before, made, firm.version)
