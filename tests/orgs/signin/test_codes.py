from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.orgs.signin.people import PHONE, person, seen, signed_in_as
from zhitong.core import clock, outbox, phones, slots
from zhitong.core.models import OutboxMessage
from zhitong.orgs.signin import accounts

ASK, CONFIRM = "account_request_login_code", "account_confirm_login_code"


class Gateway:
    sent: list[tuple[str, str]] = []

    def send(self, *, phone: str, text: str, reference: str = "") -> None:
        assert reference.startswith("code-")
        self.sent.append((phone, text))


@pytest.fixture
def texts(settings) -> list[tuple[str, str]]:
    """What the gateway was given."""
    settings.SMS_ADAPTER = f"{__name__}.Gateway"
    Gateway.sent = []
    return Gateway.sent


@pytest.fixture
def gateway(monkeypatch) -> list[tuple[str, str]]:
    from zhitong.orgs.signin import tasks

    Gateway.sent = []
    monkeypatch.setattr(tasks, "sms", Gateway)
    return Gateway.sent


def ask(client, number: str = PHONE):
    return client.post(reverse(ASK), {"phone": number})


def confirm(client, typed: str):
    return client.post(reverse(CONFIRM), {"code": typed})


def received(gateway) -> str:
    """The code in the last text message."""
    outbox.drain(now=clock.now())
    return re.search(r"\b\d{6}\b", gateway[-1][1])[0]


@pytest.mark.parametrize("number", [PHONE, "+86 138 0013 8000", "0086-138-0013-8000"])
def test_a_firm_signs_in_with_a_code(client, firm, gateway, number) -> None:
    assert client.get(reverse(ASK)).status_code == 200
    assert ask(client, number).url == reverse(CONFIRM)
    page = client.get(reverse(CONFIRM)).content.decode()
    code = received(gateway)
    assert code not in page
    assert gateway[-1][0] == PHONE
    assert confirm(client, code).url == reverse("home")
    assert signed_in_as(client) == str(firm.pk)
    firm.refresh_from_db()
    assert firm.phone_verified


def test_the_consumer_is_in_its_slot() -> None:
    assert "signin" in slots.consumers.names()


def test_the_way_goes_on_after_the_code(client, firm, gateway) -> None:
    response = client.post(reverse(ASK) + "?next=/my/notices/", {"phone": PHONE, "next": "/my/notices/"})
    assert response.url == reverse(CONFIRM) + "?next=%2Fmy%2Fnotices%2F"
    assert 'value="/my/notices/"' in client.get(response.url).content.decode()
    response = client.post(reverse(CONFIRM), {"code": received(gateway), "next": "/my/notices/"})
    assert response.url == "/my/notices/"


@pytest.mark.parametrize("kind", ["unknown", "officer", "closed"])
def test_other_numbers_get_the_same_answer_and_no_code(client, other, firm, gateway, kind) -> None:
    number = "13700137000"
    if kind != "unknown":
        person("somebody", phone=number, officer=kind == "officer", is_active=kind != "closed")
    answers = []
    for browser, phone in ((client, PHONE), (other, number)):
        first = ask(browser, phone)
        page = browser.get(reverse(CONFIRM))
        wrong = [confirm(browser, "000000") for _ in range(3)]
        answers.append(
            [first.status_code, first.url, seen(page).replace(phone, "")]
            + [(answer.status_code, answer.headers.get("Location")) for answer in wrong]
            + [seen(answer).replace(phone, "") for answer in wrong[:2]]
        )
    assert answers[0] == answers[1]
    outbox.drain(now=clock.now())
    assert [phone for phone, _text in gateway] == [PHONE]


def test_a_forgotten_password_is_replaced_right_after_a_code(client, firm, gateway, at) -> None:
    new = {"password1": "another long password", "password2": "another long password"}
    ask(client)
    confirm(client, received(gateway))
    page = reverse("account_change_password")
    assert "oldpassword" not in client.get(page).content.decode()
    at.shift(301)
    assert "oldpassword" in client.get(page).content.decode()
    assert client.post(page, new).status_code == 200
    at.shift(-200)
    assert client.post(page, new).url == reverse("home")
    firm.refresh_from_db()
    assert firm.check_password("another long password")


