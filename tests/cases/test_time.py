"""More time: extensions, suspensions and plans, to the day; and what follows when a time is over."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.support import asides
from tests.support import office as offices
from tests.support.office import NOW, Office
from zhitong.cases import pages, queries, services
from zhitong.cases.models import Case
from zhitong.cases.tasks import Climb, RunOut
from zhitong.core import outbox
from zhitong.core.clock import local_date
from zhitong.core.errors import FasterError, FieldError, RefusedError
from zhitong.orgs.models import Notice

FEB_13 = datetime(2026, 2, 13, 1, 0, tzinfo=UTC)  # a Friday; 7 working days end on 03-02, a Monday


def at(day: str, hour: int = 1) -> datetime:
    """A moment of a day, nine o'clock in the city unless said otherwise."""
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC)


def due(case: Case) -> str:
    """The day on which the running clock ends."""
    return local_date(case.due_at).isoformat()


def suspended(office: Office, case: Case, now: datetime, until: date) -> Case:
    ask = {"by": office.actor("handler"), "now": now, "case": case, "until": until, "reason": "等待检测"}
    asked = services.ask_suspension(**ask)
    return services.grant_suspension(by=office.actor("district"), now=now, case=asked, message="同意")


def test_the_last_day_to_ask_for_an_extension_is_a_saturday_that_works(db, quick_passwords) -> None:
    office = offices.build(datetime(2026, 1, 5, 1, 0, tzinfo=UTC))
    case = office.until("handling", now=FEB_13)
    assert due(case) == "2026-03-02"
    given = {"by": office.actor("handler"), "case": case, "days": 5, "reason": "等待部件"}
    with pytest.raises(RefusedError) as caught:
        services.ask_extension(now=at("2026-03-02"), **given)
    assert caught.value.params == {"day": "2026-02-28"}
    asked = services.ask_extension(now=at("2026-02-28"), **given)
    assert (asked.asking, due(asked)) == ("extension", "2026-03-02"), "asking moves nothing"
    granted = services.grant_extension(
        by=office.actor("district"), now=at("2026-03-02"), case=asked, message="部件在途"
    )
    assert (granted.asking, due(granted)) == ("", "2026-03-09")
    assert granted.deadline["extra"] == 5
    assert granted.entries.get(action="grant_extension").visibility == "firm"


def test_a_case_is_extended_once(office: Office) -> None:
    case = asides.ask("extension", by=office.actor("handler"), now=NOW, case=office.until("handling"))
    case = services.grant_extension(by=office.actor("district"), now=NOW, case=case, message="同意")
    with pytest.raises(RefusedError, match="extended once"):
        asides.ask("extension", by=office.actor("handler"), now=NOW, case=case)


@pytest.mark.parametrize("days", [-1, 0, 11, 100])
def test_an_extension_has_its_bounds(office: Office, days: int) -> None:
    case = office.until("handling")
    with pytest.raises(FieldError) as caught:
        services.ask_extension(by=office.actor("handler"), now=NOW, case=case, days=days, reason="x")
    assert caught.value.field == "days"


def test_a_suspension_takes_its_working_days_out_of_the_count(office: Office) -> None:
    case = office.until("handling", now=at("2026-06-05"))  # Friday; the seventh day is 06-16
    assert due(case) == "2026-06-16"
    paused = suspended(office, case, at("2026-06-09"), date(2026, 6, 30))
    assert (paused.state, paused.clock, due(paused)) == ("suspended", "suspension", "2026-06-30")
    back = services.resume(by=office.actor("handler"), now=at("2026-06-12"), case=paused, reason="报告已到")
    assert (back.state, back.clock, due(back)) == ("handling", "handle", "2026-06-22")
    assert back.deadline["paused"] == ["2026-06-10", "2026-06-11", "2026-06-12"]
    assert pages.explanation(back).paused == [date(2026, 6, day) for day in (10, 11, 12)]


