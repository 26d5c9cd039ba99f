from __future__ import annotations

import copy
import re

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.notices import scenes
from tests.notices.scenes import at, send, told
from tests.support.office import Office
from zhitong.cases.tasks.telling import FIRM, STAFF
from zhitong.core import data
from zhitong.notices import states
from zhitong.notices.models import Choice, Delivery, Preference
from zhitong.notices.states import Channel, parse
from zhitong.notices.tasks import SendDigests

SECRET_TITLE = "举报某科长吃拿卡要"


@pytest.fixture
def raw() -> dict:
    return copy.deepcopy(data.read("notices", "channels-1"))


def test_the_table_in_force_is_sound_and_the_program_reads_it_when_it_starts() -> None:
    states.check_all()


def test_every_event_of_cases_has_one_group_on_each_side(raw) -> None:
    table = parse(raw)
    for event in {*FIRM, *STAFF, "anything.new"}:
        assert table.group(event, "firm").side == "firm"
        assert table.group(event, "staff").side == "staff"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("您的诉求%(title)s已受理。", "names title"),
        ("%(name)s您好，您的诉求已受理。", "names name"),
        ("您的诉求已办理50%。", "stray percent"),
        ("您的诉求%(number)d已受理。", "stray percent"),
        ("", "has no text"),
        ("长" * 150, "takes 3 text messages"),
    ],
)
def test_a_text_message_that_could_say_too_much_refuses_to_start(raw, text, fault) -> None:
    raw["group"][0]["sms"]["zh"] = text
    with pytest.raises(ImproperlyConfigured, match=fault):
        parse(raw)


@pytest.mark.parametrize(
    ("place", "fault"),
    [
        (lambda raw: raw["group"][0]["weixin"].update(zh="长" * 21), "too long for a field"),
        (lambda raw: raw["group"][0]["ladder"].append("pigeon"), "pigeon"),
        (lambda raw: raw["group"][1]["events"].append("cases.accept"), "two groups"),
        (lambda raw: raw["group"][6].pop("rest"), "needs one group for the rest"),
        (lambda raw: raw["quiet"]["channels"].append("pigeon"), "pigeon"),
        (lambda raw: raw["email"].update(line_hidden={"zh": "%(sentence)s", "en": "x"}), "names sentence"),
        (lambda raw: raw["email"].update(line={"zh": "x"}), "no text in en"),
    ],
)
def test_a_table_that_cannot_work_refuses_to_start(raw, place, fault) -> None:
    place(raw)
    with pytest.raises(ImproperlyConfigured, match=fault):
        parse(raw)


def test_parts_of_a_text_message_are_counted(raw) -> None:
    table = parse(raw)
    assert [table.parts("字" * length) for length in (1, 70, 71, 134, 135)] == [1, 1, 2, 2, 3]


def everything(gateway, mailbox) -> str:
    """All that left the system."""
    mails = [str(mail["Subject"]) + body for mail, body in zip(mailbox.mails, mailbox.bodies(), strict=True)]
    return "\n".join([*gateway.texts.values(), *mails])


@pytest.mark.django_db
@pytest.mark.parametrize("digest", [True, False])
@pytest.mark.parametrize("name", ["firm_a", "handler"])
def test_the_title_of_a_confidential_case_leaves_by_no_way(
    office: Office, gateway, mailbox, name, digest
) -> None:
    user = scenes.phone(office, name)
    scenes.mail(office, name)
    Preference.objects.filter(user=user).update(digest=digest)
    table = parse(data.read("notices", "channels-1"))
    groups = table.of("staff" if user.needs_second_factor else "firm")
    ways = [(group.name, way) for group in groups for way in Channel.values]
    Choice.objects.bulk_create(Choice(user=user, group=group, channel=way, on=True) for group, way in ways)
    now = at("2026-06-05 09:45")
    case = office.case("a", now=now, text=SECRET_TITLE)
    type(case).objects.filter(pk=case.pk).update(confidential=True, title=SECRET_TITLE)
    for event in sorted({*FIRM, *STAFF}):
        scenes.tell(user, event, subject=f"case:{case.pk}", title=SECRET_TITLE, now=now)
        Delivery.objects.filter(channel="sms").exclude(sent_at=None).update(sent_at=now - scenes.DAY)
        send(now)
    scenes.weixin(office, name)
    scenes.tell(user, "cases.accept", subject=f"case:{case.pk}", title=SECRET_TITLE, now=now)
    send(now)
    SendDigests().run(at("2026-06-08 08:30"))
    out = everything(gateway, mailbox)
    assert SECRET_TITLE not in out
    assert "举报" not in out
    assert case.number in out
    assert {row.channel for row in scenes.deliveries().exclude(sent_at=None)} >= {"email", "sms"}


@pytest.mark.django_db
def test_a_case_that_became_confidential_while_its_message_waited_is_named_by_its_number(
    office: Office, gateway, mailbox
) -> None:
    scenes.mail(office, "handler")
    case, _ = told(office, "cases.dispatch", name="handler")
    type(case).objects.filter(pk=case.pk).update(confidential=True)
    SendDigests().run(at("2026-06-08 08:30"))
    (body,) = mailbox.bodies()
    assert case.number in body
    assert case.title not in body


@pytest.mark.django_db
def test_what_no_room_vouches_for_stays_inside(office: Office, gateway, mailbox) -> None:
    scenes.mail(office, "handler")
    scenes.tell(office.users["handler"], "something", subject="firm:1", title="某企业")
    SendDigests().run(at("2026-06-08 08:30"))
    (body,) = mailbox.bodies()
    assert "某企业" not in body


@pytest.mark.django_db
def test_people_read_their_own_language(office: Office, gateway) -> None:
    user = scenes.phone(office, "firm_a")
    Preference.objects.create(user=user, language="en")
    case, _ = told(office, "cases.accept")
    send()
    (body,) = gateway.of("/sms")
    assert body["text"] == f"[Zhitong] Your case {case.number} was accepted."


@pytest.mark.django_db
def test_no_text_message_names_a_person_or_a_firm(office: Office, gateway) -> None:
    user = scenes.phone(office, "firm_a")
    for event in sorted({*FIRM, *STAFF}):
        told(office, event)
        Delivery.objects.exclude(sent_at=None).update(sent_at=scenes.NOW - scenes.DAY)
        send()
    said = " ".join(body["text"] for body in gateway.of("/sms"))
    assert said
    assert user.name not in said
    assert office.firms["a"].name not in said
    assert not re.search(r"1\d{10}", said)
