"""The Django side of departments and staff."""

from __future__ import annotations

from django.apps import AppConfig


class OrgsConfig(AppConfig):
    """Departments, staff and posts."""

    name = "zhitong.orgs"
    label = "orgs"
