"""Whether a case was extended stands in its own row, and begins anew when the case is taken up again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import migrations, models

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def remember(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Mark the cases whose extension was granted; those taken up again may ask once more."""
    ask = apps.get_model("cases", "Ask")
    granted = ask.objects.filter(kind="extension", decision="granted").values("case")
    apps.get_model("cases", "Case").objects.filter(pk__in=granted, reopened=0).update(extended=True)


class Migration(migrations.Migration):
    """Adds the column and fills it."""

    dependencies = [("cases", "0010_ways_in")]

    operations = [
        migrations.AddField(model_name="case", name="extended", field=models.BooleanField(default=False)),
        migrations.RunPython(remember, migrations.RunPython.noop),
    ]
