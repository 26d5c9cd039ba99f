"""What several firms have in common among recent cases: read the cases, ask the kernel, write nothing."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from zhitong.cases.models import Case
from zhitong.commons.models import CommonMember, CommonProblem
from zhitong.commons.states import NEVER, OPEN, Standing, rules
from zhitong.core import data
from zhitong.core.clock import local_date
from zhitong.kernel.text import (
    Cleaning,
    Entity,
    Gazetteer,
    Group,
    Known,
    Message,
    Newcomer,
    Rules,
    groups,
    newcomers,
)
from zhitong.orgs import queries as orgs_queries
from zhitong.orgs.states import Tier

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.orgs.models import Department

MOST = 5_000  # cases that one look compares, the newest
# What the units of the city are as entities; a bureau is a department.
TIERS = {Tier.PARK: "park", Tier.TOWN: "street", Tier.COUNTY: "street"}
BUREAU = "department"
BRACKETS = re.compile(r"[(\uff08][^)\uff09]*[)\uff09]")
COLUMNS = (
    "pk", "created_at", "title", "text", "place", "enterprise", "enterprise__merged_into",
    "enterprise__park", "merged_into", "intake",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proposal:
    """A group that nobody has seen yet, and the unit above all its cases."""

    group: Group
    department: Department


@dataclass(frozen=True, slots=True)
class Found:
    """What a look found: new groups, and newcomers by common problem."""

    proposals: list[Proposal]
    newcomers: dict[int, list[Newcomer]]


def look(now: datetime) -> Found:
    """Look at the cases of the window for groups that are new and cases that belong to open ones.

    Confidential cases, protected reporters, cases without a firm and those that were withdrawn or refused
    take no part. Cases of one firm, under any of its entries, count as one firm.
    """
    table = rules(local_date(now))
    limits, cleaning = Rules.parse(table), Cleaning.parse(data.read("texts", "cleaning-1"))
    units = {unit.pk: unit for unit in orgs_queries.departments(active=False)}
    gazetteer = Gazetteer.parse(table).knowing(_names(units))
    since = now - timedelta(days=limits.days)
    held = CommonMember.objects.filter(Q(open=True) | Q(case__created_at__gte=since))
    memberships = list(held.select_related("problem"))
    rows = _cases(since, memberships)
    messages = [_message(row, units) for row in rows.values()]
    known, decided = _known(memberships), _decided(memberships)
    fresh = newcomers(messages, known, gazetteer, limits, cleaning=cleaning)
    joined = {
        problem: [one for one in found if one.key not in decided.get(problem, frozenset())]
        for problem, found in fresh.items()
    }
    taken = {key for one in known.values() for key in one.members}
    taken |= {one.key for found in joined.values() for one in found}
    left = [message for message in messages if message.key not in taken]
    proposals = []
    for group in groups(left, gazetteer, limits, cleaning=cleaning):
        department = _above(group, rows, units)
        if department is not None and _is_new(group, rows, memberships, limits):
            proposals.append(Proposal(group, department))
    return Found(proposals, {problem: found for problem, found in joined.items() if found})


def _names(units: dict[int, Department]) -> list[tuple[str, str]]:
    return [(TIERS.get(unit.tier, BUREAU), _plain_name(unit)) for unit in units.values()]


def _plain_name(unit: Department) -> str:
    """The name of a unit as people write it: without what stands in brackets."""
    return BRACKETS.sub("", unit.name)


def _cases(since: datetime, memberships: list[CommonMember]) -> dict[int, dict[str, Any]]:
    """The cases of the window that count, and all of open problems, by their keys."""
    held = [row.case_id for row in memberships if row.open]
    found = Case.objects.filter(
        Q(created_at__gte=since) | Q(pk__in=held),
        confidential=False,
        protected=False,
        enterprise__isnull=False,
    )
    rows = found.exclude(state__in=NEVER).order_by("-pk").values(*COLUMNS)[:MOST]
    return {row["pk"]: row for row in reversed(rows)}


def _message(row: dict[str, Any], units: dict[int, Department]) -> Message:
    park = units.get(row["enterprise__park"])
    return Message(
        key=row["pk"],
        sender=_firm(row),
        at=row["created_at"],
        title=row["title"],
        text=f"{row['text']}\n{row['place']}",
        ties=frozenset([Entity(TIERS[Tier.PARK], _plain_name(park))] if park else ()),
    )


def _firm(row: dict[str, Any]) -> int:
    return row["enterprise__merged_into"] or row["enterprise"]


def _known(memberships: list[CommonMember]) -> dict[int, Known]:
    """The open problems as groups."""
    held: dict[int, set[int]] = defaultdict(set)
    problems: dict[int, CommonProblem] = {}
    for row in memberships:
        if row.problem.state in OPEN:
            problems[row.problem_id] = row.problem
            if row.open:
                held[row.problem_id].add(row.case_id)
    return {
        pk: Known(Entity(one.kind, one.entity), one.leading_id, frozenset(held[pk]))
        for pk, one in problems.items()
    }


def _decided(memberships: list[CommonMember]) -> dict[int, frozenset[int]]:
    """The cases that a person has left out of a problem."""
    out: dict[int, set[int]] = defaultdict(set)
    for row in memberships:
        if row.standing == Standing.OUT:
            out[row.problem_id].add(row.case_id)
    return {pk: frozenset(cases) for pk, cases in out.items()}


def _above(group: Group, rows: dict[int, Any], units: dict[int, Department]) -> Department | None:
    """The lowest active unit that takes cases in and stands at or above the units of all cases of a group."""
    paths = [units[rows[key]["intake"]].path for key in group.members]
    above = [
        unit
        for unit in units.values()
        if unit.intake and unit.active and all(path.startswith(unit.path) for path in paths)
    ]
    return max(above, key=lambda unit: len(unit.path), default=None)


def _is_new(
    group: Group, rows: dict[int, dict[str, Any]], memberships: list[CommonMember], limits: Rules
) -> bool:
    """Whether a group says something that no person has decided on yet.

    It does not where all its cases are handled in one already, nor where the firms besides those of a problem
    that was dismissed, or that has ended, are too few to make a group of their own.
    """
    mains = {rows[key]["merged_into"] or key for key in group.members}
    if len(mains) == 1:
        return False
    before: dict[int, set[int]] = defaultdict(set)
    for row in memberships:
        if row.problem.state not in OPEN:
            before[row.problem_id].add(row.case_id)
    for cases in before.values():
        if cases.isdisjoint(group.members):
            continue
        firms = {_firm(rows[key]) for key in group.members if key not in cases}
        if len(firms) < limits.least_firms:
            return False
    return True
