"""Another program with its key, as a test uses it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from tests.support.office import Office
from zhitong.core import clock, slots
from zhitong.core.actor import Actor
from zhitong.enterprises import queries, services
from zhitong.webhooks import services as webhooks
from zhitong.webhooks.models import Delivery, Subscription
from zhitong.webhooks.states import topics

TOLD = [
    ("delivered", 204, ""),
    ("waiting", None, "timeout"),
    ("failed", 500, "status"),
    ("dropped", None, ""),
]


def issue(
    office: Office, *scopes: str, regions: tuple[str, ...] = ("350111",), name: str = "platform"
) -> Any:
    """Make a key, with all scopes unless some are named."""
    now = clock.now()
    return services.issue_token(
        by=office.actor("sysadmin"), now=now, name=name, scopes=scopes or slots.key_scopes.names(),
        regions=regions, expires_at=now + timedelta(days=9),
    )  # fmt: skip


def key(office: Office, *scopes: str, regions: tuple[str, ...] = ("350111",)) -> str:
    """The text of a new key."""
    return str(issue(office, *scopes, regions=regions).secret)


def actor(office: Office, *scopes: str, regions: tuple[str, ...] = ("350111",)) -> Actor:
    """The program behind a new key."""
    return queries.machine(issue(office, *scopes, regions=regions).row)


def hook(office: Office, now: datetime) -> Subscription:
    """An address that was told of cases, with all that its page can show."""
    by = office.actor("sysadmin", now)
    token = services.issue_token(
        by=by, now=now, name="12345", scopes=["cases.read"], regions=[""], expires_at=now + timedelta(days=9)
    ).row
    given = {"token": token, "address": f"https://8.8.8.8/{'long' * 40}", "names": list(topics())}
    row = webhooks.renew_secret(by=by, now=now, subscription=webhooks.subscribe(by=by, now=now, **given))
    case = office.case(now=now)
    for message, (state, code, trouble) in enumerate(TOLD):
        Delivery.objects.create(
            subscription=row, message=message, topic="case.submitted", case=case, case_state="submitted", at=now,
            next_at=now, state=state, tries=1, code=code, trouble=trouble,
            done_at=None if state == "waiting" else now,
        )  # fmt: skip
    return row


def ask(secret: str, path: str, given: Any = None, *, once: str = "", language: str = "en") -> Any:
    """Ask an address below /api/v1; with `given` by POST, with `once` under an Idempotency-Key."""
    headers = {"Authorization": f"Bearer {secret}", "Accept-Language": language}
    headers |= {"Idempotency-Key": once} if once else {}
    client = Client(headers=headers)
    if given is None:
        return client.get(f"/api/v1{path}")
    return client.post(f"/api/v1{path}", json.dumps(given), content_type="application/json")
