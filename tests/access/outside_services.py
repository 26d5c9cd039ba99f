"""The services of units without accounts, and who may call them; asked by test_services.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.access.world import stored
from zhitong.replies import services as replies
from zhitong.replies.queries import Matter

Call = Callable[[Any], tuple[Callable[..., Any], dict[str, Any]]]
INTAKE = "dispatcher:own"
REVIEW = "section_head:own leader_in_charge:own"
SPEAKS = f"handler:own {REVIEW} dispatcher:own dispatcher:above supervisor:own supervisor:above leader:own leader:above"


def _matter(world: Any, kind: str) -> Matter:
    """What lies with A's unit without accounts: a case that it leads, or a part."""
    unit, part = world.units["outside_a"], world.rows["part:outside"]
    return Matter(world.cases["outside"], unit) if kind == "lead" else Matter(part.case, unit, part)


OUTSIDE: dict[str, tuple[str, Call]] = {
    "replies.make_link": (INTAKE, lambda world: (replies.make_link, _matter(world, "lead").given())),
    "replies.revoke_link": (
        INTAKE,
        lambda world: (replies.revoke_link, {"link": world.rows["reply:link"]}),
    ),
    "replies.reply_by_link": (
        "",
        lambda world: (
            replies.reply_by_link,
            {"link": world.rows["reply:link"], "text": "done", "name": "x", "outcome": "solved"},
        ),
    ),
    "replies.enter_reply": (
        f"handler:own {INTAKE} {REVIEW}",
        lambda world: (
            replies.enter_reply,
            _matter(world, "part").given() | {"text": "done", "name": "x", "files": [stored("scan")]},
        ),
    ),
    "replies.give_sheet": (
        SPEAKS,
        lambda world: (replies.give_sheet, {"department": world.units["outside_a"]}),
    ),
    "replies.receive_sheet": (
        SPEAKS,
        lambda world: (
            replies.receive_sheet,
            {
                "department": world.units["outside_a"],
                "given": replies.ReceivedSheet(
                    "replies.csv", "0" * 64, (replies.SheetRow(3, "a number", "done"),)
                ),
            },
        ),
    ),
    "replies.enter_sheet": (
        INTAKE,
        lambda world: (replies.enter_sheet, {"sheet": world.rows["sheet:waits"]}),
    ),
    "replies.enter_row": (
        INTAKE,
        lambda world: (
            replies.enter_row,
            {
                "sheet": world.rows["sheet:waits"],
                "row": replies.judge(world.actor("dispatcher:own"), world.rows["sheet:waits"])[0],
            },
        ),
    ),
    "replies.take_reply": (
        f"handler:own {INTAKE} {REVIEW}",
        lambda world: (replies.take_reply, {"reply": world.rows["reply:waiting"]}),
    ),
    "replies.refuse_reply": (
        f"handler:own {INTAKE} {REVIEW}",
        lambda world: (replies.refuse_reply, {"reply": world.rows["reply:waiting"], "reason": "say when"}),
    ),
}
