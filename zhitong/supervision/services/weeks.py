"""Weekly lists: made when a week begins, added to, taken off, and said why not."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from zhitong.cases import queries as case_queries
from zhitong.core import permissions
from zhitong.core.clock import local_date
from zhitong.core.errors import FasterError, FieldError, RefusedError
from zhitong.core.service import Work, service
from zhitong.supervision import queries
from zhitong.supervision.models import WeekItem, WeekList
from zhitong.supervision.states import CASE_CLEARED, CASE_ELSEWHERE, WORDS, Why, rules

if TYPE_CHECKING:
    from zhitong.core.actor import Actor
    from zhitong.orgs.models import Department

WEEK = timedelta(days=7)


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


@service("supervision.make_week")
def make_week(work: Work, *, by: Actor, now: datetime, department: Department) -> WeekList:
    """Write down what a unit's week should clear: what is overdue or due in it, and what is left over."""
    permissions.require(by, "supervision.make_week", department)
    monday = monday_of(local_date(now))
    ends = datetime.combine(monday + WEEK, time.min, tzinfo=timezone.get_default_timezone())
    week, new = WeekList.objects.get_or_create(
        department=department, monday=monday, defaults={"made_at": now, "ends_at": ends}
    )
    if not new:
        raise FasterError(gettext_noop("The list of this week was made already."))
    left = queries.carried(week)
    rows = [
        WeekItem(week=week, case_id=pk, why=_why(left=pk in left, late=due < now), weeks=left.get(pk, 0) + 1)
        for pk, due in case_queries.to_clear(unit=department, before=ends, others=left, now=now)
    ]
    WeekItem.objects.bulk_create(rows)
    work.record(week, unit=department.pk, cases=len(rows))
    if rows:
        work.emit("supervision.week_made", week=week.pk, by=by.user)
    return week


def _why(*, left: bool, late: bool) -> Why:
    return Why.CARRIED if left else Why.OVERDUE if late else Why.DUE


def _check_running(week: WeekList, now: datetime) -> None:
    if week.ends_at <= now:
        raise RefusedError(gettext_noop("This week is over, and its list stays as it is."))


def _check_words(field: str, text: str) -> str:
    if not text.strip() or len(text) > WORDS:
        raise FieldError(field, gettext_noop("Give a text of at most %(limit)d characters."), limit=WORDS)
    return text.strip()


@service("supervision.add_to_week")
def add_to_week(work: Work, *, by: Actor, now: datetime, week: WeekList, number: str, text: str) -> WeekItem:
    """Put a running case on the list of a week that is not over, with a reason."""
    permissions.require(by, "supervision.add_to_week", week)
    _check_running(week, now)
    words = _check_words("text", text)
    case = case_queries.running(by).filter(number=number.strip(), intake=week.department).first()
    if case is None or case.state in (*CASE_CLEARED, *CASE_ELSEWHERE):
        raise FieldError("number", gettext_noop("No case with this number is being handled for this unit."))
    try:
        with transaction.atomic():
            item = WeekItem.objects.create(
                week=week, case=case, why=Why.ADDED, added_by_id=by.user, added_text=words
            )
    except IntegrityError as error:
        raise FasterError(
            gettext_noop("This case stands on the list already, or was taken off it.")
        ) from error
    work.record(item, tenant=case.enterprise_id, case=case.pk, week=week.pk)
    return item


@service("supervision.take_off")
def take_off(work: Work, *, by: Actor, now: datetime, item: WeekItem, text: str) -> WeekItem:
    """Take a case off the list of a week that is not over; it stays there struck out, with the reason."""
    permissions.require(by, "supervision.take_off", item)
    _check_running(item.week, now)
    words = _check_words("text", text)
    standing = WeekItem.objects.filter(pk=item.pk, off_at__isnull=True)
    if not standing.update(off_by_id=by.user, off_at=now, off_text=words):
        raise FasterError(gettext_noop("This case was taken off the list already."))
    item.refresh_from_db()
    work.record(item, tenant=item.case.enterprise_id, case=item.case_id, week=item.week_id)
    return item


@service("supervision.say_why")
def say_why(work: Work, *, by: Actor, now: datetime, item: WeekItem, text: str, next_day: date) -> WeekItem:
    """Say why a listed case is not cleared yet, what comes next, and until when it will be."""
    permissions.require(by, "supervision.say_why", item)
    words, today = _check_words("text", text), local_date(now)
    if item.case.state in CASE_CLEARED:
        raise RefusedError(gettext_noop("This case is cleared. There is nothing left to say."))
    if not today <= next_day <= today + timedelta(days=rules(today)["week"]["ahead"]):
        raise FieldError("next_day", gettext_noop("Give a day from today on, within the next year or so."))
    standing = WeekItem.objects.filter(pk=item.pk, off_at__isnull=True)
    if not standing.update(said_by_id=by.user, said_at=now, said_text=words, next_day=next_day):
        raise FasterError(gettext_noop("This case was taken off the list already."))
    item.refresh_from_db()
    work.record(item, tenant=item.case.enterprise_id, case=item.case_id, next_day=next_day)
    return item


@service("supervision.remind_week")
def remind_week(work: Work, *, by: Actor, now: datetime, week: WeekList) -> WeekList:
    """Remind the units of a list, once, that its week ends today."""
    permissions.require(by, "supervision.remind_week", week)
    if not WeekList.objects.filter(pk=week.pk, reminded_at__isnull=True).update(reminded_at=now):
        raise FasterError(gettext_noop("The units were reminded of this list already."))
    week.refresh_from_db()
    work.record(week, unit=week.department_id)
    work.emit("supervision.week_ends", week=week.pk, by=by.user)
    return week
