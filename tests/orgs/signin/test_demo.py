from __future__ import annotations

import json

import pytest
from django.urls import reverse

from tests.orgs.signin.people import PASSWORD, PERIOD, PHONE, SECRET, code, enter, give, sign_in
from zhitong.core import clock
from zhitong.orgs.signin import demo

ROWS = [
    {
        "role": "dispatcher",
        "username": "officer",
        "password": PASSWORD,
        "name": "示例",
        "unit": "示例市",
        "totp_secret": SECRET,
    },
    {
        "role": "firm_admin",
        "username": "firm",
        "password": PASSWORD,
        "name": "示例",
        "unit": "示例厂",
        "phone": PHONE,
        "totp_secret": "",
    },
]


@pytest.fixture
def city(settings, tmp_path):
    """The demo with its list of accounts."""
    settings.DEMO, settings.HOME = True, tmp_path
    (tmp_path / demo.FILE).write_text(json.dumps(ROWS), encoding="utf-8")
    return tmp_path / demo.FILE


def page(client, name: str = "account_login", query: str = "", language: str = "en") -> str:
    response = client.get(reverse(name) + query, headers={"Accept-Language": language})
    assert response.status_code == 200
    return response.content.decode()


def test_the_sign_in_page_lists_the_accounts(client, city) -> None:
    text = page(client)
    assert "Dispatcher" in text
    assert f"<code>officer</code> <code>{PASSWORD}</code>" in text
    assert 'href="/sign-in/?as=firm"' in text
    assert PHONE in page(client, "account_request_login_code")


def test_choosing_one_fills_the_form(client, city, officer) -> None:
    text = page(client, query="?as=officer")
    assert 'value="officer"' in text
    assert f'value="{PASSWORD}"' in text


def test_nothing_of_it_outside_the_demo(client, city, settings, officer) -> None:
    settings.DEMO = False
    text = page(client, query="?as=officer")
    assert 'id="demo-accounts"' not in text
    assert 'value="officer"' not in text
    assert PASSWORD not in text
    assert demo.demo_accounts() == []
    enter(client, "officer")
    assert code() not in page(client, "mfa_authenticate")


@pytest.mark.parametrize("content", [None, "", "[", "[]"])
def test_a_missing_list_is_no_fault(client, city, content) -> None:
    city.unlink()
    if content is not None:
        city.write_text(content)
    assert 'id="demo-accounts"' not in page(client, query="?as=officer")


def test_a_wrong_password_is_not_shown_again(client, city, officer) -> None:
    assert "wrong password" not in enter(client, "officer", "wrong password").content.decode()


def test_the_second_factor_is_shown_and_filled_in(client, city, officer) -> None:
    enter(client, "officer")
    text = page(client, "mfa_authenticate")
    assert f"<b>{code()}</b>" in text
    assert f'value="{code()}"' in text
    assert give(client, code()).url == reverse("home")


def test_the_shown_code_works_for_the_next_newcomer_too(client, other, city, officer, at) -> None:
    sign_in(client, officer)
    enter(other, "officer")
    shown = demo.current_code(officer, clock.now())
    assert shown == code(1)
    assert give(other, shown).url == reverse("home")
    assert demo.current_code(officer, clock.now()) == ""
    at.shift(PERIOD)
    assert demo.current_code(officer, clock.now()) == code(1)


def test_who_is_not_in_the_list_gets_no_code_shown(client, city, newcomer) -> None:
    demo.enrol_totp(newcomer, SECRET)
    enter(client, "newcomer")
    assert code() not in page(client, "mfa_authenticate")


def test_the_text_message_is_shown(client, city, firm) -> None:
    client.post(reverse("account_request_login_code"), {"phone": PHONE})
    text = page(client, "account_confirm_login_code")
    shown = text.partition("<b>")[2].partition("</b>")[0]
    assert len(shown) == 6
    response = client.post(reverse("account_confirm_login_code"), {"code": shown})
    assert response.url == reverse("home")


def test_the_text_message_of_others_is_not_shown(client, city, firm) -> None:
    city.write_text("[]")
    client.post(reverse("account_request_login_code"), {"phone": PHONE})
    assert "<b>" not in page(client, "account_confirm_login_code")


def test_enrolling_again_replaces(officer) -> None:
    demo.enrol_totp(officer, "A" * 32)
    assert officer.authenticator_set.count() == 1
