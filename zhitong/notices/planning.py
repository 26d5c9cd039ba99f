"""Which way a message goes: decided by the table and by what the person chose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhitong.core.clock import local_date
from zhitong.notices import hours, queries
from zhitong.notices.models import Delivery
from zhitong.notices.states import Channel, Reason, State, Table, table_on
from zhitong.orgs.models import Notice

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from zhitong.notices.queries import Person
    from zhitong.notices.states import Group


def plan(notices: Iterable[int], now: datetime) -> list[int]:
    """Write down how several messages go, and return those that go at once; repeats change nothing."""
    table = table_on(local_date(now))
    rows = list(Notice.objects.filter(pk__in=notices, user__is_active=True).select_related("user"))
    people = queries.people(row.user for row in rows)
    found = [made for row in rows for made in ways(table, row, people[row.user_id], now)]
    Delivery.objects.bulk_create(found, ignore_conflicts=True)
    return sorted({row.notice_id for row in found if row.state == State.WAITING})


def ways(table: Table, notice: Notice, person: Person, now: datetime) -> list[Delivery]:
    """Return the ways of one message: the first of the ladder that reaches the person, and all beside it."""
    group = table.group(notice.event, person.side)
    found = [way for way in (_first(group, person),) if way is not None]
    beside = [channel for channel in Channel.values if channel not in group.ladder]
    found += [
        (channel, person.wants(group, channel)) for channel in beside if _concerns(group, person, channel)
    ]
    return [_made(table, notice, person, channel, wanted=wanted, now=now) for channel, wanted in found]


def _concerns(group: Group, person: Person, channel: str) -> bool:
    """A way that is neither usual nor chosen leaves no trace."""
    return channel in group.on or person.wants(group, channel)


def _first(group: Group, person: Person) -> tuple[str, bool] | None:
    """The way of the ladder that is taken, and whether the person wants one at all."""
    wanted = [channel for channel in group.ladder if person.wants(group, channel)]
    reaching = [channel for channel in wanted if person.reach(channel)]
    if reaching:
        return reaching[0], True
    if wanted:
        return wanted[-1], True
    usual = [channel for channel in group.ladder if channel in group.on]
    return (usual[-1], False) if usual else None


def _made(
    table: Table, notice: Notice, person: Person, channel: str, *, wanted: bool, now: datetime
) -> Delivery:
    group = table.group(notice.event, person.side)
    row = Delivery(
        notice=notice, channel=channel, group=group.name, urgent=group.urgent, since=now, due_at=now
    )
    if not wanted or not person.reach(channel):
        row.state, row.due_at = State.DROPPED, None
        row.reason = _why(person, channel) if wanted else Reason.OFF
        return row
    if channel == Channel.EMAIL and person.digest and not group.urgent:
        row.digest, row.state, row.reason = True, State.HELD, Reason.DIGEST
        row.due_at = hours.next_digest(table, now)
    return row


def _why(person: Person, channel: str) -> Reason:
    unbound = channel == Channel.WEIXIN and person.preference.unbound_at is not None
    return Reason.UNBOUND if unbound else Reason.NO_ADDRESS


def fall_back(row: Delivery, person: Person, now: datetime) -> Delivery | None:
    """Write down the next way of the ladder for a message whose way does not reach the person."""
    table = table_on(local_date(now))
    group = table.group(row.notice.event, person.side)
    if row.channel not in group.ladder:
        return None
    below = group.ladder[group.ladder.index(row.channel) + 1 :]
    reaching = [channel for channel in below if person.wants(group, channel) and person.reach(channel)]
    if not reaching:
        return None
    made = _made(table, row.notice, person, reaching[0], wanted=True, now=now)
    Delivery.objects.bulk_create([made], ignore_conflicts=True)
    return made
