"""A case that came in with a name only gets its firm on a page that says which may be meant, and why."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests.support.browsing import signed_in
from tests.support.office import NOW, SEEDER, Office
from zhitong.cases import services
from zhitong.cases.models import Case
from zhitong.cases.services import Draft
from zhitong.core.errors import FieldError


def stray(text: str = "门口积水", reporter: str = "示例一号厂", number: str = "X1") -> Case:
    draft = Draft(text=text, reporter=reporter, region="350111", channel="import", original_number=number)
    return services.submit(by=SEEDER, now=NOW, draft=draft)


def page(office: Office, case: Case, query: str = "") -> str:
    address = reverse("cases:link_firm", args=[case.pk]) + query
    return signed_in(office, "district").get(address).content.decode()


def choices(shown: str) -> int:
    return shown.count('name="firm"')


@pytest.mark.parametrize(
    ("text", "reporter", "why"),
    [
        ("门口积水", "示例一号厂", "名称相同"),
        ("91350111MA0DEM03X5 门口积水", "王女士", "写明了统一社会信用代码"),
    ],
)
def test_the_page_names_firms_and_why_they_may_be_meant(
    office: Office, text: str, reporter: str, why: str
) -> None:
    shown = page(office, stray(text, reporter))
    assert choices(shown) == 1
    assert "示例一号厂" in shown
    assert why in shown


def test_what_names_no_firm_is_searched_for(office: Office) -> None:
    case = stray("门口积水", "王女士")
    assert choices(page(office, case)) == 0
    shown = page(office, case, "?find=91350111MA0DEM03X5")
    assert choices(shown) == 1
    assert choices(page(office, case, "?find=91350105MA0DEM021P")) == 0  # another district's


def test_choosing_links_and_a_second_time_says_so(office: Office) -> None:
    case, client = stray(), signed_in(office, "district")
    detail, address = reverse("cases:detail", args=[case.pk]), reverse("cases:link_firm", args=[case.pk])
    assert address in client.get(detail).content.decode()
    given = {"firm": office.firms["a"].pk, "version": case.version}
    assert client.post(address, given).status_code == 302
    assert Case.objects.get().enterprise == office.firms["a"]
    assert address not in client.get(detail).content.decode()
    assert "已确认企业" in client.get(address).content.decode()
    assert client.post(address, given).status_code == 409


def test_a_firm_that_was_not_offered_is_no_choice(office: Office) -> None:
    case, client = stray(), signed_in(office, "district")
    given = {"firm": office.firms["b"].pk, "version": case.version}
    assert client.post(reverse("cases:link_firm", args=[case.pk]), given).status_code == 200
    assert Case.objects.get().enterprise is None


def test_the_service_takes_no_firm_of_another_territory(office: Office) -> None:
    case = stray()
    with pytest.raises(FieldError):
        services.link_firm(by=office.actor("district"), now=NOW, case=case, firm=office.firms["b"])


def test_nobody_else_links(office: Office) -> None:
    case: Any = stray()
    for name in ("handler", "firm_a", "sysadmin"):
        answer = signed_in(office, name).get(reverse("cases:link_firm", args=[case.pk]))
        assert answer.status_code in {403, 404}
