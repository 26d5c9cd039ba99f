"""What the demo's offices watch: effects followed, a sample checked again, what a week should clear."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from zhitong.cases.models import Case
from zhitong.core import data
from zhitong.core.actor import Role, system
from zhitong.core.clock import local_date
from zhitong.enterprises import queries as enterprise_queries
from zhitong.enterprises.models import Membership
from zhitong.feedback import queries as feedback_queries
from zhitong.feedback import services as feedback_services
from zhitong.orgs import queries as org_queries
from zhitong.orgs.models import User
from zhitong.supervision import queries, services
from zhitong.supervision.models import WeekItem

if TYPE_CHECKING:
    from zhitong.core.actor import Actor

SUPERVISOR = "supervisor"  # the demo's sign-in name
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
PERIOD = 60 * DAY


def fill(now: datetime) -> None:
    """Effects at three stages, a sample with two checks, lists of two weeks, thanks."""
    words = data.read("demo", "closing")
    _effects(now, words)
    _sample(now, words)
    _weeks(now, words)
    _thanks(now, words)


def _effects(now: datetime, words: dict[str, Any]) -> None:
    seated = Membership.objects.values("enterprise")
    cases = Case.objects.filter(
        state="closed", enterprise__in=seated, person__isnull=False, ended_at__lt=now - 3 * DAY
    ).order_by("ended_at")
    found = [case for case in cases if feedback_queries.has_effects(case)]
    # The oldest is late by now: nobody looked at it again.
    for case, name in zip([*found[:1], *found[:-3:-1]], ("late", "there", "confirmed"), strict=False):
        at = case.ended_at + HOUR
        by = org_queries.staff_actor(case.person, at)
        day = local_date(at) + DAY
        effect = feedback_services.expect_effect(by=by, now=at, case=case, text=words[name], expected_by=day)
        if name == "late":
            feedback_services.look_again(by=by, now=at + DAY, effect=effect, text=words["looked"])
        elif name == "there":
            feedback_services.say_effect_there(by=by, now=at + DAY, effect=effect, text=words["shown"])
        else:
            firm = _member(case, at + DAY)
            feedback_services.say_effect_there(by=firm, now=at + DAY, effect=effect, text=words["arrived"])


def _member(case: Case, now: datetime) -> Actor:
    seat = Membership.objects.select_related("user").filter(enterprise=case.enterprise).earliest("pk")
    return enterprise_queries.firm_actor(seat.user, now)


def _sample(now: datetime, words: dict[str, Any]) -> None:
    office = org_queries.staff_actor(User.objects.get(username=SUPERVISOR), now)
    unit = queries.drawing_units(office).get(pk__in=office.departments(Role.SUPERVISOR))
    until = local_date(now) - DAY
    sample = services.draw(
        by=office, now=now, department=unit, since=until - PERIOD, until=until, seed=words["seed"]
    )
    for check, found in zip(queries.checks(office).filter(sample=sample), words["check"], strict=False):
        services.check(by=office, now=now, check=check, **found)


def _weeks(now: datetime, words: dict[str, Any]) -> None:
    tick = system("tick")
    for moment in (now - 7 * DAY, now):
        for unit in queries.without_list(services.monday_of(local_date(moment))):
            services.make_week(by=tick, now=moment, department=unit)
    listed = WeekItem.objects.filter(week__ends_at__gt=now, case__person__isnull=False)
    for item in listed.filter(case__state__in=("handling", "dispatched")).order_by("pk")[:2]:
        by = org_queries.staff_actor(item.case.person, now)
        day = local_date(now) + 5 * DAY
        services.say_why(by=by, now=now, item=item, text=words["not_cleared"], next_day=day)


def _thanks(now: datetime, words: dict[str, Any]) -> None:
    seated = Membership.objects.values("enterprise")
    cases = Case.objects.filter(
        state="closed", outcome="solved", enterprise__in=seated, person__isnull=False, ended_at__lt=now - DAY
    ).order_by("-ended_at")[:3]
    for case, name in zip(cases, ("banner", "words", "letter"), strict=False):
        at = case.ended_at + HOUR
        by = _member(case, at) if name == "words" else org_queries.staff_actor(case.person, at)
        row = feedback_services.give_thanks(
            by=by, now=at, case=case, kind=name, text=words[f"thanks_{name}"], received_on=local_date(at)
        )
        if name == "letter":
            feedback_services.withdraw_thanks(by=by, now=at + HOUR, thanks=row, reason=words["taken_back"])
