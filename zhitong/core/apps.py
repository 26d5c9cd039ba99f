"""Start of the core: which tables are append-only, and triggers after every migration."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    """The Django side of `zhitong.core`."""

    name = "zhitong.core"
    label = "core"

    def ready(self) -> None:
        """Name the append-only tables; install triggers and search tables after each migration."""
        from zhitong.core import search, triggers  # noqa: PLC0415 - needs loaded apps

        triggers.append_only("core_auditevent")
        triggers.append_only("core_auditseal")
        post_migrate.connect(triggers.install, dispatch_uid="zhitong.triggers")
        post_migrate.connect(search.install, dispatch_uid="zhitong.search")
