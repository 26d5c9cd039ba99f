from __future__ import annotations

import pytest
from allauth.socialaccount.models import SocialLogin
from django.contrib.messages import get_messages
from django.urls import NoReverseMatch, reverse

from tests.orgs.signin.people import PASSWORD, PHONE, enter, person, seen, sign_in, signed_in_as
from zhitong.orgs.signin.adapter import AccountAdapter
from zhitong.orgs.signin.social import SocialAdapter

NEW = "another long password"


@pytest.mark.parametrize("login", ["firm", "FIRM", " firm ", PHONE, "+86 138-0013-8000"])
def test_a_firm_signs_in_with_name_or_phone_and_password(client, firm, login) -> None:
    response = enter(client, login)
    assert response.url == reverse("home")
    assert signed_in_as(client) == str(firm.pk)


def test_the_session_gets_a_new_key_at_sign_in(client, firm) -> None:
    session = client.session
    session["before"] = 1
    session.save()
    enter(client, "firm")
    assert client.session.session_key != session.session_key
    assert not type(session)().exists(session.session_key)


def test_wrong_password_and_unknown_name_get_the_same_answer(client, other, firm) -> None:
    wrong, unknown = enter(client, "firm", "not the password"), enter(other, "fims", "not the password")
    assert wrong.status_code == unknown.status_code == 200
    assert seen(wrong).replace('value="firm"', 'value="fims"') == seen(unknown)
    assert signed_in_as(client) is None


def test_wrong_password_and_unknown_phone_get_the_same_answer(client, other, firm) -> None:
    wrong, unknown = enter(client, PHONE, "not the password"), enter(other, "13800138001", "not the password")
    assert seen(wrong).replace(PHONE, "13800138001") == seen(unknown)


def test_a_wrong_name_and_a_wrong_phone_read_the_same(client, other) -> None:
    by_name, by_phone = enter(client, "firm"), enter(other, PHONE)
    assert seen(by_name).replace('value="firm"', "") == seen(by_phone).replace(f'value="{PHONE}"', "")


def test_nobody_opens_an_account_for_themselves(rf) -> None:
    assert not AccountAdapter().is_open_for_signup(rf.get("/"))
    assert not SocialAdapter().is_open_for_signup(rf.get("/"), SocialLogin())


def test_a_closed_account_stays_closed(client) -> None:
    person("gone", is_active=False)
    response = enter(client, "gone")
    assert response.url == reverse("account_login")
    assert [str(message) for message in get_messages(response.wsgi_request)]
    assert signed_in_as(client) is None


def test_names_that_differ_by_case_only_open_neither(client) -> None:
    person("twin")
    person("TWIN", password="yet another password")
    enter(client, "twin")
    assert signed_in_as(client) is None


def test_after_sign_in_the_way_goes_on(client, firm) -> None:
    address = reverse("account_login") + "?next=/my/notices/"
    assert 'value="/my/notices/"' in client.get(address).content.decode()
    response = client.post(address, {"login": "firm", "password": PASSWORD, "next": "/my/notices/"})
    assert response.url == "/my/notices/"


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:1"])
def test_after_sign_in_the_way_does_not_lead_elsewhere(client, firm, target) -> None:
    response = client.post(reverse("account_login"), {"login": "firm", "password": PASSWORD, "next": target})
    assert response.url == reverse("home")


def test_who_is_signed_in_does_not_see_the_form(client, firm) -> None:
    sign_in(client, firm)
    assert client.get(reverse("account_login")).url == reverse("home")


def test_signing_out_takes_a_post(client, firm) -> None:
    sign_in(client, firm)
    assert client.get(reverse("account_logout")).status_code == 405
    assert signed_in_as(client)
    assert client.post(reverse("account_logout")).url == reverse("account_login")
    assert signed_in_as(client) is None


@pytest.mark.parametrize(
    "name", ["account_signup", "account_email", "account_reset_password", "socialaccount_signup"]
)
def test_what_nobody_needs_has_no_address(name) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def change(client, **given):
    fields = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW} | given
    return client.post(reverse("account_change_password"), fields)


def test_a_changed_password_ends_the_other_sessions(client, other, firm) -> None:
    sign_in(client, firm)
    sign_in(other, firm)
    before = client.session.session_key
    assert change(client).url == reverse("home")
    page = reverse("account_change_password")
    assert client.get(page).status_code == 200
    assert client.session.session_key != before
    assert other.get(page).status_code == 302
    client.post(reverse("account_logout"))
    assert enter(client, "firm", NEW).url == reverse("home")


@pytest.mark.parametrize(
    "given",
    [
        {"oldpassword": "wrong"},
        {"password1": "short", "password2": "short"},
        {"password1": "1234567890123", "password2": "1234567890123"},
        {"password2": "yet another password"},
    ],
)
def test_a_bad_change_changes_nothing(client, firm, given) -> None:
    sign_in(client, firm)
    assert change(client, **given).status_code == 200
    firm.refresh_from_db()
    assert firm.check_password(PASSWORD)


def test_somebody_without_a_password_sets_one_on_the_same_page(client) -> None:
    user = person("codes", password=None, phone=PHONE)
    client.force_login(user)
    page = client.get(reverse("account_change_password"))
    assert "oldpassword" not in page.content.decode()
    assert change(client).url == reverse("home")
    user.refresh_from_db()
    assert user.check_password(NEW)


def test_a_stranger_changes_no_password(client) -> None:
    assert reverse("account_login") in client.get(reverse("account_change_password")).url
