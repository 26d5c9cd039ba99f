"""How a word of a leader or of the supervision office becomes a matter with a task for each unit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.cases import queries as case_queries
from zhitong.core import numbers, permissions
from zhitong.core.actor import Role
from zhitong.core.clock import local_date
from zhitong.core.errors import FasterError, FieldError
from zhitong.core.service import Work, service
from zhitong.core.services import keep_uploads
from zhitong.orgs import queries as orgs_queries
from zhitong.supervision import queries
from zhitong.supervision.models import Line, Matter, MatterCase, Referral, Task
from zhitong.supervision.services import clocks, referrals
from zhitong.supervision.states import FILE_OF, Kind, Medium, ReferralState, TaskState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor
    from zhitong.core.uploads.inspect import Inspected
    from zhitong.orgs.models import Department

TITLE_LENGTH = 40
# Full stop, exclamation, question mark and semicolon, full-width and plain.
STOPS = "\u3002\uff01\uff1f\uff1b.!?;"


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody instructs or orders, before it is a matter."""

    departments: Iterable[Department]
    text: str = ""
    title: str = ""
    medium: str = Medium.TEXT
    days: int | None = None
    until: date | None = None
    cases: Iterable[Case] = field(default_factory=tuple)
    files: Iterable[Inspected] = field(default_factory=tuple)

    @property
    def fingerprint(self) -> str:
        """What makes two words the same."""
        return repr(
            (
                self.text,
                self.title,
                self.medium,
                self.days,
                self.until,
                sorted(unit.pk for unit in self.departments),
                sorted(case.pk for case in self.cases),
                [file.source_sha256 for file in self.files],
            )
        )


@service("supervision.instruct")
def instruct(work: Work, *, by: Actor, now: datetime, word: Word) -> Matter:
    """Give a leader's instruction to units: written, spoken or by a photo of the handwriting."""
    del now
    permissions.require(by, "supervision.instruct")
    matter = _issue(work, Kind.INSTRUCTION, Role.LEADER, word)
    _decide_by(work, matter)
    return matter


def _decide_by(work: Work, matter: Matter) -> None:
    """What lies before this leader about the linked cases is decided by the instruction."""
    open_ones = Referral.objects.filter(
        state=ReferralState.OPEN, case__matters__matter=matter
    ).select_related("to_department", "case")
    for referral in open_ones:
        if permissions.may(work.by, "supervision.decide", referral):
            changes = {"decided_by_id": work.by.user, "decided_at": work.now, "matter_id": matter.pk}
            referrals.change(work, referral, None, {"state": ReferralState.DECIDED, **changes})


@service("supervision.order")
def order(work: Work, *, by: Actor, now: datetime, word: Word) -> Matter:
    """Give an order of the supervision office to units; an order is written."""
    del now
    permissions.require(by, "supervision.order")
    if word.medium != Medium.TEXT:
        raise FieldError("text", gettext_noop("An order is written. Please write what is to be done."))
    return _issue(work, Kind.ORDER, Role.SUPERVISOR, word)


@service("supervision.transcribe")
def transcribe(
    work: Work, *, by: Actor, now: datetime, matter: Matter, text: str, version: int | None = None
) -> Matter:
    """Write down, or correct, what a recording or a handwriting says."""
    del now
    permissions.require(by, "supervision.transcribe", matter)
    if matter.medium == Medium.TEXT:
        raise FieldError("text", gettext_noop("This was given in writing; its text stays as it is."))
    if not text.strip():
        raise FieldError("text", gettext_noop("Please fill in this field."))
    seen = matter.version if version is None else version
    changes = {"text": text.strip(), "title": matter.title or _title(text), "version": seen + 1}
    if not Matter.objects.filter(pk=matter.pk, version=seen).update(**changes):
        raise FasterError
    work.record(matter, version=seen + 1)
    return Matter.objects.select_related("issued_by", "department").get(pk=matter.pk)


def _issue(work: Work, kind: Kind, role: Role, word: Word) -> Matter:
    units, cases = list(word.departments), list(word.cases)
    _check_word(word)
    _check_units(work.by, role, units)
    _check_cases(work.by, cases, units)
    clock = clocks.begin(now=work.now, days=word.days, until=word.until)
    year = local_date(work.now).year
    matter = Matter.objects.create(
        number=f"D{year}-{numbers.take('matter', year):04d}",
        kind=kind,
        medium=word.medium,
        title=word.title.strip()[:80] or _title(word.text),
        text=word.text.strip(),
        issued_by_id=work.by.user,
        department=_speaking_for(work.by, role, units),
        at=work.now,
    )
    MatterCase.objects.bulk_create(MatterCase(matter=matter, case=case) for case in cases)
    keep_uploads(work, files=word.files, subject=f"supervision.matter:{matter.pk}", visible_to_firm=False)
    for unit in units:
        _give(work, matter, unit, clock)
    work.record(matter, kind=kind, units=[unit.pk for unit in units], cases=[case.pk for case in cases])
    return matter


def _give(work: Work, matter: Matter, unit: Department, clock: dict) -> None:
    task = Task.objects.create(
        matter=matter, department=unit, state=TaskState.ISSUED, started_at=work.now, **clock
    )
    Line.objects.create(
        task=task, at=work.now, action="issue", by_user_id=work.by.user, by_label=work.by.label
    )
    work.emit("supervision.issue", task=task.pk, by=work.by.user)


def _check_word(word: Word) -> None:
    wanted = FILE_OF.get(Medium(word.medium))
    if wanted and not any(file.kind == wanted for file in word.files):
        raise FieldError("files", gettext_noop("The recording or the photo is missing. Please add it."))
    if not wanted and not word.text.strip():
        raise FieldError("text", gettext_noop("Please write, say or photograph what is to be done."))


def _check_units(by: Actor, role: Role, units: list[Department]) -> None:
    if not units:
        raise FieldError("departments", gettext_noop("Choose at least one unit."))
    allowed = set(queries.units_for(by, role).values_list("pk", flat=True))
    if len({unit.pk for unit in units}) != len(units) or {unit.pk for unit in units} - allowed:
        raise FieldError(
            "departments", gettext_noop("Choose units below yours that have a handler, each of them once.")
        )


def _check_cases(by: Actor, cases: list[Case], units: list[Department]) -> None:
    """Only who sees a case may link it, and a unit gets no task about a complaint against itself."""
    for case in cases:
        if not case_queries.sees(by, case):
            raise FieldError(
                "cases", gettext_noop("One of the cases is not yours to see. Take it off the list.")
            )
        if case.accused_id is None:
            continue
        above = orgs_queries.with_those_above([unit.path for unit in units])
        if case.accused.path in above:
            raise FieldError(
                "departments",
                gettext_noop("One of the units cannot be told of one of the cases. Leave it out."),
            )


def _speaking_for(by: Actor, role: Role, units: list[Department]) -> Department:
    """The unit in whose name the actor speaks: the highest in which they hold the role above all units."""
    paths = [path for path in by.paths(role) if all(unit.path.startswith(path) for unit in units)]
    if not paths:
        raise FieldError(
            "departments", gettext_noop("No unit of yours stands above all of these. Make a matter of each.")
        )
    return orgs_queries.departments().get(path=min(paths, key=len))


def _title(text: str) -> str:
    """The first words of a text up to its first stop; empty while there is no text."""
    lines = text.strip().splitlines()
    line = lines[0] if lines else ""
    for stop in STOPS:
        line = line.split(stop)[0] or line
    return line[:TITLE_LENGTH]
