"""Questions to units before the dispatch, and a clock for deciding on a part that is objected to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def give_a_day(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Let parts that are objected to already be decided by their own day: no other is known."""
    objected = apps.get_model("cases", "Assist").objects.filter(state="returned")
    objected.update(
        decide_due_at=F("due_at"), decide_deadline=F("deadline"), decide_provisional=F("provisional")
    )


class Migration(migrations.Migration):
    """Adds the table and the columns, and fills them."""

    dependencies = [
        ("cases", "0014_source_of_suggestions"),
        ("orgs", "0004_notice_event"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Sounding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("question", models.TextField()),
                ("started_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("deadline", models.JSONField()),
                ("provisional", models.BooleanField(default=False)),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ours", "It is our duty"),
                            ("jointly", "We can help with it"),
                            ("not_ours", "It is not our duty"),
                        ],
                        max_length=10,
                    ),
                ),
                ("basis", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["case", "id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="alarm",
            name="a_part_climbs_a_step_once",
        ),
        migrations.AddField(
            model_name="assist",
            name="decide_deadline",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="assist",
            name="decide_due_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="assist",
            name="decide_provisional",
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(give_a_day, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="alarm",
            constraint=models.UniqueConstraint(
                condition=models.Q(("assist__isnull", False)),
                fields=("assist", "clock", "overdue"),
                name="a_part_climbs_a_step_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="assist",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decide_due_at__isnull", False), ("state", "returned")),
                    models.Q(models.Q(("state", "returned"), _negated=True), ("decide_due_at__isnull", True)),
                    _connector="OR",
                ),
                name="an_objection_is_decided_by_a_day",
            ),
        ),
        migrations.AddField(
            model_name="sounding",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="sounding",
            name="asked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="sounding",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="soundings", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="sounding",
            name="department",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="soundings", to="orgs.department"
            ),
        ),
        migrations.AddIndex(
            model_name="sounding",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)),
                fields=["department", "due_at"],
                name="open_soundings",
            ),
        ),
        migrations.AddIndex(
            model_name="sounding",
            index=models.Index(
                condition=models.Q(("told_at__isnull", True)), fields=["due_at"], name="untold_soundings"
            ),
        ),
        migrations.AddConstraint(
            model_name="sounding",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("case", "department"),
                name="one_open_sounding_a_department",
            ),
        ),
        migrations.AddConstraint(
            model_name="sounding",
            constraint=models.CheckConstraint(
                condition=models.Q(("question", ""), _negated=True), name="a_sounding_asks_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="sounding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("answered_at__isnull", True), ("answered_by__isnull", True)),
                    models.Q(
                        ("answer__in", ["ours", "jointly", "not_ours"]),
                        ("answered_at__isnull", False),
                        ("answered_by__isnull", False),
                        ("ended_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="an_answered_sounding_has_ended",
            ),
        ),
        migrations.AddConstraint(
            model_name="sounding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", "not_ours"), _negated=True),
                    models.Q(("basis", ""), _negated=True),
                    _connector="OR",
                ),
                name="not_ours_names_its_basis",
            ),
        ),
    ]
