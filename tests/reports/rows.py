"""Sound rows of the tables of reports, and what breaks their constraints."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import models

from tests.support.office import NOW, Office
from zhitong.orgs.models import User
from zhitong.reports.models import LedgerView, Made, Report, Template, TemplateVersion

Make = Callable[[Office], dict[str, Any]]
DAY = timedelta(days=1)


def rows(unit: Any) -> list[models.Model]:
    """A template with a version, a document made of it, a report, and how somebody's ledger opens."""
    user = User.objects.first()
    template = Template.objects.create(department=unit, name="a", format="xlsx", made_by=user, made_at=NOW)
    version = TemplateVersion.objects.create(
        template=template,
        number=1,
        content=b"x",
        sha256="a",
        file_name="a.xlsx",
        fields=[],
        uploaded_by=user,
        at=NOW,
    )
    made = Made.objects.create(version=version, by_user=user, at=NOW, rows=1, sha256="a")
    report = Report.objects.create(
        kind="week", department=unit, overseeing=True, begin=NOW.date(), end=NOW.date(), figures={}, made_by=user,
        at=NOW,
    )  # fmt: skip
    return [template, version, made, report, LedgerView.objects.create(user=user, saved_at=NOW)]


SOUND: dict[str, Make] = {
    "reports.template": lambda _: {"name": "b"},
    "reports.templateversion": lambda _: {"number": 2},
    "reports.made": lambda _: {},
    "reports.report": lambda _: {},
    "reports.ledgerview": lambda office: {"user": office.users["head"]},
}
BROKEN: dict[str, list[Make]] = {
    "reports.ledgerview.user": [],
    "reports.template.a_unit_has_one_template_of_a_name": [],
    "reports.template.a_template_has_name_and_format": [lambda _: {"name": ""}, lambda _: {"format": "doc"}],
    "reports.template.somebody_withdrew_a_template": [
        lambda _: {"withdrawn_at": NOW},
        lambda office: {"withdrawn_by": office.users["head"]},
    ],
    "reports.templateversion.versions_are_numbered": [],
    "reports.templateversion.versions_begin_with_one": [lambda _: {"number": 0}],
    "reports.templateversion.a_version_keeps_its_hash": [lambda _: {"sha256": ""}],
    "reports.made.a_document_keeps_its_hash": [lambda _: {"sha256": ""}],
    "reports.report.a_report_ends_after_it_began": [lambda _: {"end": NOW.date() - DAY}],
    "reports.report.a_kind_of_report_is_known": [lambda _: {"kind": "ranking"}],
}
