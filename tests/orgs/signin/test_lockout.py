from __future__ import annotations

from django.urls import reverse

from tests.orgs.signin.people import PHONE, code, enter, give, person, seen, sign_in, signed_in_as

LIMIT = 5
OTHER_ADDRESS = {"REMOTE_ADDR": "192.0.2.7"}


def fail(client, login: str, times: int) -> list[int]:
    return [enter(client, login, "not the password").status_code for _ in range(times)]


def test_the_fifth_wrong_password_locks(client, firm) -> None:
    assert fail(client, "firm", LIMIT) == [200] * (LIMIT - 1) + [429]
    response = enter(client, "firm")
    assert response.status_code == 429
    assert "15" in response.content.decode()
    assert signed_in_as(client) is None


def test_unknown_names_lock_in_the_same_way(client, other, firm) -> None:
    fail(client, "firm", LIMIT)
    assert fail(other, "nobody", LIMIT) == [200] * (LIMIT - 1) + [429]
    assert seen(enter(client, "firm")) == seen(enter(other, "nobody"))


def test_the_lock_ends_by_itself_and_is_not_drawn_out(client, firm, at) -> None:
    fail(client, "firm", LIMIT)
    at.shift(14 * 60)
    assert fail(client, "firm", 3) == [429] * 3
    at.shift(61)
    assert enter(client, "firm").status_code == 302


def test_another_address_is_not_locked(client, firm) -> None:
    fail(client, "firm", LIMIT)
    assert enter(client, "firm", **OTHER_ADDRESS).status_code == 302


def test_another_name_from_the_same_address_is_not_locked(client, firm) -> None:
    person("colleague")
    fail(client, "firm", LIMIT)
    assert enter(client, "colleague").status_code == 302


def test_ways_of_writing_a_name_count_together(client, firm) -> None:
    written = ["firm", "FIRM", "Firm ", PHONE, "+86 " + PHONE]
    assert [enter(client, login, "wrong").status_code for login in written] == [200] * 4 + [429]


def test_ways_of_writing_an_unknown_name_count_together_too(client) -> None:
    written = ["nobody", "NOBODY", " Nobody", "nobody ", "noBody"]
    assert [enter(client, login, "wrong").status_code for login in written] == [200] * 4 + [429]


def test_strangers_elsewhere_do_not_lock_somebody_out(client, firm) -> None:
    for number in range(12):
        enter(client, "firm", "wrong", REMOTE_ADDR=f"192.0.2.{number}")
    assert enter(client, "firm").status_code == 302


def test_browsers_count_together(client, firm) -> None:
    agents = [f"browser {number}" for number in range(LIMIT)]
    found = [enter(client, "firm", "wrong", HTTP_USER_AGENT=agent).status_code for agent in agents]
    assert found == [200] * 4 + [429]


def test_signing_in_forgives_earlier_failures(client, firm) -> None:
    fail(client, "firm", LIMIT - 1)
    sign_in(client, firm)
    client.post(reverse("account_logout"))
    assert fail(client, "firm", LIMIT - 1) == [200] * (LIMIT - 1)


def test_wrong_second_factors_count_too(client, officer) -> None:
    enter(client, "officer")
    found = [give(client, "000000").status_code for _ in range(LIMIT)]
    assert found == [200] * (LIMIT - 1) + [429]
    assert give(client, code()).status_code == 429
    assert signed_in_as(client) is None


def test_a_right_password_does_not_forgive_wrong_second_factors(client, officer) -> None:
    for _ in range(LIMIT - 1):
        enter(client, "officer")
        give(client, "000000")
        client.post(reverse("account_logout"))
    enter(client, "officer")
    assert give(client, "000000").status_code == 429


def test_many_addresses_do_not_help_to_guess_second_factors(client, officer) -> None:
    enter(client, "officer")
    for number in range(10):
        address = f"192.0.2.{number}"
        client.post(reverse("mfa_authenticate"), {"code": "000000"}, REMOTE_ADDR=address)
    client.post(reverse("mfa_authenticate"), {"code": code()}, REMOTE_ADDR="192.0.2.99")
    assert signed_in_as(client) is None


def test_asking_for_the_password_again_counts_too(client, firm, settings, at) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = {}
    sign_in(client, firm)
    page = reverse("account_reauthenticate")
    found = [client.post(page, {"password": "wrong"}).status_code for _ in range(LIMIT)]
    assert found == [200] * (LIMIT - 1) + [429]


def test_a_proxy_is_believed_only_where_one_stands(client, firm, settings) -> None:
    forged = [{"HTTP_X_FORWARDED_FOR": f"192.0.2.{number}"} for number in range(LIMIT)]
    assert [enter(client, "firm", "wrong", **header).status_code for header in forged][-1] == 429
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert enter(client, "firm", HTTP_X_FORWARDED_FOR="192.0.2.99").status_code == 302


def test_a_flood_is_stopped_with_a_kind_page(client, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "3/m/ip"}
    responses = [enter(client, f"name{number}", "x") for number in range(4)]
    assert [response.status_code for response in responses] == [200] * 3 + [429]
    assert "sign-in__card" in responses[-1].content.decode()
