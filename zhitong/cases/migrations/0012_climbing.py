"""Parts climb the ladder too, calls nobody makes are told above, a repeated matter names its first case."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds what an alarm is about, when somebody was told of a call, and the case that is repeated."""

    dependencies = [
        ("cases", "0011_extended"),
        ("enterprises", "0006_api_limit"),
        ("orgs", "0004_notice_event"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="alarm",
            name="a_clock_climbs_a_step_once",
        ),
        migrations.AddField(
            model_name="alarm",
            name="assist",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="alarms",
                to="cases.assist",
            ),
        ),
        migrations.AddField(
            model_name="call",
            name="alarm_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="repeats",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="repetitions",
                to="cases.case",
            ),
        ),
        migrations.AddConstraint(
            model_name="alarm",
            constraint=models.UniqueConstraint(
                condition=models.Q(("assist__isnull", True)),
                fields=("case", "clock", "clock_started_at", "overdue"),
                name="a_clock_climbs_a_step_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="alarm",
            constraint=models.UniqueConstraint(
                condition=models.Q(("assist__isnull", False)),
                fields=("assist", "overdue"),
                name="a_part_climbs_a_step_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("repeats__isnull", True),
                    models.Q(
                        models.Q(("route", ""), _negated=True),
                        models.Q(("repeats", models.F("id")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="a_case_repeats_another_one_when_refused",
            ),
        ),
    ]
