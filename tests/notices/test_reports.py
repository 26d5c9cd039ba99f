from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

from tests.notices import scenes
from tests.notices.scenes import send, told
from tests.support.gateway import SECRET
from tests.support.office import Office
from zhitong.core import clock
from zhitong.core.models import AuditEvent
from zhitong.notices.adapters import signature
from zhitong.notices.models import Delivery

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(office: Office, gateway) -> Delivery:
    scenes.phone(office, "firm_a")
    _, (row,) = told(office, "cases.accept")
    send()
    row.refresh_from_db()
    assert row.state == "sent"
    return row


def report(
    rows, *, adapter="sms", secret=SECRET, late=0, signed_for=None, method="post", body=None, **headers
):
    body = json.dumps({"reports": rows}).encode() if body is None else body
    moment = str(int(clock.now().timestamp()) - late)
    given = {
        "HTTP_X_ZHITONG_TIME": moment,
        "HTTP_X_ZHITONG_SIGNATURE": signature.sign(secret, signed_for or adapter, moment, body),
        **headers,
    }
    client = Client(enforce_csrf_checks=True)
    address = reverse("notices:report", args=[adapter])
    return client.generic(method.upper(), address, body, "application/json", **given)


def row_of(row: Delivery, state: str = "delivered", **more) -> dict:
    return {"id": f"notice-{row.pk}", "state": state, **more}


def test_a_gateway_reports_what_arrived_and_what_did_not(sent: Delivery) -> None:
    answer = report([row_of(sent)])
    assert (answer.status_code, answer.json()) == (200, {"status": "taken", "changed": 1})
    sent.refresh_from_db()
    assert (sent.state, sent.reason) == ("delivered", "")
    assert sent.reported_at
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.target, event.actor) == ("notices.report", "notices.sms", "system:gateway")


def test_what_did_not_arrive_has_failed_and_can_be_seen(sent: Delivery) -> None:
    assert report([row_of(sent, "failed", code="UNDELIV")]).json()["changed"] == 1
    sent.refresh_from_db()
    assert (sent.state, sent.reason, sent.error) == ("failed", "not_arrived", "UNDELIV")


def test_a_report_that_is_faster_than_we_are_counts_and_ends_the_tries(office: Office, gateway) -> None:
    scenes.phone(office, "firm_a")
    _, (row,) = told(office, "cases.accept")
    assert report([row_of(row)]).json()["changed"] == 0, "nobody has tried yet"
    gateway.then = ["garbage"]
    send()
    assert report([row_of(row)], late=1).json()["changed"] == 1
    row.refresh_from_db()
    assert (row.state, row.due_at) == ("delivered", None)
    send(scenes.NOW + scenes.DAY)
    assert set(gateway.seen.values()) == {1}


def test_a_report_that_comes_again_changes_nothing(sent: Delivery) -> None:
    body = json.dumps({"reports": [row_of(sent, "failed")]}).encode()
    moment = str(int(clock.now().timestamp()))
    headers = {
        "HTTP_X_ZHITONG_TIME": moment,
        "HTTP_X_ZHITONG_SIGNATURE": signature.sign(SECRET, "sms", moment, body),
    }
    first = report([], body=body, **headers)
    assert first.json()["changed"] == 1
    # Sent anew in the meantime: the old report must not fail it again.
    Delivery.objects.filter(pk=sent.pk).update(state="sent", reason="", error="")
    again = report([], body=body, **headers)
    assert (again.status_code, again.json()["changed"]) == (200, 0)
    sent.refresh_from_db()
    assert sent.state == "sent"


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "another secret of the same length as ours"},
        {"late": 301},
        {"late": -400},
        {"adapter": "weixin", "signed_for": "sms"},
        {"adapter": "pigeon"},
        {"method": "get"},
        {"method": "put"},
        {"HTTP_X_ZHITONG_TIME": ""},
        {"HTTP_X_ZHITONG_TIME": "٣"},
        {"HTTP_X_ZHITONG_TIME": "9" * 40},
        {"HTTP_X_ZHITONG_SIGNATURE": ""},
        {"HTTP_X_ZHITONG_SIGNATURE": "字" * 64},
        {"body": b"x" * 70_000},
    ],
    ids=str,
)
def test_whoever_is_not_the_gateway_is_turned_away(sent: Delivery, wrong) -> None:
    answer = report([row_of(sent)], **wrong)
    assert answer.status_code == 403
    sent.refresh_from_db()
    assert sent.state == "sent"


def test_without_a_secret_there_are_no_reports(sent: Delivery, settings) -> None:
    for secret in ("", "short"):
        settings.REPORT_SECRET = secret
        assert report([row_of(sent)], secret=secret or "x").status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"reports": 1}',
        b'{"reports": [1]}',
        b"[" * 60_000,
        b"\xff\xfe",
        b'{"reports": [' + b"{}," * 500 + b"{}]}",
    ],
    ids=lambda body: body[:14].decode("latin-1"),
)
def test_signed_nonsense_is_not_understood(sent: Delivery, body) -> None:
    assert report([], body=body).status_code == 400


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"id": None, "state": "delivered"},
        {"id": "notice-", "state": "delivered"},
        {"id": "notice-" + "9" * 30, "state": "delivered"},
        {"id": "notice-999999999", "state": "delivered"},
        {"id": "code-1", "state": "delivered"},
        {"id": "notice-1; DROP TABLE", "state": "delivered"},
        {"id": ["notice-1"], "state": "delivered"},
    ],
    ids=str,
)
def test_reports_about_nothing_of_ours_change_nothing(sent: Delivery, row) -> None:
    answer = report([row])
    assert (answer.status_code, answer.json()["changed"]) == (200, 0)


def test_a_state_that_nobody_knows_and_another_way_change_nothing(sent: Delivery) -> None:
    assert report([row_of(sent, "read")]).json()["changed"] == 0
    assert report([row_of(sent)], adapter="weixin").json()["changed"] == 0
