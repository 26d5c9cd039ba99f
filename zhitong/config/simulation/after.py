"""What the demo shows beside the usual way: return visits, a duty roster, an urgent case, a group of two."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from zhitong.cases import queries as case_queries
from zhitong.cases import services
from zhitong.cases.models import Case
from zhitong.cases.states import Channel
from zhitong.core import data, outbox
from zhitong.core.actor import Role, system
from zhitong.enterprises import queries as enterprise_queries
from zhitong.enterprises.models import Membership
from zhitong.feedback import queries as feedback_queries
from zhitong.feedback import services as feedback_services
from zhitong.feedback.states import BAD
from zhitong.orgs import queries as org_queries
from zhitong.orgs import services as org_services
from zhitong.orgs.models import Department

if TYPE_CHECKING:
    from zhitong.core.actor import Actor

SEEDER = system("demo")
HOUR = timedelta(hours=1)
NIGHTS = 7
# Every so many visits bring a word, reach nobody, find the firm fairly satisfied, or never called before.
WORD_EVERY, UNREACHED_EVERY, FAIR_EVERY, SILENT_EVERY = 4, 9, 6, 8


def fill(now: datetime) -> None:
    """Fill in what lies beside the usual way, all of it before `now` but the turns of the coming nights."""
    words = data.read("demo", "after")
    _visits(now, words)
    _roster(now)
    _urgent(now, words)
    _group(now, words)


def _visits(now: datetime, words: dict[str, Any]) -> None:
    """Somebody of the intake unit asks the firms of closed cases a day after the end."""
    closed = Case.objects.filter(state="closed", ended_at__lt=now - HOUR).select_related("intake")
    for number, case in enumerate(closed.order_by("pk")):
        at = min(case.ended_at + timedelta(days=1), now - HOUR)
        users = org_queries.holders(case.intake_id, Role.DISPATCHER, now=at)
        actors = [org_queries.staff_actor(user, at) for user in users]
        by = next((actor for actor in actors if not case_queries.had_a_hand(actor, case)), None)
        if by is None:
            continue
        rating = feedback_queries.rating_of(case)
        grade = 3 if number % FAIR_EVERY == 1 else rating.grade if rating is not None else 4
        reached = bool(number % UNREACHED_EVERY)
        word = words["bitter"] if grade <= BAD else words["visit"]
        said = feedback_services.Said(
            contacted=number % SILENT_EVERY != 1,
            solved=grade > BAD,
            grade=grade,
            words=word if not reached or number % WORD_EVERY == 0 else "",
        )
        feedback_services.visit_back(by=by, now=at, case=case, way="call", reached=reached, said=said)


def _roster(now: datetime) -> None:
    """Everybody who dispatches or heads takes a night in turn."""
    for unit in Department.objects.filter(active=True):
        people = list(org_queries.holders(unit.pk, Role.DISPATCHER, Role.SECTION_HEAD, now=now))
        for night in range(NIGHTS if people else 0):
            since = now.replace(minute=0, second=0, microsecond=0) + timedelta(days=night)
            org_services.add_duty(
                by=SEEDER,
                now=now,
                department=unit,
                user=people[night % len(people)],
                since=since,
                until=since + timedelta(days=1),
            )


def _said(username: str, text: str, now: datetime, *, urgent: bool = False) -> Case:
    seat = Membership.objects.select_related("user", "enterprise").get(user__username=username)
    actor = enterprise_queries.firm_actor(seat.user, now)
    draft = services.Draft(text=text, channel=Channel.DEMO, urgent=urgent)
    return services.submit(by=actor, now=now, draft=draft, firm=seat.enterprise)


def _urgent(now: datetime, words: dict[str, Any]) -> None:
    """A power cut a few minutes ago, and the call that it makes necessary."""
    at = now - HOUR / 6
    _said("firm-1", words["urgent"], at, urgent=True)
    outbox.drain(now=at, limit=10_000)  # the call comes of the message


def _group(now: datetime, words: dict[str, Any]) -> None:
    """Two matters with one cause, said by two people of the demo."""
    at = now - 3 * HOUR
    main = _said("firm-1", words["main"], at)
    member = _said("firm-1", words["member"], at + HOUR)
    by = _dispatcher(main, at + HOUR)
    main = services.accept(by=by, now=at + HOUR, case=main, kind="normal")
    services.merge(by=by, now=at + 2 * HOUR, case=member, main=main, reason=words["merged"])


def _dispatcher(case: Case, now: datetime) -> Actor:
    user = org_queries.holders(case.intake_id, Role.DISPATCHER, now=now)[0]
    return org_queries.staff_actor(user, now)
