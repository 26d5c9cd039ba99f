"""The states of a precedent under clearer names; the table does not change."""

from __future__ import annotations

from django.db import migrations, models

STATES = [
    ("draft", "Still a draft"),
    ("review", "In review"),
    ("published", "Published"),
    ("withdrawn", "Withdrawn"),
]


class Migration(migrations.Migration):
    dependencies = [("insight", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="precedent",
            name="state",
            field=models.CharField(choices=STATES, default="draft", max_length=10),
        ),
    ]
