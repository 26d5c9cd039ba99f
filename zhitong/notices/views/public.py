"""Reports of gateways: signed, recent, small, and taken in once."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt

from zhitong.core import clock
from zhitong.core.actor import system
from zhitong.notices import services
from zhitong.notices.adapters import signature
from zhitong.notices.states import Channel

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

LONGEST = 64 * 1024  # bytes of one report
MOST = 500  # messages in one report
SHORTEST = 32  # characters of a secret that signs


@csrf_exempt
def report(request: HttpRequest, adapter: str) -> HttpResponse:
    """Take a signed report in; whatever is not signed, recent and ours is answered alike."""
    body = _signed(request, adapter)
    rows = _rows(body)
    if rows is None:
        return JsonResponse({"status": "not understood"}, status=400)
    given = request.headers[signature.SIGNATURE]
    changed = services.take_report(
        by=system("gateway"),
        now=clock.now(),
        channel=adapter,
        digest=hashlib.sha256(f"{adapter} {given}".encode()).hexdigest(),
        reports=rows,
    )
    return JsonResponse({"status": "taken", "changed": changed})


def _signed(request: HttpRequest, adapter: str) -> bytes:
    """Return the body of a request that a gateway of ours signed a moment ago; nobody else gets past here."""
    secret, moment = settings.REPORT_SECRET, request.headers.get(signature.TIME, "")
    given = request.headers.get(signature.SIGNATURE, "")
    known = adapter in Channel.values and len(secret) >= SHORTEST and request.method == "POST"
    if not known or not _recent(moment) or not _short(request):
        raise PermissionDenied
    try:
        body = request.body
    except RequestDataTooBig as error:
        raise PermissionDenied from error
    if len(body) > LONGEST or not signature.valid(secret, adapter, moment, body, given):
        raise PermissionDenied
    return body


def _short(request: HttpRequest) -> bool:
    length = request.headers.get("Content-Length", "") or "0"
    return length.isascii() and length.isdigit() and len(length) < 9 and int(length) <= LONGEST  # noqa: PLR2004 - digits of a length that is none


def _recent(moment: str) -> bool:
    if not (moment.isascii() and moment.isdigit()) or len(moment) > 11:  # noqa: PLR2004 - digits of a time that is none
        return False
    return abs(clock.now().timestamp() - int(moment)) <= signature.WINDOW


def _rows(body: bytes) -> list[dict[str, Any]] | None:
    try:
        rows = json.loads(body)["reports"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    sound = isinstance(rows, list) and len(rows) <= MOST and all(isinstance(row, dict) for row in rows)
    return rows if sound else None
