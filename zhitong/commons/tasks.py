"""The look at recent cases, who is told of what it found, and problems that follow their leading case."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.cases.models import Case
from zhitong.commons import queries, scanning, services
from zhitong.commons.models import CommonProblem
from zhitong.commons.states import OPEN
from zhitong.core.actor import Role, system
from zhitong.core.errors import RefusedError
from zhitong.orgs import queries as orgs_queries
from zhitong.orgs import services as orgs_services

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.models import OutboxMessage

# Steps after which a case has ended, or runs again.
ENDINGS = frozenset(
    f"cases.{name}"
    for name in (
        "close", "close_unrated", "close_silent", "withdraw", "refuse",
        "reopen", "reopen_rated", "reopen_visited",
    )
)  # fmt: skip


class Look:
    """Looks every hour what several firms have in common, and proposes it."""

    every = timedelta(hours=1)

    def run(self, now: datetime) -> str:
        """Propose what is new; add newcomers to open problems."""
        found, by = scanning.look(now), system("tick")
        proposed = sum(_propose(row, now) for row in found.proposals)
        added = 0
        problems = CommonProblem.objects.filter(pk__in=found.newcomers, state__in=OPEN)
        for problem in problems:
            members = {one.key: one.likeness for one in found.newcomers[problem.pk]}
            try:
                services.add(by=by, now=now, problem=problem, members=members)
            except RefusedError:
                continue  # another ticker was faster
            added += len(members)
        return f"{proposed} proposed, {added} cases added" if proposed or added else ""


def _propose(row: scanning.Proposal, now: datetime) -> bool:
    group = row.group
    try:
        services.propose(
            by=system("tick"), now=now, department=row.department, entity=group.entity,
            leading=Case.objects.get(pk=group.centre), shared=group.shared,
            members=dict(zip(group.members, group.alike, strict=True)),
        )  # fmt: skip
    except RefusedError:
        return False  # another ticker was faster
    return True


TOLD = {
    "commons.propose": gettext_noop(
        "Several firms seem to have one matter in common: “%(title)s”. Please confirm or dismiss it."
    ),
    "commons.add": gettext_noop("More cases may belong to a common problem: “%(title)s”. Please look."),
}
LED = {
    "commons.confirm": gettext_noop("Your department leads a common problem of several firms: “%(title)s”."),
    "commons.set_month": gettext_noop("A leader has made this the matter of the month: “%(title)s”."),
}


class TellOfProblems:
    """Tells dispatchers what waits for them, and lead departments what they have to lead."""

    topics = frozenset(TOLD) | frozenset(LED)

    def __call__(self, message: OutboxMessage, now: datetime) -> None:
        """Make one message for each person concerned, but not for whoever did it."""
        problem = CommonProblem.objects.get(pk=message.payload["problem"])
        if message.topic in TOLD:
            users = orgs_queries.holders(problem.department_id, Role.DISPATCHER, now=now)
        else:
            users = orgs_queries.holders(problem.lead_id, *queries.UNIT_ROLES, now=now)
        orgs_services.notify(
            users=set(users.values_list("pk", flat=True)) - {message.payload.get("by")},
            msgid=(TOLD | LED)[message.topic],
            params={"title": problem.title},
            subject=f"common:{problem.pk}",
            source=f"outbox:{message.pk}",
            event=message.topic,
            now=now,
        )


class FollowLeading:
    """Lets a common problem end, or go on, with its leading case."""

    topics = ENDINGS

    def __call__(self, message: OutboxMessage, now: datetime) -> None:
        """Bring the problems that a case leads to where the case is."""
        for problem in queries.led_by(message.payload["case"]).select_related("leading"):
            try:
                services.follow(by=system("outbox"), now=now, problem=problem)
            except RefusedError:
                continue  # there already
