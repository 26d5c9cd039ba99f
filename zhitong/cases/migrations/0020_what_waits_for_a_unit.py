"""Indexes of what waits for a unit, most urgent first."""

from __future__ import annotations

from django.db import migrations, models

RUNNING = models.Q(ended_at__isnull=True)


class Migration(migrations.Migration):
    dependencies = [("cases", "0019_list_indexes")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(condition=RUNNING, fields=["intake", "due_at"], name="running_in_an_intake"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(condition=RUNNING, fields=["lead", "due_at"], name="running_with_a_lead"),
        ),
    ]
