"""What follows an order that was not obeyed: a talk, then a circular."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("supervision", "0004_weeks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Measure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[("talk", "Talk with the unit"), ("circular", "Circular criticism")],
                        max_length=10,
                    ),
                ),
                ("day", models.DateField()),
                ("people", models.CharField(blank=True, max_length=200)),
                ("place", models.CharField(blank=True, max_length=200)),
                ("text", models.TextField()),
                ("result", models.TextField(blank=True)),
                ("number", models.CharField(blank=True, max_length=60)),
                ("at", models.DateTimeField()),
                (
                    "by_user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measures",
                        to="supervision.task",
                    ),
                ),
            ],
            options={
                "ordering": ["task", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("task", "step"), name="a_measure_is_taken_once"),
                    models.CheckConstraint(
                        condition=models.Q(("step__in", ["talk", "circular"])), name="measure_step_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="a_measure_says_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("step", "talk"), _negated=True),
                            models.Q(
                                models.Q(("people", ""), _negated=True),
                                models.Q(("place", ""), _negated=True),
                                models.Q(("result", ""), _negated=True),
                                ("number", ""),
                            ),
                            _connector="OR",
                        ),
                        name="a_talk_is_written_down_whole",
                    ),
                ],
            },
        ),
    ]
