"""Recordings: kept with a player, written down by a person or suggested by a machine, never sent out in confidence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.core.uploads import samples
from tests.support import speech as services_of_speech
from tests.support.browsing import signed_in
from tests.support.office import NOW, Office
from zhitong.cases import services as case_services
from zhitong.cases.models import Case
from zhitong.core import clock, outbox
from zhitong.core.errors import NotPermittedError
from zhitong.core.models import OutboxMessage, Upload
from zhitong.core.uploads.receive import examine_upload
from zhitong.drafts import reading, services
from zhitong.drafts.models import Draft, Transcript
from zhitong.drafts.tasks import SPEECH, HearDue, hear, hear_due

LATER = timedelta(hours=1)


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def service(settings: Any) -> Iterator[services_of_speech.Service]:
    with services_of_speech.service() as found:
        settings.SPEECH_URL, settings.SPEECH_KEY = found.url, "a key of tests"
        yield found


def recording() -> Any:
    return examine_upload(SimpleUploadedFile("语音.wav", samples.wav()))


def draft(office: Office, text: str = "") -> Draft:
    given = reading.pasted(text, channel="chat", now=NOW, files=[recording()])
    unit = office.units["district"]
    return services.receive(by=office.actor("district"), now=NOW, given=given, unit=unit).drafts.get()


def case(office: Office, **given: Any) -> Case:
    said = case_services.Draft(text="停电", files=(recording(),), **given)
    return case_services.submit(by=office.actor("firm_a"), now=NOW, draft=said, firm=office.firms["a"])


def deliver(now: Any = NOW) -> None:
    for message in list(OutboxMessage.objects.filter(state="pending").values_list("pk", flat=True)):
        assert outbox.deliver(message, now=now), OutboxMessage.objects.get(pk=message).error


def heard(now: Any = NOW) -> str:
    return hear(Transcript.objects.get().pk, now=now)


def test_without_a_service_nothing_is_asked_for(office: Office) -> None:
    draft(office)
    deliver()
    assert (Transcript.objects.count(), HearDue().run(NOW)) == (0, "")


def test_what_a_machine_hears_becomes_a_suggestion(office: Office, service: Any) -> None:
    row = draft(office, "企业：示例一号厂")
    deliver()
    service.words = "厂区又停电了，电话 13800001234\x00"
    assert heard() == "done"
    found = Transcript.objects.get()
    assert found.text == "厂区又停电了，电话 138****1234"
    assert Draft.objects.get(pk=row.pk).text == row.text
    heads, content = service.asked[0]
    upload = Upload.objects.get()
    assert (heads["Content-Type"], heads["Idempotency-Key"]) == ("audio/wav", str(upload.pk))
    assert heads["Authorization"] == "Bearer a key of tests"
    assert len(content) == upload.size
    assert heard() == ""
    assert len(service.asked) == 1


def test_a_person_takes_it_over_and_corrects_it(office: Office, service: Any) -> None:
    row = draft(office, "企业：示例一号厂\n昨天起")
    deliver()
    heard()
    client = signed_in(office, "district")
    page = client.get(reverse("drafts:draft", args=[row.pk])).content.decode()
    assert "<audio" in page
    assert "机器识别，请核对修改" in page
    assert re.search(r"<textarea[^>]*name=\"text\"[^>]*>\s*昨天起</textarea>", page)
    address = f"{reverse('drafts:draft', args=[row.pk])}?heard={Transcript.objects.get().pk}"
    page = client.get(address).content.decode()
    assert re.search(r"<textarea[^>]*name=\"text\"[^>]*>\s*昨天起\n厂区又停电了</textarea>", page)
    assert Draft.objects.get().text == row.text


@pytest.mark.parametrize(
    "answer",
    [(500, b""), (200, b"<html>"), (200, b"[1]"), (200, b'{"text": 1}'), (302, b""), (200, b"x" * 300_000)],
)
def test_a_service_that_fails_is_asked_again_later(office: Office, service: Any, answer: Any) -> None:
    draft(office)
    deliver()
    service.then = [answer]
    assert heard() == "waiting"
    assert heard() == ""  # not yet
    assert heard(clock.now() + LATER) == "done"


def test_it_is_given_up_in_the_end(office: Office, service: Any) -> None:
    draft(office)
    deliver()
    service.then = [(500, b"")] * 20
    states = [heard(clock.now() + LATER * number) for number in range(1, 9)]
    assert states == ["waiting"] * 5 + ["failed", "", ""]
    assert len(service.asked) == 6


@pytest.mark.parametrize(("status", "state"), [(415, "failed"), (400, "failed"), (429, "waiting")])
def test_a_recording_that_is_refused_is_not_sent_again(office, service, status: int, state: str) -> None:
    draft(office)
    deliver()
    service.then = [(status, b"")]
    assert heard() == state


def test_silence_is_nothing_to_correct(office: Office, service: Any) -> None:
    draft(office)
    deliver()
    service.words = "  "
    assert heard() == "failed"


def test_an_open_address_is_not_spoken_to(office: Office, service: Any, settings: Any) -> None:
    draft(office)
    deliver()
    settings.SPEECH_URL = "http://speech.example/hear"
    assert heard() == "failed"
    assert not service.asked


def test_what_a_firm_recorded_is_heard_for_the_office(office: Office, service: Any) -> None:
    row = case(office)
    deliver()
    assert heard() == "done"
    client = signed_in(office, "district")
    page = client.get(reverse("cases:detail", args=[row.pk])).content.decode()
    assert "厂区又停电了" in page
    client = signed_in(office, "firm_a")
    page = client.get(reverse("cases:detail", args=[row.pk])).content.decode()
    assert "厂区又停电了" not in page
    assert "<audio" in page


@pytest.mark.parametrize("given", [{"confidential": True}, {"protected": True}])
def test_what_is_confidential_is_never_sent_out(office: Office, service: Any, given: dict[str, Any]) -> None:
    case(office, **given)
    deliver()
    assert heard() == ""
    assert (Transcript.objects.get().state, service.asked) == ("kept", [])
    assert heard(clock.now() + LATER) == ""
    hear_due.func()
    assert service.asked == []


def test_what_becomes_confidential_while_it_waits_is_not_sent(office: Office, service: Any) -> None:
    row = case(office)
    deliver()
    Case.objects.filter(pk=row.pk).update(confidential=True)
    assert heard() == ""
    assert (Transcript.objects.get().state, service.asked) == ("kept", [])


def test_a_draft_that_was_entered_is_asked_for_once(office: Office, service: Any) -> None:
    row = draft(office, "企业：示例一号厂\n停电")
    services.enter(by=office.actor("district"), now=NOW, draft=row)
    deliver()
    assert Transcript.objects.count() == 1
    assert heard() == "done"


def test_only_the_system_has_recordings_heard(office: Office, service: Any) -> None:
    draft(office)
    upload = str(Upload.objects.get().pk)
    for name in ("district", "firm_a", "sysadmin"):
        with pytest.raises(NotPermittedError):
            services.ask_transcript(by=office.actor(name), now=NOW, upload=upload)
    row = services.ask_transcript(by=SPEECH, now=NOW, upload=upload)
    assert services.ask_transcript(by=SPEECH, now=NOW, upload=upload) == row


def test_players_get_their_parts(office: Office) -> None:
    draft(office)
    upload = Upload.objects.get()
    address, client = reverse("download", args=[upload.pk]), signed_in(office, "district")
    whole = b"".join(client.get(address).streaming_content)
    for asked, first, last in (
        ("bytes=0-1", 0, 1),
        ("bytes=10-", 10, len(whole) - 1),
        ("bytes=-5", len(whole) - 5, len(whole) - 1),
    ):
        answer = client.get(address, headers={"Range": asked})
        assert (answer.status_code, answer.content) == (206, whole[first : last + 1])
        assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(whole)}"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    for asked in ("bytes=-0", "bytes=9-1", "bytes=99999999-", "bytes=0-1,3-4", "lines=0-1", "bytes=-"):
        answer = client.get(address, headers={"Range": asked})
        assert (answer.status_code, b"".join(answer.streaming_content)) == (200, whole)
