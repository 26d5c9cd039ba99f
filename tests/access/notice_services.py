"""The services of messages that leave the system, and who may call them; asked by test_services.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.access.people import ACCOUNTS
from zhitong.notices import services as notices

Call = Callable[[Any], tuple[Callable[..., Any], dict[str, Any]]]
SYSTEM_ADMIN = "system_admin:own"
EVERYBODY = " ".join(person.key for person in ACCOUNTS)
PLAIN = {"on": {}, "off": True, "digest": True, "language": "en"}

NOTICES: dict[str, tuple[str, Call]] = {
    "notices.choose": (EVERYBODY, lambda _: (notices.choose, PLAIN)),
    "notices.ask_address": (EVERYBODY, lambda _: (notices.ask_address, {"address": "me@example.org"})),
    "notices.remove_address": (EVERYBODY, lambda _: (notices.remove_address, {})),
    "notices.retry": (SYSTEM_ADMIN, lambda _: (notices.retry, {"channel": "sms"})),
    "notices.report": (
        "",
        lambda _: (notices.take_report, {"channel": "sms", "digest": "0", "reports": []}),
    ),
    "notices.prune": ("", lambda _: (notices.prune, {})),
}
