"""A precedent on its way: written, reviewed by somebody else, published, used, looked at again, withdrawn."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_noop

from zhitong.cases import queries as case_queries
from zhitong.core import permissions, search
from zhitong.core.clock import local_date
from zhitong.core.errors import FasterError, FieldError, RefusedError
from zhitong.core.service import Work, service
from zhitong.insight import finding, naming
from zhitong.insight.models import Precedent, Use
from zhitong.insight.permissions import may_be_source
from zhitong.insight.queries import OF_ROW
from zhitong.insight.states import KINDS, STEPS, TEXT, TITLE, rules

if TYPE_CHECKING:
    from datetime import date, datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor

BASIS = 200
LIMITS = {"title": TITLE, "question": TEXT, "answer": TEXT, "basis": BASIS}
YEARS = 5  # a precedent that is good for longer is looked at by nobody


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote: the matter, the answer, its basis and category, until when it holds."""

    title: str
    question: str
    answer: str
    valid_until: date
    basis: str = ""
    category: str = ""


@service("insight.make")
def make(work: Work, *, by: Actor, now: datetime, case: Case, written: Written) -> Precedent:
    """Begin a precedent from a closed case that is not confidential; a case has one live precedent."""
    permissions.require(by, "insight.make", case)
    check_source(case=case, now=now)
    _check(written, now)
    department = case.lead or case.intake
    try:
        with transaction.atomic():
            row = Precedent.objects.create(
                case=case, department=department, author_id=by.user, made_at=now, changed_at=now,
                **asdict(written),
            )  # fmt: skip
    except IntegrityError as error:
        raise FasterError(gettext_noop("A precedent was made from this case already.")) from error
    finding.index([row])
    work.record(row, case=case.pk, state=row.state)
    return row


def check_source(*, case: Case, now: datetime) -> None:
    """Refuse a case from which no precedent may be made, with the reason."""
    if case.confidential or case.protected:
        raise RefusedError(gettext_noop("This case is confidential. Nothing of it is published."))
    if not may_be_source(case, rules(local_date(now))["outcomes"]):
        raise RefusedError(
            gettext_noop(
                "A precedent is made from a closed case that was solved, partly solved or explained."
            )
        )


def _check(written: Written, now: datetime) -> None:
    for name, limit in LIMITS.items():
        text = getattr(written, name)
        if not text.strip() and name != "basis":
            raise FieldError(name, gettext_noop("Please fill in this field."))
        if len(text) > limit:
            raise FieldError(name, gettext_noop("Give at most %(limit)d characters."), limit=limit)
    today = local_date(now)
    if written.category and not case_queries.is_offered(written.category, today):
        raise FieldError("category", gettext_noop("Choose one of the categories in the list."))
    _check_day(written.valid_until, now)


def _check_day(day: date, now: datetime) -> None:
    today = local_date(now)
    if not today < day <= today.replace(year=today.year + YEARS, day=1):
        raise FieldError("valid_until", gettext_noop("Give a day within the next five years."))


@service("insight.edit")
def edit(
    work: Work,
    *,
    by: Actor,
    now: datetime,
    precedent: Precedent,
    written: Written,
    version: int | None = None,
) -> Precedent:
    """Write a draft anew."""
    permissions.require(by, "insight.edit", precedent)
    _check(written, now)
    return _step(work, precedent, "edit", version, asdict(written))


@service("insight.send")
def send(
    work: Work, *, by: Actor, now: datetime, precedent: Precedent, version: int | None = None
) -> Precedent:
    """Hand a draft to a reviewer, if nothing in it tells whose case it was."""
    permissions.require(by, "insight.send", precedent)
    refuse_names(precedent, now)
    row = _step(work, precedent, "send", version, {"words": ""})
    work.emit("insight.send", precedent=row.pk, by=by.user)
    return row


@service("insight.send_back")
def send_back(
    work: Work, *, by: Actor, now: datetime, precedent: Precedent, reason: str, version: int | None = None
) -> Precedent:
    """Give a precedent back to its author, who reads why."""
    del now
    permissions.require(by, "insight.send_back", precedent)
    _required("reason", reason)
    row = _step(work, precedent, "send_back", version, {"words": reason.strip()})
    work.emit("insight.send_back", precedent=row.pk, by=by.user)
    return row


