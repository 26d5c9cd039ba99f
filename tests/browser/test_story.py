from __future__ import annotations

from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from PIL import ExifTags, Image

from tests.browser import steps

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from zhitong.cases.models import Case

pytestmark = pytest.mark.browser

PHONE, DESK = 390, 1440
TROUBLE = "厂门口路坏了，货车进不来。"
INTERNAL = "内部：施工队下周才有空。"
FOR_FIRM = "已到现场看过，这周修。"
REASON = "请写明修好的日期。"
FIRST, SECOND = "路会修好的。", "路已于今天修好，货车可以通行。"
COMMENT = "修得很快，谢谢。"
VISIT = "电话回访，路确已修好。"
# A slow person: seconds for a tap with the thought before it, and for a Chinese character typed on a phone.
TAP, CHARACTER, MINUTE = 2.5, 1.2, 60.0


class Thumb:
    """A person's thumb on a page: does what it is told, and counts the seconds a slow person needs for it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.seconds = 0.0

    def tap(self, target: Any) -> None:
        target.click()
        self.seconds += TAP

    def write(self, target: Any, text: str) -> None:
        self.tap(target)
        target.press_sequentially(text)
        self.seconds += CHARACTER * len(text)

    def choose(self, files: list[dict[str, Any]]) -> None:
        """Choose files, one after the other: the tile, the picker's source, the file."""
        for file in files:
            with self.page.expect_file_chooser() as chooser:
                self.tap(self.page.locator("input[type=file]"))
            chooser.value.set_files([file])
            self.seconds += 2 * TAP


def camera_photo() -> bytes:
    """A photo as a phone takes it: with the place it was taken at."""
    exif = Image.Exif()
    exif[ExifTags.Base.Model] = "Example Phone"
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps |= {1: "N", 2: (26.0, 4.0, 31.0), 3: "E", 4: (119.0, 18.0, 12.0)}
    exif._ifds[ExifTags.IFD.GPSInfo] = gps
    from tests.browser import town

    content = town.photo(exif=exif)
    assert Image.open(BytesIO(content)).getexif().get_ifd(ExifTags.IFD.GPSInfo), "the planted place"
    return content


def local(moment: datetime, form: str) -> str:
    return timezone.localtime(moment, timezone.get_default_timezone()).strftime(form)


