"""Cases about the same matter: recent ones for who takes a case in, a firm's own before it submits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from tests.support.browsing import signed_in
from tests.support.office import NOW, Office
from zhitong.cases import alike, services
from zhitong.cases.forms.intake import MergeForm
from zhitong.cases.models import Case
from zhitong.core import clock

LEAK = "厂区三号车间屋顶漏水，雨天无法生产"


def said(office: Office, text: str, firm: str = "a", **more: bool) -> Case:
    who = {"a": "firm_a", "b": "firm_b"}[firm]
    draft = services.Draft(text=text, **more)
    return services.submit(by=office.actor(who), now=NOW, draft=draft, firm=office.firms[firm])


def found(office: Office, case: Case, name: str = "district", now=NOW) -> list[Case]:
    return [row.case for row in alike.recent_like(office.actor(name), case, now)]


def test_the_nearest_recent_case_comes_first_with_its_words(office: Office) -> None:
    same, other = said(office, f"{LEAK}。"), said(office, "希望组织一次专场招聘会")
    case = said(office, f"三号车间屋顶又漏水了，{LEAK}")
    rows = alike.recent_like(office.actor("district"), case, NOW)
    assert [row.case for row in rows] == [same]
    assert other not in [row.case for row in rows]
    assert rows[0].percent > 50
    assert any("屋顶漏水" in word for word in rows[0].shared)


def test_a_case_that_comes_later_is_known_at_the_next_question(office: Office) -> None:
    case = said(office, f"{LEAK}，请派人")
    assert found(office, case) == []
    later = said(office, f"{LEAK}，很急")
    assert found(office, case) == [later]


def test_only_what_lies_in_sight_is_named(office: Office) -> None:
    case = said(office, f"{LEAK}，请派人")
    said(office, f"{LEAK}，很急", "b")  # in another district
    said(office, f"{LEAK}，保密", confidential=True)
    said(office, f"{LEAK}，不要说是我", protected=True)
    assert found(office, case) == []


def test_what_is_older_than_the_rule_is_forgotten(office: Office) -> None:
    old, case = said(office, f"{LEAK}，很急"), said(office, f"{LEAK}，请派人")
    assert found(office, case) == [old]
    assert found(office, case, now=NOW + timedelta(days=91)) == []


def test_an_index_that_knows_other_texts_names_no_wrong_case(office: Office) -> None:
    case = said(office, f"{LEAK}，请派人")
    alike.remembered.catch_up(NOW)
    alike.remembered._index.add(10**9, LEAK)  # a case that is in no database
    assert found(office, case) == []


def test_a_firm_is_shown_its_own_before_it_submits(office: Office) -> None:
    own = said(office, f"{LEAK}，请派人")
    said(office, f"{LEAK}，请派人", "b")
    client = signed_in(office, "firm_a")
    given = {"firm": office.firms["a"].pk, "text": f"{LEAK}！"}
    page = client.post(reverse("cases:own_alike"), given).content.decode()
    assert reverse("cases:detail", args=[own.pk]) in page
    assert page.count("<li>") == 1
    assert Case.objects.count() == 2, "looking changes nothing"
    for nothing in (
        {**given, "text": "漏水"},
        {**given, "firm": office.firms["b"].pk},
        {**given, "text": "招聘会何时举办"},
    ):
        assert "<li>" not in client.post(reverse("cases:own_alike"), nothing).content.decode()


def test_what_ended_long_ago_is_not_held_against_a_firm(office: Office) -> None:
    case = said(office, f"{LEAK}，请派人")
    services.withdraw(by=office.actor("firm_a"), now=NOW, case=case, reason="已修好")
    given = {"firm": office.firms["a"].pk, "text": LEAK}
    actor = office.actor("firm_a")
    assert alike.own_like(actor, **given, now=NOW)
    assert alike.own_like(actor, **given, now=NOW + timedelta(days=91)) == []


def test_the_page_leads_to_handling_both_together(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    main = services.accept(
        by=office.actor("district"), now=NOW, case=said(office, f"{LEAK}，请派人"), kind="normal"
    )
    case = said(office, f"{LEAK}，很急")
    client = signed_in(office, "district")
    page = client.get(reverse("cases:alike", args=[case.pk])).content.decode()
    way = f"{reverse('cases:merge', args=[case.pk])}?main={main.pk}"
    assert way in page
    assert f'<option value="{main.pk}" selected' in client.get(way).content.decode()
    assert (
        reverse("cases:alike", args=[case.pk])
        in client.get(reverse("cases:detail", args=[case.pk])).content.decode()
    )


@pytest.mark.parametrize("odd", ["x", "-1", "9" * 40, "1 OR 1"])
def test_a_main_case_that_is_none_is_not_offered(office: Office, odd: str) -> None:
    case = said(office, f"{LEAK}，很急")
    form = MergeForm(case=case, now=NOW, initial={"main": odd})
    assert [value for value, _ in form.fields["main"].choices if value] == []
