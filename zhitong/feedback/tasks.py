"""Who is told when a firm is dissatisfied again, and when a case is asked to be left out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.cases import queries as case_queries
from zhitong.cases.models import Case
from zhitong.core import queries as core_queries
from zhitong.core.actor import Role
from zhitong.core.clock import local_date
from zhitong.enterprises import queries as enterprise_queries
from zhitong.feedback.models import Effect, Thanks
from zhitong.feedback.permissions import HEADS
from zhitong.feedback.queries import late_looks, units_with_due_visits
from zhitong.orgs import queries as orgs_queries
from zhitong.orgs import services as orgs_services

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.models import OutboxMessage

TEXTS = {
    "feedback.bad_again": gettext_noop(
        "The firm is still not satisfied: “%(title)s”. Please look at it yourself."
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
            event=message.topic,
            now=now,
        )


TO_FIRM = {
    "feedback.effect_expected": gettext_noop("%(unit)s follows an effect of its answer to “%(title)s”."),
    "feedback.effect_there": gettext_noop(
        "%(unit)s says that an effect of “%(title)s” is there. Please confirm it, or say what is missing."
    ),
    "feedback.effect_looked": gettext_noop(
        "%(unit)s has looked at an effect of “%(title)s”: it is not there yet and is looked at again."
    ),
    "feedback.effect_dropped": gettext_noop(
        "An effect of “%(title)s” is not followed any more. The reason stands with the case."
    ),
}
TO_UNIT = {
    "feedback.effect_confirmed": gettext_noop("An effect of “%(title)s” is confirmed."),
    "feedback.effect_denied": gettext_noop(
        "The firm says that an effect of “%(title)s” is not there yet. Please look at it again."
    ),
}
LOOK = gettext_noop("An effect of “%(title)s” is to be looked at: is it there?")


def _unit(case: Case, now: datetime) -> set[int]:
    """The person in charge, else the handlers of the lead department; only those who see the case."""
    handlers = orgs_queries.holders(case.lead_id, Role.HANDLER, now=now) if case.lead_id else ()
    mine = [user for user in handlers if user.pk == case.person_id]
    return {
        user.pk for user in mine or handlers if case_queries.sees(orgs_queries.staff_actor(user, now), case)
    }


class TellOfEffects:
    """Tells the other side of each step of an effect."""

    topics = frozenset(TO_FIRM) | frozenset(TO_UNIT)

    def __call__(self, message: OutboxMessage, now: datetime) -> None:
        """Make the messages of one step; whoever took it is not told."""
        case = Case.objects.select_related("lead").get(pk=message.payload["case"])
        if message.topic in TO_FIRM:
            users = set(enterprise_queries.member_ids(case.enterprise_id) if case.enterprise_id else ())
        else:
            users = _unit(case, now)
        orgs_services.notify(
            users=users - {message.payload.get("by")},
            msgid=(TO_FIRM | TO_UNIT)[message.topic],
            params={"title": case.title, "unit": case.lead.name if case.lead else ""},
            subject=f"case:{case.pk}",
            source=f"outbox:{message.pk}",
            event=message.topic,
            now=now,
        )


THANKED = gettext_noop("The firm thanks for “%(title)s”.")


class TellOfThanks:
    """Tells those who handled a case, and who heads them, that its firm has thanked."""

    topics = frozenset({"feedback.thanks"})

    def __call__(self, message: OutboxMessage, now: datetime) -> None:
        """Make the messages; thanks that were taken back in the meantime tell nobody."""
        row = Thanks.objects.select_related("case").get(pk=message.payload["thanks"])
        if row.withdrawn_at is not None:
            return
        case = row.case
        heads = orgs_queries.holders(case.lead_id, *HEADS, now=now) if case.lead_id else ()
        seeing = [user for user in heads if case_queries.sees(orgs_queries.staff_actor(user, now), case)]
        orgs_services.notify(
            users=(_unit(case, now) | {user.pk for user in seeing}) - {message.payload.get("by")},
            msgid=THANKED,
            params={"title": case.title},
            subject=f"case:{case.pk}",
            source=f"outbox:{message.pk}",
            event=message.topic,
            now=now,
        )


class RemindLook:
    """Reminds the lead unit on working days of effects whose day of look has come; once a day of look."""

    every = timedelta(hours=1)

    def run(self, now: datetime) -> str:
        """Make the messages; the source names effect and day, so that repeats change nothing."""
        today = local_date(now)
        if not core_queries.day_table(today).is_workday(today):
            return ""
        for effect in late_looks(Effect.objects.select_related("case"), today).order_by("pk"):
            orgs_services.notify(
                users=_unit(effect.case, now),
                msgid=LOOK,
                params={"title": effect.case.title},
                subject=f"case:{effect.case_id}",
                source=f"feedback.effect:{effect.pk}:{effect.next_look}",
                event="feedback.look",
                now=now,
            )
        return ""


VISITS = gettext_noop("Return visits that are due: %(count)d. Please ask the firms how it was.")


class RemindVisits:
    """Tells the dispatchers of an intake unit on working days how many firms are to be asked; once a day."""

    every = timedelta(hours=1)

    def run(self, now: datetime) -> str:
        """Make the messages; the source names unit and day, so that repeats change nothing."""
        today = local_date(now)
        if not core_queries.day_table(today).is_workday(today):
            return ""
        for unit, number in units_with_due_visits(now).items():
            people = orgs_queries.holders(unit, Role.DISPATCHER, now=now)
            orgs_services.notify(
                users=set(people.values_list("pk", flat=True)),
                msgid=VISITS,
                params={"count": number},
                subject="visits",
                source=f"feedback.visits:{unit}:{today}",
                event="feedback.visits",
                now=now,
            )
        return ""
