"""What follows after a case has moved: messages to people, and closing what nobody rated."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.cases import queries, services
from zhitong.cases.models import Case
from zhitong.core.actor import Role, system
from zhitong.core.errors import RefusedError
from zhitong.enterprises import queries as enterprise_queries
from zhitong.orgs import queries as orgs_queries
from zhitong.orgs import services as orgs_services

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.models import OutboxMessage

FIRM = {
    "cases.accept": gettext_noop("Your case “%(title)s” was accepted by %(unit)s."),
    "cases.return": gettext_noop(
        "Your case “%(title)s” needs a supplement. Please open it and add what is missing."
    ),
    "cases.start": gettext_noop("%(unit)s is now working on your case “%(title)s”."),
    "cases.approve": gettext_noop(
        "Your case “%(title)s” has been answered. Please read the answer and rate it."
    ),
    "cases.close": gettext_noop("Your case “%(title)s” is closed."),
    "cases.close_unrated": gettext_noop("Your case “%(title)s” is closed: the time for a rating has passed."),
}
STAFF = {
    "cases.submit": gettext_noop("New case to accept: “%(title)s”."),
    "cases.supplement": gettext_noop("The supplement has come in: “%(title)s”."),
    "cases.withdraw": gettext_noop("The firm has withdrawn its case “%(title)s”."),
    "cases.dispatch": gettext_noop("A case was dispatched to you: “%(title)s”."),
    "cases.redispatch": gettext_noop("A case was dispatched to you: “%(title)s”."),
    "cases.assign": gettext_noop("You are in charge of the case “%(title)s”."),
    "cases.hand_over": gettext_noop("You are in charge of the case “%(title)s”."),
    "cases.answer": gettext_noop("An answer waits for your review: “%(title)s”."),
    "cases.reject": gettext_noop("Your answer was sent back for revision: “%(title)s”."),
    "cases.rate": gettext_noop("The firm has rated its case: “%(title)s”."),
}
REVIEWERS = (Role.SECTION_HEAD, Role.LEADER_IN_CHARGE)


class TellPeople:
    """Gives each person concerned one message about a move, in the delivery's own transaction."""

    topics = frozenset(FIRM) | frozenset(STAFF)

    def __call__(self, message: OutboxMessage, now: datetime) -> None:
        """Make the messages of one move; whoever moved the case is not told."""
        case = Case.objects.select_related("accountable", "enterprise").get(pk=message.payload["case"])
        for texts, users in ((FIRM, _firm(case)), (STAFF, _staff(message.topic, case, now))):
            if message.topic in texts:
                orgs_services.notify(
                    users=set(users) - {message.payload.get("by")},
                    msgid=texts[message.topic],
                    params={"title": case.title, "unit": case.accountable.name},
                    subject=f"case:{case.pk}",
                    source=f"outbox:{message.pk}",
                    now=now,
                )


def _firm(case: Case) -> list[int]:
    return enterprise_queries.member_ids(case.enterprise_id) if case.enterprise_id else []


def _staff(topic: str, case: Case, now: datetime) -> list[int]:
    if topic in {"cases.submit", "cases.supplement", "cases.rate"}:
        return _holders(case.intake_id, (Role.DISPATCHER,), now)
    if topic == "cases.answer":
        return _holders(case.lead_id, REVIEWERS, now)
    if case.person_id:
        return [case.person_id]
    return _holders(case.lead_id, (Role.HANDLER,), now)


def _holders(department: int | None, roles: tuple[Role, ...], now: datetime) -> list[int]:
    if department is None:
        return []
    return list(orgs_queries.holders(department, *roles, now=now).values_list("pk", flat=True))


class CloseUnrated:
    """Closes answered cases whose rating window has passed."""

    every = timedelta(minutes=10)

    def run(self, now: datetime) -> str:
        """Close what is due, a case at a time, so that one odd case does not hold up the rest."""
        closed = 0
        for case in queries.due_unrated(now)[:1000]:
            try:
                services.close_unrated(by=system("tick"), now=now, case=case)
            except RefusedError:
                continue  # rated or closed in the meantime
            closed += 1
        return f"{closed} closed without a rating" if closed else ""
