"""Precedents of A in every state, one of B, canned answers of A's bureau and of its district; their services."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.access import people
from tests.access.world import NOW
from zhitong.core.clock import local_date
from zhitong.insight import services

Call = Callable[[Any], tuple[Callable[..., Any], dict[str, Any]]]
DAY = local_date(NOW) + timedelta(days=200)
MAKERS = "dispatcher:own handler:own handler:same handler:unproven section_head:own"
REVIEWERS = "dispatcher:own section_head:own"
FIRMS = "firm_member:own firm_member:other firm_member:none firm_admin:own firm_admin:other"


def written(text: str = "it is mended") -> services.Written:
    return services.Written("a road", "the road is broken", text, DAY)


def build(world: Any) -> None:
    """The precedents; what is published holds no word of its tenant, what is on its way does."""
    from tests.access.world import _case

    steps = ("draft", "review", "published", "withdrawn")
    for tenant, which, last in (("a", "own", 3), ("b", "other", 0)):
        for state in steps[: last + 1]:
            case = _case(world, tenant, "closed")
            name = f"precedent:{state}" if tenant == "a" else f"b:precedent:{state}"
            world.rows[name] = _precedent(world, case, which, state)
    world.rows["precedent:case"] = _case(world, "a", "closed")
    for name, who, below in (("canned", "handler:own", False), ("canned:below", "dispatcher:own", True)):
        unit = world.units["district_a" if below else "bureau_a"]
        text = services.Text(f"{people.INNER_A} {name}", "{{firm}}: we come")
        given = {"department": unit, "below": below, "written": text}
        world.rows[name] = services.add_canned(by=world.actor(who), now=NOW, **given)


def _precedent(world: Any, case: Any, which: str, state: str) -> Any:
    by = world.actor(f"handler:{which}")
    token = people.INNER_A if which == "own" else people.INNER_B
    open_ = state in {"draft", "review", "withdrawn"}
    row = services.make(by=by, now=NOW, case=case, written=written(token if open_ else "it is mended"))
    if state == "draft":
        return row
    if state == "withdrawn":
        return services.withdraw(by=by, now=NOW, precedent=row, reason="twice")
    row = services.send(by=by, now=NOW, precedent=row)
    if state == "review":
        return row
    return services.publish(
        by=world.actor(f"section_head:{which}"), now=NOW, precedent=row, nobody_named=True
    )


def _step(service: Callable[..., Any], state: str, **more: Any) -> Call:
    return lambda world: (service, {"precedent": world.rows[f"precedent:{state}"], **more})


PRECEDENTS: dict[str, tuple[str, Call]] = {
    "insight.make": (
        MAKERS,
        lambda world: (services.make, {"case": world.rows["precedent:case"], "written": written()}),
    ),
    "insight.edit": ("handler:own", _step(services.edit, "draft", written=written())),
    "insight.send": ("handler:own", _step(services.send, "draft")),
    "insight.send_back": (REVIEWERS, _step(services.send_back, "review", reason="say when")),
    "insight.publish": (REVIEWERS, _step(services.publish, "review", nobody_named=True)),
    "insight.renew": (REVIEWERS, _step(services.renew, "published", valid_until=DAY)),
    "insight.withdraw": (
        f"handler:own {REVIEWERS}",
        _step(services.withdraw, "published", reason="the law has changed"),
    ),
    "insight.use": (
        "handler:own",
        lambda world: (
            services.use,
            {"precedent": world.rows["precedent:published"], "case": world.cases["handling"]},
        ),
    ),
    "insight.say_helped": (FIRMS, _step(services.say_helped, "published")),
    "insight.reindex": ("", lambda _: (services.reindex, {})),
    "insight.add_canned": (
        "handler:own handler:same handler:unproven section_head:own",
        lambda world: (
            services.add_canned,
            {
                "department": world.units["bureau_a"],
                "below": False,
                "written": services.Text("another", "we come"),
            },
        ),
    ),
    "insight.change_canned": (
        "handler:own handler:same handler:unproven section_head:own",
        lambda world: (
            services.change_canned,
            {"canned": world.rows["canned"], "written": services.Text("another", "we come")},
        ),
    ),
    "insight.drop_canned": (
        "dispatcher:own",
        lambda world: (services.drop_canned, {"canned": world.rows["canned:below"]}),
    ),
}
