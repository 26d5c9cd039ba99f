"""With which cases units were charged: a short table beside the stretches, filled from them."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

from zhitong.cases.states import rule
from zhitong.kernel.calendar import DayEntry, DayKind, DayTable, add_workdays, due_moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

BATCH = 500


def remember(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Mark the cases that were taken up again after their end."""
    again = apps.get_model("cases", "Entry").objects.filter(from_state="closed", to_state="handling")
    apps.get_model("cases", "Case").objects.filter(pk__in=again.values("case")).update(once_ended=True)


def charge(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Write down each time that a unit was charged with a case, from the case's stretches."""
    cases = apps.get_model("cases", "Case").objects.order_by("pk")
    table: DayTable | None = None
    model = apps.get_model("cases", "Charge")
    for case in cases.iterator(chunk_size=BATCH):
        table = table or _days(apps)
        rows = list(case.stretches.order_by("seq").values_list("state", "accountable", "since", "until"))
        if case.ended_at is None:
            rows.append((case.state, case.accountable_id, case.stretch_since, None))
        model.objects.bulk_create(model(**row) for row in _charges(case, rows, table))


def _charges(case: Any, rows: Iterable[Any], table: DayTable) -> Iterator[dict[str, Any]]:
    """Stretches of one state and unit that follow each other are one charge."""
    runs = [(key, list(run)) for key, run in groupby(rows, key=lambda row: row[:2])]
    for place, ((state, unit), run) in enumerate(runs):
        if state == "dispatched":
            since, until = run[0][2], run[-1][3]
            day = timezone.localtime(since).date()
            due = add_workdays(day, rule(case.sla_version, "objection", case.kind), table).due
            taken = until is not None and runs[place + 1 : place + 2] != []
            yield {
                "case": case,
                "department_id": unit,
                "at": since,
                "due_at": due_moment(due, timezone.get_default_timezone()),
                "ended_at": until,
                "taken": taken and runs[place + 1][0][0] == "handling",
            }


def _days(apps: Apps) -> DayTable:
    rows = apps.get_model("core", "CalendarDay").objects.all()
    entries = [DayEntry(row.date, DayKind(row.kind), row.name_zh, row.source) for row in rows]
    years = apps.get_model("core", "CalendarYear").objects.values_list("year", flat=True)
    return DayTable.build(entries, years)


class Migration(migrations.Migration):
    """Adds the table, fills it, and adds the index that figures are counted from."""

    dependencies = [
        ("cases", "0015_soundings"),
        ("enterprises", "0006_api_limit"),
        ("orgs", "0004_notice_event"),
        ("core", "0001_initial"),
    ]

    operations = [
        migrations.AddField(model_name="case", name="once_ended", field=models.BooleanField(default=False)),
        migrations.CreateModel(
            name="Charge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("taken", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["case", "id"],
            },
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=[
                    "created_at",
                    "ended_at",
                    "state",
                    "once_ended",
                    "reopened",
                    "stretch_since",
                    "contact_due_at",
                    "contacted_at",
                    "lead",
                    "intake",
                    "accused",
                    "category",
                    "kind",
                    "channel",
                ],
                name="cases_in_figures",
            ),
        ),
        migrations.AddField(
            model_name="charge",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="charges", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="charge",
            name="department",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orgs.department"
            ),
        ),
        migrations.AddIndex(
            model_name="stretch",
            index=models.Index(
                condition=models.Q(("late", True)), fields=["case", "clock"], name="late_stretches"
            ),
        ),
        migrations.AddIndex(
            model_name="stretch",
            index=models.Index(fields=["case", "state", "since", "until"], name="where_a_case_was"),
        ),
        migrations.AddIndex(
            model_name="charge",
            index=models.Index(fields=["at"], name="charges_by_day"),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("case",),
                name="one_unit_is_charged_with_a_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("taken", False)),
                    models.Q(("ended_at__gte", models.F("at")), ("ended_at__isnull", False)),
                    _connector="OR",
                ),
                name="a_charge_ends_after_it_began",
            ),
        ),
        migrations.RunPython(remember, migrations.RunPython.noop),
        migrations.RunPython(charge, migrations.RunPython.noop),
    ]
