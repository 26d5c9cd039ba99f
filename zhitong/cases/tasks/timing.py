"""What is due again and again: words to people before a time is over, and what follows when it is."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.cases import queries, services
from zhitong.cases.states import is_urgent, rule
from zhitong.cases.tasks.hours import at_work
from zhitong.cases.tasks.telling import HEADS, holders, those_who_see
from zhitong.core import queries as core_queries
from zhitong.core.actor import Role, system
from zhitong.core.clock import local_date
from zhitong.core.errors import RefusedError
from zhitong.kernel.calendar import workdays_between
from zhitong.orgs import services as orgs_services

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.kernel.calendar import DayTable


class Remind:
    """Reminds firms of what is waited for, before its time is over; once, and at working hours only."""

    every = timedelta(minutes=30)

    def __init__(self, state: str, action: str) -> None:
        self.state = state
        self.action = action

    def run(self, now: datetime) -> str:
        """Remind every firm whose last days have begun; how many those are stands with the deadlines."""
        table = core_queries.day_table(local_date(now))
        if not table.is_workday(local_date(now)):
            return ""
        done = 0
        for case in queries.silent(self.state, self.action, now)[:1000]:
            near = days_left(case, now, table) <= rule(case.sla_version, self.action)
            if near and at_work(case.sla_version, now):
                getattr(services, self.action)(by=system("tick"), now=now, case=case)
                done += 1
        return f"{done} times {self.action}" if done else ""


def days_left(case: Case, now: datetime, table: DayTable) -> int:
    """How many days of the clock's own kind are left."""
    today, due = local_date(now), local_date(case.due_at)
    return workdays_between(today, due, table) if case.deadline["unit"] == "workday" else (due - today).days


class RunOut:
    """Does what follows by itself when the time of a case is over; `action` names it, `state` where."""

    every = timedelta(minutes=10)

    def __init__(self, state: str, action: str) -> None:
        self.state = state
        self.action = action

    def run(self, now: datetime) -> str:
        """Do what is due, a case at a time, so that one odd case does not hold up the rest."""
        done = 0
        for case in queries.run_out(self.state, self.action, now)[:1000]:
            if services.held_back(case, self.action):
                continue  # asked beforehand: a refusal every ten minutes would fill the audit log
            try:
                getattr(services, self.action)(by=system("tick"), now=now, case=case)
            except RefusedError:
                continue  # moved on in the meantime
            done += 1
        return f"{done} times {self.action}" if done else ""


CONTACT = gettext_noop("The firm is to be contacted by today: “%(title)s”.")
UNCONTACTED = gettext_noop("The firm was not contacted in time: “%(title)s”. Please see to it.")


class RemindContact:
    """Reminds of the first contact with a firm: who has the case on its day, the heads when it is over.

    At working hours only, urgent kinds day and night; once each, for a source names case, time and step.
    """

    every = timedelta(minutes=10)

    def run(self, now: datetime) -> str:
        """Make the messages; repeats change nothing."""
        works = core_queries.day_table(local_date(now)).is_workday(local_date(now))
        for case in queries.uncontacted(now):
            if is_urgent(case.sla_version, case.kind) or (works and at_work(case.sla_version, now)):
                self._tell(case, now)
        return ""

    def _tell(self, case: Case, now: datetime) -> None:
        over = case.contact_due_at < now
        people = [case.person_id] if case.person_id else holders(case.lead_id, (Role.HANDLER,), now)
        orgs_services.notify(
            users=set(those_who_see(case, holders(case.lead_id, HEADS, now) if over else people, now)),
            msgid=UNCONTACTED if over else CONTACT,
            params={"title": case.title},
            subject=f"case:{case.pk}",
            source=f"cases.contact:{case.pk}:{case.contact_due_at:%Y%m%d%H%M}:{'over' if over else 'due'}",
            event="cases.contact_due",
            now=now,
        )
