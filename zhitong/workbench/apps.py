"""The Django side of the workbench."""

from __future__ import annotations

from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    """Pages for the office."""

    name = "zhitong.workbench"
    label = "workbench"
