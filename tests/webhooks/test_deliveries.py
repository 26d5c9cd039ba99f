"""From a step of a case to the program that is told of it: to whom, once, with what, until when."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest

from tests.support.office import NOW, Office
from tests.support.programs import ask, issue
from tests.webhooks.conftest import Listener, status
from zhitong.cases import services as case_services
from zhitong.core import outbox, sealing
from zhitong.core.errors import ConflictError, FieldError, NotPermittedError, RefusedError
from zhitong.core.models import AuditEvent, OutboxMessage
from zhitong.enterprises import services as enterprise_services
from zhitong.enterprises.models import ApiToken
from zhitong.orgs.models import Notice
from zhitong.webhooks import queries, services, tasks
from zhitong.webhooks.models import Delivery, Subscription
from zhitong.webhooks.states import pauses, topics

pytestmark = pytest.mark.django_db
EVERYTHING = tuple(topics())


def subscribe(
    office: Office, address: str, *names: str, regions: tuple[str, ...] = ("",), **given: Any
) -> Any:
    made = issue(office, *given.pop("scopes", ()), regions=regions)
    return services.subscribe(
        by=office.actor("sysadmin"),
        now=NOW,
        token=made.row,
        address=address,
        names=names or EVERYTHING,
        **given,
    )


def work(now: Any = NOW) -> None:
    """Deliver what the outbox holds, and make a try of all that is due."""
    outbox.drain(now=now)
    for delivery in queries.due(now):
        tasks.attempt(delivery, now=now)


def told(listener: Listener) -> list[dict[str, Any]]:
    return [json.loads(body) for _, body in listener.heard]


def test_a_program_is_told_which_case_and_which_state(office: Office, listener: Listener) -> None:
    row = subscribe(office, listener.address)
    case = office.until("reviewed")
    work()
    heard = told(listener)
    assert [one["topic"] for one in heard] == [
        "case.submitted", "case.accepted", "case.dispatched", "case.answered",
    ]  # fmt: skip
    assert [one["state"] for one in heard] == ["submitted", "accepted", "dispatched", "reviewed"]
    assert {one["case"] for one in heard} == {case.number}
    numbers = [one["number"] for one in heard]
    assert numbers == sorted(set(numbers))
    assert heard[0].keys() == {"id", "number", "topic", "time", "case", "original_number", "state"}
    assert case.title not in str(listener.heard)
    assert set(Delivery.objects.values_list("subscription", "state", "tries", "code")) == {
        (row.pk, "delivered", 1, 204)
    }


def test_what_is_told_is_signed_with_the_secret_that_was_shown(office: Office, listener: Listener) -> None:
    row = subscribe(office, listener.address)
    secret = queries.secrets_of(row, NOW)[0]
    assert secret.startswith("whsec_")
    assert secret not in str(list(Subscription.objects.values()))
    office.case()
    work()
    head, body = listener.heard[0]
    moment, mark = (part.partition("=")[2] for part in head["Zhitong-Signature"].split(","))
    assert moment == str(int(NOW.timestamp()))
    signed = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(signed, mark)


def test_a_replaced_secret_signs_for_another_day(office: Office, listener: Listener) -> None:
    row = subscribe(office, listener.address)
    old = queries.secrets_of(row, NOW)[0]
    row = services.renew_secret(by=office.actor("sysadmin"), now=NOW, subscription=row)
    day = timedelta(hours=24)
    during, after = (
        queries.secrets_of(row, NOW + day - timedelta(seconds=1)),
        queries.secrets_of(row, NOW + day),
    )
    assert during[1] == old
    assert after == during[:1] != [old]
    office.case()
    work()
    assert listener.heard[0][0]["Zhitong-Signature"].count("v1=") == 2


def test_only_what_a_key_sees_is_told_and_only_what_it_asked_for(office: Office, listener: Listener) -> None:
    subscribe(office, listener.address, "case.submitted", regions=("350105",))
    office.until("accepted", "a")
    secret = case_services.Draft(text="In confidence.", confidential=True)
    case_services.submit(by=office.actor("firm_b"), now=NOW, draft=secret, firm=office.firms["b"])
    mine = office.until("accepted", "b")
    work()
    assert [(one["case"], one["topic"]) for one in told(listener)] == [(mine.number, "case.submitted")]


@pytest.mark.parametrize("how", ["off", "withdrawn", "ended", "scope"])
def test_who_may_not_hear_any_more_is_not_told(office: Office, listener: Listener, how: str) -> None:
    row = subscribe(office, listener.address)
    office.case()
    outbox.drain(now=NOW)  # prepared while all was well
    sysadmin = office.actor("sysadmin")
    if how == "off":
        services.switch(by=sysadmin, now=NOW, subscription=row, on=False)
    elif how == "withdrawn":
        enterprise_services.withdraw_token(by=sysadmin, now=NOW, token=row.token)
    elif how == "ended":
        ApiToken.objects.update(made_at=NOW - timedelta(days=2), expires_at=NOW)
    else:
        ApiToken.objects.update(scopes=["firms.read"])
    office.case()
    work()
    assert listener.heard == []
    assert Delivery.objects.get().state == ("waiting" if how == "off" else "dropped")
    if how == "off":
        services.switch(by=sysadmin, now=NOW, subscription=row, on=True)
        work()
        assert len(listener.heard) == 1, "what waited is told, what happened meanwhile is not"


def test_a_case_that_became_confidential_is_not_told(office: Office, listener: Listener) -> None:
    from zhitong.cases.models import Case

    subscribe(office, listener.address)
    office.case()
    outbox.drain(now=NOW)
    Case.objects.update(confidential=True)
    work()
    assert (listener.heard, Delivery.objects.get().state) == ([], "dropped")


def test_tries_have_growing_pauses_then_the_subscription_pauses(office: Office, listener: Listener) -> None:
    row = subscribe(office, listener.address, "case.submitted")
    office.case()
    listener.answers = [status(500)] * 99
    now, moments = NOW, []
    while Delivery.objects.filter(state="waiting").exists() or not Delivery.objects.exists():
        work(now)
        delivery = Delivery.objects.get()
        if delivery.state == "waiting":
            work(delivery.next_at - timedelta(seconds=1))  # too early: nothing
            moments.append((delivery.next_at - now).seconds)
            now = delivery.next_at
    assert moments == pauses()
    assert moments == sorted(moments)
    assert (len(listener.heard), delivery.tries) == (len(pauses()) + 1,) * 2
    assert len({one["id"] for one in told(listener)}) == 1, "every try has the same id"
    assert (delivery.state, delivery.code, delivery.trouble) == ("failed", 500, "status")
    row.refresh_from_db()
    assert row.state == "paused"
    outbox.drain(now=now)
    notice = Notice.objects.get(msgid=tasks.PAUSED)
    assert (notice.user, notice.params["address"]) == (office.users["sysadmin"], listener.address)
    assert AuditEvent.objects.filter(action="webhooks.pause", result="done").count() == 1
    listener.answers = []
    services.switch(by=office.actor("sysadmin"), now=now, subscription=row, on=True)
    services.resend(by=office.actor("sysadmin"), now=now, delivery=delivery)
    work(now)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries) == ("delivered", 1)
    assert len({one["id"] for one in told(listener)}) == 1


def test_what_waits_is_not_sent_again_by_hand(office: Office, listener: Listener) -> None:
    subscribe(office, listener.address, "case.submitted")
    office.case()
    outbox.drain(now=NOW)
    with pytest.raises(ConflictError):
        services.resend(by=office.actor("sysadmin"), now=NOW, delivery=Delivery.objects.get())


def test_a_sender_that_dies_after_sending_is_followed_by_one_more_try_with_the_same_id(
    office: Office, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe(office, listener.address, "case.submitted")
    office.case()
    outbox.drain(now=NOW)
    whole = services.conclude

    def killed(**_: Any) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(services, "conclude", killed)
    with pytest.raises(KeyboardInterrupt):
        work()
    monkeypatch.setattr(services, "conclude", whole)
    assert queries.due(NOW) == [], "it is still in the hands of the first"
    work(NOW + timedelta(minutes=2))
    work(NOW + timedelta(minutes=9))
    first, second = told(listener)
    assert first == second
    assert Delivery.objects.get().state == "delivered"


def test_a_sender_that_comes_back_late_changes_nothing(office: Office, listener: Listener) -> None:
    subscribe(office, listener.address, "case.submitted")
    office.case()
    outbox.drain(now=NOW)
    pk = Delivery.objects.get().pk
    slow = services.take(delivery=pk, now=NOW)
    later = NOW + timedelta(minutes=3)
    quick = services.take(delivery=pk, now=later)
    assert slow is not None
    assert quick is not None
    assert services.take(delivery=pk, now=later) is None
    services.conclude(taken=slow, code=500, trouble="status", now=later)
    assert Delivery.objects.get().state == "waiting"
    assert services.conclude(taken=quick, code=200, trouble="", now=later) == "delivered"


def test_a_repeated_message_makes_no_second_row(office: Office, listener: Listener) -> None:
    subscribe(office, listener.address, "case.submitted")
    office.case()
    message = OutboxMessage.objects.get(topic="cases.submit")
    made = {tuple(services.prepare(message=message, now=NOW)) for _ in range(3)}
    assert len(made) == 1
    assert Delivery.objects.count() == 1


def test_old_deliveries_are_forgotten(office: Office, listener: Listener) -> None:
    subscribe(office, listener.address, "case.submitted")
    office.case()
    work()
    month = timedelta(days=30)
    assert services.prune(now=NOW + month) == 0
    assert services.prune(now=NOW + month + timedelta(seconds=1)) == 1


# ---------------------------------------------------------------- subscriptions


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"names": []}, "topics"),
        ({"names": ["case.sung"]}, "topics"),
        ({"address": "http://example.org/"}, "address"),
        ({"address": "https://127.0.0.1/"}, "address"),
        ({"address": "https://[::ffff:10.0.0.1]/"}, "address"),
        ({"address": "https://169.254.169.254/latest/meta-data/"}, "address"),
    ],
)
def test_what_makes_no_subscription(office: Office, given: dict[str, Any], field: str) -> None:
    asked = {"token": issue(office).row, "address": "https://8.8.8.8/", "names": ["case.closed"]} | given
    with pytest.raises(FieldError) as caught:
        services.subscribe(by=office.actor("sysadmin"), now=NOW, **asked)
    assert caught.value.field == field
    assert not Subscription.objects.exists()


def test_a_key_without_cases_or_at_its_end_is_told_nothing(office: Office) -> None:
    blind, ended = issue(office, "firms.read").row, issue(office).row
    enterprise_services.withdraw_token(by=office.actor("sysadmin"), now=NOW, token=ended)
    for token in (blind, ended):
        with pytest.raises(FieldError):
            services.subscribe(
                by=office.actor("sysadmin"),
                now=NOW,
                token=token,
                address="https://8.8.8.8/",
                names=EVERYTHING,
            )


def test_a_key_has_an_address_once_and_few_of_them(office: Office) -> None:
    token = issue(office).row
    given = {"by": office.actor("sysadmin"), "now": NOW, "token": token, "names": EVERYTHING}
    services.subscribe(address="https://8.8.8.8/0", **given)
    with pytest.raises(ConflictError):
        services.subscribe(address="https://8.8.8.8/0", **given)
    for number in range(1, 10):
        services.subscribe(address=f"https://8.8.8.8/{number}", **given)
    with pytest.raises(RefusedError):
        services.subscribe(address="https://8.8.8.8/10", **given)


def test_a_secret_is_bound_to_its_column(office: Office) -> None:
    row = subscribe(office, "https://8.8.8.8/")
    with pytest.raises(sealing.SealBrokenError):
        sealing.unseal(row.secret, place="elsewhere")


def test_a_program_keeps_its_own_subscriptions_only(office: Office, listener: Listener) -> None:
    mine, other = issue(office), issue(office)
    theirs = services.subscribe(
        by=office.actor("sysadmin"), now=NOW, token=other.row, address=listener.address, names=EVERYTHING
    )
    given = {"address": listener.address, "topics": ["case.closed"]}
    made, again = (ask(mine.secret, "/webhooks", given, once="hook-1") for _ in range(2))
    assert (made.status_code, made.json()) == (201, again.json())
    assert made.json()["secret"].startswith("whsec_")
    listed = ask(mine.secret, "/webhooks").json()
    assert [row["id"] for row in listed] == [made.json()["id"]]
    assert "secret" not in listed[0]
    for path, sent in (
        (f"/webhooks/{theirs.pk}/switch", {"on": False}),
        (f"/webhooks/{theirs.pk}/secret", {}),
        (f"/webhooks/{theirs.pk}/deliveries", None),
    ):
        assert ask(mine.secret, path, sent).status_code == 404, path
    pk = made.json()["id"]
    renewed = ask(mine.secret, f"/webhooks/{pk}/secret", {}).json()
    assert renewed["secret"] != made.json()["secret"]
    assert ask(mine.secret, f"/webhooks/{pk}/switch", {"on": False}).json()["state"] == "off"
    twice = ask(mine.secret, "/webhooks", given)
    assert (twice.status_code, twice.json()["code"]) == (409, "conflict")
    private = ask(mine.secret, "/webhooks", given | {"address": "https://10.0.0.1/"})
    assert (private.status_code, private.json()["field"]) == (422, "address")


def test_a_program_reads_what_it_was_told_and_has_it_told_again(office: Office, listener: Listener) -> None:
    made = issue(office)
    row = services.subscribe(
        by=office.actor("sysadmin"),
        now=NOW,
        token=made.row,
        address=listener.address,
        names=["case.submitted"],
    )
    case = office.case()
    work()
    (one,) = ask(made.secret, f"/webhooks/{row.pk}/deliveries").json()["items"]
    assert (one["case"], one["state"], one["code"], one["tries"]) == (case.number, "delivered", 204, 1)
    again = ask(made.secret, f"/webhooks/deliveries/{one['number']}/resend", {})
    assert (again.status_code, again.json()["state"], again.json()["id"]) == (202, "waiting", one["id"])
    assert ask(issue(office).secret, f"/webhooks/deliveries/{one['number']}/resend", {}).status_code == 404


def test_only_administrators_and_the_key_itself_keep_subscriptions(office: Office) -> None:
    from tests.support.programs import actor

    row = subscribe(office, "https://8.8.8.8/")
    strangers = [office.actor(name) for name in ("dispatcher", "secadmin", "auditor", "handler", "admin_a")]
    for by in (*strangers, actor(office), actor(office, "cases.read")):
        with pytest.raises(NotPermittedError):
            services.switch(by=by, now=NOW, subscription=row, on=False)
        with pytest.raises(NotPermittedError):
            services.renew_secret(by=by, now=NOW, subscription=row)
        with pytest.raises(NotPermittedError):
            services.pause(by=by, now=NOW, subscription=row, delivery=1)
