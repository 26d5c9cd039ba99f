"""Start of the program: fill the slots and the permission table."""

from __future__ import annotations

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The composition root as Django's last app."""

    name = "zhitong.config"
    label = "config"

    def ready(self) -> None:
        """Fill what the rooms below left open; runs once every room is loaded."""
        from zhitong.config import slots  # noqa: PLC0415 - needs loaded apps

        slots.fill()
