"""Sheets that units fill in for several cases: handed out, received, entered row by row."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhitong.core import permissions
from zhitong.core.errors import FasterError, FieldError, NotPermittedError, RefusedError
from zhitong.core.service import Work, service
from zhitong.orgs import queries as org_queries
from zhitong.replies import queries
from zhitong.replies.models import Reply, ReplySheet
from zhitong.replies.services.entering import Words, checked, keep
from zhitong.replies.services.links import WAITS, check_possible, revoke_live
from zhitong.replies.states import Source

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.orgs.models import Department
    from zhitong.replies.queries import Matter

NOT_THERE = gettext_noop("No open case with this number lies with this unit. Check the number.")
TWICE = gettext_noop("This case stands in the sheet more than once (rows %(rows)s). Leave one of them.")
IN_PERSON = gettext_noop(
    "This case is confidential: it is not answered in a sheet. Enter the reply from paper instead."
)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row as it stood in the file: its line, the case number, what the unit filled in."""

    line: int
    number: str
    text: str = ""
    outcome: str = ""
    name: str = ""

    @property
    def empty(self) -> bool:
        """Whether the unit has filled nothing in."""
        return not (self.text or self.outcome or self.name)


@dataclass(frozen=True, slots=True)
class ReceivedSheet:
    """A sheet after it was read."""

    file_name: str
    sha256: str
    rows: tuple[SheetRow, ...]

    @property
    def fingerprint(self) -> str:
        """What identifies the sheet when a form is sent twice."""
        return self.sha256


@dataclass(frozen=True, slots=True)
class Judged:
    """What becomes of a row: the matter it answers, or the sentence that says why not."""

    row: SheetRow
    matter: Matter | None = None
    msgid: str = ""
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def why(self) -> str:
        """The sentence in the reader's language."""
        return (_(self.msgid) % self.params if self.params else _(self.msgid)) if self.msgid else ""


def answerable(actor: Actor, department: Department) -> list[Matter]:
    """Return what lies with a unit and the actor may enter a reply to, as far as a sheet may say it."""
    waiting = _waiting(actor, department.pk)
    return [
        matter
        for matter in queries.enterable(actor, department.pk)
        if not matter.case.confidential and matter.case.pk not in waiting
    ]


def _waiting(actor: Actor, department: int) -> set[int]:
    return set(queries.waiting(actor).filter(department=department).values_list("case", flat=True))


@service("replies.give_sheet")
def give_sheet(work: Work, *, by: Actor, now: datetime, department: Department) -> list[Matter]:
    """Note that a sheet with what lies with a unit was handed out; return what it holds."""
    del now
    _require_some(by, department)
    found = answerable(by, department)
    work.record(department, unit=department.pk, cases=[matter.case.pk for matter in found])
    return found


@service("replies.receive_sheet")
def receive_sheet(
    work: Work, *, by: Actor, now: datetime, department: Department, given: ReceivedSheet
) -> ReplySheet:
    """Keep a sheet that was read; nothing is entered before somebody has looked at it."""
    _require_some(by, department)
    if not org_queries.is_without_accounts(department.pk):
        raise RefusedError(
            gettext_noop("%(unit)s has accounts of its own. Its people answer themselves."),
            unit=department.name,
        )
    if all(row.empty for row in given.rows):
        raise FieldError("file", gettext_noop("Nothing is filled in on this sheet."))
    sheet = ReplySheet.objects.create(
        department=department, file_name=given.file_name[:120], sha256=given.sha256, at=now,
        rows=[asdict(row) for row in given.rows], entered_by_id=by.user,
    )  # fmt: skip
    work.record(sheet, unit=department.pk, sha256=given.sha256, rows=len(given.rows))
    return sheet


def _require_some(by: Actor, department: Department) -> None:
    permissions.require(by, "replies.sheet")
    if not queries.enterable(by, department.pk):
        raise NotPermittedError


def judge(actor: Actor, sheet: ReplySheet) -> list[Judged]:
    """Say of each row that is filled in what would become of it now."""
    rows = [row for row in (SheetRow(**kept) for kept in sheet.rows) if not row.empty]
    lines = defaultdict(list)
    for row in rows:
        lines[row.number].append(row.line)
    found = {
        matter.case.number: matter
        for matter in queries.matters(actor)
        if matter.department.pk == sheet.department_id
    }
    waiting = _waiting(actor, sheet.department_id)
    return [_judged(actor, row, found.get(row.number), lines[row.number], waiting) for row in rows]


def _judged(
    actor: Actor, row: SheetRow, matter: Matter | None, lines: Sequence[int], waiting: Container[int]
) -> Judged:
    if matter is None:
        return Judged(row, msgid=NOT_THERE)
    if len(lines) > 1:
        return Judged(row, matter, TWICE, {"rows": ", ".join(map(str, lines))})
    if matter.case.pk in waiting:
        return Judged(row, matter, WAITS)
    try:
        _check(actor, matter, row)
    except RefusedError as refusal:
        return Judged(row, matter, refusal.msgid, refusal.params)
    return Judged(row, matter)


def _check(actor: Actor, matter: Matter, row: SheetRow) -> Words:
    permissions.require(actor, "replies.enter", matter)
    if matter.case.confidential:
        raise RefusedError(IN_PERSON)
    return checked(matter, Words(row.text, row.outcome, row.name))


@service("replies.enter_sheet")
def enter_sheet(work: Work, *, by: Actor, now: datetime, sheet: ReplySheet) -> ReplySheet:
    """Enter the rows of a sheet that can be entered, each as the unit's own; keep why the others cannot."""
    permissions.require(by, "replies.enter_sheet", sheet)
    if not ReplySheet.objects.filter(pk=sheet.pk, taken_at__isnull=True).update(taken_at=now):
        raise FasterError(gettext_noop("This sheet was entered already."))
    refused = [row for row in _entered(by, now, sheet) if row.msgid]
    ReplySheet.objects.filter(pk=sheet.pk).update(
        refused=[{**asdict(row.row), "msgid": row.msgid, "params": row.params} for row in refused]
    )
    sheet.refresh_from_db()
    work.record(sheet, unit=sheet.department_id, entered=sheet.replies.count(), refused=len(refused))
    return sheet


def _entered(by: Actor, now: datetime, sheet: ReplySheet) -> Iterable[Judged]:
    for row in judge(by, sheet):
        if row.matter is None or row.msgid:
            yield row
            continue
        try:
            enter_row(by=by, now=now, sheet=sheet, row=row)
        except RefusedError as refusal:  # somebody was faster since the row was judged
            yield Judged(row.row, row.matter, refusal.msgid, refusal.params)
        else:
            yield row


@service("replies.enter_row")
def enter_row(work: Work, *, by: Actor, now: datetime, sheet: ReplySheet, row: Judged) -> Reply:
    """Enter one row as the unit's reply; a link that is out stops working."""
    permissions.require(by, "replies.enter_sheet", sheet)
    if row.matter is None:
        raise RefusedError(NOT_THERE)
    words = _check(by, row.matter, row.row)
    check_possible(row.matter)
    revoke_live(row.matter, now)
    return keep(work, row.matter, words, source=Source.SHEET, sheet=sheet, line=row.row.line)
