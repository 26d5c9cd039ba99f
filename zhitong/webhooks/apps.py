"""The Django side of webhooks."""

from __future__ import annotations

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Subscriptions of other programs and what was delivered to them."""

    name = "zhitong.webhooks"
    label = "webhooks"
