from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.cases.conftest import office, quick_passwords

__all__ = ["office", "quick_passwords"]


class Listener:
    """A program that listens on loopback, and answers as it is told; what it heard stands in `heard`."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.context = context
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[bytes | Callable[[socket.socket], None]] = []
        self.door = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.door.getsockname()[1]}/told"
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self) -> None:
        while not self.stop.is_set():
            try:
                line, _ = self.door.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        if self.context is not None:
            try:
                line = self.context.wrap_socket(line, server_side=True)
            except OSError:
                return
        with line:
            head, body = read(line)
            self.heard.append((head, body))
            answer = self.answers.pop(0) if self.answers else status(204)
            try:
                answer(line) if callable(answer) else line.sendall(answer)
            except OSError:
                return  # the sender has hung up

    def close(self) -> None:
        self.stop.set()
        with contextlib.suppress(OSError):
            self.door.shutdown(socket.SHUT_RDWR)  # wakes who waits for a caller, and so frees the port
        self.door.close()
        self.thread.join(timeout=10)


def read(line: socket.socket) -> tuple[dict[str, str], bytes]:
    """Read a request to the end of its body."""
    content = b""
    while b"\r\n\r\n" not in content:
        content += line.recv(4096)
    head, _, body = content.partition(b"\r\n\r\n")
    first, *rows = head.decode("ascii").split("\r\n")
    headers = {"": first} | dict(row.split(": ", 1) for row in rows)
    while len(body) < int(headers["Content-Length"]):
        body += line.recv(4096)
    return headers, body


def status(code: int, more: str = "") -> bytes:
    """A short answer."""
    return f"HTTP/1.1 {code} Text\r\n{more}Content-Length: 0\r\n\r\n".encode()


@pytest.fixture
def listener(settings: Any) -> Iterator[Listener]:
    """Another program on this machine, which may be told here."""
    settings.WEBHOOK_LOOPBACK = True
    listener = Listener()
    yield listener
    listener.close()


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests and keys of these tests happen at the office's moment, whatever day it is."""
    from tests.support.office import NOW
    from zhitong.core import clock

    monkeypatch.setattr(clock, "now", lambda: NOW)
