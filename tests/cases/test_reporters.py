"""Who is behind a case: told by one module, to rows and to lists alike, and tied to the firm by nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.support.office import NOW, Office
from zhitong.cases import finding, pages, queries, reporters, services
from zhitong.cases.models import Case
from zhitong.cases.panels import OneFirmPanel
from zhitong.core.actor import system
from zhitong.core.errors import FieldError
from zhitong.enterprises import queries as enterprise_queries
from zhitong.enterprises import services as enterprise_services
from zhitong.enterprises.models import Contact

SAID = "示例一号厂（一号，91350111ma0dem03x5）反映：有人索要好处。联系示例firma，13912345678、0591-87654321。"


def protected(office: Office, text: str = SAID, **more: Any) -> Case:
    """A case with a protected reporter, with the bureau that leads it."""
    return office.led(services.Draft(text=text, protected=True, **more))


def everybody(office: Office) -> list[Any]:
    return [*(office.actor(name) for name in office.users), system("test")]


def test_the_rule_for_rows_is_the_rule_for_lists(office: Office) -> None:
    protected(office)
    office.until("handling")
    office.until("handling", "b")
    for actor in everybody(office):
        found = set(Case.objects.filter(reporters.known_to(actor)))
        assert found == {case for case in Case.objects.all() if reporters.known(actor, case)}, actor
    assert {case.protected for case in Case.objects.filter(reporters.known_to(None))} == {False}


def test_who_may_know_reads_the_firm_and_others_do_not(office: Office) -> None:
    case = protected(office)
    for name, knows in (("district", True), ("firm_a", True), ("handler", False), ("head", False)):
        actor = office.actor(name)
        assert (queries.firm_of(actor, case) == office.firms["a"]) is knows
        assert queries.whose(actor, case) == ("示例一号厂" if knows else "受保护的反映人")
        assert (queries.said(actor, case, SAID) == SAID) is knows
    assert queries.whose(None, case) == "受保护的反映人", "on paper, whoever prints it"


def test_texts_keep_their_words_and_lose_the_names(office: Office) -> None:
    case = protected(office)
    shown = queries.said(office.actor("handler"), case, SAID)
    for word in ("一号", "91350111", "示例firma", "13912345678", "87654321"):
        assert word not in shown, word
    assert "有人索要好处" in shown
    assert case.text == SAID, "the record keeps what was said"
    assert "一号" not in case.title
    assert "***" in case.title


def test_a_second_matter_has_no_name_in_its_title_either(office: Office) -> None:
    draft = services.Draft(text=SAID, protected=True)
    case = services.submit(by=office.actor("firm_a"), now=NOW, draft=draft, firm=office.firms["a"])
    case = services.accept(by=office.actor("district"), now=NOW, case=case, kind="normal")
    services.split(by=office.actor("district"), now=NOW, case=case, text="示例一号厂门口道路破损。")
    other = Case.objects.exclude(pk=case.pk).get()
    assert (other.protected, other.title) == (True, "***门口道路破损")
    assert "一号" not in pages.timeline(office.actor("district"), case)[0].text


def test_the_title_loses_the_name_when_the_firm_is_found(office: Office) -> None:
    by = office.actor("district")
    draft = services.Draft(text="示例一号厂反映偷排", protected=True, reporter="王某某", channel="phone")
    case = services.register(by=by, now=NOW, draft=replace(draft, region="350111"), firm=None)
    assert case.title == "示例一号厂反映偷排"
    found = services.link_firm(by=by, now=NOW, case=case, firm=office.firms["a"])
    assert found.title == "***反映偷排"


def test_half_a_name_is_no_title(office: Office) -> None:
    case = protected(office, "道路" * 18 + "示例一号厂门口")
    assert case.title.startswith("道路道路")
    assert "示例" not in case.title


@pytest.mark.parametrize("words", ["示例一号厂", "索要"])
def test_no_search_tells_whose_case_it_is(office: Office, words: str) -> None:
    case = protected(office)
    case.title = "x"
    case.save()
    finding.index([case])

    def found(name: str) -> bool:
        actor = office.actor(name)
        return case in queries.by_words(actor, queries.visible(actor), words).rows

    assert [found("district"), found("firm_a"), found("handler")] == [True, True, False]
    actor = office.actor("handler")
    assert case in queries.by_words(actor, queries.visible(actor), case.number).rows


def test_the_page_of_the_firm_does_not_know_of_it(office: Office) -> None:
    case, open_ = protected(office), office.until("handling")
    firm, ids = office.firms["a"], frozenset({office.firms["a"].pk})
    for name, rows in (("handler", {open_}), ("district", {open_, case})):
        shown = OneFirmPanel().context(office.actor(name), firm, NOW)
        assert {row.case for row in shown["running"]} == rows
    Case.objects.filter(pk=open_.pk).update(person=None, accountable=open_.intake, lead=None)
    for asked in (queries.in_hand, queries.called_in):
        assert asked(actor=office.actor("district"), enterprises=ids)
        assert not asked(actor=office.actor("handler"), enterprises=ids)
    assert queries.is_of_firm(number=open_.number, enterprises=ids)
    assert not queries.is_of_firm(number=case.number, enterprises=ids)


def test_a_contact_leaves_nothing_in_the_ledger_of_the_firm(office: Office) -> None:
    case = services.start(by=office.actor("handler"), now=NOW, case=protected(office))
    done = services.contact(
        by=office.actor("handler"), now=NOW, case=case, way="call", text="经受理单位转达。"
    )
    assert done.contacted_at == NOW
    assert not Contact.objects.exists()
    coming = enterprise_services.Coming(
        kind="call", reason="x", day=NOW.date(), department=office.units["district"], matter=case.number
    )
    with pytest.raises(FieldError, match="no case of that number"):
        enterprise_services.record_contact(
            by=office.actor("district"), now=NOW, enterprise=office.firms["a"], coming=coming
        )


def test_somebody_slower_does_not_learn_who_was_faster(office: Office) -> None:
    from zhitong.core.errors import FasterError

    case = services.start(by=office.actor("handler"), now=NOW, case=protected(office))
    services.urge(by=office.actor("firm_a"), now=NOW, case=case, text="请尽快。")
    with pytest.raises(FasterError) as refused:
        services.start(by=office.actor("handler"), now=NOW, case=case)
    assert "示例firma" not in str(getattr(refused.value.last, "by_label", ""))


def test_what_is_special_about_a_name_is_one_of_its_words(office: Office) -> None:
    firm = office.firms["a"]
    firm.former_names.create(name="示例旧名有限公司", until=NOW)
    words = enterprise_queries.called(firm)
    assert {"示例一号厂", "一号", "示例旧名有限公司", "旧名", firm.code, "示例firma", "示例admina"} == set(
        words
    )
