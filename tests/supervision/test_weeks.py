"""Weekly lists: frozen when the week begins, cleared by the cases themselves, carried on, never hidden."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.http import Http404
from openpyxl import load_workbook

from tests.support.office import NOW, Office
from zhitong.cases import services as case_services
from zhitong.cases.models import Case
from zhitong.core import outbox
from zhitong.core.actor import system
from zhitong.core.clock import local_date
from zhitong.core.errors import FasterError, FieldError, NotPermittedError, RefusedError
from zhitong.orgs.models import Notice
from zhitong.supervision import exports, queries, services
from zhitong.supervision.models import WeekList
from zhitong.supervision.panels import WeekPanel
from zhitong.supervision.tasks import MakeWeeks, RemindWeeks

DAY, WEEK = timedelta(days=1), timedelta(days=7)
MONDAY = NOW + 3 * DAY  # 2026-06-08 09:00; NOW is the Friday before
FRIDAY = MONDAY + 4 * DAY


def listed(office: Office, now: datetime = MONDAY) -> WeekList:
    return services.make_week(by=system("tick"), now=now, department=office.units["district"])


def handled(office: Office, kind: str = "consult", **columns: Any) -> Case:
    case = services_until(office, kind)
    Case.objects.filter(pk=case.pk).update(**columns)
    return Case.objects.get(pk=case.pk)


def services_until(office: Office, kind: str) -> Case:
    case = case_services.accept(by=office.actor("district"), now=NOW, case=office.case(), kind=kind)
    given = {"lead": office.units["industry"], "person": office.users["handler"]}
    case = case_services.dispatch(by=office.actor("district"), now=NOW, case=case, **given)
    return case_services.start(by=office.actor("handler"), now=NOW, case=case)


def seen(office: Office, who: str, week: WeekList, now: datetime = MONDAY) -> dict[int, str]:
    rows = queries.items(office.actor(who, now)).filter(week=week)
    return dict(rows.values_list("case", "standing"))


def answered(office: Office, case: Case, now: datetime) -> Case:
    said = {"text": "已修好。", "outcome": "solved"}
    case = case_services.answer(by=office.actor("handler", now), now=now, case=case, **said)
    return case_services.approve(by=office.actor("head", now), now=now, case=case)


def test_a_list_takes_what_is_overdue_or_due_and_what_is_left(office: Office) -> None:
    due, later = handled(office, "consult"), handled(office, "complex")
    week = listed(office)
    assert (week.monday, week.ends_at.isoformat()) == (date(2026, 6, 8), "2026-06-15T00:00:00+08:00")
    assert {item.case_id: item.why for item in week.items.all()} == {due.pk: "due"}
    assert later.due_at > week.ends_at
    second = listed(office, MONDAY + WEEK)
    item = second.items.get(case=due)
    assert (item.why, item.weeks) == ("carried", 2)
    other = handled(office, "consult", due_at=MONDAY)
    assert not second.items.filter(case=other).exists(), "a list is frozen"
    third = listed(office, MONDAY + 2 * WEEK)
    assert {row.case_id: (row.why, row.weeks) for row in third.items.all()} == {
        due.pk: ("carried", 3), other.pk: ("overdue", 1),
    }  # fmt: skip
    fourth = listed(office, MONDAY + 3 * WEEK)
    assert fourth.items.get(case=later).why == "due"


def test_the_firms_own_time_is_nobodys_task(office: Office) -> None:
    office.until("returned")
    office.until("reviewed")
    assert not listed(office).items.exists()


def test_cleared_is_what_the_case_says_and_the_end_of_the_week_counts(office: Office) -> None:
    soon, late = handled(office), handled(office)
    week = listed(office)
    answered(office, soon, MONDAY + DAY)
    assert seen(office, "district", week) == {soon.pk: "cleared", late.pk: "open"}
    answered(office, late, MONDAY + WEEK)
    assert seen(office, "district", week, MONDAY + WEEK)[late.pk] == "open", "after the end of its week"
    second = listed(office, MONDAY + WEEK + DAY)
    assert not second.items.exists(), "what has its answer is carried nowhere"


def test_what_is_suspended_or_planned_goes_another_way(office: Office) -> None:
    case = handled(office)
    week = listed(office)
    given = {"by": office.actor("handler", MONDAY), "now": MONDAY, "case": case}
    until = local_date(MONDAY) + 9 * DAY
    asked = case_services.ask_suspension(**given, until=until, reason="等待检测")
    case_services.grant_suspension(
        by=office.actor("district", MONDAY), now=MONDAY, case=asked, message="同意"
    )
    assert seen(office, "district", week) == {case.pk: "aside"}


def test_putting_on_and_taking_off_say_why(office: Office) -> None:
    case = handled(office, "complex")
    week = listed(office)
    give = {"by": office.actor("district", MONDAY), "now": MONDAY, "week": week}
    item = services.add_to_week(**give, number=f" {case.number} ", text="企业停产，本周要有结果。")
    assert (item.why, item.added_text) == ("added", "企业停产，本周要有结果。")
    with pytest.raises(FasterError, match="on the list already"):
        services.add_to_week(**give, number=case.number, text="再来一次")
    for number in ("", "nothing", office.until("reviewed").number, office.case("b").number):
        with pytest.raises(FieldError, match="No case with this number"):
            services.add_to_week(**give, number=number, text="x")
    with pytest.raises(FieldError, match="Give a text"):
        services.add_to_week(**give, number=case.number, text=" ")
    off = {"by": office.actor("supervisor", MONDAY), "now": MONDAY, "item": item}
    services.take_off(**off, text="改由市级专班处理。")
    with pytest.raises(FasterError, match="off the list already"):
        services.take_off(**off, text="again")
    assert seen(office, "district", week) == {case.pk: "off"}
    assert not listed(office, MONDAY + WEEK).items.filter(case=case).exists()


def test_a_week_that_is_over_stays_as_it_is(office: Office) -> None:
    case = handled(office)
    week, after = listed(office), MONDAY + WEEK
    item = week.items.get(case=case)
    for act in (
        lambda: services.take_off(by=office.actor("district", after), now=after, item=item, text="x"),
        lambda: services.add_to_week(
            by=office.actor("district", after), now=after, week=week, number=case.number, text="x"
        ),
    ):
        with pytest.raises(RefusedError, match="This week is over"):
            act()


def test_the_unit_says_why_and_until_when(office: Office) -> None:
    case = handled(office)
    item = listed(office).items.get(case=case)
    give = {"by": office.actor("handler", MONDAY), "now": MONDAY, "item": item}
    day = local_date(MONDAY)
    said = services.say_why(**give, text="部件下周到货。", next_day=day + 9 * DAY)
    assert (said.said_text, said.next_day, said.said_by_id) == (
        "部件下周到货。", day + 9 * DAY, office.users["handler"].pk,
    )  # fmt: skip
    for wrong in (day - DAY, day + 401 * DAY):
        with pytest.raises(FieldError, match="Give a day from today"):
            services.say_why(**give, text="x", next_day=wrong)
    with pytest.raises(NotPermittedError):
        services.say_why(**give | {"by": office.actor("district", MONDAY)}, text="x", next_day=day)
    answered(office, case, MONDAY)
    item = queries.get_item(office.actor("handler", MONDAY), item.pk)
    with pytest.raises(RefusedError, match="nothing left to say"):
        services.say_why(**give | {"item": item}, text="x", next_day=day)


def test_a_department_sees_its_own_cases_of_a_list_alone(office: Office) -> None:
    mine, other = handled(office), handled(office)
    Case.objects.filter(pk=other.pk).update(
        lead=office.units["works"], accountable=office.units["works"], person=None
    )
    week = listed(office)
    assert set(seen(office, "handler", week)) == {mine.pk}
    assert set(seen(office, "district", week)) == {mine.pk, other.pk}
    assert set(seen(office, "supervisor", week)) == {mine.pk, other.pk}
    assert not seen(office, "firm_a", week)
    with pytest.raises(Http404):
        queries.get_week(office.actor("other", MONDAY), week.pk)
    [(_week, numbers)] = WeekPanel().context(office.actor("handler", MONDAY), None, MONDAY)["rows"]
    assert (numbers["open"], numbers["all"]) == (1, 1)


def test_a_confidential_case_is_counted_for_nobody_who_must_not_know(office: Office) -> None:
    case = handled(office, confidential=True)
    week = listed(office)
    assert set(seen(office, "district", week)) == {case.pk}
    assert not seen(office, "supervisor", week)
    assert queries.counts(office.actor("supervisor", MONDAY), [week])[week.pk]["all"] == 0
    assert not queries.stuck(office.actor("district", MONDAY), MONDAY)


def test_lists_are_made_once_in_the_first_working_hours(office: Office) -> None:
    case = handled(office)
    sunday = MONDAY - DAY
    assert MakeWeeks().run(sunday) == ""
    assert MakeWeeks().run(MONDAY - timedelta(hours=1)) == "", "before the working hours"
    assert MakeWeeks().run(MONDAY) == "1 lists made"
    assert MakeWeeks().run(MONDAY + DAY) == ""
    with pytest.raises(FasterError, match="made already"):
        listed(office)
    with pytest.raises(NotPermittedError):
        services.make_week(
            by=office.actor("district"), now=MONDAY + WEEK, department=office.units["district"]
        )
    outbox.drain(now=MONDAY)
    told = Notice.objects.filter(subject=f"week:{WeekList.objects.get().pk}")
    assert {note.user.username for note in told} == {"district", "head", "chief", "handler"} - (
        set() if _holds(office, "chief") else {"chief"}
    )
    assert all(note.params["count"] == 1 for note in told)
    assert case.week_items.count() == 1


def _holds(office: Office, who: str) -> bool:
    return office.units["industry"].pk in office.actor(who, MONDAY).departments(*queries.HEADS)


def test_units_are_reminded_once_of_what_nobody_spoke_of(office: Office) -> None:
    spoken, silent = handled(office), handled(office)
    week = listed(office)
    item = week.items.get(case=spoken)
    services.say_why(
        by=office.actor("handler", MONDAY), now=MONDAY, item=item, text="等部件。", next_day=date(2026, 6, 20)
    )
    outbox.drain(now=MONDAY)
    Notice.objects.all().delete()
    assert RemindWeeks().run(FRIDAY - DAY) == ""
    assert RemindWeeks().run(FRIDAY) == "1 lists reminded of"
    assert RemindWeeks().run(FRIDAY + timedelta(hours=2)) == ""
    outbox.drain(now=FRIDAY)
    told = {note.user.username: note.params["count"] for note in Notice.objects.all()}
    assert told["handler"] == told["head"] == 1
    assert "district" not in told
    assert silent.pk in seen(office, "handler", week)


def test_a_case_on_list_after_list_is_named_for_a_leader(office: Office) -> None:
    case = handled(office)
    for number in range(3):
        now = MONDAY + number * WEEK
        listed(office, now)
        named = [row.case for row in queries.stuck(office.actor("district", now), now)]
        assert named == ([case.pk] if number == 2 else []), number
    assert not queries.stuck(office.actor("other", now), now)


def test_a_list_can_be_taken_along_and_no_text_is_a_formula(office: Office) -> None:
    case = handled(office, title="=1+1")
    week = listed(office)
    rows = queries.items(office.actor("district", MONDAY)).filter(week=week)
    book = load_workbook(io.BytesIO(exports.week(week, rows).content))
    heads, row = [[cell.value for cell in line] for line in book.active]
    assert len(heads) == len(row)
    assert row[:2] == [case.number, "'=1+1"]
    assert row[5] == "未销号"
