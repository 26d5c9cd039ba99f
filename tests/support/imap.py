"""A mailbox for tests: an IMAP server in a process of its own on loopback, filled and looked at over IMAP."""

from __future__ import annotations

import imaplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

USER, PASSWORD = "intake", "a mailbox of tests only"
PROGRAM = "import sys; from pymap.main import main; sys.exit(main())"
PATIENCE = 15  # seconds for the server to come up


@dataclass
class Box:
    """The running server: its port, and what lies in a folder of its account."""

    port: int
    folder: str = "INBOX"

    @contextmanager
    def _session(self) -> Iterator[imaplib.IMAP4]:
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            client.login(USER, PASSWORD)
            yield client
        finally:
            client.logout()

    def put(self, *mails: bytes, at: datetime | None = None) -> None:
        """Lay mails into the folder, as a mail server does that delivers."""
        moment = imaplib.Time2Internaldate(at) if at is not None else None
        with self._session() as client:
            for mail in mails:
                kind, said = client.append(self.folder, None, moment, mail)
                assert kind == "OK", said

    def seen(self) -> list[bool]:
        """Whether each mail was marked as read, in their order."""
        with self._session() as client:
            client.select(self.folder, readonly=True)
            _kind, found = client.fetch("1:*", "(FLAGS)")
            return [b"\\Seen" in row for row in found if row]

    def numbers(self) -> list[int]:
        """The numbers of the mails."""
        with self._session() as client:
            client.select(self.folder, readonly=True)
            return [int(number) for number in client.uid("SEARCH", "ALL")[1][0].split()]

    def see(self, number: int) -> None:
        """Somebody opens a mail in their own program."""
        with self._session() as client:
            client.select(self.folder)
            client.uid("STORE", str(number), "+FLAGS", "(\\Seen)")


@contextmanager
def box() -> Iterator[Box]:
    """Run an IMAP server without TLS on a free port of loopback; empty at its start, gone at its end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-c", PROGRAM, "--host", "127.0.0.1", "--port", str(port), "--no-tls", "dict",
        "--demo-user", USER, "--demo-password", PASSWORD,
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait(port, server)
            yield Box(port)
        finally:
            server.terminate()


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    ends = datetime.now(UTC).timestamp() + PATIENCE
    while datetime.now(UTC).timestamp() < ends and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    message = "The IMAP server of the tests did not come up."
    raise RuntimeError(message)
