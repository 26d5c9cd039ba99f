"""Who is told when a firm is dissatisfied again, and when a case is asked to be left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.cases import queries as case_queries
from zhitong.cases.models import Case
from zhitong.core.actor import Role
from zhitong.orgs import queries as orgs_queries
from zhitong.orgs import services as orgs_services

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.models import OutboxMessage

TEXTS = {
    "feedback.bad_again": gettext_noop(
        "The firm is dissatisfied again: “%(title)s”. Please look at it yourself."
    ),
    "feedback.exclusion": gettext_noop(
        "A case is asked to be left out of the rates: “%(title)s”. Please decide."
    ),
}


class TellOfFeedback:
    """Tells leaders in charge and supervisors what needs a person; only those who may see the case."""

    topics = frozenset(TEXTS)

    def __call__(self, message: OutboxMessage, now: datetime) -> None:
        """Make the messages; whoever caused them is not told."""
        case = Case.objects.select_related("lead", "intake").get(pk=message.payload["case"])
        people = list(orgs_queries.nearest(Role.SUPERVISOR, case.intake_id, now=now))
        if message.topic == "feedback.bad_again" and case.lead_id:
            people += orgs_queries.nearest(Role.LEADER_IN_CHARGE, case.lead_id, now=now)
        told = {user.pk for user in people if case_queries.sees(orgs_queries.staff_actor(user, now), case)}
        orgs_services.notify(
            users=told - {message.payload.get("by")},
            msgid=TEXTS[message.topic],
            params={"title": case.title},
            subject=f"case:{case.pk}",
            source=f"outbox:{message.pk}",
            now=now,
        )
