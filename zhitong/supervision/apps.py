"""The Django side of supervision."""

from __future__ import annotations

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    """Supervised matters, and the tasks that units get by them."""

    name = "zhitong.supervision"
    label = "supervision"

    def ready(self) -> None:
        """Lines of the history can only be added to."""
        from zhitong.core import triggers  # noqa: PLC0415 - needs loaded apps

        triggers.append_only("supervision_line")
