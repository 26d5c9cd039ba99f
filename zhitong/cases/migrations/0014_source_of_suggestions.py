"""Which model suggested a category."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0013_categories"),
    ]

    operations = [
        migrations.AddField(
            model_name="categorychoice",
            name="source",
            field=models.CharField(blank=True, max_length=12),
        ),
    ]
