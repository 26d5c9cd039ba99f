"""Gateways for tests, as real servers on loopback: text messages and WeChat by HTTP, e-mail by SMTP."""

from __future__ import annotations

import email
import json
import socketserver
import ssl
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "a-secret-that-only-tests-and-the-gateway-know"
PATIENCE = 20  # seconds after which a silent answer gives up by itself


class Gateway:
    """What was asked of it, by id, and how it answers next: `then` is worked off, then it accepts."""

    def __init__(self, server: ThreadingHTTPServer, scheme: str) -> None:
        self.url = f"{scheme}://127.0.0.1:{server.server_port}"
        self.then: list[Any] = []
        self.asked: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.texts: dict[str, str] = {}
        self.seen: Counter[str] = Counter()
        self.tokens = 0
        self.free = threading.Event()

    def take(self, path: str, headers: dict[str, str], body: dict[str, Any]) -> None:
        """Note a request; one with an id that was seen changes nothing."""
        self.asked.append((path, headers, body))
        name = body.get("id") or body.get("client_msg_id")
        if name:
            self.seen[name] += 1
            self.texts.setdefault(name, json.dumps(body, ensure_ascii=False))

    def of(self, path: str) -> list[dict[str, Any]]:
        """The contents of the requests to an address."""
        return [body for asked, _, body in self.asked if asked == path]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    gateway: Gateway

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        path = self.path.partition("?")[0]
        self.gateway.take(self.path, dict(self.headers), body)
        if path == "/cgi-bin/stable_token":
            self.gateway.tokens += 1
            return self._say(200, {"access_token": f"token-{self.gateway.tokens}", "expires_in": 7200})
        step = self.gateway.then.pop(0) if self.gateway.then else "accept"
        if isinstance(step, int):
            return self._say(200, {"errcode": step, "errmsg": "told so"})
        return getattr(self, f"_{step}")()

    def _accept(self) -> None:
        self._say(200, {"status": "accepted", "errcode": 0})

    def _refuse(self) -> None:
        self._say(200, {"status": "refused", "code": "BLACKLIST"})

    def _throttle(self) -> None:
        self._say(429, {"status": "throttled", "code": "SLOW"}, {"Retry-After": "600"})

    def _error(self) -> None:
        self._say(500, {"status": "broken"})

    def _redirect(self) -> None:
        self._say(307, {}, {"Location": f"{self.gateway.url}/elsewhere"})

    def _garbage(self) -> None:
        self._raw(200, b"<html>")

    def _list(self) -> None:
        self._raw(200, b"[1]")

    def _huge(self) -> None:
        self._raw(200, b'{"status": "accepted", "x": "' + b"x" * 200_000 + b'"}')

    def _silent(self) -> None:
        self.gateway.free.wait(PATIENCE)
        self.close_connection = True

    def _say(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        self._raw(status, json.dumps(body).encode(), headers)

    def _raw(self, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(content)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the other side had read enough


@contextmanager
def gateway(context: ssl.SSLContext | None = None) -> Iterator[Gateway]:
    """Run a gateway for text messages and WeChat; over TLS where a context is given."""
    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    handler.gateway = found = Gateway(server, "https" if context else "http")
    if context is not None:
        # The handshake belongs to the thread of the request, or one refused would stop the server.
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        server.handle_error = lambda *_: None
    with _running(server):
        try:
            yield found
        finally:
            found.free.set()


class _Mail(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        box = self.server.box  # type: ignore[attr-defined]
        self._say("220 ready")
        while line := self.rfile.readline().decode().strip():
            verb = line.split(" ")[0].split(":")[0].upper()
            if verb == "DATA":
                self._say("354 go on")
                self._data(box)
            elif verb == "RCPT" and box.then:
                self._say(box.then.pop(0))
            elif verb == "QUIT":
                return self._say("221 bye")
            else:
                self._say("250 ok")
        return None

    def _data(self, box: Mailbox) -> None:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        box.mails.append(email.message_from_bytes(b"".join(lines)))
        self._say("250 taken")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class Mailbox:
    """What came by e-mail; `then` is what is said to the next recipients."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.mails: list[Message] = []
        self.then: list[str] = []

    def bodies(self) -> list[str]:
        """The texts of all e-mails."""
        return [mail.get_payload(decode=True).decode() for mail in self.mails]


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """Run a mail server that keeps what it is given."""
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Mail)
    server.daemon_threads = True
    server.box = found = Mailbox(server.server_address[1])  # type: ignore[attr-defined]
    with _running(server):
        yield found


@contextmanager
def _running(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
