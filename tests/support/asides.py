"""The states beside the usual way of a case, reached by the services: objected, suspended, planned, asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from zhitong.cases import services
from zhitong.core.clock import local_date

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor

# What a case has to be before, by the state beside the way.
FROM = {
    "objected": "dispatched",
    "suspended": "handling",
    "planned": "handling",
    "ask_extension": "handling",
    "ask_suspension": "handling",
    "ask_plan": "handling",
    "refused": "submitted",
}


def ask(kind: str, *, by: Actor, now: datetime, case: Any) -> Any:
    """The handler asks for an extension, a suspension or a plan of two stages."""
    today = local_date(now)
    if kind == "extension":
        return services.ask_extension(by=by, now=now, case=case, days=5, reason="等待部件到货。")
    if kind == "suspension":
        until = today + timedelta(days=20)
        return services.ask_suspension(by=by, now=now, case=case, until=until, reason="等待检测报告。")
    stages = [
        services.Goal("完成设计", today + timedelta(days=30)),
        services.Goal("完成施工", today + timedelta(days=120)),
    ]
    return services.ask_plan(
        by=by, now=now, case=case, grade="B", stages=stages, reason="需列入明年建设计划。"
    )


def aside(state: str, *, case: Any, now: datetime, intake: Actor, handler: Actor) -> Any:
    """Bring a case from where `FROM` says to a state beside the way."""
    if state == "refused":
        return services.refuse(by=intake, now=now, case=case, route="legal", text="请按法定途径提出。")
    if state == "objected":
        return services.object_to(by=handler, now=now, case=case, reason="属城管职责。")
    kind = {"suspended": "suspension", "planned": "plan"}.get(state, state.removeprefix("ask_"))
    case = ask(kind, by=handler, now=now, case=case)
    if state.startswith("ask_"):
        return case
    grant = {"suspension": services.grant_suspension, "plan": services.grant_plan}[kind]
    return grant(by=intake, now=now, case=case, message="同意,请及时告知企业。")
