"""Common problems of A: a proposal, and a confirmed one with a newcomer; their services and who may call them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from zhitong.commons import services
from zhitong.core.actor import system
from zhitong.core.clock import local_date
from zhitong.kernel.text import Entity

Call = Callable[[Any], tuple[Callable[..., Any], dict[str, Any]]]
INTAKE, LEADERS = "dispatcher:own", "leader:own leader:above"


def build(world: Any) -> None:
    """Propose what two early cases have in common; confirm what two led ones have, with a newcomer."""
    early = [_fresh(world, state) for state in ("accepted", "submitted")]
    world.rows["common"] = _proposed(world, early)
    led = [_fresh(world, state) for state in ("dispatched", "handling")]
    decided = services.Decided("KrCaseA", world.units["bureau_a"], led[0], [case.pk for case in led])
    problem = services.confirm(
        by=world.actor("dispatcher:own"), now=_now(), problem=_proposed(world, led), decided=decided
    )
    new = _fresh(world, "handling")
    world.rows["common:running"] = services.add(
        by=system("tick"), now=_now(), problem=problem, members={new.pk: 0.4}
    )
    world.rows["common:new"] = new


def _now() -> Any:
    from tests.access.world import NOW  # it knows this module

    return NOW


def _fresh(world: Any, state: str) -> Any:
    from tests.access.world import _case

    return _case(world, "a", state)


def _proposed(world: Any, cases: list[Any]) -> Any:
    return services.propose(
        by=system("tick"), now=_now(), department=world.units["district_a"], entity=Entity("park", "KrCaseA"),
        leading=cases[0], members={case.pk: 0.5 for case in cases}, shared=("KrCaseA",),
    )  # fmt: skip


def decision(world: Any) -> dict[str, Any]:
    """What confirms the proposal, as a form sends it."""
    problem = world.rows["common"]
    cases = list(problem.members.values_list("case", flat=True))
    return {
        "cases": cases, "title": "KrCaseA", "leading": problem.leading_id, "lead": world.units["bureau_a"].pk,
        "version": problem.version,
    }  # fmt: skip


def month(world: Any) -> dict[str, Any]:
    """What makes a problem the matter of the month, as a form sends it."""
    day = local_date(_now())
    return {
        "month": f"{day:%Y-%m}", "owner": world.users["section_head:own"].pk, "plan": "mend it",
        "due": f"{day + timedelta(days=20):%Y-%m-%d}", "version": world.rows["common:running"].version,
    }  # fmt: skip


def _confirm(world: Any) -> tuple[Callable[..., Any], dict[str, Any]]:
    problem = world.rows["common"]
    cases = list(problem.members.values_list("case", flat=True))
    decided = services.Decided("KrCaseA", world.units["bureau_a"], problem.leading, cases)
    return services.confirm, {"problem": problem, "decided": decided}


def _month(world: Any) -> tuple[Callable[..., Any], dict[str, Any]]:
    day = local_date(_now())
    plan = services.MonthPlan(day, world.users["section_head:own"], "mend it", day + timedelta(days=20))
    return services.set_month, {"problem": world.rows["common:running"], "given": plan}


def _newcomer(service: Callable[..., Any]) -> Call:
    return lambda world: (
        service,
        {"problem": world.rows["common:running"], "cases": [world.rows["common:new"].pk]},
    )


COMMONS: dict[str, tuple[str, Call]] = {
    "commons.propose": (
        "",
        lambda world: (
            services.propose,
            {
                "department": world.units["district_a"],
                "entity": Entity("park", "KrCaseA"),
                "leading": world.cases["handling"],
                "members": {world.cases["handling"].pk: 1.0},
            },
        ),
    ),
    "commons.add": (
        "",
        lambda world: (
            services.add,
            {"problem": world.rows["common"], "members": {world.cases["handling"].pk: 0.5}},
        ),
    ),
    "commons.follow": ("", lambda world: (services.follow, {"problem": world.rows["common:running"]})),
    "commons.confirm": (INTAKE, _confirm),
    "commons.dismiss": (
        INTAKE,
        lambda world: (services.dismiss, {"problem": world.rows["common"], "reason": "not one matter"}),
    ),
    "commons.take_in": (INTAKE, _newcomer(services.take_in)),
    "commons.leave_out": (INTAKE, _newcomer(services.leave_out)),
    "commons.set_month": (LEADERS, _month),
}
