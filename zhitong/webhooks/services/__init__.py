"""Everything that changes subscriptions and deliveries."""

from __future__ import annotations

from zhitong.webhooks.services.deliveries import conclude, prepare, prune, resend, take
from zhitong.webhooks.services.subscriptions import pause, renew_secret, subscribe, switch

__all__ = [
    "conclude",
    "pause",
    "prepare",
    "prune",
    "renew_secret",
    "resend",
    "subscribe",
    "switch",
    "take",
]
