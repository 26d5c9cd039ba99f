from __future__ import annotations

import pytest

from tests.support.office import NOW, Office
from zhitong.cases import pages, services
from zhitong.cases.models import Case, Entry
from zhitong.core.errors import FasterError
from zhitong.feedback import services as feedback_services


def asked(office: Office, name: str, case: object) -> str:
    line = pages.asked(pages.timeline(office.actor(name), case))
    return line.entry.text if line else ""


def test_what_is_asked_stands_before_whoever_is_next(office: Office) -> None:
    case = services.return_for_supplement(
        by=office.actor("district"), now=NOW, case=office.case(), reason="哪个门？"
    )
    assert asked(office, "firm_a", case) == "哪个门？"
    case = services.supplement(by=office.actor("firm_a"), now=NOW, case=case, text="东门")
    assert asked(office, "firm_a", case) == asked(office, "district", case) == ""


def test_what_a_reviewer_asks_is_not_for_the_firm(office: Office) -> None:
    case = services.reject(
        by=office.actor("head"), now=NOW, case=office.until("answered"), reason="请写明日期"
    )
    assert asked(office, "handler", case) == "请写明日期"
    services.note(by=office.actor("handler"), now=NOW, case=case, text="在问施工队")
    assert asked(office, "handler", case) == "请写明日期"
    assert asked(office, "firm_a", case) == ""


def test_what_nobody_did_the_system_did(office: Office) -> None:
    case = office.until("reviewed")
    feedback_services.rate(by=office.actor("firm_a"), now=NOW, case=case, stars=1)
    case = Case.objects.get(pk=case.pk)
    newest = pages.timeline(office.actor("firm_a"), case)[0]
    assert (newest.entry.action, newest.by) == ("reopen_rated", "系统")


def test_an_extended_case_offers_no_second_extension(office: Office) -> None:
    case = office.until("handling")
    handler = office.actor("handler")
    names = [button.name for button in pages.buttons(handler, case)]
    assert "ask_extension" in names
    given = {"by": handler, "now": NOW, "case": case, "days": 2, "reason": "等待部件"}
    asked = services.ask_extension(**given)
    granted = services.grant_extension(by=office.actor("district"), now=NOW, case=asked, message="同意")
    names = [button.name for button in pages.buttons(handler, granted)]
    assert "ask_extension" not in names
    assert "ask_plan" in names


def test_a_question_before_the_dispatch_names_the_unit_that_is_asked_and_not_as_the_asker(
    office: Office,
) -> None:
    case = office.until("accepted")
    given = {"by": office.actor("district"), "now": NOW, "case": case, "question": "是否属本单位职责？"}
    services.sound(**given, departments=[office.units["industry"]])
    newest = pages.timeline(office.actor("district"), case)[0]
    assert (newest.entry.action, newest.unit) == ("sound", "")
    assert office.units["industry"].label in newest.label


def test_what_a_clock_did_names_no_program(office: Office) -> None:
    entry = Entry(by_label="tick", department=office.units["industry"])
    assert entry.who == "系统"
    assert Entry(by_label="市税务局(示例)", department=office.units["industry"]).who == "市税务局(示例)"


def test_somebody_slower_reads_in_words_what_was_done(office: Office) -> None:
    case = office.until("submitted")
    accepted = services.accept(
        by=office.actor("district"), now=NOW, case=case, kind="normal", category="roads"
    )
    assert accepted.category
    with pytest.raises(FasterError) as found:
        services.return_for_supplement(by=office.actor("district"), now=NOW, case=accepted, reason="x")
    assert found.value.last.what == "已确定主题分类"


def test_an_answer_that_the_firm_did_not_like_is_not_offered_again(office: Office) -> None:
    case = office.until("reviewed")
    feedback_services.rate(by=office.actor("firm_a"), now=NOW, case=case, stars=1)
    case = Case.objects.get(pk=case.pk)
    assert pages.action_form("answer", case, NOW)["text"].initial is None
    office_case = office.until("answered")
    sent_back = services.reject(by=office.actor("head"), now=NOW, case=office_case, reason="请写明日期")
    assert pages.action_form("answer", sent_back, NOW)["text"].initial == office_case.answer


@pytest.mark.parametrize(("again", "proposed"), [(False, "solved"), (True, None)])
def test_an_outcome_is_proposed_for_closing_only_where_no_bad_word_stands(
    office: Office, again: bool, proposed: str | None
) -> None:
    case = office.until("reviewed")
    feedback_services.rate(by=office.actor("firm_a"), now=NOW, case=case, stars=1 if again else 5)
    if again:
        handler, head = office.actor("handler"), office.actor("head")
        answered = {"text": "又修了一次。", "outcome": "solved"}
        case = services.answer(by=handler, now=NOW, case=Case.objects.get(pk=case.pk), **answered)
        case = services.approve(by=head, now=NOW, case=case)
        feedback_services.rate(by=office.actor("firm_a"), now=NOW, case=case, stars=5)
    form = pages.action_form("close", Case.objects.get(pk=case.pk), NOW)
    assert form["outcome"].initial == proposed
