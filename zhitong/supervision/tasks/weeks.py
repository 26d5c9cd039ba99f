"""Weekly lists: made on the first working day of a week, told, and reminded of on its last."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_noop

from zhitong.core import queries as core_queries
from zhitong.core.actor import Role, system
from zhitong.core.clock import local_date
from zhitong.core.errors import RefusedError
from zhitong.orgs import queries as orgs_queries
from zhitong.orgs import services as orgs_services
from zhitong.supervision import queries, services
from zhitong.supervision.models import WeekList
from zhitong.supervision.states import working_hours

if TYPE_CHECKING:
    from zhitong.core.models import OutboxMessage

DAY = timedelta(days=1)
MADE = gettext_noop("This week's clearing list is made. Cases on it that concern you: %(count)s.")
ENDS = gettext_noop(
    "The week ends. Cases of your department that are not cleared: %(count)s. Please say why, and until when."
)


def _at_work(now: datetime) -> bool:
    today = local_date(now)
    first, last = working_hours(today)
    return core_queries.day_table(today).is_workday(today) and first <= timezone.localtime(now).time() <= last


def _last_workday(today: date) -> bool:
    """Whether no working day of the same week comes after a day."""
    table, sunday = core_queries.day_table(today), services.monday_of(today) + 6 * DAY
    return not any(table.is_workday(today + DAY * step) for step in range(1, (sunday - today).days + 1))


class MakeWeeks:
    """Makes the lists of a week in its first working hours; a unit has one as soon as it has cases."""

    every = timedelta(minutes=30)

    def run(self, now: datetime) -> str:
        """Make the list of every unit that takes cases in and has none for this week."""
        if not _at_work(now):
            return ""
        made = 0
        for unit in queries.without_list(services.monday_of(local_date(now))):
            try:
                services.make_week(by=system("tick"), now=now, department=unit)
            except RefusedError:
                continue  # another worker was faster
            made += 1
        return f"{made} lists made" if made else ""


class RemindWeeks:
    """Reminds units in the working hours of a week's last working day of what nobody has said a word on."""

    every = timedelta(hours=1)

    def run(self, now: datetime) -> str:
        """Remind of every list of this week once."""
        if not _at_work(now) or not _last_workday(local_date(now)):
            return ""
        told = 0
        monday = services.monday_of(local_date(now))
        for week in WeekList.objects.filter(monday=monday, reminded_at__isnull=True).order_by("pk"):
            try:
                services.remind_week(by=system("tick"), now=now, week=week)
            except RefusedError:
                continue  # another worker was faster
            told += 1
        return f"{told} lists reminded of" if told else ""


class TellOfWeeks:
    """Tells the people of a list how many of its cases concern them, each by what they may see."""

    topics = frozenset({"supervision.week_made", "supervision.week_ends"})

    def __call__(self, message: OutboxMessage, now: datetime) -> None:
        """Make one message for each person whom a case of the list concerns."""
        week = WeekList.objects.select_related("department").get(pk=message.payload["week"])
        ends = message.topic == "supervision.week_ends"
        people = _units(week, now) if ends else [*_units(week, now), *_keepers(week, now)]
        actors = [orgs_queries.staff_actor(user, now) for user in orgs_queries.staff().filter(pk__in=people)]
        numbers = queries.to_say(week, actors) if ends else queries.concerned(week, actors)
        for user, number in numbers.items():
            orgs_services.notify(
                users={user},
                msgid=ENDS if ends else MADE,
                params={"count": number},
                subject=f"week:{week.pk}",
                source=f"outbox:{message.pk}",
                event=message.topic,
                now=now,
            )


def _units(week: WeekList, now: datetime) -> list[int]:
    """Those who head the lead departments of its cases, and those in charge of a case."""
    rows = week.items.filter(off_at__isnull=True)
    leads = set(rows.exclude(case__lead=None).values_list("case__lead", flat=True))
    heads = [user.pk for lead in leads for user in orgs_queries.holders(lead, *queries.HEADS, now=now)]
    return [*heads, *rows.exclude(case__person=None).values_list("case__person", flat=True)]


def _keepers(week: WeekList, now: datetime) -> list[int]:
    dispatchers = orgs_queries.holders(week.department_id, Role.DISPATCHER, now=now)
    return list(dispatchers.values_list("pk", flat=True))
