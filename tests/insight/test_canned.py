"""Canned answers: whose they are, which fields they hold, what is left to fill in."""

from __future__ import annotations

import pytest
from django.http import Http404

from tests.insight import scenes
from tests.support.office import NOW, Office
from zhitong.cases import beginnings
from zhitong.cases import services as case_services
from zhitong.cases.models import Case
from zhitong.core.errors import FasterError, FieldError, NotPermittedError
from zhitong.insight import offering, queries, services
from zhitong.insight.states import fields, left_open


def test_whose_they_are(office: Office) -> None:
    own = scenes.canned(office)
    whole = scenes.canned(office, "dispatcher", "city", below=True, title="全市")

    def seen(who: str) -> set[int]:
        return set(queries.canned(office.actor(who)).values_list("pk", flat=True))

    assert seen("handler") == seen("head") == {own.pk, whole.pk}
    assert seen("worker") == seen("district") == {whole.pk}
    assert seen("firm_a") == set()
    with pytest.raises(Http404):
        queries.get_canned(office.actor("worker"), own.pk)


def test_who_keeps_them(office: Office) -> None:
    for who, unit, below in (
        ("handler", "works", False), ("handler", "industry", True), ("district", "city", True),
        ("dispatcher", "city", False), ("chief", "industry", False), ("firm_a", "industry", False),
    ):  # fmt: skip
        with pytest.raises(NotPermittedError):
            scenes.canned(office, who, unit, below=below)
    row = scenes.canned(office, "head")
    with pytest.raises(NotPermittedError):
        services.drop_canned(by=office.actor("worker"), now=NOW, canned=row)


def test_an_unknown_field_is_refused_by_its_name(office: Office) -> None:
    with pytest.raises(FieldError, match="“policy”"):
        scenes.canned(office, text="见{{ policy }}。")
    row = scenes.canned(office)
    with pytest.raises(FieldError, match="“amount”"):
        services.change_canned(
            by=office.actor("handler"), now=NOW, canned=row, written=services.Text("a", "{{amount}}")
        )


def test_every_field_is_filled_in_and_what_is_missing_is_marked(office: Office) -> None:
    text = " ".join(f"{{{{ {name} }}}}" for name in fields(NOW.date()))
    row, case = scenes.canned(office, text=text), office.until("handling")
    filled = offering.canned_text(office.actor("handler"), row, case, NOW)
    due = case.due_at.astimezone().date()
    assert filled.split(" ")[:5] == [
        "示例一号厂", case.number, case.reporter, "示例市工信局", "2026-06-05",
    ]  # fmt: skip
    assert str(due.year) in filled
    case.reporter, case.enterprise = "", None
    filled = offering.canned_text(office.actor("handler"), row, case, NOW)
    assert left_open(filled) == ("【请填写：企业名称】", "【请填写：联系人】")


def test_a_protected_reporter_is_named_to_nobody_else(office: Office) -> None:
    row, case = scenes.canned(office), office.until("handling")
    case.protected = True
    filled = offering.canned_text(office.actor("handler"), row, case, NOW)
    assert case.reporter not in filled
    assert "示例一号厂" not in filled
    assert left_open(filled) == ("【请填写：企业名称】", "【请填写：联系人】")


@pytest.mark.parametrize("mark", ["【请填写：联系人】", "【请填写:联系人】", "【请填写】"])
def test_a_text_with_a_mark_is_not_sent(office: Office, mark: str) -> None:
    case = office.until("handling")
    given = {"by": office.actor("handler"), "now": NOW, "case": case}
    with pytest.raises(FieldError, match="still open") as caught:
        case_services.answer(text=f"请联系{mark}。", outcome="solved", **given)
    assert (caught.value.field, mark in caught.value.message) == ("text", True)
    with pytest.raises(FieldError, match="still open"):
        case_services.note(text=mark, **given)
    assert case_services.note(text="请填写【联系人】栏。", **given)


def test_a_form_begins_with_one(office: Office) -> None:
    row, case, handler = scenes.canned(office), office.until("handling"), office.actor("handler")

    def text(step: str, chosen: str, who: str = "handler") -> str | None:
        return beginnings.text(office.actor(who), case, step, chosen, NOW)

    assert text("answer", f"insight.canned:{row.pk}").startswith("示例一号厂")
    assert text("note", f"insight.canned:{row.pk}")
    assert text("note", f"insight.canned:{row.pk}", "district") is None, "another unit's text"
    for chosen in (
        "",
        "insight.canned:",
        f"nowhere:{row.pk}",
        f"insight.canned:{10**30}",
        "insight.canned:-1",
    ):
        assert text("answer", chosen) is None
    assert text("reject", f"insight.canned:{row.pk}") is None
    assert len(beginnings.offered(handler, case, "answer", NOW)) == 1
    assert beginnings.offered(office.actor("head"), case, "answer", NOW) == []
    Case.objects.filter(pk=case.pk).update(answer="先前的答复。")
    case.refresh_from_db()
    assert text("answer", f"insight.canned:{row.pk}").startswith("先前的答复。\n\n示例一号厂")


def test_a_precedent_begins_an_answer_while_it_is_offered(office: Office) -> None:
    row, case = scenes.published(office), office.until("handling")
    chosen = f"insight.precedents:{row.pk}"
    assert beginnings.text(office.actor("handler"), case, "answer", chosen, NOW) == row.answer
    services.withdraw(by=office.actor("head"), now=NOW, precedent=row, reason="过时")
    assert beginnings.text(office.actor("handler"), case, "answer", chosen, NOW) is None


def test_changed_dropped_and_named_once(office: Office) -> None:
    row = scenes.canned(office)
    with pytest.raises(FieldError, match="already"):
        scenes.canned(office)
    changed = services.change_canned(
        by=office.actor("head"), now=NOW, canned=row, written=services.Text("已回电", "已回电。")
    )
    assert (changed.title, changed.version) == ("已回电", 2)
    with pytest.raises(FasterError):
        services.drop_canned(by=office.actor("handler"), now=NOW, canned=row)
    services.drop_canned(by=office.actor("handler"), now=NOW, canned=changed)
    assert not queries.canned(office.actor("handler")).exists()
    assert scenes.canned(office, title="已回电")


def test_the_list_is_narrowed(office: Office) -> None:
    row = scenes.canned(office)
    scenes.canned(office, title="二", text="另一段。")
    rows = queries.canned(office.actor("handler"))
    assert list(queries.narrowed_canned(rows, {"q": "已联系 收悉"})) == [row]
    assert not queries.narrowed_canned(rows, {"department": office.units["works"]})