def test_a_pause_survives_another_lead_and_another_person(office: Office) -> None:
    case = office.until("handling", now=at("2026-06-05"))
    paused = suspended(office, case, at("2026-06-09"), date(2026, 6, 30))
    assigned = services.assign(
        by=office.actor("head"), now=at("2026-06-11"), case=paused, person=office.users["colleague"]
    )
    back = services.resume(by=office.actor("colleague"), now=at("2026-06-12"), case=assigned, reason="已到")
    moved = services.redispatch(
        by=office.actor("district"),
        now=at("2026-06-12"),
        case=back,
        lead=office.units["works"],
        reason="职责",
    )
    assert (due(moved), moved.deadline["pauses"]) == ("2026-06-22", [["2026-06-10", "2026-06-12"]])


def test_a_suspension_of_less_than_a_day_changes_nothing(office: Office) -> None:
    case = office.until("handling")
    paused = suspended(office, case, NOW, local_date(NOW) + timedelta(days=3))
    back = services.resume(by=office.actor("handler"), now=NOW, case=paused, reason="已到")
    assert back.deadline == case.deadline


def test_a_suspension_ends_by_itself_after_its_day(office: Office) -> None:
    case = office.until("handling", now=at("2026-06-05"))
    paused = suspended(office, case, at("2026-06-05"), date(2026, 6, 10))
    over = RunOut("suspended", "end_suspension")
    assert over.run(paused.due_at) == ""
    assert over.run(paused.due_at + timedelta(microseconds=1)) == "1 times end_suspension"
    case.refresh_from_db()
    # The moment after its last one is the next day, which is lost with the pause.
    assert (case.state, due(case)) == ("handling", "2026-06-23")


@pytest.mark.parametrize("days", [-3, 0, 61])
def test_a_suspension_lies_ahead_and_within_bounds(office: Office, days: int) -> None:
    with pytest.raises(FieldError) as caught:
        services.ask_suspension(
            by=office.actor("handler"), now=NOW, case=office.until("handling"),
            until=local_date(NOW) + timedelta(days=days), reason="等待",
        )  # fmt: skip
    assert caught.value.field == "until"


def test_a_plan_goes_from_stage_to_stage_and_back_to_handling(office: Office) -> None:
    handler, district = office.actor("handler"), office.actor("district")
    case = asides.ask("plan", by=handler, now=NOW, case=office.until("handling"))
    plan = services.grant_plan(by=district, now=NOW, case=case, message="列入明年计划")
    first, second = (NOW + timedelta(days=days) for days in (30, 120))
    assert (plan.state, plan.grade, due(plan)) == ("planned", "B", local_date(first).isoformat())
    later = services.stage(by=handler, now=first, case=plan, text="设计完成")
    assert due(later) == local_date(second).isoformat()
    assert [row.done_at for row in queries.stages(later)] == [first, None]
    with pytest.raises(RefusedError, match="last stage"):
        services.stage(by=handler, now=second, case=later, text="施工完成")
    back = services.take_up(by=handler, now=second, case=later, reason="施工完成")
    assert (back.state, back.clock, back.clock_started_at) == ("handling", "handle", second)
    assert not queries.stages(back).filter(done_at__isnull=True).exists()


@pytest.mark.parametrize(
    ("goals", "field"),
    [
        ([], "stages"),
        ([("设计", 0)], "stages"),
        ([("设计", 9), ("施工", 9)], "stages"),
        ([("设计", 9), ("施工", 3)], "stages"),
        ([(" ", 9)], "stages"),
        ([("设计", days) for days in range(1, 7)], "stages"),
    ],
)
def test_stages_of_a_plan_follow_each_other(office: Office, goals: list, field: str) -> None:
    stages = [services.Goal(goal, local_date(NOW) + timedelta(days=days)) for goal, days in goals]
    with pytest.raises(FieldError) as caught:
        services.ask_plan(
            by=office.actor("handler"), now=NOW, case=office.until("handling"),
            grade="A", stages=stages, reason="计划",
        )  # fmt: skip
    assert caught.value.field == field


