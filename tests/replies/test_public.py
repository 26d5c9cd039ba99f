"""The unit's own page: what it shows, what it keeps to itself, what wrong links are told."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.replies.test_links import send
from tests.support.office import Office
from zhitong.core import clock
from zhitong.replies import services
from zhitong.replies.models import Reply, ReplyLink
from zhitong.replies.queries import Matter
from zhitong.replies.states import rule

FORM = {"text": "税款已核实。<script>alert(1)</script>", "name": "示例王科长", "outcome": "solved"}


@pytest.fixture
def address(office: Office, lead: Matter) -> str:
    made = services.make_link(by=office.actor("district"), now=clock.now(), **lead.given())
    return f"/r/{made.token}/"


@pytest.fixture
def visitor() -> Client:
    return Client(enforce_csrf_checks=True)


def filled(visitor: Client, address: str, **more: Any) -> Any:
    """Open the page and send its form as a browser without a session does."""
    page = visitor.get(address)
    token = page.content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    return visitor.post(address, {**FORM, "csrfmiddlewaretoken": token, "key": "form-1", **more})


def test_looking_never_uses_the_link_up(visitor: Client, address: str) -> None:
    for _ in range(3):
        page = visitor.get(address)
        assert page.status_code == 200
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert page.headers["Referrer-Policy"] == "same-origin"
    assert "sessionid" not in visitor.cookies
    link = ReplyLink.objects.get()
    assert (link.opens, link.used_at) == (3, None)
    assert link.opened_at is not None


def test_the_page_shows_the_matter_and_nothing_beside_it(
    office: Office, visitor: Client, address: str, lead: Matter
) -> None:
    other = office.case("b", text="别家企业的秘密事项")
    text = visitor.get(address).content.decode()
    for word in (lead.case.number, lead.case.title, "示例税务局", "示例一号厂"):
        assert word in text
    for word in (other.number, "秘密事项", "示例firma", "1380", 'href="/cases', 'href="/desk'):
        assert word not in text


def test_the_form_is_sent_once_and_answered_by_a_receipt(visitor: Client, address: str, lead: Matter) -> None:
    receipt = filled(visitor, address)
    reply = Reply.objects.get()
    assert receipt.status_code == 200
    assert f"{lead.case.number}-{reply.pk}" in receipt.content.decode()
    assert lead.case.title not in receipt.content.decode()
    assert visitor.get(address).status_code == 404


def test_a_form_without_its_token_is_not_taken(visitor: Client, address: str) -> None:
    assert visitor.post(address, FORM).status_code == 403
    assert not Reply.objects.exists()


def told(visitor: Client, address: str) -> str:
    """The page of a link that does not work, without the address itself and one-time values."""
    page = visitor.get(address)
    assert page.status_code == 404
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page.content.decode()).replace(address, "")


def test_every_link_that_does_not_work_is_told_the_same(
    office: Office, visitor: Client, address: str, lead: Matter
) -> None:
    bodies = {told(visitor, "/r/guess/"), told(visitor, f"/r/{'x' * 500}/")}
    link = ReplyLink.objects.get()
    ReplyLink.objects.update(at=link.at - timedelta(days=90), expires_at=link.at - timedelta(days=60))
    bodies.add(told(visitor, address))
    ReplyLink.objects.update(expires_at=link.expires_at)
    services.revoke_link(by=office.actor("district"), now=clock.now(), link=link)
    bodies.add(told(visitor, address))
    fresh = services.make_link(by=office.actor("district"), now=clock.now(), **lead.given())
    send(fresh.row, now=clock.now())
    bodies.add(told(visitor, f"/r/{fresh.token}/"))
    assert len(bodies) == 1


def test_who_guesses_waits(visitor: Client, address: str) -> None:
    for number in range(rule("tries")):
        assert visitor.get(f"/r/{number:06d}guess/").status_code == 404
    refused = visitor.get(address)
    assert refused.status_code == 429
    assert "请过 15 分钟再试" in refused.content.decode()
    assert Client(REMOTE_ADDR="10.9.8.7").get(address).status_code == 200


def test_guessing_one_beginning_from_many_addresses_stops_it(address: str) -> None:
    beginning = address.split("/")[2][:6]
    for number in range(rule("tries")):
        Client(REMOTE_ADDR=f"10.1.1.{number}").get(f"/r/{beginning}{number}/")
    assert Client(REMOTE_ADDR="10.9.8.7").get(address).status_code == 429


def test_what_was_sent_comes_back_as_text(
    office: Office, visitor: Client, address: str, lead: Matter, client: Client
) -> None:
    filled(visitor, address)
    client.force_login(office.users["district"])
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": clock.now().timestamp()}]
    session.save()
    for place in (f"/cases/{lead.case.pk}/", "/replies/", f"/replies/{Reply.objects.get().pk}/take/"):
        page = client.get(place)
        if page.status_code == 200:
            assert "<script>alert" not in page.content.decode()


def test_a_hostile_file_keeps_the_link(visitor: Client, address: str) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    answer = filled(visitor, address, files=SimpleUploadedFile("a.exe", b"MZ" + b"0" * 100))
    assert answer.status_code == 200
    assert not Reply.objects.exists()
    assert ReplyLink.objects.get().used_at is None


def test_text_that_is_too_long_keeps_the_link(visitor: Client, address: str) -> None:
    assert filled(visitor, address, text="字" * 2001).status_code == 200
    assert ReplyLink.objects.get().used_at is None


def test_a_part_has_no_outcome_to_choose(office: Office, visitor: Client, part: Matter) -> None:
    made = services.make_link(by=office.actor("handler"), now=clock.now(), **part.given())
    page = visitor.get(f"/r/{made.token}/").content.decode()
    assert "请核实税款" in page
    assert 'name="outcome"' not in page
