"""What the demo's firms have in common: told by several, found by the hourly look, one of them confirmed."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from zhitong.cases import services as case_services
from zhitong.cases.models import Case
from zhitong.cases.states import Channel
from zhitong.commons import services
from zhitong.commons.models import CommonMember, CommonProblem
from zhitong.commons.tasks import Look
from zhitong.core import data
from zhitong.core.actor import Role
from zhitong.core.clock import local_date
from zhitong.enterprises import queries as enterprise_queries
from zhitong.enterprises.models import Membership
from zhitong.orgs import queries as org_queries
from zhitong.orgs.models import Department

if TYPE_CHECKING:
    from zhitong.core.actor import Actor

APART, LOOKED, TAKEN, DECIDED = (timedelta(hours=hours) for hours in (19, 8, 6, 3))
MONTH = timedelta(days=25)  # until the matter of the month is to be solved


def fill(now: datetime) -> None:
    """Let firms of one district tell of one matter, look, and let its dispatcher and leader decide."""
    seats = _seats()
    for row in data.read("demo", "commons")["matter"]:
        cases = _told(row, seats, now)
        if row["confirm"]:
            for case in cases:
                by = _dispatcher(case.intake, now - TAKEN)
                case_services.accept(by=by, now=now - TAKEN, case=case, kind="normal")
        Look().run(now - TAKEN + LOOKED / 8)
        if row["confirm"]:
            _confirm(row, cases, now - DECIDED)


def _seats() -> list[Membership]:
    """One seat of each firm in the district that has the most firms."""
    by_region: dict[str, dict[int, Membership]] = defaultdict(dict)
    seats = Membership.objects.filter(until__isnull=True).select_related("user", "enterprise").order_by("pk")
    for seat in seats:
        by_region[seat.enterprise.region].setdefault(seat.enterprise_id, seat)
    return list(max(by_region.values(), key=len).values())


def _told(row: dict[str, Any], seats: list[Membership], now: datetime) -> list[Case]:
    cases = []
    for number, text in enumerate(row["texts"]):
        seat, at = seats[number % len(seats)], now - timedelta(days=row["days"]) + number * APART
        draft = case_services.Draft(text=text, channel=Channel.DEMO)
        by = enterprise_queries.firm_actor(seat.user, at)
        cases.append(case_services.submit(by=by, now=at, draft=draft, firm=seat.enterprise))
    return cases


def _confirm(row: dict[str, Any], cases: list[Case], now: datetime) -> None:
    member = CommonMember.objects.filter(case=cases[0]).first()
    if member is None:
        return
    problem = CommonProblem.objects.select_related("department", "leading").get(pk=member.problem_id)
    found = problem.members.filter(case__in=[case.pk for case in cases])
    due = local_date(now + MONTH)
    decided = services.Decided(
        title=row["title"],
        lead=Department.objects.get(local_code=row["lead"]),
        leading=Case.objects.get(pk=found[0].case_id),
        cases=list(found.values_list("case", flat=True)),
        plan=row["plan"],
        due=due,
    )
    by = _dispatcher(problem.department, now)
    problem = services.confirm(by=by, now=now, problem=problem, decided=decided)
    leader = _first(Role.LEADER, problem.department, now)
    if leader is not None:
        owner = org_queries.holders(decided.lead.pk, Role.SECTION_HEAD, Role.LEADER_IN_CHARGE, now=now)[0]
        plan = services.MonthPlan(local_date(now), owner, row["month"], due)
        services.set_month(by=leader, now=now + DECIDED / 2, problem=problem, given=plan)


def _dispatcher(unit: Department, now: datetime) -> Actor:
    return org_queries.staff_actor(org_queries.holders(unit.pk, Role.DISPATCHER, now=now)[0], now)


def _first(role: Role, unit: Department, now: datetime) -> Actor | None:
    """Somebody with a role at a unit or above it."""
    user = org_queries.nearest(role, unit.pk, now=now).first()
    return org_queries.staff_actor(user, now) if user else None
