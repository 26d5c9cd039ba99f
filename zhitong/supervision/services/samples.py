"""Closed cases checked again: drawn by lot, looked at by somebody without a hand in them."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from zhitong.cases.models import Case
from zhitong.core import permissions
from zhitong.core.clock import local_date
from zhitong.core.errors import FasterError, FieldError, RefusedError
from zhitong.core.service import Work, service
from zhitong.supervision import drawing, queries
from zhitong.supervision.models import Check, Sample
from zhitong.supervision.states import Finding, How, rules

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from zhitong.core.actor import Actor
    from zhitong.orgs.models import Department

SEED = 64
FIRST_YEAR = 2000


@service("supervision.draw")
def draw(
    work: Work, *, by: Actor, now: datetime, department: Department, since: date, until: date, seed: str
) -> Sample:
    """Draw closed cases of a period that is over; each period of a unit is drawn once.

    Confidential cases take no part: whoever checks may not see them.
    """
    permissions.require(by, "supervision.draw", department)
    if since.year < FIRST_YEAR:
        raise FieldError("since", gettext_noop("Give a year from 2000 to 2099."))
    if until < since:
        raise FieldError("until", gettext_noop("Give a last day that is not before the first one."))
    if until >= local_date(now):
        raise FieldError("until", gettext_noop("Choose a period that is over: its last day is yesterday."))
    if not seed.strip() or len(seed) > SEED:
        raise FieldError("seed", gettext_noop("Give a seed of at most %(limit)d characters."), limit=SEED)
    if Sample.objects.filter(department=department, since__lte=until, until__gte=since).exists():
        raise RefusedError(gettext_noop("A part of this period was drawn already. Choose days after it."))
    numbers = sorted(_closed(department, since, until, now).values_list("number", flat=True))
    if not numbers:
        raise FieldError("since", gettext_noop("No case was closed with a result in this period."))
    rule = rules(local_date(now))["recheck"]
    try:
        with transaction.atomic():
            sample = Sample.objects.create(
                department=department, since=since, until=until, seed=seed.strip(), numbers=numbers,
                digest=drawing.digest(numbers), percent=rule["percent"],
                most=rule["most"], drawn_by_id=by.user, drawn_at=now,
            )  # fmt: skip
    except IntegrityError as error:
        raise FasterError(gettext_noop("This period was drawn already. Open its sample.")) from error
    size = drawing.size(len(numbers), percent=rule["percent"], most=rule["most"])
    _take(sample, drawing.ordered(sample.seed, numbers)[:size])
    work.record(sample, unit=department.pk, seed=sample.seed, digest=sample.digest, size=size)
    return sample


def _closed(department: Department, since: date, until: date, now: datetime) -> QuerySet[Case]:
    zone = timezone.get_default_timezone()
    first = datetime.combine(since, time.min, tzinfo=zone)
    after = datetime.combine(until + timedelta(days=1), time.min, tzinfo=zone)
    return Case.objects.filter(
        state="closed",
        intake__path__startswith=department.path,
        outcome__in=rules(local_date(now))["recheck"]["outcomes"],
        ended_at__gte=first,
        ended_at__lt=after,
        confidential=False,
    )


def _take(sample: Sample, drawn: list[str]) -> None:
    cases = dict(Case.objects.filter(number__in=drawn).values_list("number", "pk"))
    Check.objects.bulk_create(
        Check(sample=sample, case_id=cases[number], place=place)
        for place, number in enumerate(drawn, start=1)
    )


@service("supervision.check")
def check(work: Work, *, by: Actor, now: datetime, check: Check, how: str, finding: str, text: str) -> Check:
    """Write down what a check found; a false closing is told to those who answer for the case."""
    permissions.require(by, "supervision.check", check)
    if queries.took_part(by, check.case):
        raise RefusedError(
            gettext_noop("You had a hand in this case. A check is made by somebody who did not.")
        )
    if how not in How.values:
        raise FieldError("how", gettext_noop("Choose one of the ways in the list."))
    if finding not in Finding.values:
        raise FieldError("finding", gettext_noop("Choose one of the findings in the list."))
    if not text.strip():
        raise FieldError("text", gettext_noop("Please fill in this field."))
    undone = Check.objects.filter(pk=check.pk, found_at__isnull=True)
    changes = {"how": how, "finding": finding, "text": text.strip(), "checker_id": by.user, "found_at": now}
    if not undone.update(**changes):
        raise FasterError(gettext_noop("This case was checked already."))
    check.refresh_from_db()
    work.record(check, tenant=check.case.enterprise_id, case=check.case_id, how=how, finding=finding)
    if finding == Finding.FALSE:
        work.emit("supervision.false_closing", check=check.pk, by=by.user)
    return check
