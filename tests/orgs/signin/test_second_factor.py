from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.urls import reverse

from tests.orgs.signin.people import PERIOD, SECRET, code, enter, give, person, sign_in, signed_in_as
from zhitong.core import clock
from zhitong.core.actor import Actor, Side, system
from zhitong.core.errors import NotPermittedError
from zhitong.orgs.signin import second_factor, services
from zhitong.orgs.signin.sealing import SealBrokenError, seal, unseal

SET_UP = "mfa_activate_totp"
INSIDE = ["home", "workbench:home", "cases:list", "orgs:index", "account_change_password", "account_login"]


def test_an_officer_gives_password_and_code(client, officer) -> None:
    assert enter(client, "officer").url == reverse("mfa_authenticate")
    assert signed_in_as(client) is None
    assert client.get(reverse("mfa_authenticate")).status_code == 200
    assert give(client, code()).url == reverse("home")
    assert signed_in_as(client) == str(officer.pk)
    assert client.get(reverse("account_change_password")).status_code == 200


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_clock_may_be_half_a_minute_off(client, officer, steps) -> None:
    enter(client, "officer")
    assert give(client, code(steps)).status_code == 302


@pytest.mark.parametrize("typed", ["000000", "", "123 456", "x" * 40, "１２３４５６"])
def test_a_wrong_code_opens_nothing(client, officer, typed) -> None:
    enter(client, "officer")
    assert give(client, typed).status_code == 200
    assert signed_in_as(client) is None


@pytest.mark.parametrize("steps", [-2, 2, -100])
def test_an_old_or_early_code_opens_nothing(client, officer, steps) -> None:
    enter(client, "officer")
    assert give(client, code(steps)).status_code == 200


def test_a_code_works_once(client, other, officer) -> None:
    enter(client, "officer")
    enter(other, "officer")
    used = code()
    assert give(client, used).status_code == 302
    cache.clear()  # another process, or the same one after a restart
    assert give(other, used).status_code == 200
    assert signed_in_as(other) is None


def test_a_code_seen_over_the_shoulder_stays_used_as_long_as_it_would_be_valid(
    client, other, officer, at
) -> None:
    enter(client, "officer")
    used = code(1)
    give(client, used)
    at.shift(PERIOD * 2)
    enter(other, "officer")
    assert give(other, used).status_code == 200
    assert give(other, code()).status_code == 302


def test_a_code_older_than_the_last_used_one_is_refused(client, other, officer) -> None:
    enter(client, "officer")
    enter(other, "officer")
    assert give(client, code()).status_code == 302
    assert give(other, code(-1)).status_code == 200


def test_two_at_once_use_a_code_once(officer) -> None:
    app, again = second_factor.app_of(officer), second_factor.app_of(officer)
    assert second_factor.claim(app, code(), clock.now())
    assert not second_factor.claim(again, code(), clock.now())


def test_nobody_reaches_the_code_page_without_a_password(client, officer) -> None:
    assert client.get(reverse("mfa_authenticate")).url == reverse("account_login")


# ---------------------------------------------------------------- set-up


@pytest.mark.parametrize("name", INSIDE)
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_officer_without_second_factor_reaches_only_its_set_up(client, newcomer, name, method) -> None:
    assert enter(client, "newcomer").url == reverse("home")
    response = getattr(client, method)(reverse(name))
    assert (response.status_code, response.url) == (302, reverse(SET_UP))


