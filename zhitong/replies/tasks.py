"""Messages: a reply came in; a reply is due tomorrow and has not come."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.cases import queries as case_queries
from zhitong.core import queries as core_queries
from zhitong.core.actor import Role
from zhitong.core.clock import local_date
from zhitong.kernel.calendar import subtract_workdays
from zhitong.orgs import queries as org_queries
from zhitong.orgs import services as org_services
from zhitong.replies import queries
from zhitong.replies.models import Reply
from zhitong.replies.states import rule

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.core.models import OutboxMessage

CAME_IN = gettext_noop("%(unit)s has replied to “%(title)s”. Please take the reply in.")
DUE = gettext_noop("%(unit)s has not replied yet, and “%(title)s” is due on %(day)s. Please call it.")


class TellOffice:
    """Tells those who may take a reply in that it came."""

    topics = frozenset({"replies.reply"})

    def __call__(self, message: OutboxMessage, now: datetime) -> None:
        """Make the messages of one reply; whoever entered it is not told."""
        reply = Reply.objects.select_related("case", "department").get(pk=message.payload["reply"])
        org_services.notify(
            users=set(_in_sight(reply.case, _concerned(reply, now), now)) - {message.payload.get("by")},
            msgid=CAME_IN,
            params={"unit": reply.department.name, "title": reply.case.title},
            subject=f"case:{reply.case_id}",
            source=f"outbox:{message.pk}",
            event=message.topic,
            now=now,
        )


def _concerned(reply: Reply, now: datetime) -> list[int]:
    holders = org_queries.holders(reply.case.intake_id, Role.DISPATCHER, now=now)
    found = list(holders.values_list("pk", flat=True))
    if reply.assist_id is not None and reply.case.person_id is not None:
        found.append(reply.case.person_id)
    return found


def _in_sight(case: Case, users: list[int], now: datetime) -> list[int]:
    people = org_queries.staff().filter(pk__in=users)
    return [user.pk for user in people if case_queries.sees(org_queries.staff_actor(user, now), case)]


class RemindMaker:
    """Reminds whoever gave a link out that the reply is due, once, a working day before."""

    every = timedelta(hours=1)

    def run(self, now: datetime) -> str:
        """Tell the makers of links whose matter is due by the next working day."""
        today, told = local_date(now), 0
        table = core_queries.day_table(today)
        for link in queries.reminders(now):
            matter = queries.matter_of(link)
            if not matter.open or matter.due_at is None:
                continue
            due = local_date(matter.due_at)
            if today < subtract_workdays(due, rule("remind_workdays"), table):
                continue
            org_services.notify(
                users=_in_sight(matter.case, [link.made_by_id], now),
                msgid=DUE,
                params={"unit": link.department.name, "title": matter.case.title, "day": due.isoformat()},
                subject=f"case:{link.case_id}",
                source=f"replies.link:{link.pk}",
                event="replies.due",
                now=now,
            )
            told += 1
        return f"{told} reminded of replies" if told else ""
