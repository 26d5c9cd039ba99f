"""The services of weekly lists, and who may call them; asked by test_services.py."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.access.world import NOW
from zhitong.core.clock import local_date
from zhitong.supervision import services as supervision

Call = Callable[[Any], tuple[Callable[..., Any], dict[str, Any]]]
KEEPERS = "dispatcher:own supervisor:own supervisor:above"
UNIT = "handler:same handler:own handler:unproven section_head:own leader_in_charge:own"

WEEKLY: dict[str, tuple[str, Call]] = {
    "supervision.make_week": (
        "",
        lambda world: (supervision.make_week, {"department": world.units["district_b"]}),
    ),
    "supervision.remind_week": ("", lambda world: (supervision.remind_week, {"week": world.rows["week"]})),
    "supervision.add_to_week": (
        KEEPERS,
        lambda world: (
            supervision.add_to_week,
            {"week": world.rows["week"], "number": world.cases["dispatched"].number, "text": "it burns"},
        ),
    ),
    "supervision.take_off": (
        KEEPERS,
        lambda world: (supervision.take_off, {"item": world.rows["listed"], "text": "solved above"}),
    ),
    "supervision.say_why": (
        UNIT,
        lambda world: (
            supervision.say_why,
            {
                "item": world.rows["listed"],
                "text": "a part is missing",
                "next_day": local_date(NOW) + timedelta(days=9),
            },
        ),
    ),
}
