"""Mails as mail programs write them, and as they should not: whatever comes, something is read and nothing raised."""

from __future__ import annotations

import base64
import quopri
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import source
from zhitong.core import data
from zhitong.kernel.mail import Rules, charsets, markup, read
from zhitong.kernel.mail.__main__ import main
from zhitong.kernel.mail.message import title

RULES = Rules.parse(data.read("drafts", "mail-1"))
HEAD = b"From: =?gb2312?B?" + base64.b64encode("林经理".encode("gb2312")) + b"?= <Lin@Example.com>\r\n"
WORDS = "厂门口道路破损，货车进不来。"


def plain(body: bytes, *heads: str, kind: str = "text/plain; charset=utf-8") -> bytes:
    lines = [*heads, f"Content-Type: {kind}", "MIME-Version: 1.0"]
    return HEAD + "\r\n".join(lines).encode("utf-8") + b"\r\n\r\n" + body


@pytest.mark.parametrize(
    ("declared", "real"),
    [
        ("utf-8", "utf-8"),
        ("gb2312", "gb18030"),
        ("gbk", "gbk"),
        ("GB18030", "gb18030"),
        ("x-gbk", "gb18030"),
        ("us-ascii", "gb18030"),
        ("us-ascii", "utf-8"),
        ("utf-8", "gb18030"),
        ("no-such-charset", "utf-8"),
        ("iso-8859-1", "gb18030"),
        ("big5", "big5"),
    ],
)
@pytest.mark.parametrize("how", ["8bit", "base64", "quoted-printable"])
def test_any_charset_in_any_wrapping_is_read(declared: str, real: str, how: str) -> None:
    words = WORDS if real != "big5" else "道路破損"
    body = words.encode(real)
    body = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring}.get(how, bytes)(body)
    mail = read(
        plain(body, f"Content-Transfer-Encoding: {how}", kind=f"text/plain; charset={declared}"), RULES
    )
    assert mail.text == words
    assert (mail.sender, mail.address) == ("林经理", "lin@example.com")


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("=?utf-8?B?" + base64.b64encode("道路破损".encode()).decode() + "?=", "道路破损"),
        ("=?GBK?Q?=B5=C0=C2=B7?=", "道路"),
        ("=?gb2312?B?" + base64.b64encode("道路".encode("gbk")).decode() + "?= 1", "道路 1"),
        # one sign cut in two encoded words, as an older program does
        ("=?utf-8?B?6YGT6Lev56C0?= =?utf-8?B?5o2f?=", "道路破损"),
        ("=?gbk?Q?=B5?= =?gbk?Q?=C0?=", "道"),
        ("道路破损", "道路破损"),
        ("=?utf-8?B?!!!?=", "=?utf-8?B?!!!?="),
        ("=?x-nothing?Q?abc?=", "abc"),
        ("a\r\n b", "a b"),
    ],
)
def test_titles_are_read(written: str, read_as: str) -> None:
    mail = read(f"Subject: {written}\r\n\r\nx".encode(), RULES)
    assert mail.subject == read_as


def test_a_title_in_bytes_that_nobody_encoded_is_read() -> None:
    assert read("Subject: 道路".encode("gb18030") + b"\r\n\r\nx", RULES).subject == "道路"


def test_the_plain_text_is_taken_before_the_html() -> None:
    message = EmailMessage()
    message["From"] = "a@b.example"
    message.set_content("plain words")
    message.add_alternative("<p>html words</p>", subtype="html")
    assert read(bytes(message), RULES).text == "plain words"
    message = EmailMessage()
    message.set_content(" ")
    message.add_alternative("<p>html words</p>", subtype="html")
    assert read(bytes(message), RULES).text == "html words"


def test_html_becomes_words_and_nothing_else() -> None:
    text = markup.words(
        "<html><head><title>no</title><style>p{}</style></head><body><p>一&nbsp;二<br>三</p><script>alert(1)</script>"
        "<table><tr><td>甲</td><td>乙</td></tr></table><img src=x onerror=alert(1)>&lt;b&gt;<blockquote>old</blockquote>"
        "<div>末"
    )
    assert text.split("\n") == ["一 二", "三", "甲 乙", "<b>", "> old", "末"]


QUOTES = [
    "{}\n\n------------------ 原始邮件 ------------------\n发件人: 甲\n旧文",
    "{}\n\n-----Original Message-----\nFrom: a\n旧文",
    "{}\n\n在 2026年6月3日 09:30，甲 <a@b.example> 写道：\n> 旧文",
    "{}\n\nOn Wed, 3 Jun 2026 at 09:30, A <a@b.example> wrote:\n> 旧文",
    "{}\n\n发件人： 甲\n发送时间： 2026年6月3日\n收件人： 乙\n主题： 旧文",
    "{}\n\n*From:* a\n*Sent:* b\n*Subject:* 旧文",
    "> 旧文\n{}\n> 旧文",
]


@pytest.mark.parametrize("form", QUOTES)
def test_what_a_mail_quotes_is_cut_and_stays_in_the_whole(form: str) -> None:
    mail = read(plain(form.format(WORDS).encode()), RULES)
    assert mail.own == WORDS
    assert "旧文" in mail.text


