"""The paper of the demo's office: a template that it brought, and last week's report."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from zhitong.core import data
from zhitong.core.clock import local_date
from zhitong.orgs import queries as org_queries
from zhitong.orgs.models import User
from zhitong.reports import documents, exports, figures, services

if TYPE_CHECKING:
    from datetime import datetime

DISPATCHER, SUPERVISOR = "dispatcher", "supervisor"  # the demo's sign-in names


def fill(now: datetime) -> None:
    """The standard ledger as a template of the district that is shown, and the city's report of last week."""
    words = data.read("demo", "paper")
    dispatcher, supervisor = (
        org_queries.staff_actor(User.objects.get(username=name), now) for name in (DISPATCHER, SUPERVISOR)
    )
    file = io.BytesIO(exports.standard())
    file.name = f"{words['template']}.xlsx"
    services.add_template(
        by=dispatcher, now=now, department=figures.figure_units(dispatcher)[0], name=words["template"],
        given=documents.receive(file),
    )  # fmt: skip
    begin, end = figures.span("week", local_date(now), back=1)
    services.make_report(
        by=supervisor, now=now, department=figures.figure_units(supervisor)[0], kind="week",
        begin=begin, end=end,
    )  # fmt: skip
