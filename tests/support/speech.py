"""A service that writes recordings down, as a real server on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Service:
    """What was sent to it, and what it answers next: `then` is worked off, then it hears `words`."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/hear"
        self.asked: list[tuple[dict[str, str], bytes]] = []
        self.then: list[tuple[int, bytes]] = []
        self.words = "厂区又停电了"


class _Handler(BaseHTTPRequestHandler):
    service: Service

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.service.asked.append((dict(self.headers), content))
        plain = (200, json.dumps({"text": self.service.words}).encode())
        status, body = self.service.then.pop(0) if self.service.then else plain
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def service() -> Iterator[Service]:
    """Run the service."""
    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    handler.service = found = Service(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