@service("insight.publish")
def publish(
    work: Work,
    *,
    by: Actor,
    now: datetime,
    precedent: Precedent,
    nobody_named: bool,
    version: int | None = None,
) -> Precedent:
    """Publish a precedent; somebody else than its author says that nobody can be recognised in it."""
    permissions.require(by, "insight.publish", precedent)
    if not nobody_named:
        raise FieldError(
            "nobody_named",
            gettext_noop("Confirm that no person and no firm can be recognised, or send it back."),
        )
    check_source(case=precedent.case, now=now)
    refuse_names(precedent, now)
    _check_day(precedent.valid_until, now)
    said = {"reviewer_id": by.user, "reviewed_at": now, "nobody_named": True}
    row = _step(work, precedent, "publish", version, said)
    work.emit("insight.publish", precedent=row.pk, by=by.user)
    return row


@service("insight.renew")
def renew(
    work: Work,
    *,
    by: Actor,
    now: datetime,
    precedent: Precedent,
    valid_until: date,
    version: int | None = None,
) -> Precedent:
    """Say that a published precedent still holds, and until when."""
    permissions.require(by, "insight.renew", precedent)
    check_source(case=precedent.case, now=now)
    refuse_names(precedent, now)
    _check_day(valid_until, now)
    said = {"valid_until": valid_until, "reviewer_id": by.user, "reviewed_at": now}
    return _step(work, precedent, "renew", version, said)


@service("insight.withdraw")
def withdraw(
    work: Work, *, by: Actor, now: datetime, precedent: Precedent, reason: str, version: int | None = None
) -> Precedent:
    """Take a precedent back for good; another one may be made from its case."""
    permissions.require(by, "insight.withdraw", precedent)
    _required("reason", reason)
    said = {"words": reason.strip(), "withdrawn_by_id": by.user, "withdrawn_at": now}
    return _step(work, precedent, "withdraw", version, said)


@service("insight.use")
def use(work: Work, *, by: Actor, now: datetime, precedent: Precedent, case: Case) -> Use:
    """Count that a precedent is taken into the answer to a case; a second time is the first."""
    permissions.require(by, "insight.use", case)
    if not finding.suggested(now).filter(pk=precedent.pk).exists():
        raise RefusedError(gettext_noop("This precedent is not offered any more."))
    row, fresh = Use.objects.get_or_create(
        precedent=precedent, case=case, defaults={"by_user_id": by.user, "at": now}
    )
    work.record(row, case=case.pk, precedent=precedent.pk, again=not fresh)
    return row


@service("insight.say_helped")
def say_helped(work: Work, *, by: Actor, now: datetime, precedent: Precedent) -> Precedent:
    """Count that a firm found its question answered; who it was is in no table of this room."""
    permissions.require(by, "insight.say_helped")
    if not finding.suggested(now).filter(pk=precedent.pk).update(helped=F("helped") + 1):
        raise RefusedError(gettext_noop("This precedent is not offered any more."))
    work.record(precedent)
    return precedent


@service("insight.reindex")
def reindex(work: Work, *, by: Actor, now: datetime) -> int:
    """Write the search index of all precedents anew; return how many."""
    del now
    permissions.require(by, "insight.reindex")
    search.clear(finding.INDEX)
    rows = list(Precedent.objects.order_by("pk"))
    finding.index(rows)
    work.record("insight.precedent", indexed=len(rows))
    return len(rows)


def refuse_names(precedent: Precedent, now: datetime) -> None:
    """Refuse a text that still tells whose case it was, and name the first thing that does."""
    found = naming.recogniser(precedent.case, local_date(now))
    for text in (precedent.title, precedent.question, precedent.answer, precedent.basis):
        for row in found.found(text):
            raise RefusedError(
                gettext_noop("The text still holds %(kind)s: “%(found)s”. Take it out, then try again."),
                kind=KINDS[row.kind],
                found=row.text,
            )


def _step(
    work: Work, precedent: Precedent, step: str, version: int | None, changes: dict[str, Any]
) -> Precedent:
    """One conditional update from the states of a step, with its line in the log."""
    before, after = STEPS[step]
    seen = precedent.version if version is None else version
    same = Precedent.objects.filter(pk=precedent.pk, version=seen, state__in=before)
    if not same.update(version=seen + 1, state=after, changed_at=work.now, **changes):
        raise FasterError
    row = Precedent.objects.select_related(*OF_ROW, "case__enterprise").get(pk=precedent.pk)
    finding.index([row])
    work.record(row, state=row.state, before=precedent.state, case=row.case_id)
    return row


def _required(name: str, value: str) -> None:
    if not value.strip():
        raise FieldError(name, gettext_noop("Please fill in this field."))
