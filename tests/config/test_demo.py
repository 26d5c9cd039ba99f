"""The demo city opens with work on the desks of those whom a visitor can be."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from zhitong.cases import queries, reporters, soundings
from zhitong.cases.models import Case, Sounding, Stretch
from zhitong.cases.services import held_back
from zhitong.config import demo_city, simulation
from zhitong.config.commands import load_calendar
from zhitong.config.simulation import reading
from zhitong.config.simulation.desks import DISPATCHER, HANDLER, HEAD
from zhitong.core import audit, data
from zhitong.core.actor import Actor
from zhitong.core.clock import local_date
from zhitong.drafts import queries as draft_queries
from zhitong.enterprises import queries as enterprise_queries
from zhitong.feedback import figures
from zhitong.feedback import queries as feedback_queries
from zhitong.insight import queries as insight_queries
from zhitong.notices.models import Delivery
from zhitong.orgs import queries as org_queries
from zhitong.orgs.models import Notice, User
from zhitong.replies import queries as reply_queries
from zhitong.reports import queries as report_queries
from zhitong.supervision import queries as supervision_queries
from zhitong.supervision.models import Line, Measure

SHOWN = 15  # unread messages of one person at most
MOMENTS = ["2026-11-23T08:05", "2026-11-23T16:40", "2026-11-22T23:59", "2026-02-24T00:01"]


@pytest.fixture
def now(request: pytest.FixtureRequest, db, settings, tmp_path) -> datetime:
    settings.HOME = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    load_calendar.load([2025, 2026])
    moment = datetime.fromisoformat(request.param).replace(tzinfo=timezone.get_default_timezone())
    demo_city.build(now=moment - timedelta(days=150))
    simulation.telling.fill(moment - timedelta(days=150))
    simulation.fill_demo(moment, months=1, cases=6)
    simulation.replies.fill(moment)
    simulation.hard.fill(moment)
    simulation.letters.fill(moment)
    simulation.after.fill(moment)
    simulation.closing.fill(moment)
    simulation.paper.fill(moment)
    simulation.precedents.fill(moment)
    simulation.reading.fill(moment)
    return moment


@pytest.mark.parametrize("now", MOMENTS, indirect=True)
def test_whoever_a_visitor_chooses_has_something_to_do(now: datetime) -> None:
    for username in (DISPATCHER, HANDLER, HEAD):
        actor = org_queries.staff_actor(User.objects.get(username=username), now)
        assert queries.to_do(actor, now).count() >= 2, username
    firm = enterprise_queries.firm_actor(User.objects.get(username="firm-1"), now)
    states = set(queries.visible(firm).values_list("state", flat=True))
    assert {"returned", "handling", "reviewed"} <= states
    _as_the_table_says(now)
    _units_are_told(now)
    _beside_the_usual_way(now)
    _told_by_every_way(now)
    _precedents(now)
    _units_are_asked(now)
    _talk_and_circular(now)
    _dissatisfied_twice(now)
    _protected(now)
    _letter(now)
    _nobody_is_buried_in_messages(now)


def _told_by_every_way(now: datetime) -> None:
    sent = Delivery.objects.filter(state="sent", sent_at__lte=now)
    assert set(sent.values_list("channel", flat=True)) == {"sms", "weixin", "email"}
    assert not Delivery.objects.filter(state="failed").exists()


def _nobody_is_buried_in_messages(now: datetime) -> None:
    unread = Notice.objects.filter(read_at__isnull=True)
    most = max(unread.filter(user=user).count() for user in User.objects.all())
    assert most <= SHOWN, most
    assert unread.filter(user__username=DISPATCHER).exists()
    assert not unread.filter(created_at__lte=now - reading.FRESH).exists()


def _precedents(now: datetime) -> None:
    head = org_queries.staff_actor(User.objects.get(username=HEAD), now)
    assert insight_queries.visible(head, now).filter(state="published", title__startswith="示例").exists()
    assert insight_queries.canned(head).count() >= 2


def _beside_the_usual_way(now: datetime) -> None:
    dispatcher = org_queries.staff_actor(User.objects.get(username=DISPATCHER), now)
    assert queries.calls(dispatcher).filter(state="open").exists()
    assert queries.visible(dispatcher).filter(state="merged").count() == 1
    supervisor = org_queries.staff_actor(User.objects.get(username="supervisor"), now)
    day = local_date(now)
    period = figures.Period(day - timedelta(days=150), day)
    [whole, *_] = figures.table(supervisor, period, "department", now=now)
    assert whole.counts["valid"] >= 1
    assert whole.counts["first_contact"] >= 1
    found = figures.cells(supervisor, period, "category", now=now, listed=True)
    assert len(found) >= 7, "several categories"
    assert found[""].cases["received"], "some are not determined yet"
    assert 0 < len(found["all"].cases["taken"]) < len(found["all"].cases["suggested"])
    assert org_queries.on_duty(dispatcher.posts[0].department, now).exists()
    assert supervision_queries.weeks(dispatcher).exists()
    assert feedback_queries.thanks(supervisor).exists()
    assert report_queries.templates(dispatcher).get().all_versions[0].number == 1
    assert report_queries.reports(supervisor).count() == 1
    checked = supervision_queries.checks(supervisor).exclude(finding="")
    assert set(checked.values_list("finding", flat=True)) <= {"true", "false"}


def _units_are_told(now: datetime) -> None:
    supervisor = org_queries.staff_actor(User.objects.get(username="supervisor"), now)
    states = sorted(supervision_queries.uncleared(supervisor).values_list("state", flat=True))
    assert states == ["issued", "issued", "reported", "reported"]
    assert not Line.objects.filter(at__gte=now).exists()


def _as_the_table_says(now: datetime) -> None:
    texts = [row["text"] for row in data.read("demo", "texts")["trouble"]]
    for row in data.read("demo", "today")["case"]:
        cases = Case.objects.filter(
            enterprise__memberships__user__username=row["firm"], text=texts[row["trouble"]]
        )
        named = {"unassigned": "dispatched", "asking": "handling", "helping": "handling"}
        state = named.get(row["state"], row["state"])
        assert state in cases.values_list("state", flat=True), row
    assert not Case.objects.filter(created_at__gte=now).exists()
    assert not Stretch.objects.filter(until__gte=now).exists()
    assert not Case.objects.filter(stretch_since__gte=now).exists()
    assert audit.verify().ok


def _units_are_asked(now: datetime) -> None:
    asked = Sounding.objects.filter(case__state="accepted")
    said = sorted(
        sorted(asked.filter(case=case).values_list("answer", flat=True))
        for case in set(asked.values_list("case", flat=True))
    )
    assert said == [["", "ours"], ["jointly", "not_ours"]]
    assert asked.get(answer="not_ours").basis
    assert soundings.to_answer(_staff(HANDLER, now)).get().case.text.endswith("(示例)")


def _staff(username: str, now: datetime) -> Actor:
    return org_queries.staff_actor(User.objects.get(username=username), now)


def _talk_and_circular(now: datetime) -> None:
    rows = Measure.objects.order_by("pk")
    assert list(rows.values_list("step", flat=True)) == ["talk", "circular"]
    assert not rows.filter(at__gte=now).exists()
    assert len({row.task_id for row in rows}) == 1
    assert supervision_queries.next_measure(rows[0].task, now) == ""
    assert rows[0].task.matter.links.get().case.kind == "arrears"


def _dissatisfied_twice(now: datetime) -> None:
    case = feedback_queries.second_bad(_staff(DISPATCHER, now)).get(referrals__state="open")
    assert (case.state, case.reopened) == ("rated", 1)
    assert held_back(case, "close")
    referral = supervision_queries.referrals(_staff("leader", now)).get(case=case)
    assert referral.proposed_at < now


def _protected(now: datetime) -> None:
    case = Case.objects.get(protected=True)
    assert case.state == "handling"
    firm = case.enterprise.name
    assert reporters.known(_staff(DISPATCHER, now), case)
    assert not reporters.known(_staff(HANDLER, now), case)
    assert firm not in case.title


def _letter(now: datetime) -> None:
    draft = draft_queries.visible(_staff(DISPATCHER, now)).get(lot__source="mail")
    assert draft.state == "open"
    assert "示例" in draft.text or "示例" in draft.title
    assert "永丰" in draft.firm.name, "the firm whose person proved the address"


@pytest.mark.parametrize("now", MOMENTS[:1], indirect=True)
def test_a_unit_without_accounts_leads_a_case_and_has_replied_to_a_part(now: datetime) -> None:
    dispatcher, handler = (
        org_queries.staff_actor(User.objects.get(username=name), now) for name in (DISPATCHER, HANDLER)
    )
    assert {matter.kind for matter in reply_queries.matters(dispatcher)} == {"lead", "part"}
    assert [reply.state for reply in reply_queries.waiting(handler)] == ["waiting"]
