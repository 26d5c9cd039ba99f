"""What hangs on a program's key in the access world, and who may ask the services behind it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from zhitong.cases import services as cases
from zhitong.enterprises import services as enterprises
from zhitong.enterprises.services import FirmRecord
from zhitong.webhooks import services
from zhitong.webhooks.models import Delivery

Call = Callable[[Any], tuple[Callable[..., Any], dict[str, Any]]]
SYSTEM = "system_admin:own"
ADDRESS = "https://8.8.8.8/told"


def build(world: Any) -> None:
    """A key that reads cases, an address on which it is told of them, and something that it was told."""
    from tests.access.world import NOW

    by = world.actor("system_admin:own")
    key = enterprises.issue_token(
        by=by, now=NOW, name="listener", scopes=["cases.read"], regions=["350111"],
        expires_at=NOW + timedelta(days=30),
    ).row  # fmt: skip
    row = services.subscribe(by=by, now=NOW, token=key, address=ADDRESS, names=["case.submitted"])
    world.rows["listener"], world.rows["subscription"] = key, row
    world.rows["delivery"] = delivery(world, row, 1)


def delivery(world: Any, subscription: Any, message: int) -> Delivery:
    """Something that was told."""
    from tests.access.world import NOW

    return Delivery.objects.create(
        subscription=subscription, message=message, topic="case.submitted", case_id=world.cases["handling"].pk,
        case_state="submitted", at=NOW, next_at=NOW, state="delivered", tries=1, code=204, done_at=NOW,
    )  # fmt: skip


def _row(service: Callable[..., Any], **more: Any) -> Call:
    return lambda world: (service, {"subscription": world.rows["subscription"], **more})


PROGRAMS: dict[str, tuple[str, Call]] = {
    "webhooks.subscribe": (
        SYSTEM,
        lambda world: (
            services.subscribe,
            {"token": world.rows["listener"], "address": f"{ADDRESS}/more", "names": ["case.rated"]},
        ),
    ),
    "webhooks.switch": (SYSTEM, _row(services.switch, on=False)),
    "webhooks.renew_secret": (SYSTEM, _row(services.renew_secret)),
    "webhooks.pause": ("", _row(services.pause, delivery=1)),
    "webhooks.resend": (SYSTEM, lambda world: (services.resend, {"delivery": world.rows["delivery"]})),
    # What only a program does, with its key: asked in tests/cases/test_api.py and tests/enterprises/test_keys.py.
    "cases.receive": (
        "",
        lambda _: (cases.receive, {"sent": cases.Sent(text="x", original_number="1", region="350111")}),
    ),
    "cases.say_more": ("", lambda world: (cases.say_more, {"case": world.cases["handling"], "text": "more"})),
    "enterprises.receive": (
        "",
        lambda _: (enterprises.receive, {"records": [FirmRecord("91350112MA0DEM048K")]}),
    ),
}
