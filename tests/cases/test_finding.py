"""By which words a case is found, by whom, and what the list shows of them."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.support.browsing import signed_in
from tests.support.office import NOW, SEEDER, Office
from tests.support.programs import ask, key
from zhitong.cases import finding, queries, services
from zhitong.cases.models import Case
from zhitong.core import clock, search
from zhitong.core.search import texts
from zhitong.enterprises import services as enterprise_services

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests happen at the office's moment."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


def found(office: Office, name: str, words: str) -> list[int]:
    actor = office.actor(name)
    rows = queries.visible(actor).order_by("-id")
    return [case.pk for case in queries.by_words(actor, rows, words).rows]


def submit(office: Office, text: str = "厂区北门停电三小时", firm: str = "a", **more: Any) -> Case:
    draft = services.Draft(text=text, **more)
    return services.submit(by=office.actor(f"firm_{firm}"), now=NOW, draft=draft, firm=office.firms[firm])


def rename(office: Office, name: str) -> None:
    firm = office.firms["a"]
    particulars = replace(enterprise_services.Particulars.of(firm), name=name)
    enterprise_services.change(by=SEEDER, now=NOW, enterprise=firm, given=particulars)


def page(office: Office, name: str, **query: Any) -> Any:
    return signed_in(office, name).get(reverse("cases:list"), query)


def test_a_case_is_found_by_all_that_its_page_says(office: Office) -> None:
    case = submit(office, title="夜班停工", place="福马路")
    other = submit(office, "出口退税到账慢", "b")
    for words in (
        "停电",
        "北门停电",
        "停电 北门",
        "夜班",
        "福马",
        "示例一号",
        "一号厂 停电",
        case.number,
        "000001",
    ):
        assert found(office, "supervisor", words) == [case.pk], words
    for words in ("退税", "二号", other.number.lower()):
        assert found(office, "supervisor", words) == [other.pk], words
    assert found(office, "supervisor", "示例") == [other.pk, case.pk]
    assert found(office, "supervisor", "停电 退税") == found(office, "supervisor", "ZT-2026-999999") == []
    assert found(office, "supervisor", " ") == [other.pk, case.pk]


def test_the_number_of_the_other_platform_is_found(office: Office) -> None:
    draft = services.Draft(text="路灯坏了", channel="hotline", original_number="12345-2026-7788")
    by = office.actor("district")
    case = services.register(by=by, now=NOW, draft=draft, firm=office.firms["a"])
    for words in ("12345-2026-7788", "7788", "路灯"):
        assert found(office, "district", words) == [case.pk], words


def test_what_is_out_of_sight_is_not_found(office: Office) -> None:
    case = submit(office)
    hidden = submit(office, "窗口停电时态度生硬", confidential=True)
    names = ("firm_a", "firm_b", "district", "other", "dispatcher", "handler", "sysadmin")
    assert {name: found(office, name, "停电") for name in names} == {
        "firm_a": [hidden.pk, case.pk],
        "firm_b": [],
        "district": [hidden.pk, case.pk],
        "other": [],
        "dispatcher": [case.pk],
        "handler": [],
        "sysadmin": [],
    }


def test_the_firm_of_a_protected_reporter_is_not_found_by_its_name(office: Office) -> None:
    case = submit(office, protected=True, reporter="示例一号厂的人")
    case = services.accept(by=office.actor("district"), now=NOW, case=case, kind="normal")
    services.dispatch(
        by=office.actor("district"), now=NOW, case=case, lead=office.units["industry"], person=office.users["handler"],
    )  # fmt: skip
    assert found(office, "handler", "停电") == [case.pk]
    for name in ("handler", "head"):
        assert found(office, name, "示例一号") == [], name
    assert found(office, "district", "示例一号") == [case.pk], "who took it in may know"
    hit = finding.hit(office.actor("handler"), Case.objects.get(pk=case.pk), ("示例",))
    assert (hit.label, str(hit.piece)) == ("", "")
    rename(office, "示例新名厂")
    assert found(office, "handler", "新名") == []


def test_an_answer_is_found_by_the_firm_once_it_was_told(office: Office) -> None:
    case = office.until("answered")
    assert found(office, "handler", "修好") == [case.pk]
    assert found(office, "firm_a", "修好") == []
    case = services.approve(by=office.actor("head"), now=NOW, case=case)
    assert found(office, "firm_a", "修好") == found(office, "handler", "修好") == [case.pk]
    hit = finding.hit(office.actor("firm_a"), case, ("修好",))
    assert (hit.label, str(hit.piece)) == ("答复", "已<mark>修好</mark>。")


def test_a_draft_is_not_shown_to_the_firm_as_a_place(office: Office) -> None:
    case = office.until("answered")
    assert finding.hit(office.actor("firm_a"), case, ("修好",)).piece == ""
    assert finding.hit(office.actor("handler"), case, ("修好",)).piece != ""


def test_a_new_name_of_the_firm_is_found_and_the_old_one_is_not(office: Office) -> None:
    case = submit(office)
    assert found(office, "district", "一号厂") == [case.pk]
    rename(office, "榕晶光电厂")
    assert found(office, "district", "榕晶") == [case.pk]
    assert found(office, "district", "一号厂") == []


def test_a_case_that_gets_its_firm_or_is_split_is_found_by_it(office: Office) -> None:
    by = office.actor("district")
    draft = services.Draft(text="路灯坏了", channel="phone", reporter="某人", region="350111")
    case = services.register(by=by, now=NOW, draft=draft)
    assert found(office, "district", "一号厂") == []
    services.link_firm(by=by, now=NOW, case=case, firm=office.firms["a"])
    assert found(office, "district", "一号厂") == [case.pk]
    assert found(office, "district", "某人") == []  # people are not searched for


def test_a_step_that_is_refused_changes_no_words(office: Office) -> None:
    case = office.until("handling")
    with pytest.raises(Exception, match=r".+"):
        services.answer(
            by=office.actor("handler"), now=NOW, case=case, text="已经疏通管道", outcome="solved", version=99
        )
    assert found(office, "handler", "疏通") == []


def test_common_words_are_looked_for_in_what_the_filters_leave(office: Office, monkeypatch: Any) -> None:
    monkeypatch.setattr(texts, "CANDIDATES", 2)
    cases = [submit(office, f"停电第{at}次说", "ab"[at % 2]) for at in range(4)]
    actor = office.actor("firm_a")
    narrowed = queries.by_words(actor, queries.visible(actor), "停电")
    assert [case.pk for case in narrowed.rows.order_by("-pk")] == [cases[2].pk, cases[0].pk]
    assert (narrowed.notice.common, narrowed.notice.among) == (("停电",), 2)


def test_the_page_marks_the_words_and_says_how_it_looked(office: Office, monkeypatch: Any) -> None:
    submit(office, "<script>x</script>，北门停电三小时", title="夜班停工 & 停电")
    body = page(office, "district", q="停电").content.decode()
    assert "夜班停工 &amp; <mark>停电</mark>" in body
    body = page(office, "district", q="北门").content.decode()
    assert "…ript&gt;x&lt;/script&gt;，<mark>北门</mark>停电三小时" in body
    assert "<script>x" not in body
    monkeypatch.setattr(texts, "CANDIDATES", 1)
    body = page(office, "district", q="停电 x").content.decode()
    assert "常用词" in body
    assert "至少" in body
    body = page(office, "district", q="没有这词").content.decode()
    assert "callout" not in body.split('id="results"')[1]
    assert "两个字" in body


def test_the_export_is_the_list(office: Office) -> None:
    case = submit(office)
    submit(office, "退税慢", "a")
    content = signed_in(office, "district").get(reverse("cases:export"), {"q": "停电"}).content
    rows = list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == [case.number]


def test_the_ledger_looks_for_words_as_the_list_does(office: Office) -> None:
    from zhitong.reports import ledger

    case = submit(office)
    submit(office, "退税慢", "a")
    assert list(ledger.rows(office.actor("district"), {"q": "北门停电"}, NOW)) == [case]


def test_programs_look_for_words(office: Office, monkeypatch: Any) -> None:
    case = office.until("answered")
    submit(office, "退税慢", "a")
    secret = key(office, "cases.read", regions=("350111",))

    def numbers(words: str) -> list[str]:
        return [row["number"] for row in ask(secret, f"/cases?q={words}").json()["items"]]

    assert numbers("北侧") == [case.number]
    assert numbers("修好") == []
    services.approve(by=office.actor("head"), now=NOW, case=case)
    assert numbers("修好") == [case.number]
    assert "among" not in ask(secret, "/cases?q=修好").json()
    monkeypatch.setattr(texts, "CANDIDATES", 1)
    assert ask(secret, "/cases?q=修好").json()["among"] == 1


def test_a_search_asks_as_often_for_many_cases_as_for_few(office: Office) -> None:

    client = signed_in(office, "district")

    def asked(**query: Any) -> int:
        client.get(reverse("cases:list"), query)  # filters that are new are kept in the session
        with CaptureQueriesContext(connection) as taken:
            assert client.get(reverse("cases:list"), query).status_code == 200
        return len(taken)

    submit(office)
    few = asked(q="停电"), asked(q="停电 北门")
    for at in range(12):
        submit(office, f"厂区北门停电第{at}次")
    assert (asked(q="停电"), asked(q="停电 北门")) == few


def test_all_cases_are_written_anew(office: Office) -> None:
    case = submit(office)
    search.clear(finding.INDEX)
    assert found(office, "district", "停电") == []
    assert search.behind() == ["search_cases"]
    assert services.reindex(by=SEEDER, now=NOW) == 1
    assert found(office, "district", "停电") == [case.pk]
    assert search.behind() == []


@pytest.mark.parametrize(
    "words", ["'", '"', "%", "_", "\\", "a'b", "*", "停电*", "{said} : 停电", "\u0000停电", "𠮷野"]
)
def test_hostile_words_do_no_harm(office: Office, words: str) -> None:
    submit(office)
    for name in ("district", "firm_a"):
        assert page(office, name, q=words).status_code == 200


# ---------------------------------------------------------------- planted faults


@pytest.mark.parametrize(
    ("place", "test"),
    [
        ("follow", test_an_answer_is_found_by_the_firm_once_it_was_told),
        ("follow_firms", test_a_new_name_of_the_firm_is_found_and_the_old_one_is_not),
    ],
)
def test_words_that_are_not_written_are_noticed(
    office: Office, monkeypatch: Any, place: str, test: Any
) -> None:
    if place == "follow":
        monkeypatch.setattr(finding, place, lambda *_, **__: None)
    else:
        from zhitong.core import slots

        monkeypatch.setattr(slots.firm_names, "_members", {})
    with pytest.raises(AssertionError):
        test(office)


@pytest.mark.parametrize("told", [frozenset(), frozenset({"answered", "reviewed"})])
def test_answers_that_are_told_too_early_or_never_are_noticed(
    office: Office, monkeypatch: Any, told: Any
) -> None:
    monkeypatch.setattr(finding, "TOLD", told)
    with pytest.raises(AssertionError):
        test_an_answer_is_found_by_the_firm_once_it_was_told(office)


def test_a_protected_firm_that_is_named_is_noticed(office: Office, monkeypatch: Any) -> None:
    def document(case: Case) -> dict[str, str]:
        return {"said": f"{case.text}{case.enterprise.name}", "whose": "", "answer": ""}

    monkeypatch.setattr(finding, "document", document)
    monkeypatch.setattr(finding, "_without_kept", lambda _, found: found.ids)
    with pytest.raises(AssertionError):
        test_the_firm_of_a_protected_reporter_is_not_found_by_its_name(office)
