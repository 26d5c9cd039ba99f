"""What climbs besides the case itself: parts of helping departments, calls nobody makes, first contacts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from tests.support.office import NOW, SEEDER, Office
from zhitong.cases import pages, parts, queries, services
from zhitong.cases.models import Alarm, Assist, Call, Case
from zhitong.cases.services import Goal
from zhitong.cases.tasks import ChaseCalls, Climb, RemindContact
from zhitong.core import outbox
from zhitong.core import services as core_services
from zhitong.core.clock import local_date
from zhitong.core.errors import FieldError, RefusedError
from zhitong.orgs.models import Notice

NIGHT = datetime(2026, 6, 6, 15, 30, tzinfo=UTC)


def june(day: int, hour: int = 2) -> datetime:
    return datetime(2026, 6, day, hour, tzinfo=UTC)


def names(start: str, now: datetime) -> list[str]:
    outbox.drain(now=now)
    rows = Notice.objects.filter(msgid__startswith=start)
    return sorted(rows.values_list("user__username", flat=True))


def part(office: Office) -> Assist:
    """A part of the works bureau, asked for on Friday 06-05, due on Wednesday 06-10."""
    services.ask_help(
        by=office.actor("handler"), now=NOW, case=office.until("handling"), department=office.units["works"],
        text="请查看管线。",
    )  # fmt: skip
    return Assist.objects.select_related("case", "department").get()


@pytest.mark.parametrize(("day", "steps"), [(15, []), (16, [3]), (17, [3]), (18, [3, 5])])
def test_a_part_that_is_late_climbs_in_its_own_departments_line(
    office: Office, day: int, steps: list
) -> None:
    assist = part(office)
    Climb().run(june(day))
    Climb().run(june(day))
    rows = Alarm.objects.filter(assist=assist)
    assert [row.overdue for row in rows] == steps
    assert {row.department for row in rows} <= {office.units["works"]}
    assert not Alarm.objects.filter(assist=None).exists(), "the lead's clock runs until 06-16"


def test_a_part_says_in_the_timeline_whom_it_was_told(office: Office) -> None:
    assist = part(office)
    Climb().run(june(18))
    lines = [line.label for line in pages.timeline(office.actor("district"), assist.case)]
    assert {"协办超时，已告知", "协办超时，但该岗位无人，未能告知"} & set(lines)


def test_a_part_that_is_done_climbs_no_more(office: Office) -> None:
    assist = part(office)
    services.answer_assist(by=office.actor("worker"), now=NOW, assist=assist, text="已查看。")
    assert Climb().run(june(15)) == ""
    with pytest.raises(RefusedError, match="not over yet"):
        services.raise_assist_alarm(by=SEEDER, now=june(18), assist=Assist.objects.get(), overdue=3)


def test_a_part_is_objected_to_within_a_working_day(office: Office) -> None:
    assist = part(office)
    given = {"by": office.actor("worker"), "assist": assist, "reason": "属水务"}
    with pytest.raises(RefusedError) as caught:
        services.return_assist(now=june(9), **given)
    assert caught.value.params == {"day": "2026-06-08"}
    assert services.return_assist(now=june(8), **given).state == "returned"


def urgent(office: Office) -> Case:
    draft = services.Draft(text="全厂停电。", urgent=True)
    case = services.submit(by=office.actor("firm_a", NIGHT), now=NIGHT, draft=draft, firm=office.firms["a"])
    outbox.drain(now=NIGHT)
    return case


def test_an_urgent_call_nobody_makes_is_told_above_once_a_time(office: Office) -> None:
    call = Call.objects.get(case=urgent(office))  # due half an hour later, told a quarter after that
    minutes = lambda number: NIGHT + timedelta(minutes=number)  # noqa: E731
    assert ChaseCalls().run(minutes(44)) == ""
    assert ChaseCalls().run(minutes(46)) == "1 calls nobody has made"
    assert ChaseCalls().run(minutes(50)) == ""
    told = names("Urgent, and nobody has made the call", minutes(51))
    services.log_call(by=office.actor("district", NIGHT), now=minutes(60), call=call, reached=False)
    assert ChaseCalls().run(minutes(74)) == "", "tried in the meantime: a new time, a quarter of an hour"
    assert ChaseCalls().run(minutes(91)) == "1 calls nobody has made"
    assert told == sorted({*told}), "nobody is told twice"


def test_a_call_that_was_made_is_not_chased(office: Office) -> None:
    call = Call.objects.get(case=urgent(office))
    services.log_call(
        by=office.actor("district", NIGHT), now=NIGHT, call=call, reached=True, words="已通知抢修。"
    )
    assert ChaseCalls().run(NIGHT + timedelta(hours=3)) == ""
    with pytest.raises(RefusedError, match="not over yet"):
        services.raise_call_alarm(by=SEEDER, now=NIGHT + timedelta(hours=3), call=call)


@pytest.mark.parametrize(
    ("moment", "due", "over"),
    [
        (june(5, 3), [], []),  # the day of the dispatch, a Friday
        (june(6), [], []),  # a Saturday
        (june(8), ["handler"], []),
        (june(8, 14), [], []),  # ten in the evening
        (june(9), [], ["chief", "head"]),
    ],
)
def test_the_first_contact_is_reminded_of_and_then_told_to_the_heads(
    office: Office, moment: datetime, due: list, over: list
) -> None:
    office.until("handling")
    RemindContact().run(moment)
    RemindContact().run(moment + timedelta(minutes=10))
    assert names("The firm is to be contacted", moment) == due
    assert names("The firm was not contacted", moment) == over


def test_a_firm_that_was_contacted_is_nobodys_worry(office: Office) -> None:
    services.contact(
        by=office.actor("handler"), now=NOW, case=office.until("handling"), way="call", text="已联系"
    )
    RemindContact().run(june(9))
    assert names("The firm was not contacted", june(9)) == []


def plan(office: Office, grade: str, *days: date) -> Any:
    stages = [Goal(f"第{number}阶段", day) for number, day in zip(count(1), days, strict=False)]
    return services.ask_plan(
        by=office.actor("handler"), now=NOW, case=office.until("handling"), grade=grade, stages=stages,
        reason="需列入年度计划",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("grade", "day", "last"),
    [("A", date(2027, 1, 1), 2026), ("B", date(2028, 1, 1), 2027)],
)
def test_the_class_of_a_plan_says_until_when_its_last_stage_ends(
    office: Office, grade: str, day: date, last: int
) -> None:
    with pytest.raises(FieldError) as caught:
        plan(office, grade, date(2026, 9, 1), day)
    assert (caught.value.field, caught.value.params) == ("stages", {"year": last})
    assert plan(office, grade, date(2026, 9, 1), date(last, 12, 31)).asking == "plan"


def test_a_class_without_a_year_ends_when_it_ends(office: Office) -> None:
    assert plan(office, "C", date(2031, 1, 1)).asking == "plan"


def test_nothing_ends_as_planned_without_a_plan(office: Office) -> None:
    case = office.until("handling")
    given = {"by": office.actor("handler"), "now": NOW, "text": "已列入计划。", "outcome": "planned"}
    with pytest.raises(FieldError, match="has no plan") as caught:
        services.answer(case=case, **given)
    assert caught.value.field == "outcome"
    asked = plan(office, "A", date(2026, 9, 1))
    planned = services.grant_plan(by=office.actor("district"), now=NOW, case=asked, message="列入")
    again = services.take_up(by=office.actor("handler"), now=NOW, case=planned, reason="已完成")
    assert services.answer(case=again, **given).outcome == "planned"


def objected(office: Office) -> Assist:
    given = {"by": office.actor("worker"), "now": NOW, "assist": part(office), "reason": "属水务"}
    return services.return_assist(**given)


def test_an_objection_to_a_part_is_due_the_same_day(office: Office) -> None:
    assist = objected(office)
    assert local_date(assist.decide_due_at) == date(2026, 6, 5)
    [shown] = parts.parts(office.actor("handler"), [assist], NOW)
    assert (shown.clock.label, shown.clock.due, shown.clock.tone) == (
        "异议裁定时限",
        assist.decide_due_at,
        "warning",
    )
    [late] = parts.parts(office.actor("handler"), [assist], june(8))
    assert late.clock.tone == "danger"
    decided = services.insist_assist(by=office.actor("handler"), now=NOW, assist=assist, reason="由你委负责")
    assert (decided.decide_due_at, decided.due_at) == (None, assist.due_at)


@pytest.mark.parametrize(("day", "steps"), [(10, []), (11, [3]), (12, [3]), (15, [3, 5])])
def test_an_objection_nobody_decides_climbs_in_the_line_of_who_has_the_case(
    office: Office, day: int, steps: list
) -> None:
    assist = objected(office)
    Climb().run(june(day))
    Climb().run(june(day))
    rows = Alarm.objects.filter(assist=assist)
    assert [(row.clock, row.overdue) for row in rows] == [("decide", step) for step in steps]
    assert {row.department for row in rows} <= {office.units["industry"]}
    if steps:
        lines = [line.label for line in pages.timeline(office.actor("district"), assist.case)]
        assert {"协办异议逾期未裁定，已告知", "协办异议逾期未裁定，但该岗位无人，未能告知"} & set(lines)


def test_a_part_that_stays_theirs_climbs_by_its_own_clock_again(office: Office) -> None:
    assist = objected(office)
    Climb().run(june(11))
    services.insist_assist(by=office.actor("handler"), now=june(11), assist=assist, reason="由你委负责")
    Climb().run(june(18))
    rows = Alarm.objects.filter(assist=assist).order_by("pk")
    assert [(row.clock, row.overdue, row.department.local_code) for row in rows] == [
        ("decide", 3, "industry"),
        ("assist", 3, "works"),
        ("assist", 5, "works"),
    ]


def test_those_who_decide_find_the_objection_on_their_desk(office: Office) -> None:
    assist = objected(office)
    for name in ("handler", "district"):
        assert list(queries.helping(office.actor(name))) == [assist]
    assert not queries.helping(office.actor("head")).exists()
    Case.objects.filter(pk=assist.case_id).update(person=None)
    assert list(queries.helping(office.actor("head"))) == [assist], "nobody else would"


def test_a_day_off_moves_the_decision_and_the_end_of_the_case_ends_it(office: Office) -> None:
    assist = objected(office)
    core_services.set_local_day(
        by=SEEDER, now=NOW, date=date(2026, 6, 5), kind="local_off", name_zh="台风", name_en="Typhoon",
        source="市政府通知",
    )  # fmt: skip
    assist.refresh_from_db()
    assert local_date(assist.decide_due_at) == date(2026, 6, 8)
    services.withdraw(by=office.actor("firm_a"), now=NOW, case=assist.case, reason="已解决")
    assist.refresh_from_db()
    assert (assist.state, assist.decide_due_at) == ("cancelled", None)
