"""The folder from which e-mail is fetched: a session over IMAP, by the standard library.

The standard library's client is enough: five commands are spoken, and each answer is looked at here.
"""

from __future__ import annotations

import base64
import imaplib
import re
import ssl
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from zhitong.core.messaging import RejectedError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

TIMEOUT = 15.0  # seconds for each step
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
TAKEN = "$ZhitongTaken"  # what is set on a mail that was taken in, where the server keeps such marks
SIZE, NUMBER = re.compile(rb"RFC822\.SIZE (\d+)"), re.compile(rb"\bUID (\d+)")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(slots=True)
class Session:
    """An open folder; `box` names it, `validity` is the server's word for which numbers of it hold."""

    client: imaplib.IMAP4
    box: str
    validity: int
    keeps_marks: bool

    def waiting(self, since: date) -> dict[int, int]:
        """Return number and bytes of the mails that came since a day and bear no mark, oldest first."""
        day = f"{since.day}-{MONTHS[since.month - 1]}-{since.year}"
        found = _ok(self.client.uid("SEARCH", "UNDELETED", "UNKEYWORD", TAKEN, "SINCE", day))
        numbers = sorted(int(number) for number in b" ".join(filter(None, found)).split())
        sizes: dict[int, int] = {}
        for first in range(0, len(numbers), 500):
            some = ",".join(map(str, numbers[first : first + 500]))
            sizes |= _sizes(_ok(self.client.uid("FETCH", some, "(RFC822.SIZE)")))
        return {number: sizes[number] for number in numbers if number in sizes}

    def read(self, number: int, most: int) -> bytes:
        """Return a mail, at most so many bytes of it, without marking it as read; empty where it is gone."""
        found = _ok(self.client.uid("FETCH", str(number), f"(BODY.PEEK[]<0.{most}>)"))
        return next((part[1] for part in found if isinstance(part, tuple)), b"")

    def mark(self, number: int) -> None:
        """Say on the server that a mail was taken in: read, and by a mark of our own where it keeps one."""
        flags = f"(\\Seen {TAKEN})" if self.keeps_marks else "(\\Seen)"
        _ok(self.client.uid("STORE", str(number), "+FLAGS.SILENT", flags))


@contextmanager
def opened() -> Iterator[Session]:
    """Sign in and open the folder; a GatewayError says what is wrong, and never the password."""
    client = None
    try:
        client = _connect()
        _sign_in(client)
        yield _select(client)
    except imaplib.IMAP4.error as error:
        raise UnreachableError(type(error).__name__) from error
    except (OSError, EOFError) as error:
        raise UnreachableError(type(error).__name__) from error
    finally:
        if client is not None:
            _leave(client)


def _connect() -> imaplib.IMAP4:
    host, port, security = settings.IMAP_HOST, settings.IMAP_PORT, settings.IMAP_SECURITY
    if not security and host not in LOOPBACK:
        raise RejectedError("plain text is refused")
    context = ssl.create_default_context()
    if security == "tls":
        return imaplib.IMAP4_SSL(host, port, ssl_context=context, timeout=TIMEOUT)
    client = imaplib.IMAP4(host, port, timeout=TIMEOUT)
    if security == "starttls":
        try:
            client.starttls(context)
        except BaseException:
            client.shutdown()
            raise
    return client


def _sign_in(client: imaplib.IMAP4) -> None:
    try:
        client.login(settings.IMAP_USER, settings.IMAP_PASSWORD)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:
        raise RejectedError("the sign-in was refused") from None  # its words may quote what was sent


def _select(client: imaplib.IMAP4) -> Session:
    folder = settings.IMAP_FOLDER
    _ok(client.select(_folder(folder)), RejectedError)
    _kind, validity = client.response("UIDVALIDITY")
    _kind, marks = client.response("PERMANENTFLAGS")
    if not validity or validity[0] is None:
        raise UnreachableError("no UIDVALIDITY")
    box = f"{settings.IMAP_USER}@{settings.IMAP_HOST}/{folder}"[:250]
    return Session(client, box, int(validity[0]), b"\\*" in (marks[0] or b"" if marks else b""))


def _folder(name: str) -> str:
    """Return a folder's name as RFC 3501 writes it: signs beyond ASCII in its own form of UTF-7."""
    pieces = re.findall(r"[\x20-\x7e]+|[^\x20-\x7e]+", name)
    written = "".join(piece.replace("&", "&-") if piece.isascii() else _seven(piece) for piece in pieces)
    quoted = written.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}"'


def _seven(piece: str) -> str:
    return "&" + base64.b64encode(piece.encode("utf-16-be"), b"+,").rstrip(b"=").decode() + "-"


def _ok(answer: tuple[str, list], error: type[UnreachableError | RejectedError] = UnreachableError) -> list:
    kind, found = answer
    if kind != "OK":
        raise error("the server said no")
    return found


def _sizes(rows: list) -> dict[int, int]:
    found = {}
    for row in rows:
        line = row[0] if isinstance(row, tuple) else row or b""
        size, number = SIZE.search(line), NUMBER.search(line)
        if size and number:
            found[int(number[1])] = int(size[1])
    return found


def _leave(client: imaplib.IMAP4) -> None:
    """Say goodbye; a line that is gone already says nothing, and nothing is left of it."""
    for end in (client.logout, client.shutdown):
        try:
            end()
        except (imaplib.IMAP4.error, OSError, EOFError):
            continue
        return
