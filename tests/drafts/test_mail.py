"""E-mail becomes drafts, each mail once: fetched from a real IMAP server, with everything that may come between."""

from __future__ import annotations

import socket
from datetime import timedelta
from typing import Any

import pytest

from tests.drafts.letters import WORDS, box, letter
from tests.support import imap
from tests.support.office import Office
from zhitong.config import cli
from zhitong.core import clock
from zhitong.core.errors import FasterError, NotPermittedError
from zhitong.core.messaging import RejectedError, UnreachableError
from zhitong.core.models import AuditEvent
from zhitong.core.queries import uploads_of
from zhitong.core.sealing import seal
from zhitong.drafts import fetching, mailbox, pages, queries, services
from zhitong.drafts.models import Draft, Lot, Mail
from zhitong.drafts.tasks import FetchMail, fetch_mail
from zhitong.kernel.mail import Mail as Read
from zhitong.notices.models import Preference

__all__ = ["box"]

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)


def sentences(draft: Draft) -> list[str]:
    return [f"{remark.weight}: {remark.sentence}" for remark in pages.remarks(draft)]


def test_a_mail_becomes_a_draft_and_is_marked(office: Office, box: imap.Box) -> None:
    box.put(bytes(letter(f"{WORDS}\n电话 13800001234\n\n-----原始邮件-----\n发件人: 甲\n旧文")))
    done = fetching.fetch()
    assert (done.drafts, done.aside, done.left, done.failed) == (1, 0, 0, 0)
    draft = Draft.objects.get()
    assert (draft.channel, draft.title, draft.contact) == ("mail", "道路破损", "林经理")
    assert (draft.firm, draft.unit) == (office.firms["a"], office.units["district"])
    assert WORDS in draft.text
    assert "旧文" not in draft.text
    assert "旧文" in draft.raw
    assert "13800001234" not in draft.text + draft.raw
    assert draft.phone_mask == "138****1234"
    assert draft.said_at is not None
    row = Mail.objects.get()
    assert (row.outcome, row.lot, row.sender_mask, row.text) == ("draft", draft.lot, "li***@firm.example", "")
    assert "lin@firm.example" not in row.sender_sealed
    assert box.seen() == [True]
    assert AuditEvent.objects.filter(action="drafts.take_mail").count() == 1


def test_a_mail_comes_in_once_however_often_it_is_fetched(box: imap.Box) -> None:
    box.put(bytes(letter()), bytes(letter("另一件事。", number="2")))
    assert [fetching.fetch().drafts for _ in range(3)] == [2, 0, 0]
    assert (Draft.objects.count(), Mail.objects.count()) == (2, 2)


def test_the_same_mail_in_another_place_is_known(box: imap.Box) -> None:
    box.put(bytes(letter()), bytes(letter(Received="by another way")))
    done = fetching.fetch()
    assert (done.drafts, done.aside) == (1, 1)
    assert sorted(Mail.objects.values_list("outcome", flat=True)) == ["draft", "known"]


def test_another_mail_under_the_same_number_is_not_lost(box: imap.Box) -> None:
    box.put(bytes(letter()), bytes(letter("完全不同的另一件事。")))
    assert fetching.fetch().drafts == 2


def test_a_mail_that_somebody_has_read_comes_in_all_the_same(box: imap.Box) -> None:
    box.put(bytes(letter()))
    box.see(box.numbers()[0])
    assert fetching.fetch().drafts == 1


def test_a_folder_that_is_numbered_anew_makes_no_doubles(box: imap.Box) -> None:
    box.put(bytes(letter()))
    assert fetching.fetch().drafts == 1
    Mail.objects.update(validity=1)  # as if the server had given other numbers since
    done = fetching.fetch()
    assert (done.drafts, done.aside, Draft.objects.count()) == (0, 1, 1)


@pytest.mark.parametrize("moment", ["before the note", "between note and mark"])
def test_a_run_that_ends_between_loses_and_doubles_nothing(box: imap.Box, monkeypatch, moment: str) -> None:
    box.put(bytes(letter()))

    def ends(*_: Any, **__: Any) -> None:
        raise ConnectionResetError

    target = (services, "take_mail") if moment == "before the note" else (mailbox.Session, "mark")
    with monkeypatch.context() as patched:
        patched.setattr(*target, ends)
        with pytest.raises(UnreachableError):
            fetching.fetch()
    assert Draft.objects.count() == Mail.objects.count() == (moment != "before the note")
    fetching.fetch()
    fetching.fetch()
    assert Draft.objects.count() == Mail.objects.count() == Lot.objects.count() == 1


def test_a_refused_draft_leaves_no_note(box: imap.Box, monkeypatch) -> None:
    """Draft and note are one transaction."""
    box.put(bytes(letter()))
    with monkeypatch.context() as patched:
        patched.setattr("zhitong.drafts.services.mailing.sender", lambda _: {"sender_mask": "half"})
        assert fetching.fetch().failed == 1 or Draft.objects.count() == 0
    assert (Lot.objects.count(), Draft.objects.count(), Mail.objects.count()) == (0, 0, 0)
    assert fetching.fetch().drafts == 1


