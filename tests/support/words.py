"""Words for simulated offices whose cases bring none of their own."""

from __future__ import annotations

from typing import Any, ClassVar


class PlainWords:
    """The same few sentences for every case; kind, lead and outcome are left to chance."""

    missing = "请补充地点。"
    supplement = "地点已补充。"
    redispatch = "职责不在本单位。"
    called = "已电话联系。"
    reject = "请写明完成时间。"
    before_leader: ClassVar[dict[str, str]] = {
        "problem": "企业仍不满意。",
        "sticking_point": "需多部门配合。",
        "views": "主办单位认为已办到位。",
        "proposal": "请领导决定。",
        "decision": "说明后办结。",
    }

    def kind(self, _case: Any) -> str:
        return ""

    def category(self, _case: Any, _moment: Any) -> str:
        return ""

    def lead(self, _case: Any) -> Any:
        return None

    def outcome(self, _case: Any) -> str:
        return ""

    def note(self, _case: Any) -> str:
        return "已到现场核实。"

    def answer(self, _case: Any) -> str:
        return "已办理,结果如上。"

    def comment(self, _case: Any) -> str:
        return ""
