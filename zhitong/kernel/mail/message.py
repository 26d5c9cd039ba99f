"""Reading one e-mail: its head, its text, its files; whatever comes, nothing is raised.

Sources: RFC 5322 (form), 2045 to 2047 and 2231 (MIME), 3834 (automatic answers), 3464 and 8098 (reports).
"""

from __future__ import annotations

import email
import hashlib
from dataclasses import dataclass, field
from email.utils import parseaddr, parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from zhitong.kernel.mail import charsets, markup, quotes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from email.message import Message

PARTS = 200  # parts of a mail that are looked at
TEXT = 200_000  # signs of text that are kept of one mail
NAME = 120
REPORTS = frozenset({"delivery-status", "disposition-notification", "feedback-report"})
DAEMONS = ("mailer-daemon", "postmaster")
BULK = frozenset({"bulk", "junk", "auto_reply"})


@dataclass(frozen=True, slots=True)
class Rules:
    """The words and limits by which a mail is read; words are compared in small letters."""

    answers: tuple[str, ...]
    forwards: tuple[str, ...]
    tails: tuple[str, ...]
    wrote: tuple[tuple[str, ...], ...]
    heads: tuple[tuple[str, ...], ...]
    inline_kb: int

    @classmethod
    def parse(cls, table: Mapping[str, Any]) -> Rules:
        """Read the rules from a table; ValueError where one is missing."""
        try:
            return cls(
                tuple(table["answers"]), tuple(table["forwards"]), tuple(table["tails"]),
                tuple(map(tuple, table["wrote"])), tuple(map(tuple, table["heads"])), int(table["inline_kb"]),
            )  # fmt: skip
        except (KeyError, TypeError) as error:
            message = f"The rules for mail lack {error}."
            raise ValueError(message) from error


@dataclass(frozen=True, slots=True)
class File:
    """An attachment: its name as the sender wrote it, its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """What a mail says; empty or None where it says nothing.

    `own` is `text` without what it quotes; `automatic` is "reply", "bounce" or "bulk" where nobody wrote it.
    """

    message_id: str = ""
    address: str = ""
    sender: str = ""
    subject: str = ""
    at: datetime | None = None
    text: str = ""
    own: str = ""
    files: tuple[File, ...] = field(default=())
    automatic: str = ""

    @property
    def digest(self) -> str:
        """What makes two mails the same: number, sender, title, text and files; hexadecimal SHA-256."""
        parts = [self.message_id, self.address, self.subject, self.text]
        parts += sorted(hashlib.sha256(file.content).hexdigest() for file in self.files)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def read(raw: bytes, rules: Rules, *, whole: bool = True) -> Mail:
    """Return what a mail says; `whole` is False where only its beginning is given: its files are left out."""
    try:
        message = email.message_from_bytes(raw)
        parts = list(_parts(message))
    except (RecursionError, ValueError, LookupError, AssertionError):
        return Mail(text=charsets.text(raw)[:TEXT].strip(), own=charsets.text(raw)[:TEXT].strip())
    heads = _heads(message)
    sender, address = parseaddr(heads.get("from", ""))
    subject = charsets.header(heads.get("subject", ""))
    text = _text(parts)[:TEXT].strip()
    forwarded = _prefix(subject, rules.forwards)
    return Mail(
        message_id=charsets.header(heads.get("message-id", ""))[:250],
        address=charsets.clean(address).strip().lower()[:254],
        sender=charsets.header(sender)[:NAME],
        subject=subject[:250],
        at=_moment(heads.get("date", "")),
        text=text,
        own=text if forwarded else quotes.own(text, rules),
        files=tuple(_files(parts, rules)) if whole else (),
        automatic=_automatic(message, heads, address.lower()),
    )


def title(subject: str, rules: Rules) -> str:
    """Return a title without what says that somebody answers or passes on, however often."""
    while prefix := _prefix(subject, rules.answers):
        subject = subject[len(prefix) :].lstrip()[1:].lstrip()
    return subject


def _prefix(subject: str, words: tuple[str, ...]) -> str:
    small = subject.lower()
    for word in words:
        rest = small[len(word) :].lstrip()
        if small.startswith(word) and rest[:1] in quotes.COLONS:
            return subject[: len(word)]
    return ""


def _heads(message: Message) -> dict[str, str]:
    """The first of each header, as it was written."""
    found: dict[str, str] = {}
    for name, value in message.raw_items():
        found.setdefault(name.lower(), str(value))
    return found


def _moment(written: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(written)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo is not None else None


def _parts(message: Message) -> Iterator[tuple[Message, Message | None]]:
    """Give the parts that hold something, each with the one around it, in order; without recursion."""
    waiting: list[tuple[Message, Message | None]] = [(message, None)]
    given = 0
    while waiting and given < PARTS:
        part, around = waiting.pop()
        given += 1
        inside = part.get_payload()
        if isinstance(inside, list):
            waiting += [(inner, part) for inner in reversed(inside)]
        else:
            yield part, around


def _is_text(part: Message) -> bool:
    return part.get_content_type() in {"text/plain", "text/html"} and not _attached(part)


def _attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(_name(part))


def _text(parts: list[tuple[Message, Message | None]]) -> str:
    """The texts one after the other; of alternatives the plain one, unless it says nothing."""
    groups: dict[int, dict[str, str]] = {}
    for place, (part, around) in enumerate(parts):
        if not _is_text(part):
            continue
        both = around is not None and around.get_content_type() == "multipart/alternative"
        kinds = groups.setdefault(id(around) if both else -place - 1, {})
        kinds.setdefault(part.get_content_type(), _words(part))
    found = [
        kinds.get("text/plain", "").strip() or kinds.get("text/html", "").strip() for kinds in groups.values()
    ]
    return "\n\n".join(filter(None, found))


def _words(part: Message) -> str:
    text = charsets.text(_content(part), _charset(part))
    return markup.words(text) if part.get_content_type() == "text/html" else text


def _content(part: Message) -> bytes:
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        content = None
    return content if isinstance(content, bytes) else b""


def _charset(part: Message) -> str:
    try:
        return part.get_content_charset() or ""
    except (ValueError, LookupError):
        return ""


def _name(part: Message) -> str:
    try:
        return charsets.header(part.get_filename() or "")[:NAME]
    except (ValueError, LookupError, TypeError):
        return "attachment"


def _files(parts: list[tuple[Message, Message | None]], rules: Rules) -> Iterator[File]:
    for part, _around in parts:
        if _is_text(part) or part.get_content_maintype() == "message":
            continue
        content = _content(part)
        inline = part.get_content_disposition() != "attachment" and part.get("Content-ID") is not None
        if content and not (inline and len(content) < rules.inline_kb * 1024):
            yield File(_name(part) or f"attachment.{part.get_content_subtype()[:10]}", content)


def _automatic(message: Message, heads: Mapping[str, str], address: str) -> str:
    """Tell what no person wrote; a mark that people's own programs set, too, is none."""
    report = str(message.get_param("report-type") or "").lower()
    if message.get_content_type() == "multipart/report" and (report in REPORTS or not report):
        return "bounce"
    if address.partition("@")[0] in DAEMONS or heads.get("return-path", "").strip() == "<>":
        return "bounce"
    said = heads.get("auto-submitted", "no").split(";")[0].strip().lower()
    if said not in {"no", ""} or "x-autoreply" in heads or "x-autorespond" in heads:
        return "reply"
    if heads.get("precedence", "").strip().lower() in BULK:
        return "bulk"
    return ""
