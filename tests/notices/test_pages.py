from __future__ import annotations

import re

import pytest
from django.db.models import Q
from django.urls import reverse

from tests.notices import scenes
from tests.notices.scenes import DAY, send, told
from tests.support.browsing import signed_in
from tests.support.office import NOW, Office
from zhitong.core import clock, outbox
from zhitong.core.errors import FieldError, NotPermittedError, RefusedError
from zhitong.core.models import AuditEvent, OutboxMessage
from zhitong.notices import queries, services
from zhitong.notices.models import Choice, Delivery, Preference
from zhitong.notices.tasks import ForgetDeliveries
from zhitong.orgs import services as org_services
from zhitong.orgs.models import User

pytestmark = pytest.mark.django_db
PLAIN = {"off": False, "digest": False, "language": "zh-hans"}


def test_a_person_chooses_and_only_what_differs_is_kept(office: Office) -> None:
    client = signed_in(office, "firm_a")
    page = client.get(reverse("notices:choose")).content.decode()
    assert page.count(" checked") == 12, "two ways each of six groups are usual"
    sent = {
        "language": "en",
        "quiet_from": "20:00",
        "quiet_to": "09:00",
        "on_accepted": ["email"],
        "on_answered": ["weixin", "sms"],
    }
    answer = client.post(reverse("notices:choose"), sent)
    assert answer.status_code == 302
    kept = Preference.objects.get(user=office.users["firm_a"])
    assert (kept.language, str(kept.quiet_from), str(kept.quiet_to), kept.off) == (
        "en",
        "20:00:00",
        "09:00:00",
        False,
    )
    chosen = set(Choice.objects.filter(user=kept.user).values_list("group", "channel", "on"))
    assert ("accepted", "email", True) in chosen
    assert ("accepted", "sms", False) in chosen
    assert not [row for row in chosen if row[0] == "answered"]
    event = AuditEvent.objects.filter(action="notices.choose").latest("pk")
    assert event.actor == f"user:{kept.user_id}"
    assert "accepted.email" in event.payload


def test_one_quiet_time_alone_and_groups_of_others_are_refused(office: Office) -> None:
    firm = office.actor("firm_a")
    with pytest.raises(FieldError):
        services.choose(by=firm, now=NOW, on={}, quiet_from=NOW.time(), **PLAIN)
    for strange in ("urgent.sms", "accepted.pigeon", "nothing"):
        with pytest.raises(RefusedError):
            services.choose(by=firm, now=NOW, on={strange: True}, **PLAIN)
    assert not Choice.objects.exists()


def code(mailbox) -> str:
    outbox.drain(now=clock.now())
    return re.search(r"\d{6}", mailbox.bodies()[-1])[0]


def test_an_address_is_used_once_its_code_came_back(office: Office, mailbox) -> None:
    client = signed_in(office, "firm_a")
    assert client.post(reverse("notices:address"), {"address": "me@example.org"}).url == reverse(
        "notices:confirm"
    )
    user = office.users["firm_a"]
    right = code(mailbox)
    assert mailbox.mails[-1]["To"] == "me@example.org"
    assert not queries.person(user).reach("email")
    wrong = "000000" if right != "000000" else "111111"
    assert client.post(reverse("notices:confirm"), {"code": wrong}).status_code == 200
    assert not queries.person(user).reach("email")
    assert client.post(reverse("notices:confirm"), {"code": right}).status_code == 302
    assert queries.person(user).reach("email") == "me@example.org"
    assert not OutboxMessage.objects.exclude(payload={}).filter(topic="notices.address_code").exists()
    kept = Preference.objects.get(user=user)
    assert "example.org" not in kept.address
    assert client.post(reverse("notices:remove_address")).status_code == 302
    assert not queries.person(user).reach("email")


def test_a_code_can_be_tried_five_times(office: Office, mailbox) -> None:
    client = signed_in(office, "firm_a")
    client.post(reverse("notices:address"), {"address": "me@example.org"})
    right = code(mailbox)
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(5):
        client.post(reverse("notices:confirm"), {"code": wrong})
    assert client.post(reverse("notices:confirm"), {"code": right}).status_code == 200
    assert not queries.person(office.users["firm_a"]).reach("email")


def test_a_code_runs_out_and_so_many_are_sent_a_day(office: Office, mailbox) -> None:
    firm = office.actor("firm_a")
    for _ in range(5):
        services.ask_address(by=firm, now=NOW, address="me@example.org")
    with pytest.raises(FieldError):
        services.ask_address(by=firm, now=NOW, address="me@example.org")
    outbox.drain(now=NOW)
    assert len(mailbox.mails) == 1, "only the last code is any good"
    right = re.search(r"\d{6}", mailbox.bodies()[0])[0]
    with pytest.raises(FieldError):
        services.confirm_address(by=firm, now=NOW + DAY, code=right)
    services.ask_address(by=firm, now=NOW + DAY, address="me@example.org")


@pytest.mark.parametrize(
    "address", ["me@example.org\r\nBcc: you@example.org", "me", "a@b" + "c" * 260 + ".org"]
)
def test_an_address_that_is_none_is_not_taken(office: Office, mailbox, address) -> None:
    client = signed_in(office, "firm_a")
    assert client.post(reverse("notices:address"), {"address": address}).status_code == 200
    assert not Preference.objects.exclude(pending="").exists()


def test_messages_show_by_which_way_they_also_went(office: Office, gateway) -> None:
    scenes.phone(office, "firm_a")
    told(office, "cases.accept")
    send()
    page = signed_in(office, "firm_a").get(reverse("portal:notices")).content.decode()
    assert "短信" in page
    assert "已发送" in page


def test_deliveries_show_no_words_and_no_whole_number(office: Office, gateway) -> None:
    scenes.phone(office, "firm_a")
    scenes.mail(office, "firm_a")
    Choice.objects.create(user=office.users["firm_a"], group="accepted", channel="email", on=True)
    case, _ = told(office, "cases.accept")
    from django.test import RequestFactory

    from zhitong.notices.views import office as pages

    request = RequestFactory().get("/notices/deliveries/")
    request.actor = office.actor("sysadmin")
    request.user = office.users["sysadmin"]
    request.resolver_match = None
    masked = {pages.masked(row) for row in queries.deliveries(request.actor)}
    assert masked >= {"138****8000", "s***@example.org"}
    assert case.title


def test_only_the_system_administrator_sees_and_repeats_deliveries(office: Office, gateway) -> None:
    told(office, "cases.accept")
    assert queries.deliveries(office.actor("sysadmin")).exists()
    for name in ("secadmin", "auditor", "dispatcher", "handler", "firm_a"):
        assert not queries.deliveries(office.actor(name)).exists()
        with pytest.raises(NotPermittedError):
            services.retry(by=office.actor(name), now=NOW, channel="sms")


def test_old_deliveries_and_what_erased_people_chose_are_forgotten(office: Office, gateway) -> None:
    from zhitong.core.actor import system

    user = scenes.mail(office, "firm_a")
    told(office, "cases.accept")
    org_services.erase_accounts(by=system("erase"), now=NOW, which=Q(pk=user.pk))
    ForgetDeliveries().run(NOW + DAY)
    assert not Preference.objects.filter(user=user).exists()
    assert Delivery.objects.exists()
    ForgetDeliveries().run(NOW + DAY * 181)
    assert not Delivery.objects.filter(due_at=None).exists()
    assert User.objects.filter(pk=user.pk).exists()
