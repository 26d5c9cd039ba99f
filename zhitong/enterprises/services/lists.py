"""Changes to imports: a list received, its columns said, run chunk by chunk, taken back."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, ProtectedError
from django.utils.translation import gettext_noop

from zhitong.core import permissions, search
from zhitong.core.errors import FasterError, FieldError, RefusedError
from zhitong.core.service import Work, service
from zhitong.core.sheets.heading import normalise_label
from zhitong.enterprises.lists.rows import Read, Refused
from zhitong.enterprises.models import (
    Enterprise,
    ImportBatch,
    ImportChange,
    ImportMapping,
    ImportRefusal,
)
from zhitong.enterprises.queries import INDEX, visible
from zhitong.enterprises.queries.exchange import GONE
from zhitong.enterprises.queries.scope import reaches
from zhitong.enterprises.records import FirmRecord
from zhitong.enterprises.services import bulk
from zhitong.enterprises.services.bulk_children import take_back, taken_up
from zhitong.enterprises.services.traces import index, resize, tell
from zhitong.enterprises.words import ImportState
from zhitong.orgs import queries as org_queries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from zhitong.core.actor import Actor

NEEDED = ("code", "name")
OUTSIDE = gettext_noop(
    "The firm lies in another district. Ask its office, or the city's, to bring this row in."
)


@dataclasses.dataclass(frozen=True, slots=True)
class ReceivedList:
    """A list after it was read: where its rows lie, its heading, how many rows it has."""

    file_name: str
    sha256: str
    table: str
    heading: dict[str, Any]
    rows: int

    @property
    def fingerprint(self) -> str:
        """What identifies the list when a form is sent twice."""
        return self.sha256


@service("enterprises.receive_list")
def receive_list(
    work: Work, *, by: Actor, now: datetime, given: ReceivedList, source: str, columns: dict[str, str]
) -> ImportBatch:
    """Keep a list that was read, with what its columns seem to be."""
    permissions.require(by, "enterprises.import")
    if not source.strip():
        raise FieldError("source", gettext_noop("Say where the list comes from."))
    batch = ImportBatch.objects.create(
        source=source.strip()[:60], file_name=given.file_name[:120], sha256=given.sha256, table=given.table,
        heading=given.heading, columns=columns, rows=given.rows, made_at=now, made_by_id=by.user,
    )  # fmt: skip
    work.record(batch, sha256=given.sha256, rows=given.rows, source=batch.source)
    return batch


@service("enterprises.start_import")
def start_import(
    work: Work, *, by: Actor, now: datetime, batch: ImportBatch, columns: Mapping[str, str], region: str = ""
) -> ImportBatch:
    """Say what the columns are, remember it for the source, and let the import run."""
    permissions.require(by, "enterprises.import")
    meanings = [meaning for meaning in columns.values() if meaning]
    if len(set(meanings)) != len(meanings):
        raise FieldError("columns", gettext_noop("Two columns mean the same. Choose one of them."))
    for name in NEEDED:
        if name not in meanings:
            raise FieldError("columns", gettext_noop("Say which columns hold credit code and name."))
    chosen = {place: meaning for place, meaning in columns.items() if meaning}
    waiting = ImportBatch.objects.filter(pk=batch.pk, state=ImportState.READ)
    if not waiting.update(state=ImportState.RUNNING, columns=chosen, region=region):
        raise FasterError
    labels = batch.heading["labels"]
    memory = {normalise_label(labels[int(place)]): meaning for place, meaning in columns.items()}
    ImportMapping.objects.update_or_create(source=batch.source, defaults={"columns": memory, "used_at": now})
    batch.refresh_from_db()
    work.emit("enterprises.import", batch=batch.pk)
    work.record(batch, columns=chosen, region=region)
    return batch


@service("enterprises.import_chunk")
def import_chunk(
    work: Work, *, by: Actor, now: datetime, batch: ImportBatch, rows: Sequence[Read | Refused]
) -> ImportBatch:
    """Bring the next rows of a running import in; `batch` is as it was before them."""
    permissions.require(by, "enterprises.import_rows")
    taken = ImportBatch.objects.filter(pk=batch.pk, state=ImportState.RUNNING, line=batch.line)
    if not taken.update(line=rows[-1].line):
        raise FasterError  # another worker has these rows, or the import was stopped
    rows = _within_territory(batch, rows, now)
    good = [row for row in rows if isinstance(row, Read)]
    bad = [row for row in rows if isinstance(row, Refused)]
    done = bulk.store_within(work, now, [row.record for row in good])
    ImportChange.objects.bulk_create(
        ImportChange(
            batch=batch, enterprise=one.firm, line=row.line, created=one.created,
            before={name: _plain(value) for name, value in one.before.items()}, made=one.made,
            version=one.version,
        )
        for row, one in zip(good, done, strict=True)
        if one.created or one.before or one.made
    )  # fmt: skip
    ImportRefusal.objects.bulk_create(
        ImportRefusal(batch=batch, line=row.line, msgid=row.msgid, params=row.params, cells=row.cells)
        for row in bad
    )
    created = sum(one.created for one in done)
    changed = sum(not one.created and bool(one.before or one.made) for one in done)
    ImportBatch.objects.filter(pk=batch.pk).update(
        created=F("created") + created,
        changed=F("changed") + changed,
        same=F("same") + len(done) - created - changed,
        refused=F("refused") + len(bad),
    )
    batch.refresh_from_db()
    work.record(batch, line=batch.line, created=created, changed=changed, refused=len(bad))
    return batch


def _within_territory(
    batch: ImportBatch, rows: Sequence[Read | Refused], now: datetime
) -> list[Read | Refused]:
    """Refuse rows about firms that whoever started the import may not see."""
    if batch.made_by is None:
        return list(rows)
    maker = org_queries.staff_actor(batch.made_by, now)
    codes = [row.record.code for row in rows if isinstance(row, Read)]
    known = set(Enterprise.objects.filter(code__in=codes).values_list("code", flat=True))
    seen = set(visible(maker, merged=True).filter(code__in=codes).values_list("code", flat=True))
    regions = org_queries.territory(maker)

    def outside(record: FirmRecord) -> bool:
        mine = record.code in seen if record.code in known else reaches(regions, record.columns["region"])
        return not mine

    return [
        Refused(row.line, OUTSIDE, {}, [row.record.code, str(row.record.columns.get("name", ""))])
        if isinstance(row, Read) and outside(row.record)
        else row
        for row in rows
    ]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@service("enterprises.end_import")
def end_import(work: Work, *, by: Actor, now: datetime, batch: ImportBatch, error: str = "") -> ImportBatch:
    """Say that all rows of a running import were dealt with, or why it stopped."""
    permissions.require(by, "enterprises.import_rows")
    state = ImportState.FAILED if error else ImportState.DONE
    running = ImportBatch.objects.filter(pk=batch.pk, state=ImportState.RUNNING)
    if not running.update(state=state, ended_at=now, error=error[:300]):
        raise FasterError
    batch.refresh_from_db()
    work.record(batch, state=state, created=batch.created, changed=batch.changed, refused=batch.refused)
    return batch


@service("enterprises.undo_import")
def undo_import(work: Work, *, by: Actor, now: datetime, batch: ImportBatch) -> ImportBatch:
    """Take a whole import back; what was changed since by somebody else stays."""
    del now
    permissions.require(by, "enterprises.import")
    ended = ImportBatch.objects.filter(pk=batch.pk, state__in=[ImportState.DONE, ImportState.FAILED])
    if not ended.update(state=ImportState.UNDOING):
        raise RefusedError(gettext_noop("Only an import that has ended can be taken back."))
    batch.refresh_from_db()
    work.emit("enterprises.import", batch=batch.pk)
    work.record(batch)
    return batch


@service("enterprises.undo_chunk")
def undo_chunk(work: Work, *, by: Actor, now: datetime, batch: ImportBatch, limit: int = 200) -> int:
    """Take back the last rows of an import that are not taken back yet; return how many were left to do."""
    permissions.require(by, "enterprises.import_rows")
    changes = list(ImportChange.objects.filter(batch=batch, undone_at__isnull=True).order_by("-id")[:limit])
    firms = Enterprise.objects.in_bulk([change.enterprise for change in changes])
    kept = 0
    for change in changes:
        firm = firms.get(change.enterprise)
        if firm is None or not _undo(change, firm, now):
            kept += 1
            continue
        # What the same list did to this firm in an earlier row can be taken back as well.
        for earlier in changes:
            if earlier.enterprise == firm.pk:
                earlier.version = firm.version
    ImportChange.objects.filter(pk__in=[change.pk for change in changes]).update(undone_at=now)
    over = len(changes) < limit
    ImportBatch.objects.filter(pk=batch.pk, state=ImportState.UNDOING).update(
        kept=F("kept") + kept, state=ImportState.UNDONE if over else ImportState.UNDOING
    )
    batch.refresh_from_db()
    work.record(batch, undone=len(changes) - kept, kept=kept)
    return 0 if over else len(changes)


def _undo(change: ImportChange, firm: Enterprise, now: datetime) -> bool:
    """Take one row back; False where somebody has built on it since."""
    if firm.version != change.version or taken_up(change.made):
        return False
    try:
        with transaction.atomic():
            take_back(firm.pk, change.made)
            if change.created:
                tell(firm, now=now, action=GONE)
                search.drop(INDEX, [firm.pk])
                Enterprise.objects.filter(pk=firm.pk).delete()
                return True
    except ProtectedError:
        return False  # a case, a person or a contact hangs on it
    for name, value in change.before.items():
        setattr(firm, name, date.fromisoformat(value) if name == "founded_on" and value else value)
    firm.version += 1
    firm.changed_at = now
    firm.save()
    index([firm])
    resize(firm, now=now)
    tell(firm, now=now, action="undo")
    ImportChange.objects.filter(batch=change.batch_id, enterprise=firm.pk, undone_at__isnull=True).update(
        version=firm.version
    )
    return True
