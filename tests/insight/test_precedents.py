"""Precedents: written anew, reviewed by another, found, used, looked at again, withdrawn."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.http import Http404

from tests.insight import scenes
from tests.support.office import NOW, Office
from zhitong.cases import services as case_services
from zhitong.cases.models import Case
from zhitong.core import outbox
from zhitong.core.actor import system
from zhitong.core.errors import FasterError, FieldError, NotPermittedError, RefusedError
from zhitong.core.models import AuditEvent
from zhitong.insight import finding, pages, queries, services
from zhitong.insight.models import Precedent, Use
from zhitong.insight.panels import CasePanel, DeskPanel, WritingPanel
from zhitong.insight.tasks import RemindUnits
from zhitong.orgs.models import Notice


def told(office: Office, who: str) -> list[str]:
    outbox.drain(now=NOW)
    return list(Notice.objects.filter(user=office.users[who]).values_list("msgid", flat=True))


def test_a_precedent_goes_its_way_and_everybody_concerned_is_told(office: Office) -> None:
    row = scenes.draft(office)
    assert (row.state, row.department) == ("draft", office.units["industry"])
    row = services.send(by=office.actor("handler"), now=NOW, precedent=row)
    assert any("waits for your review" in text for text in told(office, "head"))
    assert not any("waits for your review" in text for text in told(office, "handler"))
    row = services.send_back(by=office.actor("head"), now=NOW, precedent=row, reason="写明依据")
    assert (row.state, row.words) == ("draft", "写明依据")
    assert any("sent back" in text for text in told(office, "handler"))
    row = services.edit(
        by=office.actor("handler"), now=NOW, precedent=row, written=scenes.written(basis="示例〔2026〕1号")
    )
    row = services.send(by=office.actor("handler"), now=NOW, precedent=row)
    row = services.publish(by=office.actor("head"), now=NOW, precedent=row, nobody_named=True)
    assert (row.state, row.reviewer, row.nobody_named) == ("published", office.users["head"], True)
    steps = AuditEvent.objects.filter(target=f"insight.precedent:{row.pk}").order_by("id")
    assert list(steps.values_list("action", flat=True)) == [
        "insight.make", "insight.send", "insight.send_back", "insight.edit", "insight.send", "insight.publish",
    ]  # fmt: skip
    row = services.withdraw(by=office.actor("head"), now=NOW, precedent=row, reason="办法已废止")
    assert (row.state, row.withdrawn_by) == ("withdrawn", office.users["head"])
    assert scenes.draft(office, row.case).pk != row.pk, "another one may follow"


def test_nobody_reviews_their_own(office: Office) -> None:
    case = scenes.closed(office)
    row = services.make(by=office.actor("head"), now=NOW, case=case, written=scenes.written())
    row = services.send(by=office.actor("head"), now=NOW, precedent=row)
    with pytest.raises(NotPermittedError):
        services.publish(by=office.actor("head"), now=NOW, precedent=row, nobody_named=True)
    assert services.publish(by=office.actor("district"), now=NOW, precedent=row, nobody_named=True)


def test_the_reviewer_has_to_say_that_nobody_is_named(office: Office) -> None:
    row = scenes.in_review(office)
    with pytest.raises(FieldError, match="no person and no firm"):
        services.publish(by=office.actor("head"), now=NOW, precedent=row, nobody_named=False)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("已联系示例一号厂。", "企业名称"),
        ("已联系示例 一号\u200b厂。", "企业名称"),
        ("已联系示例firma。", "人名"),
        ("请拨打１３８-００００-００００。", "电话号码"),
        ("信用代码91350111MA0DEM03X5。", "统一社会信用代码"),
        ("由示例handler回复。", "工作人员姓名"),
    ],
)
def test_a_name_that_is_left_holds_it_back_and_is_named(office: Office, text: str, kind: str) -> None:
    row = scenes.draft(office, answer=text)
    with pytest.raises(RefusedError, match="still holds") as caught:
        services.send(by=office.actor("handler"), now=NOW, precedent=row)
    assert kind in caught.value.message
    Precedent.objects.filter(pk=row.pk).update(state="review")  # as if it had come there another way
    row = queries.get_precedent(office.actor("head"), row.pk, NOW)
    with pytest.raises(RefusedError, match="still holds"):
        services.publish(by=office.actor("head"), now=NOW, precedent=row, nobody_named=True)
    payload = AuditEvent.objects.filter(result="refused").latest("id").payload
    assert row.answer.strip("。") not in payload, "the log keeps no names"


def test_what_is_named_after_the_review_began_is_found(office: Office) -> None:
    row = scenes.in_review(office, answer="已联系新来的示例甲。")
    case = row.case
    Case.objects.filter(pk=case.pk).update(reporter="示例甲")
    row = queries.get_precedent(office.actor("head"), row.pk, NOW)
    with pytest.raises(RefusedError, match="still holds"):
        services.publish(by=office.actor("head"), now=NOW, precedent=row, nobody_named=True)


def test_the_form_begins_without_names(office: Office) -> None:
    text = "示例一号厂（联系人示例firma，13800000000）反映：厂外道路破损，损失30万元。"
    begun = pages.begin(scenes.closed(office, text=text), NOW)
    assert begun.initial["question"] == "某企业（联系人联系人，（电话））反映：厂外道路破损，损失30万元。"
    assert {row.text for row in begun.taken} == {"示例一号厂", "示例firma", "13800000000"}
    assert begun.initial["valid_until"] == date(2027, 6, 1)


def test_a_confidential_case_becomes_none(office: Office) -> None:
    case = scenes.closed(office)
    Case.objects.filter(pk=case.pk).update(confidential=True)
    case = Case.objects.get(pk=case.pk)
    with pytest.raises(RefusedError, match="confidential"):
        services.make(by=office.actor("handler"), now=NOW, case=case, written=scenes.written())
    assert CasePanel().context(office.actor("handler"), case, NOW) is None


def test_a_protected_reporters_case_becomes_none(office: Office) -> None:
    case = scenes.closed(office)
    Case.objects.filter(pk=case.pk).update(confidential=True, protected=True)
    with pytest.raises(RefusedError, match="confidential"):
        services.make(
            by=office.actor("handler"), now=NOW, case=Case.objects.get(pk=case.pk), written=scenes.written()
        )


def test_a_case_that_runs_or_was_not_solved_becomes_none(office: Office) -> None:
    for case in (office.until("reviewed"), scenes.closed(office)):
        Case.objects.filter(pk=case.pk, state="closed").update(outcome="routed")
        case.refresh_from_db()
        with pytest.raises(RefusedError, match="closed case"):
            services.make(by=office.actor("handler"), now=NOW, case=case, written=scenes.written())


def test_a_case_has_one_live_precedent(office: Office) -> None:
    row = scenes.draft(office)
    with pytest.raises(FasterError, match="already"):
        scenes.draft(office, row.case)


def test_only_a_step_of_its_state_and_of_its_version_is_possible(office: Office) -> None:
    row = scenes.draft(office)
    with pytest.raises(FasterError):
        services.publish(by=office.actor("head"), now=NOW, precedent=row, nobody_named=True)
    services.edit(by=office.actor("handler"), now=NOW, precedent=row, written=scenes.written())
    with pytest.raises(FasterError):
        services.send(by=office.actor("handler"), now=NOW, precedent=row)


def test_who_sees_what(office: Office) -> None:
    first, second = scenes.draft(office), scenes.published(office, scenes.closed(office, "b"))

    def seen(who: str) -> set[int]:
        return set(queries.visible(office.actor(who), NOW).values_list("pk", flat=True))

    assert seen("handler") == seen("head") == {first.pk, second.pk}
    assert seen("district") == {first.pk, second.pk}
    assert seen("other") == seen("worker") == seen("leader") == {second.pk}
    assert seen("firm_a") == {second.pk}
    assert seen("sysadmin") == set()
    with pytest.raises(Http404):
        queries.get_precedent(office.actor("firm_a"), first.pk, NOW)
    assert queries.source_of(office.actor("worker"), second) is None, (
        "from which case is not told to everybody"
    )


def test_what_is_due_to_be_looked_at_again_is_not_suggested(office: Office) -> None:
    row = scenes.published(office)
    case = office.until("handling")
    assert [near.precedent for near in near_of(case)] == [row]
    Precedent.objects.filter(pk=row.pk).update(valid_until=NOW.date() - timedelta(days=1))
    assert near_of(case) == []
    assert list(queries.visible(office.actor("firm_a"), NOW)) == []
    with pytest.raises(RefusedError, match="not offered"):
        services.use(by=office.actor("handler"), now=NOW, precedent=row, case=case)
    with pytest.raises(RefusedError, match="not offered"):
        services.say_helped(by=office.actor("firm_a"), now=NOW, precedent=row)
    assert queries.narrowed(Precedent.objects.all(), {"state": "stale"}, NOW).get() == row
    services.renew(by=office.actor("head"), now=NOW, precedent=row, valid_until=scenes.DAY)
    assert [near.precedent for near in near_of(case)] == [row]


def near_of(case: Case, side: str = "staff") -> list[finding.Alike]:
    return finding.alike(f"{case.title}\n{case.text}", category=case.category, side=side, now=NOW)


def test_the_panel_says_why_and_is_silent_otherwise(office: Office) -> None:
    row = scenes.published(office)
    case = office.until("handling")
    shown = CasePanel().context(office.actor("handler"), case, NOW)
    assert shown is not None
    ((near, counts),) = shown["alike"]
    assert (near.precedent, counts.used, shown["usable"]) == (row, 0, True)
    assert "道路破损" in "".join(near.shared)
    Case.objects.filter(pk=case.pk).update(title="出口退税", text="出口退税没有到账。")
    assert CasePanel().context(office.actor("handler"), Case.objects.get(pk=case.pk), NOW) is None
    assert CasePanel().context(office.actor("firm_a"), case, NOW) is None
    assert CasePanel().context(office.actor("leader"), case, NOW) is None, "who only looks on needs none"
    assert not CasePanel().context(office.actor("head"), office.until("handling"), NOW)["usable"]


def test_a_withdrawn_one_is_forgotten_and_a_changed_one_found_by_its_new_words(office: Office) -> None:
    row = scenes.published(office)
    assert near_of(office.until("handling"))
    services.withdraw(by=office.actor("handler"), now=NOW, precedent=row, reason="过时")
    assert not near_of(office.until("handling"))


def test_use_is_counted_once_a_case_and_sent_answers_too(office: Office) -> None:
    row, case = scenes.published(office), office.until("handling")
    for _ in range(2):
        services.use(by=office.actor("handler"), now=NOW, precedent=row, case=case)
    assert Use.objects.get().case == case
    counted = queries.counts([row.pk])[row.pk]
    assert (counted.used, counted.sent) == (1, 0)
    case = case_services.answer(
        by=office.actor("handler"), now=NOW, case=case, text=row.answer, outcome="solved"
    )
    case_services.approve(by=office.actor("head"), now=NOW, case=case)
    assert queries.counts([row.pk])[row.pk].sent == 1


def test_only_who_answers_the_case_uses_one(office: Office) -> None:
    row, case = scenes.published(office), office.until("handling")
    for who in ("head", "colleague", "district", "firm_a"):
        with pytest.raises(NotPermittedError):
            services.use(by=office.actor(who), now=NOW, precedent=row, case=case)


def test_a_firm_is_shown_two_at_most_and_only_a_count_is_kept(office: Office) -> None:
    for title in ("道路破损一", "道路破损二", "道路破损三"):
        row = scenes.published(office, title=title)
    panel = WritingPanel().context(office.actor("firm_b"), "厂区外道路破损，大货车进不来。", NOW)
    assert len(panel["alike"]) == 2
    assert WritingPanel().context(office.actor("firm_b"), "出口退税没有到账。", NOW) is None
    services.say_helped(by=office.actor("firm_b"), now=NOW, precedent=row)
    row.refresh_from_db()
    assert row.helped == 1


def test_words_find_precedents(office: Office) -> None:
    row = scenes.published(office)
    scenes.published(office, title="用电", question="车间停电。", answer="已恢复供电。")
    rows = queries.visible(office.actor("worker"), NOW)
    assert list(queries.narrowed(rows, {"q": "道路 养护单位"}, NOW)) == [row]
    assert list(queries.narrowed(rows, {"q": "退税"}, NOW)) == []
    services.reindex(by=system("tick"), now=NOW)
    assert list(queries.narrowed(rows, {"q": "道路"}, NOW)) == [row]


def test_units_are_reminded_once(office: Office) -> None:
    row = scenes.published(office)
    Precedent.objects.filter(pk=row.pk).update(valid_until=NOW.date() + timedelta(days=10))
    for _ in range(2):
        RemindUnits().run(NOW)
    for who in ("handler", "head", "district"):
        assert sum("looked at again" in text for text in told(office, who)) == 1


def test_the_desk_shows_what_waits_for_the_reader(office: Office) -> None:
    row = scenes.in_review(office)
    assert DeskPanel().context(office.actor("head"), None, NOW) == {"precedents": [row]}
    assert DeskPanel().context(office.actor("handler"), None, NOW) is None
    assert DeskPanel().context(office.actor("firm_a"), None, NOW) is None


@pytest.mark.parametrize("day", [NOW.date(), date(2036, 1, 1)])
def test_a_day_is_ahead_and_not_far_away(office: Office, day: date) -> None:
    with pytest.raises(FieldError, match="five years"):
        scenes.draft(office, valid_until=day)


def test_texts_have_their_limits(office: Office) -> None:
    case = scenes.closed(office)
    for name in ("title", "question", "answer"):
        with pytest.raises(FieldError, match="fill in"):
            scenes.draft(office, case, **{name: " "})
        with pytest.raises(FieldError, match="at most"):
            scenes.draft(office, case, **{name: "长" * 2001})
    with pytest.raises(FieldError, match="categories"):
        scenes.draft(office, case, category="weather")
