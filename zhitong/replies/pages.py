"""Matters and replies as the office's pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zhitong.core import permissions
from zhitong.core import queries as core_queries
from zhitong.replies import queries
from zhitong.replies.models import Reply, ReplyLink
from zhitong.replies.states import ReplyState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.core.models import Upload
    from zhitong.orgs.models import Department
    from zhitong.replies.queries import Matter


@dataclass(frozen=True, slots=True)
class Row:
    """What lies with a unit: until when, which link is out, which reply waits, what the reader may do."""

    matter: Matter
    late: bool
    link: ReplyLink | None
    waiting: Reply | None
    may_link: bool
    may_enter: bool
    may_take: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A reply with its scans and whether the reader decides on it."""

    reply: Reply
    files: list[Upload]
    may_take: bool


def units(actor: Actor, matters: Sequence[Matter]) -> list[tuple[Department, int]]:
    """The units with how much of each the actor may enter replies to, in the order of the matters."""
    counted: dict[int, tuple[Department, int]] = {}
    for matter in matters:
        if not permissions.may(actor, "replies.enter", matter):
            continue
        unit, count = counted.get(matter.department.pk, (matter.department, 0))
        counted[unit.pk] = (unit, count + 1)
    return list(counted.values())


def rows(actor: Actor, matters: Sequence[Matter], now: datetime) -> list[Row]:
    """Matters with links and waiting replies, read once for the whole list."""
    cases = [matter.case.pk for matter in matters]
    links = {(row.case_id, row.department_id): row for row in queries.links(cases, now)}
    waiting = {
        (row.case_id, row.department_id): row
        for row in Reply.objects.filter(case__in=cases, state=ReplyState.WAITING)
    }
    return [_row(actor, matter, links.get(matter.key), waiting.get(matter.key), now) for matter in matters]


def _row(actor: Actor, matter: Matter, link: ReplyLink | None, waiting: Reply | None, now: datetime) -> Row:
    speaks = permissions.may(actor, "replies.link", matter)
    return Row(
        matter=matter,
        late=matter.due_at is not None and now > matter.due_at,
        link=link,
        waiting=waiting,
        may_link=speaks and waiting is None and not matter.case.confidential,
        may_enter=waiting is None and permissions.may(actor, "replies.enter", matter),
        may_take=speaks and waiting is not None,
    )


def shown(actor: Actor, replies: Iterable[Reply]) -> list[Shown]:
    """Replies with their scans, which are read once for all."""
    found = list(replies)
    files: dict[str, list[Upload]] = {}
    for file in core_queries.uploads_of_many(f"replies.reply:{row.pk}" for row in found):
        files.setdefault(file.subject, []).append(file)
    return [
        Shown(
            row,
            files.get(f"replies.reply:{row.pk}", []),
            row.state == ReplyState.WAITING and permissions.may(actor, "replies.take", row),
        )
        for row in found
    ]
