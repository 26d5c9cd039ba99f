"""A service that writes recordings down: its adapter, and what it answers."""

from __future__ import annotations

import json
import ssl
import time
from functools import cache
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, Protocol
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

from django.conf import settings
from django.utils.module_loading import import_string

from zhitong.core.messaging import RejectedError, UnreachableError

if TYPE_CHECKING:
    from pathlib import Path

TIMEOUT = 60.0  # seconds for each step: a minute of speech takes a while
LONGEST = 90.0  # seconds for all of it
MOST = 256 * 1024  # bytes of an answer
PIECE = 4096
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
# What another try would not change: the service does not take this recording.
REFUSALS = frozenset({400, 413, 415, 422})


class SpeechAdapter(Protocol):
    """Has one recording written down."""

    def recognise(self, *, path: Path, mime: str, reference: str) -> str:
        """Return the words, empty where none are heard; raise a GatewayError. Equal references are one."""


def adapter() -> SpeechAdapter:
    """Return the adapter named in the settings."""
    found: SpeechAdapter = import_string(settings.SPEECH_ADAPTER)()
    return found


def on() -> bool:
    """Whether recordings are written down by a machine; they are not unless somebody names a service."""
    return bool(settings.SPEECH_URL)


class _NoRedirect(HTTPRedirectHandler):
    """A recording is meant for one place."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


@cache
def _opener() -> OpenerDirector:
    return build_opener(_NoRedirect, ProxyHandler({}), HTTPSHandler(context=ssl.create_default_context()))


class HttpSpeech:
    """Sends the recording as it is, under its own number, and reads JSON that holds a text."""

    def recognise(self, *, path: Path, mime: str, reference: str) -> str:
        """Send; RejectedError where the service will never take it, UnreachableError where it may later."""
        parts = urlsplit(settings.SPEECH_URL)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise RejectedError("no https address")
        heads = {"Content-Type": mime, "Accept": "application/json", "Idempotency-Key": reference}
        if settings.SPEECH_KEY:
            heads["Authorization"] = f"Bearer {settings.SPEECH_KEY}"
        request = Request(settings.SPEECH_URL, data=path.read_bytes(), headers=heads, method="POST")  # noqa: S310 - the scheme is checked above
        ends = time.monotonic() + LONGEST
        try:
            with _opener().open(request, timeout=TIMEOUT) as answer:
                return _text(_read(answer, ends))
        except HTTPError as error:
            with error:
                kind = RejectedError if error.code in REFUSALS else UnreachableError
                raise kind(str(error.code)) from None
        except (OSError, HTTPException) as error:
            reason = getattr(error, "reason", None)
            raise UnreachableError(type(reason or error).__name__) from error


def _read(answer: Any, ends: float) -> bytes:
    found = b""
    while piece := answer.read1(PIECE):
        found += piece
        if len(found) > MOST:
            raise UnreachableError("answer too long")
        if time.monotonic() > ends:
            raise UnreachableError("answer too slow")
    return found


def _text(content: bytes) -> str:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise UnreachableError("no JSON") from error
    text = found.get("text") if isinstance(found, dict) else None
    if not isinstance(text, str):
        raise UnreachableError("no text")
    return text
