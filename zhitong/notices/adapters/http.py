"""Asking a gateway over HTTP: certificates are checked, nothing is followed, nothing is read without end."""

from __future__ import annotations

import json
import ssl
import time
from dataclasses import dataclass
from functools import cache
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    build_opener,
)

from zhitong.core.messaging import RejectedError, UnreachableError

TIMEOUT = 5.0  # seconds for each step of a request
LONGEST = 10.0  # seconds for all of it
MOST = 64 * 1024  # bytes of an answer
PIECE = 4096
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class _NoRedirect(HTTPRedirectHandler):
    """An address that points elsewhere is an answer like any other: what we send is meant for one place."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


@cache
def _opener() -> OpenerDirector:
    """Made once: reading the machine's certificates takes longer than a request."""
    return build_opener(_NoRedirect, ProxyHandler({}), HTTPSHandler(context=ssl.create_default_context()))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a gateway answered."""

    status: int
    body: dict[str, Any]
    retry_after: int | None = None


def post(url: str, body: bytes, headers: dict[str, str] | None = None) -> Answer:
    """Send JSON to a gateway and return its JSON; UnreachableError where it gives none."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise RejectedError("no https address")
    given = {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
    request = Request(url, data=body, headers=given, method="POST")  # noqa: S310 - the scheme is checked above
    ends = time.monotonic() + LONGEST
    try:
        with _opener().open(request, timeout=TIMEOUT) as answer:
            return Answer(answer.status, _json(_read(answer, ends)), _seconds(answer.headers))
    except HTTPError as error:
        with error:
            return _of_error(error, ends)
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", None)
        raise UnreachableError(type(reason or error).__name__) from error


def _of_error(error: HTTPError, ends: float) -> Answer:
    """Answers that are no success still say something; one that says nothing is its status."""
    try:
        body = _json(_read(error, ends))
    except (UnreachableError, OSError, HTTPException):
        body = {}
    return Answer(error.code, body, _seconds(error.headers))


def _read(answer: Any, ends: float) -> bytes:
    found = b""
    while piece := answer.read1(PIECE):
        found += piece
        if len(found) > MOST:
            raise UnreachableError("answer too long")
        if time.monotonic() > ends:
            raise UnreachableError("answer too slow")
    return found


def _json(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except ValueError as error:
        raise UnreachableError("no JSON") from error
    if not isinstance(found, dict):
        raise UnreachableError("no JSON object")
    return found


def _seconds(headers: Any) -> int | None:
    value = (headers.get("Retry-After") or "").strip()
    return min(int(value), 24 * 3600) if value.isascii() and value.isdigit() and len(value) < 9 else None  # noqa: PLR2004 - digits of a number that is none
