"""How what came in becomes drafts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_noop

from zhitong.core import permissions
from zhitong.core.actor import Actor, Post, Role, Side
from zhitong.core.errors import FasterError, FieldError, NotPermittedError
from zhitong.core.phones import digits, mask
from zhitong.core.sealing import seal
from zhitong.core.service import Work, service
from zhitong.core.services import keep_uploads
from zhitong.core.uploads.formats import Kind
from zhitong.drafts.marks import NO_PHONE, NO_UNIT, Row, judge
from zhitong.drafts.models import Draft, Lot
from zhitong.drafts.states import TAKING, Source, Weight
from zhitong.orgs import queries as org_queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from zhitong.core.uploads.inspect import Inspected
    from zhitong.orgs.models import Department

PLACE = "number of a draft"
DIGITS = range(7, 21)


@dataclass(frozen=True, slots=True)
class Received:
    """What came in at once, after it was read."""

    source: Source
    name: str
    sha256: str
    rows: tuple[Row, ...]
    unread: tuple[str, ...] = ()
    files: Iterable[Inspected] = ()

    @property
    def fingerprint(self) -> str:
        """What makes two of them the same."""
        return f"{self.source}:{self.sha256}:{[file.source_sha256 for file in self.files]}"


@service("drafts.receive")
def receive(work: Work, *, by: Actor, now: datetime, given: Received, unit: Department) -> Lot:
    """Keep what came in as drafts, each with the firm it seems to mean and what is said against it."""
    permissions.require(by, "drafts.receive")
    if by.side is Side.STAFF and unit.pk not in by.departments(*TAKING):
        raise NotPermittedError
    if not given.rows:
        raise FieldError("file", gettext_noop("Nothing was found in it."))
    if given.source != Source.PASTE:
        known = Lot.objects.filter(unit=unit, sha256=given.sha256).exclude(source=Source.PASTE).first()
        if known is not None:
            raise FieldError(
                "file", gettext_noop("This file has come in already, as “%(name)s”."), name=known.name
            )
    lot = Lot.objects.create(
        source=given.source, name=given.name[:120], sha256=given.sha256, unit=unit, rows=len(given.rows),
        unread=list(given.unread)[:50], at=now, made_by_id=by.user,
    )  # fmt: skip
    drafts = _drafts(lot, given.rows, by=by, now=now)
    if given.files:
        for file in keep_uploads(work, files=given.files, subject=f"drafts.draft:{drafts[0].pk}"):
            if file.kind == Kind.AUDIO:
                work.emit("drafts.recording", upload=str(file.pk))
    work.record(lot, unit=unit.pk, rows=len(drafts), source=given.source, sha256=given.sha256)
    return lot


def _drafts(lot: Lot, rows: Sequence[Row], *, by: Actor, now: datetime) -> list[Draft]:
    units = _units([row.unit for row in rows if row.unit])
    for row in rows:
        if row.unit:
            row.columns["lead"] = units.get(row.unit)
            if row.columns["lead"] is None:
                row.remark(Weight.DOUBT, NO_UNIT, name=row.unit[:60])
        _seal(row)
    judge(rows, by=_sight(by, lot.unit), unit=lot.unit, now=now)
    return Draft.objects.bulk_create(
        Draft(
            lot=lot, line=row.line, unit=lot.unit, at=now, changed_at=now, changed_by_id=by.user,
            firm_text=(row.names[0] if row.names else "")[:120], **row.columns,
        )
        for row in rows
    )  # fmt: skip


def _sight(by: Actor, unit: Department) -> Actor:
    """Return whose firms and cases are compared: the clock and commands see no more than the unit does."""
    if by.side is not Side.SYSTEM:
        return by
    return Actor(Side.STAFF, label=by.label, posts=(Post(Role.DISPATCHER, unit.pk, unit.path),))


def _seal(row: Row) -> None:
    row.columns |= sealed(row.phone)
    if row.phone and not row.columns["phone_sealed"]:
        row.remark(
            Weight.DOUBT, NO_PHONE, text=mask(digits(row.phone)) if digits(row.phone) else row.phone[:20]
        )


def sealed(phone: str) -> dict[str, str]:
    """Return the columns that keep a number; empty ones for what is none."""
    plain = digits(phone)
    if len(plain) not in DIGITS:
        return {"phone_sealed": "", "phone_mask": ""}
    return {"phone_sealed": seal(plain, place=PLACE), "phone_mask": mask(plain)}


def _units(names: Iterable[str]) -> dict[str, Department]:
    """The departments that are written as in one of the names, in either language."""
    wanted = set(names)
    if not wanted:
        return {}
    found: dict[str, Department] = {}
    for row in org_queries.chargeable():
        for name in {row.name, row.name_en, row.local_code} & wanted:
            found.setdefault(name, row)
    return found


def refuse_ended(draft: Draft) -> None:
    """Refuse a step on a draft that was entered or dropped."""
    if draft.state != "open":
        raise FasterError(gettext_noop("This draft does not wait any more."))


def columns(**given: Any) -> dict[str, Any]:
    """Return the columns of a draft that a form gives, cut to their lengths."""
    limits = {"firm_text": 120, "contact": 40, "title": 80, "place": 200, "original_number": 60}
    return {name: value.strip()[: limits[name]] if name in limits else value for name, value in given.items()}
