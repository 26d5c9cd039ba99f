"""Where the browser may keep what is typed, as each page tells it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from tests.support.browsing import signed_in
from tests.support.office import NOW, Office
from zhitong.cases import services
from zhitong.core import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests happen at the office's moment."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


def keeps(office: Office, name: str, address: str, *args: Any) -> str:
    page = signed_in(office, name).get(reverse(address, args=args)).content.decode()
    found = re.search(r'<body[^>]* data-keeps="(\w+)"', page)
    assert found
    return found[1]


def told(office: Office, **more: Any) -> Any:
    draft = services.Draft(text="北门停电三小时。", **more)
    case = services.submit(by=office.actor("firm_a"), now=NOW, draft=draft, firm=office.firms["a"])
    return services.accept(by=office.actor("district"), now=NOW, case=case, kind="normal")


@pytest.mark.parametrize(
    ("more", "where"), [({}, "device"), ({"confidential": True}, "tab"), ({"protected": True}, "tab")]
)
@pytest.mark.parametrize("address", ["cases:detail", "cases:dispatch"])
def test_texts_about_secrets_go_with_the_tab(office: Office, address: str, more: Any, where: str) -> None:
    assert keeps(office, "district", address, told(office, **more).pk) == where


@pytest.mark.parametrize("address", ["workbench:home", "cases:list", "drafts:paste", "enterprises:new"])
def test_a_page_that_says_nothing_keeps_nothing_for_long(office: Office, address: str) -> None:
    assert keeps(office, "district", address) == "tab"


def test_common_problems_hold_nothing_confidential(office: Office) -> None:
    assert keeps(office, "district", "commons:list") == "device"


def test_pasted_chats_are_kept_nowhere(office: Office) -> None:
    page = signed_in(office, "district").get(reverse("drafts:paste")).content.decode()
    assert re.search(r"<textarea[^>]* data-forget", page)


def test_the_pages_of_a_firm_do_not_keep_by_themselves(office: Office) -> None:
    assert "data-keeps" not in signed_in(office, "firm_a").get(reverse("portal:home")).content.decode()