def test_what_is_passed_on_is_the_matter_itself() -> None:
    body = f"请处理\n\n------------------ 原始邮件 ------------------\n发件人: 甲\n{WORDS}".encode()
    assert WORDS in read(plain(body, "Subject: 转发：道路".encode().decode()), RULES).own
    only = f"> {WORDS}".encode()
    assert WORDS in read(plain(only), RULES).own


@pytest.mark.parametrize(
    "text", ["发件人是我们的业务员。", "From our side: nothing.", "在这里写道理", "来信收悉。\n主题：道路"]
)
def test_ordinary_words_are_no_quotation(text: str) -> None:
    assert read(plain(text.encode()), RULES).own == text


def test_titles_lose_what_only_says_answer() -> None:
    assert title("回复：Re: FW：道路", RULES) == "道路"
    assert title("Result: x", RULES) == "Result: x"


def attached(*files: tuple[str, bytes, str]) -> bytes:
    message = EmailMessage()
    message.set_content("see the file")
    for name, content, disposition in files:
        message.add_attachment(
            content, maintype="image", subtype="png", filename=name, disposition=disposition, cid="<1>"
        )
    return bytes(message)


def test_files_come_with_their_names_and_letterheads_stay_away() -> None:
    mail = read(
        attached(
            ("照片.png", b"1" * 9000, "attachment"),
            ("logo.png", b"2" * 100, "inline"),
            ("b.png", b"3", "attachment"),
        ),
        RULES,
    )
    assert [(file.name, len(file.content)) for file in mail.files] == [("照片.png", 9000), ("b.png", 1)]


def test_of_a_beginning_only_the_text_is_read() -> None:
    raw = attached(("a.png", b"1" * 90_000, "attachment"))[:5000]
    mail = read(raw, RULES, whole=False)
    assert (mail.text, mail.files) == ("see the file", ())


AUTOMATIC = [
    ("Auto-Submitted: auto-replied", "reply"),
    ("Auto-Submitted: auto-generated; x=y", "reply"),
    ("X-Autoreply: yes", "reply"),
    ("Precedence: bulk", "bulk"),
    ("Return-Path: <>", "bounce"),
    ("Auto-Submitted: no", ""),
    ("X-Auto-Response-Suppress: All", ""),
    ("Precedence: list", ""),
]


@pytest.mark.parametrize(("head", "kind"), AUTOMATIC)
def test_what_no_person_wrote_is_told(head: str, kind: str) -> None:
    assert read(plain(b"x", head), RULES).automatic == kind


def test_reports_of_mail_servers_are_told() -> None:
    raw = b"From: a@b.example\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x\r\n\r\nno\r\n--x--"
    assert read(raw, RULES).automatic == "bounce"
    assert read(b"From: MAILER-DAEMON@b.example\r\n\r\nx", RULES).automatic == "bounce"


def test_equal_mails_are_equal_and_others_are_not() -> None:
    one = plain(b"x", "Message-ID: <1@a>")
    again = plain(b"x", "Received: by another way", "Message-ID: <1@a>")
    assert read(one, RULES).digest == read(again, RULES).digest
    for other in (plain(b"y", "Message-ID: <1@a>"), plain(b"x", "Message-ID: <2@a>")):
        assert read(one, RULES).digest != read(other, RULES).digest


def test_the_moment_is_read_with_its_zone_or_not_at_all() -> None:
    mail = read(b"Date: Wed, 3 Jun 2026 09:30:00 +0800\r\n\r\nx", RULES)
    assert mail.at == datetime(2026, 6, 3, 1, 30, tzinfo=UTC)
    for wrong in (
        b"Date: yesterday",
        b"Date: Wed, 3 Jun 2026 09:30:00",
        b"Date: Wed, 99 Jun 99999 09:30:00 +0800",
        b"X: y",
    ):
        assert read(wrong + b"\r\n\r\nx", RULES).at is None


def test_a_mail_that_is_nested_without_end_is_read_as_text() -> None:
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3000)
    )
    assert read(deep + b"\r\nwords", RULES) is not None


@given(
    st.binary(max_size=400),
    st.sampled_from(
        [
            b"",
            b"Content-Type: text/html\r\n\r\n",
            b"Subject: ",
            b"From: ",
            b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n",
        ]
    ),
)
def test_any_bytes_are_read(content: bytes, before: bytes) -> None:
    mail = read(before + content, RULES)
    for value in (mail.text, mail.own, mail.subject, mail.sender, mail.address, mail.message_id):
        assert "\x00" not in value
        value.encode()
    assert len(mail.digest) == 64


def test_the_cleaned_text_keeps_its_lines() -> None:
    assert charsets.text(b"a\r\nb\rc\x00\x07d\te") == "a\nb\ncd\te"


def test_the_command_prints_what_it_found(tmp_path, capsys) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(attached(("a.png", b"1", "attachment")))
    assert main([str(source.ROOT / "data/drafts/mail-1.toml"), str(path)]) == 0
    assert "file: a.png (1 bytes)" in capsys.readouterr().out
    assert main([]) == 2


def test_rules_without_a_word_are_refused() -> None:
    with pytest.raises(ValueError, match="lack"):
        Rules.parse({"answers": []})