def test_one_bad_mail_holds_no_other_up(box: imap.Box, monkeypatch) -> None:
    box.put(bytes(letter("坏", number="1")), bytes(letter("好", number="2")))
    first, real = box.numbers()[0], fetching._take

    def take(session: Any, number: int, *rest: Any) -> str:
        if number == first:
            raise ZeroDivisionError
        return real(session, number, *rest)

    monkeypatch.setattr(fetching, "_take", take)
    done = fetching.fetch()
    assert (done.drafts, done.failed) == (1, 1)
    monkeypatch.undo()


AUTOMATIC = [
    ({"Auto_Submitted": "auto-replied"}, "reply"),
    ({"Precedence": "bulk"}, "bulk"),
    ({"Return_Path": "<>"}, "bounce"),
]


@pytest.mark.parametrize(("heads", "outcome"), AUTOMATIC)
def test_what_nobody_wrote_is_put_aside_and_can_be_read(
    box: imap.Box, heads: dict[str, str], outcome: str
) -> None:
    box.put(bytes(letter("我休假，电话 13800001234", **heads)))
    done = fetching.fetch()
    assert (done.drafts, done.aside, Draft.objects.count()) == (0, 1, 0)
    row = Mail.objects.get()
    assert (row.outcome, row.lot, row.text.strip()) == (outcome, None, "我休假，电话 138****1234")


def test_what_the_system_sent_itself_is_put_aside(box: imap.Box, settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Lin@firm.example"
    box.put(bytes(letter()))
    fetching.fetch()
    assert Mail.objects.get().outcome == "own"


def test_attachments_pass_the_same_checks_as_uploads(box: imap.Box) -> None:
    message = letter()
    message.add_attachment(PNG, maintype="image", subtype="png", filename="照片.png")
    message.add_attachment(
        b"MZ" + b"0" * 90, maintype="application", subtype="octet-stream", filename="账单.exe"
    )
    box.put(bytes(message))
    assert fetching.fetch().drafts == 1
    draft = Draft.objects.get()
    assert [(row.name, row.kind) for row in uploads_of(f"drafts.draft:{draft.pk}")] == [("照片.png", "photo")]
    assert sentences(draft) == ["doubt: 附件“账单.exe”未保留：不接受程序文件，请上传图片、录音或 PDF。"]
    assert "[账单.exe]" in draft.raw


def test_a_mail_that_is_too_large_is_read_at_its_beginning(box: imap.Box, monkeypatch) -> None:
    rules = fetching.mail_rules() | {"mail_mb": 0, "beginning_kb": 2}
    monkeypatch.setattr(fetching, "mail_rules", lambda: rules)
    message = letter()
    message.add_attachment(PNG * 100, maintype="image", subtype="png", filename="a.png")
    box.put(bytes(message))
    assert fetching.fetch().drafts == 1
    draft = Draft.objects.get()
    assert WORDS in draft.text
    assert len(sentences(draft)) == 1
    assert not uploads_of(f"drafts.draft:{draft.pk}").exists()


def test_a_run_leaves_what_is_too_much_for_the_next(box: imap.Box, monkeypatch) -> None:
    rules = fetching.mail_rules() | {"at_once": 2}
    monkeypatch.setattr(fetching, "mail_rules", lambda: rules)
    box.put(*(bytes(letter(f"第{number}件事", number=str(number))) for number in range(5)))
    assert [(done.drafts, done.left) for done in (fetching.fetch() for _ in range(4))] == [
        (2, 3),
        (2, 1),
        (1, 0),
        (0, 0),
    ]


def test_what_lay_there_for_long_is_left_alone(box: imap.Box) -> None:
    box.put(bytes(letter()), at=clock.now() - timedelta(days=90))
    assert fetching.fetch().reached == 0


@pytest.mark.parametrize(
    "raw",
    [
        b"\r\n\r\n",
        b"Subject: \xff\xfe\r\n\r\n\xff\x00\x81",
        b"no mail at all\r\n",
        b"Content-Type: multipart/mixed\r\n\r\n",
    ],
)
def test_bad_mails_are_drafts_that_say_what_is_missing(box: imap.Box, raw: bytes) -> None:
    box.put(raw)
    assert fetching.fetch().drafts == 1
    assert Draft.objects.get().weight == "error"


def test_the_firm_is_found_by_the_address_of_its_people(office: Office, box: imap.Box) -> None:
    user = office.users["firm_a"]
    Preference.objects.create(user=user, address=seal("Lin@firm.example", place="notices.address"))
    box.put(bytes(letter("厂门口道路破损。")))
    fetching.fetch()
    draft = Draft.objects.get()
    assert draft.firm == office.firms["a"]
    assert sentences(draft) == ["doubt: 系根据发件人邮箱地址找到企业，请核对。"]


def test_the_firm_is_found_by_what_was_entered_before(office: Office, box: imap.Box) -> None:
    box.put(bytes(letter()))
    fetching.fetch()
    services.enter(by=office.actor("district"), now=clock.now(), draft=Draft.objects.get())
    box.put(bytes(letter("食堂漏水。", number="2", subject="漏水")))
    fetching.fetch()
    assert Draft.objects.get(text__contains="漏水").firm == office.firms["a"]


def test_a_firm_of_another_district_is_not_told(office: Office, box: imap.Box) -> None:
    Preference.objects.create(
        user=office.users["firm_b"], address=seal("lin@firm.example", place="notices.address")
    )
    box.put(bytes(letter("厂门口道路破损。")))
    fetching.fetch()
    assert Draft.objects.get().firm is None
    assert queries.firms_of_sender("lin@firm.example") == (office.firms["b"],)


def test_folders_have_names_of_any_signs(box: imap.Box, settings: Any) -> None:
    assert mailbox._folder('收件 & "A"') == '"&ZTZO9g- &- \\"A\\""'
    settings.IMAP_FOLDER = "no such folder"
    with pytest.raises(RejectedError):
        fetching.fetch()


def test_marks_of_our_own_are_set_where_the_server_keeps_them() -> None:
    said: list[tuple[str, ...]] = []

    class Client:
        def uid(self, *words: str) -> tuple[str, list[None]]:
            said.append(words)
            return "OK", [None]

    mailbox.Session(Client(), "b", 1, keeps_marks=True).mark(7)
    assert said == [("STORE", "7", "+FLAGS.SILENT", "(\\Seen $ZhitongTaken)")]


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"IMAP_PASSWORD": "wrong"}, RejectedError),
        ({"IMAP_PORT": 1}, UnreachableError),
        ({"IMAP_UNIT": "nobody"}, RejectedError),
        ({"IMAP_UNIT": ""}, RejectedError),
        ({"IMAP_HOST": "mail.example", "IMAP_SECURITY": ""}, RejectedError),
        ({"IMAP_SECURITY": "tls"}, UnreachableError),
    ],
)
def test_what_is_wrong_with_the_mailbox_is_said_without_its_password(
    box, settings, capsys, changed, error
) -> None:
    for name, value in changed.items():
        setattr(settings, name, value)
    with pytest.raises(error):
        fetching.fetch()
    assert cli.main(["mail-intake"]) == 2
    said = capsys.readouterr()
    assert "cannot be read" in said.err
    assert imap.PASSWORD not in said.err + said.out
    fetch_mail.func()  # the worker goes on
    assert Draft.objects.count() == 0


