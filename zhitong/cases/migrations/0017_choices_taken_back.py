from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0016_charges"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="categorychoice",
            name="a_choice_is_a_category",
        ),
        migrations.AlterField(
            model_name="categorychoice",
            name="category",
            field=models.CharField(blank=True, max_length=30),
        ),
    ]
