from __future__ import annotations

import pytest

from tests.notices import scenes
from tests.notices.scenes import DAY, MINUTE, at, send, states, told
from tests.support.office import NOW, Office
from zhitong.notices.models import Preference
from zhitong.notices.tasks import SendDigests
from zhitong.orgs import services as org_services
from zhitong.orgs.models import Notice

pytestmark = pytest.mark.django_db
MONDAY = "2026-06-08 08:30"


def digest(text: str) -> None:
    SendDigests().run(at(text))


def test_staff_get_one_email_on_the_next_working_day_with_everything_unread(office: Office, mailbox) -> None:
    scenes.mail(office, "handler")
    first, _ = told(office, "cases.dispatch", name="handler")
    second, rows = told(office, "cases.assign", name="handler")
    assert [(row.channel, row.state, row.due_at) for row in rows] == [("email", "held", at(MONDAY))]
    send(at(MONDAY))
    assert mailbox.mails == [], "a digest goes as one"
    for early in ("2026-06-06 08:30", "2026-06-07 12:00", "2026-06-08 08:29"):
        digest(early)
    assert mailbox.mails == []
    digest(MONDAY)
    digest("2026-06-08 09:00")
    (mail,), (body,) = mailbox.mails, mailbox.bodies()
    assert mail["To"] == "someone@example.org"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert first.title in body
    assert second.title in body
    assert states() == [("email", "sent", "")] * 2


def test_a_shifted_working_day_has_its_digest_and_a_holiday_has_none(office: Office, mailbox) -> None:
    """2026-09-20 is a Sunday that is worked, 2026-10-01 to 07 are holidays, and 10-10 is a worked Saturday."""
    scenes.mail(office, "handler")
    told(office, "cases.dispatch", name="handler", now=at("2026-09-19 12:00"))
    assert scenes.deliveries().get().due_at == at("2026-09-20 08:30")
    digest("2026-09-20 08:30")
    assert len(mailbox.mails) == 1
    told(office, "cases.dispatch", name="handler", now=at("2026-09-30 18:00"))
    assert scenes.deliveries().last().due_at == at("2026-10-08 08:30")
    for day in range(1, 8):
        digest(f"2026-10-0{day} 09:00")
    assert len(mailbox.mails) == 1
    digest("2026-10-08 08:30")
    assert len(mailbox.mails) == 2


def test_what_was_read_in_the_meantime_is_not_sent(office: Office, mailbox) -> None:
    scenes.mail(office, "handler")
    told(office, "cases.dispatch", name="handler")
    org_services.read_notices(by=office.actor("handler"), now=NOW + MINUTE)
    digest(MONDAY)
    assert mailbox.mails == []
    assert states() == [("email", "dropped", "read")]


def test_who_switched_off_gets_no_digest(office: Office, mailbox) -> None:
    user = scenes.mail(office, "handler")
    told(office, "cases.dispatch", name="handler")
    Preference.objects.filter(user=user).update(off=True)
    digest(MONDAY)
    assert mailbox.mails == []
    assert states() == [("email", "dropped", "off")]


def test_without_a_digest_each_message_comes_at_once(office: Office, mailbox) -> None:
    user = scenes.mail(office, "handler")
    Preference.objects.filter(user=user).update(digest=False)
    case, (row,) = told(office, "cases.dispatch", name="handler")
    send()
    (mail,), (body,) = mailbox.mails, mailbox.bodies()
    assert mail["Message-ID"] == f"<notice-{row.pk}@zhitong.example>"
    assert case.title in body
    assert "https://zhitong.example/" in body


def test_a_mail_server_that_is_busy_is_tried_again_and_one_that_refuses_is_not(
    office: Office, mailbox
) -> None:
    scenes.mail(office, "handler")
    told(office, "cases.dispatch", name="handler")
    mailbox.then = ["451 later", "550 unknown"]
    digest(MONDAY)
    row = scenes.deliveries().get()
    assert (row.state, row.reason, row.due_at, row.error) == (
        "held",
        "digest",
        at("2026-06-08 08:31"),
        "SMTP 451",
    )
    digest("2026-06-08 08:31")
    row.refresh_from_db()
    assert (row.state, row.reason, row.error) == ("failed", "rejected", "SMTP 550")
    assert mailbox.mails == []


def test_a_mail_server_that_is_not_there_is_tried_again(office: Office, mailbox, settings) -> None:
    settings.EMAIL_PORT = 1
    scenes.mail(office, "handler")
    told(office, "cases.dispatch", name="handler")
    digest(MONDAY)
    assert states() == [("email", "held", "digest")]


def test_the_urgent_class_does_not_wait_for_a_digest(office: Office, mailbox) -> None:
    from zhitong.notices.models import Choice

    user = scenes.mail(office, "dispatcher")
    Choice.objects.create(user=user, group="urgent", channel="email", on=True)
    told(office, "cases.call", name="dispatcher", now=at("2026-06-06 03:00"))
    send(at("2026-06-06 03:00"))
    assert ("email", "sent", "") in states()


def test_a_digest_asks_the_database_as_often_for_many_as_for_few(office: Office, mailbox) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    scenes.mail(office, "handler")
    asked = []
    for number, day in ((2, MONDAY), (12, "2026-06-09 08:30")):
        for _ in range(number):
            scenes.tell(office.users["handler"], "cases.dispatch", now=at(day) - DAY)
        with CaptureQueriesContext(connection) as queries:
            digest(day)
        asked.append(len([row for row in queries if row["sql"].startswith("SELECT")]))
    assert asked[0] == asked[1]
    assert Notice.objects.filter(event="cases.dispatch").count() == 14