class Story:
    """The case as everybody sees it: one page for each person, and the rows behind them."""

    def __init__(self, site, open_page) -> None:
        from tests.browser import sessions
        from tests.support import office
        from zhitong.core import clock

        self.site = site
        self.office = office.build(clock.now())
        self.pages: dict[str, Page] = {}
        for name in ("firm_a", "district", "handler", "head"):
            user = self.office.users[name]
            if user.needs_second_factor:
                sessions.enrol(user)
            width = PHONE if name == "firm_a" else DESK
            self.pages[name] = open_page(site.url, width=width, language="zh-CN")
            sessions.sign_in(self.pages[name], user)

    @property
    def case(self) -> Case:
        from zhitong.cases.models import Case

        return Case.objects.select_related("accountable", "person").get()

    def show(self, name: str) -> Page:
        """Bring a person to the case by the way they have: the first page or the list of cases."""
        page = self.pages[name]
        page.goto("/cases/" if name == "firm_a" else "/desk/")
        page.locator(f"a[href='/cases/{self.case.pk}/']").first.click()
        page.wait_for_url(f"**/cases/{self.case.pk}/")
        return page

    def stands(self, state: str, owner: str, clock: str | None, person: str | None = None) -> None:
        """State, owner and clock are the same in the database, before the firm and before the office."""
        from zhitong.cases.states import flow
        from zhitong.core import data

        case = self.case
        table = flow(case.flow_version)
        assert (case.state, case.accountable_id, case.clock) == (
            state,
            self.office.units[owner].pk,
            clock or "",
        )
        assert case.person_id == (self.office.users[person].pk if person else None)
        assert (case.due_at is None) == (clock is None)
        firm, label = self.show("firm_a"), data.label(table.state(state).label)
        facts = firm.locator("dl.definition-list").first.inner_text()
        assert case.accountable.name in facts
        assert local(case.stretch_since, "%Y-%m-%d %H:%M") in facts
        assert firm.locator(".tag--primary").first.inner_text() == label
        assert INTERNAL not in firm.content()
        office = self.pages["district"]
        office.goto(f"/cases/{case.pk}/")
        assert office.locator(".document-head .tag--primary").inner_text() == label
        assert case.accountable.name in office.locator("dt:text-is('当前责任单位') + dd").inner_text()
        rail = office.locator(".workbench__rail").inner_text()
        if case.due_at:
            due = local(case.due_at, "%Y-%m-%d")
            assert due in facts
            assert due in rail
            assert case.due_at > timezone.now()

    def told(self, name: str, *words: str) -> None:
        """After delivery the person has one new message with these words, and it leads to the case."""
        from zhitong.core import outbox

        outbox.drain(now=timezone.now())
        page = self.pages[name]
        page.goto("/my/messages/" if name == "firm_a" else "/desk/messages/")
        fresh = page.locator(".notice--unread")
        assert fresh.count() == 1, page.locator("main").inner_text()
        assert all(word in fresh.inner_text() for word in (TROUBLE[:6], *words))
        fresh.locator("a").click()
        page.wait_for_url(f"**/cases/{self.case.pk}/")
        page.goto("/my/messages/" if name == "firm_a" else "/desk/messages/")
        page.get_by_role("button", name="全部标为已读").click()
        page.wait_for_load_state()
        assert page.locator(".notice--unread").count() == 0

    def act(self, name: str, action: str, **fields: Any) -> None:
        """Take a step on the case page."""
        steps.act(self.show(name), self.case.pk, action, **fields)


@pytest.fixture
def story(site, open_page) -> Story:
    return Story(site, open_page)


