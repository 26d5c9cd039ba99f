"""What follows an order about arrears that was not obeyed: a talk, then a circular, never out of turn."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta

import pytest
from django.http import Http404
from docx import Document

from tests.support.office import NOW, Office
from zhitong.cases import services as case_services
from zhitong.cases.models import Case
from zhitong.core import clock, outbox
from zhitong.core.errors import FasterError, FieldError, NotPermittedError, RefusedError
from zhitong.orgs.models import Notice
from zhitong.supervision import pages, panels, queries, services, writing
from zhitong.supervision.forms import CircularForm, TalkForm
from zhitong.supervision.models import Measure, Task
from zhitong.supervision.states import ladder

LATE = NOW + timedelta(days=14)  # the order's three working days are long over
DAY = date(2026, 6, 18)


def arrears(office: Office, kind: str = "arrears") -> Case:
    case = case_services.accept(by=office.actor("district"), now=NOW, case=office.case(), kind=kind)
    given = {"lead": office.units["industry"], "person": office.users["handler"]}
    return case_services.dispatch(by=office.actor("district"), now=NOW, case=case, **given)


def ordered(office: Office, kind: str = "arrears", way: str = "order") -> Task:
    word = services.Word(
        departments=(office.units["industry"],),
        title="支付货款",
        text="请于三日内支付。",
        days=3,
        cases=(arrears(office, kind),),
    )
    by = office.actor({"order": "supervisor", "instruct": "leader"}[way])
    matter = getattr(services, way)(by=by, now=NOW, word=word)
    return matter.tasks.select_related("matter__department", "department").get()


def talk(office: Office, task: Task, by: str = "supervisor", now: datetime = LATE, **changes: object) -> Task:
    given = {
        "day": DAY,
        "people": "示例局分管领导",
        "place": "督查室",
        "text": "逐项说明。",
        "result": "月底前付清。",
    }
    return services.talk(by=office.actor(by, now), now=now, task=task, given=services.Talk(**given | changes))


def circular(
    office: Office, task: Task, by: str = "supervisor", now: datetime = LATE, **changes: object
) -> Task:
    given = services.Circular(**{"day": DAY, "text": "经督办、约谈仍未支付，予以通报批评。"} | changes)
    return services.circular(by=office.actor(by, now), now=now, task=task, given=given)


def open_steps(office: Office, task: Task, now: datetime, by: str = "supervisor") -> list[str]:
    task = Task.objects.select_related("matter__department", "department").get(pk=task.pk)
    found = pages.steps(office.actor(by, now), task, now)
    return [step.name for step in found if step.name in {"talk", "circular"}]


def test_first_the_order_then_the_talk_then_the_circular(office: Office) -> None:
    task = ordered(office)
    assert open_steps(office, task, NOW) == [], "its day has not come"
    with pytest.raises(RefusedError, match="not open"):
        talk(office, task, now=NOW, day=NOW.date())
    assert open_steps(office, task, LATE) == ["talk"]
    with pytest.raises(RefusedError, match="first the talk"):
        circular(office, task)
    task = talk(office, task)
    with pytest.raises(RefusedError, match="not open"):
        talk(office, task)
    assert open_steps(office, task, LATE) == ["circular"]
    task = circular(office, task, number="示例督通〔2026〕1号")
    assert open_steps(office, task, LATE) == []
    rows = list(Measure.objects.order_by("pk").values_list("step", "day", "number"))
    assert rows == [("talk", DAY, ""), ("circular", DAY, "示例督通〔2026〕1号")]
    assert [line.action for line in queries.lines([task])] == ["issue", "talk", "circular"]


@pytest.mark.parametrize(("kind", "way"), [("normal", "order"), ("arrears", "instruct")])
def test_other_kinds_and_instructions_have_no_such_steps(office: Office, kind: str, way: str) -> None:
    task = ordered(office, kind, way)
    assert open_steps(office, task, LATE) == []
    with pytest.raises(RefusedError, match="not open"):
        talk(office, task)


def test_a_reply_that_waits_obeys_and_one_that_was_sent_back_does_not(office: Office) -> None:
    task = services.sign(by=office.actor("handler"), now=NOW, task=ordered(office))
    task = services.close_report(by=office.actor("handler"), now=NOW, task=task, text="已支付。")
    assert open_steps(office, task, LATE) == []
    with pytest.raises(RefusedError, match="not open"):
        talk(office, task)
    task = services.send_back(by=office.actor("supervisor"), now=NOW, task=task, reason="未到账")
    assert open_steps(office, task, NOW) == ["talk"], "before its day: the reply was refused"
    assert talk(office, task, now=NOW, day=NOW.date()).state == "issued"


def test_only_the_supervision_office_at_or_above_the_issuer_takes_them(office: Office) -> None:
    task = ordered(office)
    for name in ("leader", "handler", "head", "district", "dispatcher", "firm_a"):
        assert open_steps(office, task, LATE, name) == []
        for step in (talk, circular):
            with pytest.raises(NotPermittedError):
                step(office, task, name)


@pytest.mark.parametrize("changes", [{"people": " "}, {"place": ""}, {"text": ""}, {"result": ""}])
def test_a_talk_is_written_down_whole(office: Office, changes: dict) -> None:
    with pytest.raises(FieldError) as caught:
        talk(office, ordered(office), **changes)
    assert caught.value.field in changes
    assert not Measure.objects.exists()


def test_days_follow_each_other_and_are_not_ahead(office: Office) -> None:
    task = ordered(office)
    for day in (date(2026, 6, 4), date(2026, 6, 20)):
        with pytest.raises(FieldError) as caught:
            talk(office, task, day=day)
        assert caught.value.field == "day"
    task = talk(office, task)
    with pytest.raises(FieldError):
        circular(office, task, day=date(2026, 6, 17))


def test_the_slower_of_two_is_told(office: Office) -> None:
    task = ordered(office)
    services.sign(by=office.actor("handler"), now=NOW, task=task)
    with pytest.raises(FasterError):
        talk(office, task)


def test_the_unit_is_told_and_sees_it_on_both_pages(office: Office) -> None:
    task = circular(office, talk(office, ordered(office)))
    outbox.drain(now=LATE)
    for start in ("Your unit was called in", "Your unit was criticised"):
        told = Notice.objects.filter(msgid__startswith=start).values_list("user__username", flat=True)
        assert sorted(told) == ["chief", "colleague", "handler", "head"]
    head = office.actor("head", LATE)
    [card] = pages.cards(head, task.matter, LATE)
    assert [one.step for one in card.measures] == ["talk", "circular"]
    case = task.matter.links.get().case
    [(row, taken)] = panels.CasePanel().context(head, case, LATE)["rows"]
    assert (row.task, [one.step for one in taken]) == (task, ["talk", "circular"])
    assert panels.CasePanel().context(office.actor("firm_a", LATE), case, LATE) is None


def test_a_circular_is_a_word_document_for_those_who_see_the_task(office: Office) -> None:
    circular(
        office, talk(office, ordered(office)), number="示例督通〔2026〕1号", text="第一段。\n第二段。\x07"
    )
    row = Measure.objects.get(step="circular")
    found = queries.get_circular(office.actor("head"), row.pk)
    lines = [line.text for line in Document(io.BytesIO(writing.circular(found))).paragraphs]
    assert lines == [
        "通报", "示例督通〔2026〕1号", "示例市工信局：", "第一段。", "第二段。", "", "示例市", "2026年6月18日",
    ]  # fmt: skip
    for name in ("worker", "firm_a", "other"):
        with pytest.raises(Http404):
            queries.get_circular(office.actor(name), row.pk)
    with pytest.raises(Http404):
        queries.get_circular(office.actor("head"), Measure.objects.get(step="talk").pk)


def test_the_ladder_begins_with_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    from zhitong.supervision import states

    assert ladder(DAY, "arrears") == ("talk", "circular")
    assert ladder(DAY, "normal") == ()
    table = {"ladder": {"arrears": {"steps": ["talk"]}}}
    monkeypatch.setattr(states, "rules", lambda _day: table)
    assert ladder(DAY, "arrears") == (), "without an order nothing follows"


def test_the_day_of_a_talk_is_today_until_somebody_says_otherwise(monkeypatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: LATE)
    for form in (TalkForm, CircularForm):
        assert form.base_fields["day"].initial() == clock.local_date(LATE)
