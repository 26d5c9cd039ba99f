from __future__ import annotations

import json

from django.urls import reverse

from tests.orgs.signin.people import PASSWORD, PHONE, code, enter, events, give, sign_in
from tests.orgs.signin.test_outside import come_back, configured, links
from tests.orgs.signin.test_second_factor import set_up
from zhitong.core import audit, clock
from zhitong.core.actor import system
from zhitong.core.models import AuditEvent
from zhitong.orgs.signin import services

__all__ = ["configured"]


def facts(event: AuditEvent) -> dict:
    return json.loads(event.payload)


def only(action: str) -> AuditEvent:
    found = events(action)
    assert len(found) == 1, [event.action for event in AuditEvent.objects.all()]
    return found[0]


def test_signing_in_leaves_one_event(client, firm) -> None:
    sign_in(client, firm)
    event = only("signin.done")
    assert (event.actor, event.target, event.result) == (f"user:{firm.pk}", f"orgs.user:{firm.pk}", "done")
    assert facts(event) == {"address": "127.0.0.1", "methods": ["password"]}
    assert event.request_id
    assert AuditEvent.objects.count() == 1  # the middleware adds none of its own


def test_an_officers_event_names_both_factors(client, officer) -> None:
    sign_in(client, officer)
    assert facts(only("signin.done"))["methods"] == ["password", "mfa"]


def test_signing_out_leaves_one(client, firm) -> None:
    sign_in(client, firm)
    client.post(reverse("account_logout"))
    assert only("signin.out").actor == f"user:{firm.pk}"


def test_a_failure_leaves_one_without_what_was_typed(client, firm) -> None:
    enter(client, "firm", "wrong")
    enter(client, "my secret password", "x")
    known, unknown = events("signin.failed")
    assert (known.target, known.result, known.actor) == (
        f"orgs.user:{firm.pk}",
        "refused",
        "anonymous:anonymous",
    )
    assert (unknown.target, facts(unknown)["known"]) == ("", False)
    assert "secret" not in unknown.payload


def test_a_lock_leaves_one(client, firm) -> None:
    for _ in range(6):
        enter(client, "firm", "wrong")
    assert [event.target for event in events("signin.locked_out")] == [f"orgs.user:{firm.pk}"] * 2
    assert len(events("signin.failed")) == 6


def test_a_wrong_second_factor_leaves_one(client, officer) -> None:
    enter(client, "officer")
    give(client, "000000")
    event = only("signin.failed")
    assert (event.target, facts(event)["step"]) == (f"orgs.user:{officer.pk}", "second_factor")
    assert give(client, code()).status_code == 302


def test_codes_leave_their_events(client, firm) -> None:
    client.post(reverse("account_request_login_code"), {"phone": PHONE})
    sent = only("signin.send_code")
    assert (sent.target, facts(sent)) == (f"orgs.user:{firm.pk}", {"phone_ends_with": "8000"})
    client.post(reverse("account_confirm_login_code"), {"code": "000000"})
    assert facts(only("signin.failed"))["step"] == "code"


def test_setting_up_a_second_factor_leaves_its_events(
    client, newcomer, django_capture_on_commit_callbacks
) -> None:
    enter(client, "newcomer")
    with django_capture_on_commit_callbacks(execute=True):
        set_up(client)
    kinds = [facts(event)["kind"] for event in events("signin.second_factor_added")]
    assert sorted(kinds) == ["recovery_codes", "totp"]
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_generate_recovery_codes"))
    assert only("signin.recovery_codes_made").actor == f"user:{newcomer.pk}"
    client.post(reverse("mfa_deactivate_totp"))
    assert len(events("signin.second_factor_removed")) == 2
    services.reset_second_factor(by=system("test"), now=clock.now(), user=newcomer)
    assert only("signin.reset_second_factor").target == f"orgs.user:{newcomer.pk}"


def test_a_changed_password_leaves_one(client, firm) -> None:
    sign_in(client, firm)
    new = "another long password"
    fields = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client.post(reverse("account_change_password"), fields)
    assert only("signin.password_changed").actor == f"user:{firm.pk}"


def test_connecting_leaves_its_events(client, configured, firm) -> None:
    sign_in(client, firm)
    come_back(client, links(client)[0])
    assert facts(only("signin.account_connected"))["provider"] == "oidc"
    account = firm.socialaccount_set.get()
    client.post(reverse("socialaccount_connections"), {"account": account.pk})
    assert only("signin.account_disconnected").target == f"orgs.user:{firm.pk}"


def test_the_chain_holds_with_them(client, firm) -> None:
    enter(client, "firm", "wrong")
    sign_in(client, firm)
    audit.seal_pending()
    assert not list(audit.unsealed())