def submit_by_phone(story: Story) -> None:
    from tests.browser import town

    page = story.pages["firm_a"]
    thumb = Thumb(page)
    begun = timezone.now()
    thumb.tap(page.locator("a[href='/cases/new/']"))
    thumb.write(page.locator("[name=text]"), TROUBLE)
    thumb.choose(
        [
            {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": camera_photo()},
            {"name": "录音 1.wav", "mimeType": "audio/wav", "buffer": town.voice(3)},
        ]
    )
    assert page.locator(".photo-grid__item").count() == 2
    thumb.tap(page.get_by_role("button", name="提交", exact=True))
    page.wait_for_url(steps.CASE)
    waited = (timezone.now() - begun).total_seconds()
    assert thumb.seconds < MINUTE, f"a slow person needs {thumb.seconds:.0f} s"
    assert waited < MINUTE, f"the pages took {waited:.0f} s"


def stored_files(story: Story) -> None:
    """The photo hangs on the case without the place it was taken at; so does its small picture; sound is sound."""
    from zhitong.core.models import Upload

    files = {file.kind: file for file in Upload.objects.all()}
    assert set(files) == {"photo", "audio"}
    folder = Path(story.site.env["ZHITONG_HOME"]) / "uploads"
    for name in (files["photo"].path, files["photo"].thumbnail):
        content = (folder / name).read_bytes()
        assert not Image.open(BytesIO(content)).getexif()
        assert b"Example Phone" not in content
    page = story.show("firm_a")
    picture = page.locator("img.file__picture")
    assert picture.evaluate("found => found.decode().then(() => found.naturalWidth)") > 0
    with page.expect_download() as download:
        page.locator("a.file").filter(has_text="录音").click()
    assert download.value.suggested_filename == "录音 1.wav"
    assert Path(download.value.path()).read_bytes()[:4] == b"RIFF"


def handle(story: Story) -> None:
    """Take up, two notes, answer; the head sends it back; a better answer; approved."""
    story.act("handler", "start")
    story.stands("handling", "industry", "handle", "handler")
    story.told("firm_a", "示例市工信局")
    story.act("handler", "note", text=FOR_FIRM, visibility="firm")
    story.act("handler", "note", text=INTERNAL, visibility="internal")
    story.stands("handling", "industry", "handle", "handler")
    assert FOR_FIRM in story.show("firm_a").content()
    assert INTERNAL in story.show("handler").content()
    due = story.case.due_at
    story.act("handler", "answer", text=FIRST, outcome="partly")
    story.stands("answered", "industry", "review", "handler")
    assert FIRST not in story.show("firm_a").content()
    story.told("head", "审核")
    story.act("head", "reject", reason=REASON)
    story.stands("handling", "industry", "handle", "handler")
    assert story.case.due_at == due, "sending back does not lengthen the deadline"
    story.told("handler", "修改")
    page = story.show("handler")
    assert REASON in page.content()
    assert page.locator("[name=text]").input_value() == FIRST, "the answer is there to be revised"
    story.act("handler", "answer", text=SECOND, outcome="solved")
    story.told("head", "审核")
    story.act("head", "approve")


def test_a_case_from_the_phone_of_the_firm_to_its_end(story: Story) -> None:
    submit_by_phone(story)
    story.stands("submitted", "district", "accept")
    stored_files(story)
    story.site.zhitong("worker", "--batch")
    story.told("district", "待受理")

    story.act("district", "accept", kind="normal", message="已收到。")
    story.stands("accepted", "district", "dispatch")
    story.told("firm_a", "示例区")
    lead, person = story.office.units["industry"], story.office.users["handler"]
    story.act("district", "dispatch", lead=str(lead.pk), person=str(person.pk), message="请尽快。")
    story.stands("dispatched", "industry", "handle", "handler")
    story.told("handler")

    handle(story)
    story.stands("reviewed", "industry", "rate", "handler")
    story.told("firm_a", "评价")

    firm = story.show("firm_a")
    assert SECOND in firm.content()
    assert FIRST not in firm.content(), "an answer that was sent back is not the firm's to read"
    story.act("firm_a", "rate", stars=5, comment=COMMENT)
    story.stands("rated", "district", "close", "handler")
    story.told("district", "评价")

    page = story.show("district")
    assert COMMENT in page.content()
    assert page.locator(".rating .icon").count() == 5
    story.act("district", "close", outcome="solved", message=VISIT)
    story.stands("closed", "industry", None, "handler")
    story.told("firm_a", "办结")
    at_its_end(story)


def at_its_end(story: Story) -> None:
    from zhitong.cases.models import Entry, Stretch
    from zhitong.core import outbox
    from zhitong.core.models import OutboxMessage
    from zhitong.feedback.models import Rating

    case = story.case
    firm = story.show("firm_a").content()
    assert "已解决" in firm
    assert all(word in firm for word in (FOR_FIRM, SECOND, COMMENT, VISIT))
    assert all(word not in firm for word in (INTERNAL, REASON, FIRST, "请尽快。"))
    assert (case.outcome, Rating.objects.get().grade) == ("solved", 5)
    stretches = list(Stretch.objects.order_by("seq"))
    assert [row.since for row in stretches[1:]] + [case.stretch_since] == [row.until for row in stretches]
    assert stretches[0].since == case.created_at
    assert [entry.action for entry in Entry.objects.order_by("id")] == (
        [
            "submit",
            "accept",
            "dispatch",
            "start",
            "note",
            "note",
            "answer",
            "reject",
            "answer",
            "approve",
            "rate",
            "close",
        ]
    )
    while outbox.drain(now=timezone.now()):
        """A message that is handed on becomes one more."""
    assert not OutboxMessage.objects.exclude(state=OutboxMessage.DONE).exists()
    assert "intact" in story.site.zhitong("verify-audit").stdout
