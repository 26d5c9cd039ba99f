"""Messages: a precedent waits for its review, was published or sent back, is due to be looked at again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.core import permissions
from zhitong.core.actor import Role
from zhitong.core.clock import local_date
from zhitong.insight import queries
from zhitong.insight.models import Precedent
from zhitong.insight.queries import OF_ROW
from zhitong.insight.states import rules
from zhitong.orgs import queries as org_queries
from zhitong.orgs import services as org_services

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.models import OutboxMessage

TEXTS = {
    "insight.send": gettext_noop("The precedent “%(title)s” waits for your review."),
    "insight.send_back": gettext_noop("Your precedent “%(title)s” was sent back. Read why and change it."),
    "insight.publish": gettext_noop("Your precedent “%(title)s” was published."),
}
EXPIRES = gettext_noop(
    "The precedent “%(title)s” is to be looked at again by %(day)s. After that nobody is shown it."
)


class TellOfPrecedents:
    """Tells reviewers what waits for them, and authors what became of it."""

    topics = frozenset(TEXTS)

    def __call__(self, message: OutboxMessage, now: datetime) -> None:
        """Make the messages of one step; whoever took it is not told."""
        row = Precedent.objects.select_related(*OF_ROW).get(pk=message.payload["precedent"])
        told = _reviewers(row, now) if message.topic == "insight.send" else {row.author_id}
        told -= {message.payload["by"]}
        _notify(row, told, TEXTS[message.topic], f"outbox:{message.pk}", message.topic, now)


def _reviewers(row: Precedent, now: datetime) -> set[int]:
    """Those who may publish it."""
    heads = org_queries.holders(row.department_id, Role.SECTION_HEAD, now=now)
    dispatchers = org_queries.holders(row.case.intake_id, Role.DISPATCHER, now=now)
    people = org_queries.staff().filter(pk__in={user.pk for user in (*heads, *dispatchers)})
    return {
        user.pk
        for user in people
        if permissions.may(org_queries.staff_actor(user, now), "insight.publish", row)
    }


def _notify(row: Precedent, users: set[int], msgid: str, source: str, event: str, now: datetime) -> None:
    org_services.notify(
        users=users,
        msgid=msgid,
        params={"title": row.title, "day": row.valid_until.isoformat()},
        subject=f"precedent:{row.pk}",
        source=source,
        event=event,
        now=now,
    )


class RemindUnits:
    """Reminds author and reviewers that a precedent is to be looked at again, once for each day set."""

    every = timedelta(hours=1)

    def run(self, now: datetime) -> str:
        """Tell them of what ends within the days of the table."""
        rule = rules(local_date(now))
        told = 0
        for row in queries.expiring(local_date(now) + timedelta(days=rule["remind_days"])):
            source = f"insight.precedent:{row.pk}:{row.valid_until.isoformat()}"
            _notify(row, {row.author_id, *_reviewers(row, now)}, EXPIRES, source, "insight.expires", now)
            told += 1
        return f"{told} precedents to look at again" if told else ""
