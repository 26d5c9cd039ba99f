from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("enterprises", "0007_move_views"),
    ]

    operations = [
        migrations.DeleteModel(
            name="SavedView",
        ),
    ]
