from __future__ import annotations

import pytest
from django.urls import get_resolver, reverse

from tests.orgs.signin.people import PHONE, enter, person, sign_in
from zhitong.orgs.signin import urls

ANONYMOUS = ["account_login", "account_request_login_code"]
FIRM = ["account_change_password", "account_reauthenticate"]
OFFICER = [*FIRM, "mfa_generate_recovery_codes", "mfa_view_recovery_codes", "mfa_deactivate_totp"]


def show(client, name: str, language: str) -> str:
    response = client.get(reverse(name), headers={"Accept-Language": language})
    assert response.status_code == 200, (name, response.headers)
    text = response.content.decode()
    assert text.count("<h1") == 1
    assert "no-store" in response.headers["Cache-Control"]
    return text


IN_BOTH_LANGUAGES = pytest.mark.parametrize("language", ["en", "zh-hans"])


@IN_BOTH_LANGUAGES
def test_visitors_see_their_pages(client, language) -> None:
    for name in ANONYMOUS:
        show(client, name, language)


@IN_BOTH_LANGUAGES
def test_people_on_the_way_in_see_theirs(client, other, firm, officer, language) -> None:
    client.post(reverse("account_request_login_code"), {"phone": PHONE})
    show(client, "account_confirm_login_code", language)
    enter(other, "officer")
    show(other, "mfa_authenticate", language)


@IN_BOTH_LANGUAGES
def test_firms_see_theirs(client, firm, language) -> None:
    sign_in(client, firm)
    for name in FIRM:
        show(client, name, language)


@IN_BOTH_LANGUAGES
def test_officers_see_theirs(client, officer, language) -> None:
    sign_in(client, officer)
    client.post(reverse("mfa_generate_recovery_codes"))
    for name in OFFICER:
        show(client, name, language)


@IN_BOTH_LANGUAGES
def test_new_officers_see_theirs(client, newcomer, language) -> None:
    enter(client, "newcomer")
    show(client, "mfa_activate_totp", language)


def test_every_address_has_been_thought_of() -> None:
    shown = {*ANONYMOUS, *OFFICER, "account_confirm_login_code", "mfa_authenticate", "mfa_activate_totp"}
    others = {"account_logout", "mfa_reauthenticate"}  # no page; for officers without a password
    assert {pattern.name for pattern in urls.urlpatterns} == shown | others


def test_pages_work_under_our_content_policy(client) -> None:
    response = client.get(reverse("account_login"))
    text = response.content.decode()
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    assert "<script>" not in text
    assert "style=" not in text


def test_faults_stand_beside_their_fields(client) -> None:
    text = enter(client, "", "").content.decode()
    assert text.count(' aria-invalid="true"') == 2
    assert 'href="#id_login"' in text


def test_a_flood_has_its_own_page() -> None:
    handler = get_resolver().resolve_error_handler(429)
    assert handler.__module__.startswith("zhitong.")


def test_an_inactive_officer_is_out_at_once(client, officer) -> None:
    sign_in(client, officer)
    type(officer).objects.filter(pk=officer.pk).update(is_active=False)
    assert reverse("account_login") in client.get(reverse("account_change_password")).url


def test_a_firm_sees_no_second_factor_page_after_its_password(client) -> None:
    person("plain")
    assert enter(client, "plain").url == reverse("home")
