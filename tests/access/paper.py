"""Paper of A: a template of its district with a version, a report of the district; services asked by test_services.py."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from tests.access.world import NOW
from zhitong.reports import documents, exports
from zhitong.reports import services as reports
from zhitong.reports.filling.limits import DEFAULT

Call = Callable[[Any], tuple[Callable[..., Any], dict[str, Any]]]
USERS = (
    "handler:same handler:own handler:unproven section_head:own leader_in_charge:own dispatcher:own supervisor:own "
    "leader:own"
)
OVERSEERS = "dispatcher:own dispatcher:above supervisor:own supervisor:above leader:own leader:above"
WORKING = (
    "handler:same handler:own handler:other handler:unproven section_head:own section_head:other "
    "leader_in_charge:own leader_in_charge:other dispatcher:own dispatcher:other dispatcher:above supervisor:own "
    "supervisor:other supervisor:above leader:own leader:other leader:above"
)


def template() -> io.BytesIO:
    """The standard ledger as somebody brings it back."""
    assert DEFAULT.file_mb
    file = io.BytesIO(exports.standard())
    file.name = "ledger.xlsx"
    return file


def build(world: Any) -> None:
    """A template of A's district, and the report of its week."""
    by, unit = world.actor("dispatcher:own"), world.units["district_a"]
    version = reports.add_template(
        by=by, now=NOW, department=unit, name="KrInnerA ledger", given=documents.receive(template())
    )
    world.rows["version"], world.rows["template"] = version, version.template
    day = NOW.date()
    world.rows["made_report"] = reports.make_report(
        by=by, now=NOW, department=unit, kind="week", begin=day, end=day
    )


def _given() -> Any:
    return reports.ReceivedTemplate("xlsx", "a.xlsx", b"x", "0" * 64, ())


PAPER: dict[str, tuple[str, Call]] = {
    "reports.add_template": (
        "dispatcher:own",
        lambda world: (
            reports.add_template,
            {"department": world.units["district_a"], "name": "another", "given": _given()},
        ),
    ),
    "reports.withdraw_template": (
        "dispatcher:own",
        lambda world: (reports.withdraw_template, {"template": world.rows["template"]}),
    ),
    "reports.note_document": (
        USERS,
        lambda world: (
            reports.note_document,
            {"version": world.rows["version"], "query": "", "rows": 1, "sha256": "0" * 64},
        ),
    ),
    "reports.note_ledger": (WORKING, lambda _world: (reports.note_ledger, {"query": "", "rows": 1})),
    "reports.keep_view": (WORKING, lambda _world: (reports.keep_view, {"query": "by=received"})),
    "reports.make_report": (
        "dispatcher:own supervisor:own leader:own",
        lambda world: (
            reports.make_report,
            {"department": world.units["district_a"], "kind": "week", "begin": NOW.date(), "end": NOW.date()},
        ),
    ),
    "reports.note_report": (
        OVERSEERS,
        lambda world: (reports.note_report, {"report": world.rows["made_report"], "form": "docx"}),
    ),
}
