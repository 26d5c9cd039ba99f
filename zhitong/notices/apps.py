"""The Django side of messages that leave the system."""

from __future__ import annotations

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Messages by e-mail, text message and WeChat."""

    name = "zhitong.notices"
    label = "notices"

    def ready(self) -> None:
        """Refuse to start over a table of ways and words that cannot work."""
        from zhitong.notices import states  # noqa: PLC0415 - needs settings

        states.check_all()
