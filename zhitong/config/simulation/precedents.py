"""What the demo's offices learnt: a few precedents from its closed cases, and canned answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhitong.cases.models import Case
from zhitong.core import data
from zhitong.core.actor import Role
from zhitong.core.clock import local_date
from zhitong.insight import pages, services
from zhitong.insight.states import TITLE, rules
from zhitong.orgs import queries as org_queries
from zhitong.orgs.models import User

if TYPE_CHECKING:
    from datetime import datetime


def fill(now: datetime) -> None:
    """Precedents of different matters, the last one still in review; texts for units and all below."""
    words = data.read("demo", "insight")
    done: set[str] = set()
    fitting = Case.objects.filter(
        state="closed",
        outcome__in=rules(local_date(now))["outcomes"],
        confidential=False,
        person__isnull=False,
    )
    for case in fitting.select_related("enterprise", "lead", "intake", "person").order_by("pk"):
        if case.text not in done and len(done) < words["precedents"]:
            done.add(case.text)
            _precedent(case, words["mark"], now, publish=len(done) < words["precedents"])
    for row in words["canned"]:
        by = org_queries.staff_actor(User.objects.get(username=row["user"]), now)
        unit = org_queries.departments().filter(pk__in=by.departments(Role.HANDLER, Role.DISPATCHER)).first()
        written = services.Text(row["title"], row["text"])
        services.add_canned(by=by, now=now, department=unit, below=row["below"], written=written)


def _precedent(case: Case, mark: str, now: datetime, *, publish: bool) -> None:
    author = org_queries.staff_actor(case.person, now)
    initial = pages.begin(case, now).initial
    initial["title"] = f"{mark}{initial['title']}"[:TITLE]
    row = services.make(by=author, now=now, case=case, written=services.Written(**initial))
    row = services.send(by=author, now=now, precedent=row)
    head = (
        org_queries.holders(row.department_id, Role.SECTION_HEAD, now=now).exclude(pk=case.person_id).first()
    )
    if publish and head is not None:
        by = org_queries.staff_actor(head, now)
        services.publish(by=by, now=now, precedent=row, nobody_named=True)
