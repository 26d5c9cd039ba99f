"""Messages of a WeChat official account: template messages, with a token that all workers share."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils import timezone

from zhitong.core import clock, sealing
from zhitong.core.clock import local_date
from zhitong.core.messaging import RejectedError, ThrottledError, UnboundError, UnreachableError
from zhitong.notices import texts
from zhitong.notices.adapters import http
from zhitong.notices.models import Token
from zhitong.notices.states import table_on

NAME, PLACE = "weixin", "notices.token"
EARLY = timedelta(minutes=5)  # a token is renewed before it ends
SHORTEST, USUAL = 60, 7200  # seconds for which a token is lent
OK, BUSY = 0, -1
BAD_TOKEN = frozenset({40001, 40014, 42001})
UNBOUND = frozenset({40003, 43004})
THROTTLED = frozenset({45009, 45011})


class WeixinAccount:
    """Sends template messages in the name of the official account."""

    def send(self, *, openid: str, number: str, text: str, at: datetime, reference: str = "") -> None:
        """Send; a token that is not valid any more is renewed once."""
        body = json.dumps(_message(openid, number, text, at, reference), ensure_ascii=False).encode()
        code = _ask(_token(), body)
        if code in BAD_TOKEN:
            code = _ask(_token(fresh=True), body)
        _judge(code)


def _message(openid: str, number: str, text: str, at: datetime, reference: str) -> dict[str, Any]:
    table = table_on(local_date(at))
    names = table.raw["weixin"]["fields"]
    values = {
        names["number"]: number[: table.number("weixin", "number")],
        names["text"]: text,
        names["time"]: timezone.localtime(at).strftime("%Y-%m-%d %H:%M"),
    }
    return {
        "touser": openid,
        "template_id": settings.WEIXIN_TEMPLATE,
        "url": texts.link(),
        "client_msg_id": reference,
        "data": {name: {"value": value} for name, value in values.items()},
    }


def _ask(token: str, body: bytes) -> int:
    address = f"{settings.WEIXIN_URL}/cgi-bin/message/template/send?access_token={quote(token, safe='')}"
    return _code(http.post(address, body))


def _code(answer: http.Answer) -> int:
    code = answer.body.get("errcode", OK)
    if not isinstance(code, int) or answer.status >= 300:  # noqa: PLR2004 - no success
        raise UnreachableError(str(answer.status))
    return code


def _judge(code: int) -> None:
    if code in THROTTLED:
        raise ThrottledError(str(code))
    if code in UNBOUND:
        raise UnboundError(str(code))
    if code == BUSY or code in BAD_TOKEN:
        raise UnreachableError(str(code))
    if code != OK:
        raise RejectedError(str(code))


def _token(*, fresh: bool = False) -> str:
    """Return the token of all workers; asked for anew shortly before it ends, or when it was refused."""
    now = clock.now()
    kept = None if fresh else Token.objects.filter(name=NAME, until__gt=now).first()
    if kept is not None:
        return sealing.unseal(kept.sealed, place=PLACE)
    asked = {
        "grant_type": "client_credential",
        "appid": settings.WEIXIN_ACCOUNT,
        "secret": settings.WEIXIN_ACCOUNT_SECRET,
        "force_refresh": fresh,
    }
    answer = http.post(f"{settings.WEIXIN_URL}/cgi-bin/stable_token", json.dumps(asked).encode())
    token = answer.body.get("access_token")
    if not isinstance(token, str) or not token.isascii() or not token.isprintable() or " " in token:
        _judge(_code(answer) or BUSY)
        raise UnreachableError("no token")
    lent = answer.body.get("expires_in", USUAL)
    until = now + timedelta(seconds=max(lent if isinstance(lent, int) else USUAL, SHORTEST)) - EARLY
    row = {"sealed": sealing.seal(token, place=PLACE), "until": until}
    Token.objects.update_or_create(name=NAME, defaults=row)
    return token