def test_after_three_wrong_codes_the_right_one_is_worth_nothing(client, firm, gateway) -> None:
    ask(client)
    for _ in range(3):
        confirm(client, "000000")
    assert confirm(client, received(gateway)).url == reverse(ASK)
    assert signed_in_as(client) is None


def test_an_empty_code_is_never_right(client, other) -> None:
    ask(client, "13700137000")
    assert confirm(client, "").status_code == 200
    assert confirm(client, "-").status_code == 200
    assert signed_in_as(client) is None


def test_a_code_works_in_its_own_browser_only_and_once(client, other, firm, gateway, at) -> None:
    ask(client)
    code = received(gateway)
    assert confirm(other, code).url == reverse(ASK)
    assert confirm(client, code).status_code == 302
    client.post(reverse("account_logout"))
    assert confirm(client, code).url == reverse(ASK)


def test_a_code_runs_out(client, firm, gateway, at) -> None:
    ask(client)
    code = received(gateway)
    at.shift(301)
    assert confirm(client, code).url == reverse(ASK)


def test_one_may_start_anew_with_another_number(client, firm, gateway) -> None:
    ask(client, "13700137000")
    assert client.get(reverse("account_login")).url == reverse(CONFIRM)
    assert client.post(reverse("account_logout"), {"next": reverse(ASK)}).url == reverse(ASK)
    assert ask(client).status_code == 302
    assert confirm(client, received(gateway)).url == reverse("home")


def test_one_code_a_minute_and_ten_a_day_for_a_number(client, firm, gateway, at) -> None:
    granted = []
    for _ in range(12):
        granted.append(ask(Client()).status_code)
        assert ask(Client()).status_code == 200
        at.shift(61)
    assert granted == [302] * 10 + [200] * 2


def test_one_address_does_not_ask_for_everybody(settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"request_login_code": "3/m/ip"}
    found = [ask(Client(), f"1370000000{number}").status_code for number in range(4)]
    assert found == [302] * 3 + [200]


@pytest.mark.parametrize("number", ["", "123", "12345678901", "firm", "+86 138", "138001380001"])
def test_what_is_no_number_is_not_asked_for(client, number) -> None:
    assert ask(client, number).status_code == 200


def test_the_text_leaves_after_commit_and_nothing_of_it_stays(client, firm, gateway) -> None:
    ask(client)
    assert not gateway
    message = OutboxMessage.objects.get(topic="signin.code")
    received(gateway)
    message.refresh_from_db()
    assert (message.state, message.payload) == ("done", {})


def test_a_late_text_is_not_sent(client, firm, gateway) -> None:
    ask(client)
    outbox.drain(now=clock.now() + timedelta(minutes=6))
    assert not gateway
    assert OutboxMessage.objects.get(topic="signin.code").payload == {}


def test_the_text_speaks_the_readers_language(client, firm, gateway) -> None:
    client.post(reverse(ASK), {"phone": PHONE}, headers={"Accept-Language": "en"})
    outbox.drain(now=clock.now())
    assert "valid for 5 minutes" in gateway[-1][1]


def test_the_gateway_is_the_one_of_the_settings(client, firm, texts) -> None:
    ask(client)
    outbox.drain(now=clock.now())
    assert texts


def test_an_officer_cannot_pass_the_second_factor_by_phone(client, officer, gateway) -> None:
    ask(client, officer.phone)
    assert confirm(client, "").status_code == 200
    outbox.drain(now=clock.now())
    assert not gateway


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("138 0013 8000", "13800138000"),
        ("+86-13800138000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("+852 6123 4567", "+85261234567"),
        ("12800138000", ""),
        ("+8612800138000", "+8612800138000"),
        ("", ""),
        ("officer", ""),
    ],
)
def test_one_form_of_a_number(typed, plain) -> None:
    assert phones.account_number(typed) == plain


def test_numbers_stored_with_a_prefix_are_found(db) -> None:
    user = person("prefixed", phone="+8613800138000")
    assert accounts.by_phone("13800138000") == user
    assert accounts.find("138-0013-8000") == user
