"""What follows after a task has moved: messages to people, and telling units of overdue tasks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_noop

from zhitong.cases import queries as case_queries
from zhitong.core import queries as core_queries
from zhitong.core.actor import Role, system
from zhitong.core.clock import local_date
from zhitong.core.errors import RefusedError
from zhitong.orgs import queries as orgs_queries
from zhitong.orgs import services as orgs_services
from zhitong.supervision import queries, services
from zhitong.supervision.models import Check, Referral, Task
from zhitong.supervision.states import working_hours

if TYPE_CHECKING:
    from zhitong.core.models import OutboxMessage

TO_UNIT = {
    "supervision.issue": gettext_noop("A supervised task for your unit: “%(title)s”. Please sign for it."),
    "supervision.send_back": gettext_noop("A supervised task came back, it is not done yet: “%(title)s”."),
    "supervision.remind": gettext_noop("You are urged to move on with “%(title)s”."),
    "supervision.talk": gettext_noop("Your unit was called in about an order: “%(title)s”. Please obey it."),
    "supervision.circular": gettext_noop("Your unit was criticised in a circular about “%(title)s”."),
    "supervision.tell_overdue": gettext_noop("A supervised task of your unit is overdue: “%(title)s”."),
    "supervision.cancel": gettext_noop("A supervised task is not needed any more: “%(title)s”."),
    "supervision.clear": gettext_noop("A supervised task of your unit was cleared: “%(title)s”."),
}
TO_ISSUER = {
    "supervision.close_report": gettext_noop("A unit reports that it is done: “%(title)s”. Please clear it."),
}


class TellUnits:
    """Gives each person concerned one message about a task, in the delivery's own transaction."""

    topics = frozenset(TO_UNIT) | frozenset(TO_ISSUER)

    def __call__(self, message: OutboxMessage, now: datetime) -> None:
        """Make the messages of one step; whoever took it is not told, nor who may not see the task."""
        task = Task.objects.select_related("matter").get(pk=message.payload["task"])
        issuing = message.topic in TO_ISSUER
        users = _issuing(task, now) if issuing else _unit(task, now)
        orgs_services.notify(
            users=_those_who_see(task, users, now) - {message.payload.get("by")},
            msgid=(TO_ISSUER if issuing else TO_UNIT)[message.topic],
            params={"title": task.matter.title or task.matter.number},
            subject=f"matter:{task.matter_id}",
            source=f"outbox:{message.pk}",
            event=message.topic,
            now=now,
        )


def _unit(task: Task, now: datetime) -> set[int]:
    people = orgs_queries.holders(task.department_id, *queries.UNIT_ROLES, now=now)
    return set(people.values_list("pk", flat=True))


def _issuing(task: Task, now: datetime) -> set[int]:
    office = orgs_queries.nearest(Role.SUPERVISOR, task.matter.department_id, now=now)
    return {task.matter.issued_by_id, *office.values_list("pk", flat=True)}


def _those_who_see(task: Task, users: set[int], now: datetime) -> set[int]:
    people = orgs_queries.staff().filter(pk__in=users)
    actors = [orgs_queries.staff_actor(user, now) for user in people]
    return {actor.user for actor in actors if queries.tasks(actor).filter(pk=task.pk).exists()}


REFERRAL = {
    "supervision.propose": gettext_noop("Somebody lays a case before you: “%(title)s”. Please decide."),
    "supervision.decide": gettext_noop("There is a word on what you laid before a leader: “%(title)s”."),
}


class TellOfReferrals:
    """Tells leaders what lies before them, and who proposed it what came of it."""

    topics = frozenset(REFERRAL)

    def __call__(self, message: OutboxMessage, now: datetime) -> None:
        """Make the messages of one step; only those who see it are told, and never who took it."""
        row = Referral.objects.select_related("case").get(pk=message.payload["referral"])
        leaders = orgs_queries.holders(row.to_department_id, Role.LEADER, now=now)
        asked = message.topic == "supervision.propose"
        users = set(leaders.values_list("pk", flat=True)) if asked else {row.proposed_by_id}
        people = orgs_queries.staff().filter(pk__in=users - {message.payload.get("by")})
        actors = [orgs_queries.staff_actor(user, now) for user in people]
        orgs_services.notify(
            users={actor.user for actor in actors if queries.referrals(actor).filter(pk=row.pk).exists()},
            msgid=REFERRAL[message.topic],
            params={"title": row.case.title},
            subject=f"referral:{row.pk}",
            source=f"outbox:{message.pk}",
            event=message.topic,
            now=now,
        )


FALSE = gettext_noop("A check found that this case was closed falsely: “%(title)s”.")


class TellOfFalse:
    """Tells those who answer for a case that a check found it falsely closed."""

    topics = frozenset({"supervision.false_closing"})

    def __call__(self, message: OutboxMessage, now: datetime) -> None:
        """Tell the heads of the lead department and the dispatchers, as far as they see the case."""
        case = Check.objects.select_related("case").get(pk=message.payload["check"]).case
        heads = orgs_queries.holders(case.lead_id, *queries.HEADS, now=now)
        dispatchers = orgs_queries.holders(case.intake_id, Role.DISPATCHER, now=now)
        users = {*heads.values_list("pk", flat=True), *dispatchers.values_list("pk", flat=True)}
        people = orgs_queries.staff().filter(pk__in=users - {message.payload.get("by")})
        actors = [orgs_queries.staff_actor(user, now) for user in people]
        orgs_services.notify(
            users={actor.user for actor in actors if case_queries.sees(actor, case)},
            msgid=FALSE,
            params={"title": case.title},
            subject=f"case:{case.pk}",
            source=f"outbox:{message.pk}",
            event=message.topic,
            now=now,
        )


class TellOverdue:
    """Tells units once of tasks whose time is over, at working hours only."""

    every = timedelta(minutes=10)

    def run(self, now: datetime) -> str:
        """Tell of every overdue task of which nobody was told yet."""
        today = local_date(now)
        first, last = working_hours(today)
        at_work = first <= timezone.localtime(now).time() <= last
        if not at_work or not core_queries.day_table(today).is_workday(today):
            return ""
        told = 0
        for task in queries.overdue_untold(now)[:1000]:
            try:
                services.tell_overdue(by=system("tick"), now=now, task=task)
            except RefusedError:
                continue  # moved on in the meantime
            told += 1
        return f"{told} units told" if told else ""
