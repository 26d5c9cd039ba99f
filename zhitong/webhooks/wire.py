"""One try to tell somebody: a single POST within a fixed time, of whose answer only the first line counts.

The few lines of HTTP are our own: nothing follows a redirect, a proxy of the surroundings or a second name,
and no answer is read further than its beginning, however slowly it drips.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import socket
import ssl
import time
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from zhitong.core.errors import FieldError
from zhitong.webhooks.addresses import ForbiddenPlaceError, Target, parse, resolve
from zhitong.webhooks.states import Trouble, rule

if TYPE_CHECKING:
    from collections.abc import Iterable

STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: [^\r\n]*)?\r?\n")
OK = range(200, 300)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a try came to: the code of the answer, if there was one, and what went wrong."""

    code: int | None = None
    trouble: str = ""


def signature(moment: int, body: bytes, secrets: Iterable[str]) -> str:
    """Return the header that says when a body was signed, and by each secret with what."""
    signed = f"{moment}.".encode() + body
    marks = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets]
    return ",".join([f"t={moment}", *(f"v1={mark}" for mark in marks)])


def post(address: str, body: bytes, headers: dict[str, str]) -> Outcome:
    """Send a body to an address and say what came of it; nothing is raised."""
    end = time.monotonic() + rule("timeout_seconds")
    try:
        target = parse(address)
        with _connect(target, resolve(target), end) as line:
            line.sendall(_request(target, body, headers))
            return _outcome(_beginning(line, end))
    except (FieldError, ForbiddenPlaceError):
        return Outcome(trouble=Trouble.ADDRESS)
    except TimeoutError:
        return Outcome(trouble=Trouble.TIMEOUT)
    except ssl.SSLError:
        return Outcome(trouble=Trouble.CERTIFICATE)
    except OSError:
        return Outcome(trouble=Trouble.CONNECTION)


@cache
def _trust() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _connect(target: Target, place: str, end: float) -> socket.socket:
    """Connect to the place that was checked; the certificate has to be that of the name."""
    line = socket.create_connection((place, target.port), timeout=_left(end))
    if not target.secure:
        return line
    try:
        line.settimeout(_left(end))
        return _trust().wrap_socket(line, server_hostname=target.host)
    except BaseException:
        line.close()
        raise


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _request(target: Target, body: bytes, headers: dict[str, str]) -> bytes:
    lines = {
        "Host": target.name,
        "User-Agent": "Zhitong-Webhook/1",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Connection": "close",
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"POST {target.path} HTTP/1.1\r\n{head}\r\n".encode("ascii") + body


def _beginning(line: socket.socket, end: float) -> bytes:
    """Read until the first line is there, never more than the table allows."""
    read = b""
    most = rule("answer_bytes")
    while b"\n" not in read and len(read) < most:
        line.settimeout(_left(end))
        more = line.recv(most - len(read))
        if not more:
            break
        read += more
    return read


def _outcome(beginning: bytes) -> Outcome:
    found = STATUS_LINE.match(beginning)
    if found is None:
        return Outcome(trouble=Trouble.ANSWER)
    code = int(found[1])
    return Outcome(code, "" if code in OK else Trouble.STATUS)
