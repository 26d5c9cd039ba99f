"""A letter that came to the demo's office by e-mail and waits as a draft; no mailbox is asked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from zhitong.config.simulation.desks import DISPATCHER
from zhitong.core import data
from zhitong.core.actor import Role, system
from zhitong.drafts import queries, reading, services
from zhitong.drafts.states import Outcome
from zhitong.kernel.mail import Mail
from zhitong.orgs import queries as org_queries
from zhitong.orgs.models import Department, User

if TYPE_CHECKING:
    from zhitong.drafts.models import Mail as Kept

BY = system("mail-intake")  # who fetches e-mail where it is fetched
PLACE = services.Place("demo", 1, 1)
WRITTEN, FETCHED = timedelta(hours=3), timedelta(hours=2)


def fill(now: datetime) -> Kept:
    """Take one letter in for the dispatcher's unit, as the service behind the mailbox does."""
    row, at = data.read("demo", "hard")["letter"], now - FETCHED
    dispatcher = org_queries.staff_actor(User.objects.get(username=DISPATCHER), now)
    unit = Department.objects.get(pk__in=dispatcher.departments(Role.DISPATCHER))
    mail = Mail(
        message_id=f"<1@{row['address'].partition('@')[2]}>", address=row["address"], sender=row["sender"],
        subject=row["subject"], at=now - WRITTEN, text=row["text"], own=row["text"],
    )  # fmt: skip
    given = reading.mailed(mail, now=at, senders=queries.firms_of_sender(mail.address))
    return services.take_mail(
        by=BY, now=at, unit=unit, place=PLACE, mail=mail, outcome=Outcome.DRAFT, given=given
    )
