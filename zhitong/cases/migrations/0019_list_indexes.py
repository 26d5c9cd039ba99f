"""An index for lists of one state."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0018_presence")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["state", "-id"], name="cases_in_a_state"),
        ),
    ]
