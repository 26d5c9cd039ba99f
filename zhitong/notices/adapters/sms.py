"""Text messages through a gateway that takes signed JSON over HTTPS."""

from __future__ import annotations

import json
from http import HTTPStatus

from django.conf import settings

from zhitong.core import clock
from zhitong.core.messaging import RejectedError, ThrottledError, UnreachableError
from zhitong.notices.adapters import http, signature


class HttpSms:
    """Sends one text as one signed request; the gateway drops what it has seen by its reference."""

    def send(self, *, phone: str, text: str, reference: str = "") -> None:
        """Send; a GatewayError says why it was not taken."""
        body = json.dumps({"id": reference, "to": phone, "text": text}, ensure_ascii=False).encode()
        moment = str(int(clock.now().timestamp()))
        answer = http.post(
            settings.SMS_URL,
            body,
            {
                "X-Zhitong-Key": settings.SMS_KEY,
                "Idempotency-Key": reference,
                signature.TIME: moment,
                signature.SIGNATURE: signature.sign(settings.SMS_SECRET, settings.SMS_KEY, moment, body),
            },
        )
        _judge(answer)


def _judge(answer: http.Answer) -> None:
    status, code = answer.body.get("status"), str(answer.body.get("code", answer.status))
    if status == "throttled" or answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        raise ThrottledError(code, answer.retry_after)
    if status == "refused":
        raise RejectedError(code)
    if status != "accepted" or answer.status >= HTTPStatus.MULTIPLE_CHOICES:
        raise UnreachableError(code)
