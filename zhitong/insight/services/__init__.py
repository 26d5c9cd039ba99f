"""The one way in which precedents and canned answers change."""

from __future__ import annotations

from zhitong.insight.services.canned import Text, add_canned, change_canned, drop_canned
from zhitong.insight.services.precedents import (
    Written,
    check_source,
    edit,
    make,
    publish,
    reindex,
    renew,
    say_helped,
    send,
    send_back,
    use,
    withdraw,
)

__all__ = [
    "Text",
    "Written",
    "add_canned",
    "change_canned",
    "check_source",
    "drop_canned",
    "edit",
    "make",
    "publish",
    "reindex",
    "renew",
    "say_helped",
    "send",
    "send_back",
    "use",
    "withdraw",
]
