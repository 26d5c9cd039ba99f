"""Units asked before the dispatch: several at once, each with a clock of its own; the case does not move."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.http import Http404

from tests.support.office import NOW, SEEDER, Office
from zhitong.cases import advice, pages, panels, queries, services, soundings
from zhitong.cases.models import Case, Entry, Sounding
from zhitong.cases.tasks import SoundingsOver
from zhitong.core import outbox
from zhitong.core import services as core_services
from zhitong.core.clock import local_date
from zhitong.core.errors import FasterError, FieldError, NotPermittedError, RefusedError
from zhitong.orgs import services as org_services
from zhitong.orgs.models import Notice

LATER = NOW + timedelta(hours=3)
OVER = datetime(2026, 6, 9, 1, tzinfo=UTC)  # Tuesday; asked on Friday, due on Monday


def said(office: Office, text: str = "", **given: object) -> Case:
    draft = services.Draft(text=text or f"想了解一下。{next(office.told)}", **given)
    case = services.submit(by=office.actor("firm_a"), now=NOW, draft=draft, firm=office.firms["a"])
    return services.accept(by=office.actor("district"), now=NOW, case=case, kind="normal")


def ask(office: Office, case: Case, *units: str, **given: object) -> list[Sounding]:
    given = {"by": office.actor("district"), "now": NOW, "question": "是否属你单位职责？"} | given
    departments = [office.units[name] for name in units or ("industry", "works")]
    services.sound(case=case, departments=departments, **given)
    return list(soundings.of_case(case))


def answer(
    office: Office, row: Sounding, by: str, what: str, now: datetime = LATER, **given: str
) -> Sounding:
    return services.answer_sounding(by=office.actor(by, now), now=now, sounding=row, answer=what, **given)


def told(start: str, now: datetime = LATER) -> list[str]:
    outbox.drain(now=now)
    rows = Notice.objects.filter(msgid__startswith=start)
    return sorted(rows.values_list("user__username", flat=True))


def test_several_units_are_asked_at_once_and_the_case_stays_as_it_is(office: Office) -> None:
    case = said(office)
    before = Case.objects.filter(pk=case.pk).values().get()
    rows = ask(office, case)
    assert [row.department for row in rows] == [office.units["industry"], office.units["works"]]
    assert {local_date(row.due_at) for row in rows} == {date(2026, 6, 8)}
    assert Case.objects.filter(pk=case.pk).values().get() == before
    lines = Entry.objects.filter(case=case, action="sound")
    assert {(line.department, line.visibility) for line in lines} == {
        (row.department, "internal") for row in rows
    }
    assert not queries.entries(office.actor("firm_a"), case).filter(action="sound").exists()
    assert told("Before it is dispatched") == ["chief", "colleague", "handler", "head", "worker", "workhead"]


def test_a_unit_sees_the_case_while_it_is_asked_and_not_longer(office: Office) -> None:
    case, worker = said(office), office.actor("worker")
    with pytest.raises(Http404):
        queries.get_case(worker, case.pk)
    [row] = ask(office, case, "works")
    assert queries.get_case(worker, case.pk) == case
    assert soundings.get_sounding(worker, row.pk) == row
    for name in ("handler", "other", "firm_a"):
        with pytest.raises(Http404):
            soundings.get_sounding(office.actor(name), row.pk)
    shown = panels.SoundingsPanel().context(worker, None, NOW)["rows"]
    assert [(one.sounding, one.may_answer, one.clock.tone) for one in shown] == [(row, True, "success")]
    answer(office, row, "worker", "jointly")
    with pytest.raises(Http404):
        queries.get_case(worker, case.pk)
    assert panels.SoundingsPanel().context(worker, None, NOW) is None
    assert soundings.get_sounding(worker, row.pk).answer == "jointly", "a form sent twice finds it"
    with pytest.raises(Http404):
        soundings.get_sounding(office.actor("workhead"), row.pk)


def test_who_says_no_names_the_basis(office: Office) -> None:
    case = said(office)
    [row] = ask(office, case, "works")
    with pytest.raises(FieldError) as caught:
        answer(office, row, "worker", "not_ours", basis=" ")
    assert caught.value.field == "basis"
    with pytest.raises(FieldError):
        answer(office, row, "worker", "perhaps")
    row = answer(office, row, "workhead", "not_ours", basis="三定方案未列此项。")
    assert (row.answer, row.answered_by, row.ended_at) == ("not_ours", office.users["workhead"], LATER)
    labels = [line.label for line in pages.timeline(office.actor("district"), case)]
    assert "表示不属本单位职责" in labels
    with pytest.raises(FasterError):
        answer(office, row, "worker", "ours")


def test_only_the_dispatcher_asks_and_only_the_asked_unit_answers(office: Office) -> None:
    case = said(office)
    for name in ("other", "handler", "supervisor", "firm_a"):
        with pytest.raises(NotPermittedError):
            ask(office, case, by=office.actor(name))
    [row] = ask(office, case, "works")
    for name in ("handler", "district", "dispatcher"):
        with pytest.raises(NotPermittedError):
            answer(office, row, name, "ours")


def test_units_are_asked_between_acceptance_and_dispatch_only(office: Office) -> None:
    for case in (office.case(), office.until("dispatched")):
        with pytest.raises(FasterError, match="between the acceptance"):
            ask(office, case)


def test_a_unit_that_must_not_learn_of_it_is_not_asked(office: Office) -> None:
    with pytest.raises(RefusedError, match="confidential"):
        ask(office, said(office, confidential=True))
    with pytest.raises(RefusedError, match="confidential"):
        ask(office, said(office, accused=office.units["works"]), "works")


def test_only_units_with_accounts_are_asked_and_each_once_at_a_time(office: Office) -> None:
    unit = org_services.create_department(
        by=SEEDER, now=NOW, name="示例供电公司", name_en="Power", tier="city", local_code="power",
        parent=office.units["city"], region="", intake=False,
    )  # fmt: skip
    office.units["power"] = unit
    case = said(office)
    for names, sentence in (
        (("power",), "can sign in and answer"),
        (("other",), "no handler and no head"),
        (("district",), "does not ask itself"),
        ((), "at least one unit"),
    ):
        with pytest.raises(FieldError, match=sentence):
            services.sound(
                by=office.actor("district"), now=NOW, case=case, question="?",
                departments=[office.units[name] for name in names],
            )  # fmt: skip
    ask(office, case, "works")
    with pytest.raises(FieldError, match="asked already"):
        ask(office, case, "industry", "works")
    assert Sounding.objects.count() == 1, "all of them or none"


def test_the_dispatcher_is_told_once_when_all_have_answered(office: Office) -> None:
    case = said(office)
    first, second = ask(office, case)
    answer(office, first, "handler", "ours")
    assert told("The units asked") == []
    answer(office, second, "worker", "jointly")
    assert told("The units asked") == ["district"]
    assert SoundingsOver().run(OVER) == ""
    assert told("The units asked", OVER) == ["district"]


def test_the_dispatcher_is_told_when_the_time_is_over_and_of_who_answers_later(office: Office) -> None:
    case = said(office)
    first, second = ask(office, case)
    answer(office, first, "handler", "jointly")
    assert SoundingsOver().run(datetime(2026, 6, 8, 15, 59, tzinfo=UTC)) == ""
    assert SoundingsOver().run(OVER) == "1 times the asked units' time was over"
    assert SoundingsOver().run(OVER) == ""
    assert told("The units asked", OVER) == ["district"]
    with pytest.raises(RefusedError, match="not over yet"):
        services.sounding_over(by=SEEDER, now=OVER, case=case)
    [row] = soundings.rows(office.actor("worker"), [second], OVER)
    assert (row.clock.tone, row.may_answer) == ("danger", True), "silence is not a no"
    answer(office, second, "worker", "ours", OVER)
    assert told("The units asked", OVER) == ["district", "district"]


def test_what_is_asked_ends_with_the_dispatch_and_the_clock_of_the_dispatch_has_run_on(
    office: Office,
) -> None:
    case = said(office)
    first, second = ask(office, case)
    answer(office, first, "handler", "ours")
    given = {"lead": office.units["industry"], "person": office.users["handler"]}
    services.dispatch(by=office.actor("district"), now=LATER, case=case, **given)
    second.refresh_from_db()
    assert (second.answer, second.ended_at) == ("", LATER)
    [row] = soundings.rows(office.actor("district"), [second], LATER)
    assert (str(row.standing), row.clock) == ("不再需要回复", None)
    assert case.stretches.get(state="accepted").due_at == case.due_at
    with pytest.raises(FasterError):
        answer(office, second, "worker", "ours")
    assert SoundingsOver().run(OVER) == ""


def test_what_is_asked_ends_when_the_firm_withdraws(office: Office) -> None:
    case = said(office)
    rows = ask(office, case)
    services.withdraw(by=office.actor("firm_a"), now=LATER, case=case, reason="已解决")
    assert not Sounding.objects.filter(pk__in=[row.pk for row in rows], ended_at__isnull=True).exists()


def test_answers_stand_with_the_suggestions(office: Office) -> None:
    case = said(office, "厂区门前路面坑洼积水，货车无法通行。")
    district = office.actor("district")
    assert [row.department.local_code for row in advice.suggest(district, case, NOW)] == ["works"]
    first, second = ask(office, case)
    answer(office, first, "handler", "ours")
    answer(office, second, "worker", "not_ours", basis="该路段为厂区内部道路。")
    rows = advice.suggest(district, case, NOW)
    assert [row.department.local_code for row in rows] == ["industry", "works"]
    assert rows[0].reasons == ["该单位表示属本单位职责。"]
    assert rows[1].reasons[0] == "该单位表示不属本单位职责：该路段为厂区内部道路。"


def test_who_can_help_is_no_lead_by_that_alone(office: Office) -> None:
    case = said(office)
    [row] = ask(office, case, "works")
    answer(office, row, "worker", "jointly")
    assert "works" not in [
        found.department.local_code for found in advice.suggest(office.actor("district"), case, NOW)
    ]


def test_a_typhoon_day_moves_the_answer_and_another_kind_shortens_it(office: Office) -> None:
    case = said(office)
    [row] = ask(office, case, "works")
    core_services.set_local_day(
        by=SEEDER, now=LATER, date=date(2026, 6, 8), kind="local_off", name_zh="台风", name_en="Typhoon",
        source="市政府通知",
    )  # fmt: skip
    row.refresh_from_db()
    assert local_date(row.due_at) == date(2026, 6, 9)
    case.refresh_from_db()
    services.reclassify(by=office.actor("district"), now=LATER, case=case, kind="urgent", reason="停电")
    row.refresh_from_db()
    assert row.due_at == LATER + timedelta(hours=1)


def test_a_case_that_comes_back_can_be_asked_about_again(office: Office) -> None:
    case = said(office)
    ask(office, case, "works")
    given = {"lead": office.units["industry"], "person": office.users["handler"]}
    case = services.dispatch(by=office.actor("district"), now=NOW, case=case, **given)
    case = services.object_to(by=office.actor("handler"), now=NOW, case=case, reason="不属我局")
    case = services.uphold(by=office.actor("district"), now=NOW, case=case, reason="异议成立")
    assert [row.ended_at is None for row in ask(office, case, "works")] == [False, True]
