"""Saved views of the register move to the room where people are known; none is lost, either way."""

from __future__ import annotations

from typing import Any

from django.db import migrations

REGISTER = "firms"


def _move(apps: Any, _editor: Any) -> None:
    new = apps.get_model("orgs", "SavedView")
    for row in apps.get_model("enterprises", "SavedView").objects.order_by("pk").iterator():
        new.objects.get_or_create(
            user_id=row.user_id,
            place=REGISTER,
            name=row.name,
            defaults={"query": row.query, "saved_at": row.saved_at},
        )


def _move_back(apps: Any, _editor: Any) -> None:
    old = apps.get_model("enterprises", "SavedView")
    rows = apps.get_model("orgs", "SavedView").objects.filter(place=REGISTER)
    for row in rows.order_by("pk").iterator():
        old.objects.get_or_create(
            user_id=row.user_id, name=row.name, defaults={"query": row.query, "saved_at": row.saved_at}
        )


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0006_api_limit"), ("orgs", "0005_saved_views")]
    operations = [migrations.RunPython(_move, _move_back)]
