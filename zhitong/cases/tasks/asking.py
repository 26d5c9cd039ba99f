"""Who is told of questions before the dispatch, and when their time is over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.cases import services, soundings
from zhitong.cases.models import Case, Sounding
from zhitong.cases.tasks.telling import HEADS, holders
from zhitong.core.actor import Role, system
from zhitong.core.errors import RefusedError
from zhitong.orgs import services as orgs_services

if TYPE_CHECKING:
    from zhitong.core.models import OutboxMessage

ASKED = gettext_noop("Before it is dispatched your unit is asked whether this is its duty: “%(title)s”.")
OVER = gettext_noop(
    "The units asked about “%(title)s” have answered, or their time is over. Please dispatch it."
)


class TellOfSoundings:
    """Tells a unit that it is asked, and the dispatcher once that no answer is waited for any more."""

    topics = frozenset({"cases.sounding", "cases.sounded"})

    def __call__(self, message: OutboxMessage, now: datetime) -> None:
        """Make the messages; whoever asked or answered is not told."""
        case = Case.objects.get(pk=message.payload["case"])
        if message.topic == "cases.sounding":
            row = Sounding.objects.get(pk=message.payload["sounding"])
            msgid, users = ASKED, holders(row.department_id, (Role.HANDLER, *HEADS), now)
        else:
            msgid, users = OVER, holders(case.intake_id, (Role.DISPATCHER,), now)
        orgs_services.notify(
            users=set(users) - {message.payload.get("by")},
            msgid=msgid,
            params={"title": case.title},
            subject=f"case:{case.pk}",
            source=f"outbox:{message.pk}",
            event=message.topic,
            now=now,
        )


class SoundingsOver:
    """Tells dispatchers of cases whose asked units have had their time; once, day and night."""

    every = timedelta(minutes=5)

    def run(self, now: datetime) -> str:
        """Tell of every case, one at a time."""
        told = 0
        for case in soundings.run_out(now)[:1000]:
            try:
                services.sounding_over(by=system("tick"), now=now, case=case)
            except RefusedError:
                continue  # answered in the meantime
            told += 1
        return f"{told} times the asked units' time was over" if told else ""