def test_one_request_at_a_time_and_only_while_it_is_open(office: Office) -> None:
    handler, district = office.actor("handler"), office.actor("district")
    case = asides.ask("plan", by=handler, now=NOW, case=office.until("handling"))
    with pytest.raises(RefusedError, match="Wait for it first"):
        asides.ask("extension", by=handler, now=NOW, case=case)
    with pytest.raises(FasterError, match="no such request"):
        services.grant_extension(by=district, now=NOW, case=case, message="同意")
    declined = services.decline(by=district, now=NOW, case=case, reason="请先答复")
    assert (declined.asking, declined.asks.get().decision, declined.deadline) == (
        "",
        "declined",
        case.deadline,
    )
    with pytest.raises(FasterError, match="no such request"):
        services.decline(by=district, now=NOW, case=declined, reason="请先答复")


def test_a_request_is_overtaken_by_an_answer(office: Office) -> None:
    handler = office.actor("handler")
    case = asides.ask("plan", by=handler, now=NOW, case=office.until("handling"))
    answered = services.answer(by=handler, now=NOW, case=case, text="已修好。", outcome="solved")
    assert (answered.asking, answered.asks.get().decision) == ("", "lapsed")


def test_a_supplement_that_never_comes_ends_the_case_with_a_word(office: Office) -> None:
    case = services.return_for_supplement(
        by=office.actor("district"), now=NOW, case=office.case(), reason="请补充照片"
    )
    silent = RunOut("returned", "close_silent")
    assert silent.run(case.due_at) == ""
    assert silent.run(case.due_at + timedelta(microseconds=1)) == "1 times close_silent"
    case.refresh_from_db()
    assert (case.state, case.outcome, case.told_outcome) == ("lapsed", "unreachable", "联系不上")
    assert "随时重新提交" in case.answer


@pytest.mark.parametrize(("left", "tone"), [(3, "success"), (2, "warning"), (0, "warning"), (-1, "danger")])
def test_a_lamp_turns_yellow_two_days_before_seven(office: Office, left: int, tone: str) -> None:
    days = {3: "2026-06-11", 2: "2026-06-12", 0: "2026-06-16", -1: "2026-06-17"}
    case = office.until("handling", now=at("2026-06-05"))
    assert pages.clock(case, at(days[left])).tone == tone


def test_a_lamp_of_one_day_is_yellow_on_its_last_day_only(office: Office) -> None:
    case = office.case(now=at("2026-06-05"))
    assert pages.clock(case, at("2026-06-05")).tone == "success"
    assert pages.clock(case, at("2026-06-08")).tone == "warning"


def overdue_case(office: Office) -> Case:
    """A case of the industry bureau that was due on Tuesday 06-16."""
    return office.until("handling", now=at("2026-06-05"))


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        (at("2026-06-18", 2), []),  # two working days late
        (at("2026-06-19", 2), []),  # a holiday
        (at("2026-06-22", 2), []),  # the third working day of being late is not over
        (at("2026-06-23", 0), []),  # more than three, but eight in the morning
        (at("2026-06-23", 10), []),  # and six in the evening
        (at("2026-06-23", 2), [(3, "chief")]),
        (at("2026-06-24", 2), [(3, "chief")]),  # the fifth
        (at("2026-06-25", 2), [(3, "chief"), (5, "supervisor")]),
    ],
)
def test_a_red_lamp_climbs_by_working_days_at_working_hours(office: Office, moment, told) -> None:
    case = overdue_case(office)
    Climb().run(moment)
    Climb().run(moment)
    assert [row.overdue for row in case.alarms.all()] == [days for days, _ in told]
    outbox.drain(now=moment)
    notices = Notice.objects.filter(msgid__startswith="Overdue and not").order_by("pk")
    assert [row.user.username for row in notices] == [name for _, name in told]
    case.refresh_from_db()
    assert (case.accountable, case.version) == (office.units["industry"], 4), "it stays whose it is"


def test_what_the_firm_owes_does_not_climb(office: Office) -> None:
    case = services.return_for_supplement(
        by=office.actor("district"), now=NOW, case=office.case(), reason="请补充照片"
    )
    Climb().run(at("2026-07-06", 2))
    assert not case.alarms.exists()


def test_a_clock_that_starts_anew_climbs_anew(office: Office) -> None:
    case = overdue_case(office)
    Climb().run(at("2026-06-25", 2))
    Case.objects.filter(pk=case.pk).update(clock_started_at=at("2026-06-10"))
    Climb().run(at("2026-06-25", 2))
    assert case.alarms.count() == 4
