"""The services of messages that leave the system, and who may call them; asked by test_services.py."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.access.people import ACCOUNTS
from tests.access.world import NOW
from zhitong.notices import services as notices
from zhitong.notices.models import Preference

Call = Callable[[Any], tuple[Callable[..., Any], dict[str, Any]]]
CODE = "123456"
SYSTEM_ADMIN = "system_admin:own"
EVERYBODY = " ".join(person.key for person in ACCOUNTS)
PLAIN = {"on": {}, "off": True, "digest": True, "language": "en"}


def _confirm(world: Any) -> tuple[Callable[..., Any], dict[str, Any]]:
    """For everybody an address waits for the same code."""
    for user in () if Preference.objects.exists() else world.users.values():
        kept = Preference(user=user, pending="sealed", pending_until=NOW + timedelta(hours=1))
        kept.pending_code = notices._digest(kept, CODE)
        kept.save()
    return notices.confirm_address, {"code": CODE}


NOTICES: dict[str, tuple[str, Call]] = {
    "notices.choose": (EVERYBODY, lambda _: (notices.choose, PLAIN)),
    "notices.ask_address": (EVERYBODY, lambda _: (notices.ask_address, {"address": "me@example.org"})),
    "notices.confirm_address": (EVERYBODY, _confirm),
    "notices.remove_address": (EVERYBODY, lambda _: (notices.remove_address, {})),
    "notices.retry": (SYSTEM_ADMIN, lambda _: (notices.retry, {"channel": "sms"})),
    "notices.report": (
        "",
        lambda _: (notices.take_report, {"channel": "sms", "digest": "0", "reports": []}),
    ),
    "notices.prune": ("", lambda _: (notices.prune, {})),
}