def test_a_part_of_a_page_moves_the_whole_page(client, newcomer) -> None:
    enter(client, "newcomer")
    response = client.get(reverse("cases:list"), headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"] == reverse(SET_UP)


def test_an_officer_without_second_factor_may_change_language_or_leave(client, newcomer) -> None:
    enter(client, "newcomer")
    assert client.post(reverse("set_language"), {"language": "en", "next": "/"}).url == "/"
    client.post(reverse("account_logout"))
    assert signed_in_as(client) is None


def secret_on(page) -> str:
    return re.search(r"<code>([A-Z2-7]{32})</code>", page.content.decode())[1]


def set_up(client) -> tuple[str, str]:
    """Set the second factor up; return secret and code."""
    page = client.get(reverse(SET_UP))
    assert "data:image/svg+xml;base64," in page.content.decode()
    secret = secret_on(page)
    typed = second_factor.code_at(secret, second_factor.step_at(clock.now()))
    response = client.post(reverse(SET_UP), {"code": typed})
    assert response.url == reverse("mfa_view_recovery_codes"), response.content.decode()
    return secret, typed


def test_setting_up_lets_in(client, newcomer) -> None:
    enter(client, "newcomer")
    set_up(client)
    assert client.get(reverse("account_change_password")).status_code == 200


def test_a_wrong_code_sets_nothing_up(client, newcomer) -> None:
    enter(client, "newcomer")
    client.get(reverse(SET_UP))
    assert client.post(reverse(SET_UP), {"code": "000000"}).status_code == 200
    assert second_factor.app_of(newcomer) is None


def test_the_code_of_the_set_up_does_not_open_another_session(client, other, newcomer) -> None:
    enter(client, "newcomer")
    _secret, typed = set_up(client)
    enter(other, "newcomer")
    assert give(other, typed).status_code == 200


def test_a_session_from_before_the_set_up_ends(client, other, newcomer) -> None:
    enter(other, "newcomer")  # somebody with a stolen password, waiting
    enter(client, "newcomer")
    set_up(client)
    assert reverse("account_login") in other.get(reverse("cases:list")).url
    assert signed_in_as(other) is None


def test_setting_up_later_asks_for_the_password_again(client, newcomer, at) -> None:
    enter(client, "newcomer")
    at.shift(301)
    again = client.get(reverse(SET_UP)).url
    assert again.startswith(reverse("account_reauthenticate"))
    assert client.get(again).status_code == 200
    assert client.post(again, {"password": "wrong"}).status_code == 200
    response = client.post(again, {"password": "a long test password", "next": reverse(SET_UP)})
    assert response.url == reverse(SET_UP)
    set_up(client)


def test_firms_have_no_second_factor(client, firm) -> None:
    sign_in(client, firm)
    for name in (SET_UP, "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"):
        assert client.get(reverse(name)).status_code == 404
    assert client.get(reverse("mfa_reauthenticate")).status_code == 404


# ---------------------------------------------------------------- recovery codes


def recovery_codes(page) -> list[str]:
    return re.findall(r"<code>(\d{8})</code>", page.content.decode())


def test_recovery_codes_are_shown_once_and_work_once(client, other, newcomer) -> None:
    enter(client, "newcomer")
    set_up(client)
    codes = recovery_codes(client.get(reverse("mfa_view_recovery_codes")))
    assert len(codes) == 10
    assert not recovery_codes(client.get(reverse("mfa_view_recovery_codes")))
    enter(other, "newcomer")
    assert give(other, codes[3]).status_code == 302
    other.post(reverse("account_logout"))
    enter(other, "newcomer")
    assert give(other, codes[3]).status_code == 200
    assert give(other, codes[4]).status_code == 302


def test_new_recovery_codes_replace_the_old(client, officer) -> None:
    sign_in(client, officer)
    assert client.get(reverse("mfa_view_recovery_codes")).url == reverse("mfa_generate_recovery_codes")
    seen = []
    for _ in range(2):
        assert client.get(reverse("mfa_generate_recovery_codes")).status_code == 200
        response = client.post(reverse("mfa_generate_recovery_codes"))
        seen.append(recovery_codes(client.get(response.url)))
    assert len(seen[1]) == 10
    assert not set(seen[0]) & set(seen[1])
    client.post(reverse("account_logout"))
    enter(client, "officer")
    assert give(client, seen[0][0]).status_code == 200
    assert give(client, seen[1][0]).status_code == 302


# ---------------------------------------------------------------- another phone


def test_moving_to_another_phone(client, other, officer, at) -> None:
    sign_in(client, officer)
    at.shift(PERIOD * 2)
    sign_in(other, officer)
    assert client.get(reverse("mfa_deactivate_totp")).status_code == 200
    assert client.post(reverse("mfa_deactivate_totp")).url == reverse(SET_UP)
    assert client.get(reverse("cases:list")).url == reverse(SET_UP)
    secret, _typed = set_up(client)
    assert secret != SECRET
    assert client.get(reverse("account_change_password")).status_code == 200
    assert reverse("account_login") in other.get(reverse("account_change_password")).url


def test_an_officer_without_password_confirms_with_a_code(client, at) -> None:
    user = person("sso", officer=True, password=None)
    second_factor.enrol(user, SECRET)
    client.force_login(user)
    session = client.session
    second_factor.vouch(session, user)
    session.save()
    again = client.get(reverse("mfa_generate_recovery_codes")).url
    assert again.startswith(reverse("mfa_reauthenticate"))
    assert client.get(again).status_code == 200
    assert client.post(again, {"code": "000000"}).status_code == 200
    assert client.post(again, {"code": code()}).url == reverse("mfa_generate_recovery_codes")
    assert client.get(reverse("mfa_generate_recovery_codes")).status_code == 200


def test_an_administrator_resets_a_lost_second_factor(client, officer) -> None:
    sign_in(client, officer)
    services.reset_second_factor(by=system("test"), now=clock.now(), user=officer)
    assert client.get(reverse("cases:list")).url == reverse(SET_UP)


def test_nobody_else_resets_one(officer) -> None:
    actor = Actor(side=Side.STAFF, user=officer.pk, label="示例")
    with pytest.raises(NotPermittedError):
        services.reset_second_factor(by=actor, now=clock.now(), user=officer)
    assert second_factor.app_of(officer)


# ---------------------------------------------------------------- stored secrets


def test_secrets_are_stored_sealed(client, newcomer) -> None:
    enter(client, "newcomer")
    secret, _typed = set_up(client)
    for row in Authenticator.objects.all():
        assert secret not in str(row.data)
    assert unseal(second_factor.app_of(newcomer).data["secret"]) == secret


def test_a_former_key_still_opens_what_it_sealed(settings) -> None:
    sealed = seal("secret")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, [settings.SECRET_KEY]
    assert unseal(sealed) == "secret"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(SealBrokenError):
        unseal(sealed)


@pytest.mark.parametrize("broken", ["", "JBSWY3DPEHPK3PXP", "v1.AAAA"])
def test_what_was_not_sealed_does_not_open(broken) -> None:
    with pytest.raises(SealBrokenError):
        unseal(broken)