def test_the_command_says_what_came(box: imap.Box, settings: Any, capsys) -> None:
    box.put(bytes(letter()), bytes(letter(number="2", Auto_Submitted="auto-replied")))
    assert cli.main(["mail-intake"]) == 0
    assert capsys.readouterr().out == "1 drafts, 1 put aside, 0 failed, 0 left.\n"
    settings.IMAP_HOST = ""
    assert cli.main(["mail-intake"]) == 2


def test_the_clock_queues_one_task_where_a_mailbox_is_named(db: Any, settings: Any) -> None:
    from django_tasks_db.models import DBTaskResult

    settings.IMAP_HOST = ""
    FetchMail().run(clock.now())
    assert DBTaskResult.objects.count() == 0
    settings.IMAP_HOST = "127.0.0.1"
    FetchMail().run(clock.now())
    FetchMail().run(clock.now())
    assert DBTaskResult.objects.count() == 1


def test_nobody_but_the_system_takes_mail_in(office: Office) -> None:
    given = {
        "unit": office.units["district"],
        "place": services.Place("b", 1, 1),
        "mail": Read(text="x"),
        "outcome": "reply",
        "given": None,
    }
    for name in ("district", "handler", "firm_a", "sysadmin"):
        with pytest.raises(NotPermittedError):
            services.take_mail(by=office.actor(name), now=clock.now(), **given)
    services.take_mail(by=fetching.BY, now=clock.now(), **given)
    with pytest.raises(FasterError):
        services.take_mail(by=fetching.BY, now=clock.now(), **given)


def test_a_server_that_goes_away_loses_and_doubles_nothing(box: imap.Box, monkeypatch) -> None:
    box.put(bytes(letter()))
    real = mailbox.Session.mark

    def gone(self: Any, number: int) -> None:
        self.client.sock.shutdown(socket.SHUT_RDWR)
        real(self, number)

    with monkeypatch.context() as patched:
        patched.setattr(mailbox.Session, "mark", gone)
        with pytest.raises(UnreachableError):
            fetching.fetch()
    assert Draft.objects.count() == 1
    assert fetching.fetch().drafts == 0
