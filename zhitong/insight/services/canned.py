"""Canned answers: added, changed, dropped."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from zhitong.core import permissions
from zhitong.core.clock import local_date
from zhitong.core.errors import FasterError, FieldError
from zhitong.core.service import Work, service
from zhitong.insight.models import CannedAnswer
from zhitong.insight.states import TEXT, TITLE, unknown_fields

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.orgs.models import Department

LIMITS = {"title": TITLE, "text": TEXT}


@dataclass(frozen=True, slots=True)
class Text:
    """A canned answer as somebody wrote it."""

    title: str
    text: str


@service("insight.add_canned")
def add_canned(
    work: Work, *, by: Actor, now: datetime, department: Department, below: bool, written: Text
) -> CannedAnswer:
    """Keep a text for a unit, or for it and all below it."""
    row = CannedAnswer(department=department, below=below, changed_by_id=by.user, changed_at=now)
    permissions.require(by, "insight.keep", row)
    _check(written, now)
    row.title, row.text = written.title.strip(), written.text
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise FieldError("title", _taken) from error
    work.record(row, department=department.pk, below=below)
    return row


_taken = gettext_noop("This unit has a canned answer with this title already.")


@service("insight.change_canned")
def change_canned(
    work: Work, *, by: Actor, now: datetime, canned: CannedAnswer, written: Text, version: int | None = None
) -> CannedAnswer:
    """Write a canned answer anew."""
    permissions.require(by, "insight.keep", canned)
    _check(written, now)
    try:
        with transaction.atomic():
            row = _update(work, canned, version, **asdict(written))
    except IntegrityError as error:
        raise FieldError("title", _taken) from error
    work.record(row, department=row.department_id)
    return row


@service("insight.drop_canned")
def drop_canned(
    work: Work, *, by: Actor, now: datetime, canned: CannedAnswer, version: int | None = None
) -> CannedAnswer:
    """Offer a canned answer no more; what was written with it stays."""
    permissions.require(by, "insight.keep", canned)
    row = _update(work, canned, version, dropped_at=now)
    work.record(row, department=row.department_id)
    return row


def _update(work: Work, canned: CannedAnswer, version: int | None, **changes: object) -> CannedAnswer:
    seen = canned.version if version is None else version
    same = CannedAnswer.objects.filter(pk=canned.pk, version=seen, dropped_at__isnull=True)
    if not same.update(version=seen + 1, changed_by_id=work.by.user, changed_at=work.now, **changes):
        raise FasterError
    return CannedAnswer.objects.select_related("department").get(pk=canned.pk)


def _check(written: Text, now: datetime) -> None:
    for name, limit in LIMITS.items():
        text = getattr(written, name)
        if not text.strip():
            raise FieldError(name, gettext_noop("Please fill in this field."))
        if len(text) > limit:
            raise FieldError(name, gettext_noop("Give at most %(limit)d characters."), limit=limit)
    for unknown in unknown_fields(written.text, local_date(now)):
        raise FieldError(
            "text",
            gettext_noop("No field is called “%(name)s”. Choose one of those below the text."),
            name=unknown,
        )
