"""Everything that changes feedback; one function a verb."""

from __future__ import annotations

from zhitong.feedback.services.exclusions import ask_exclusion, decide_exclusion
from zhitong.feedback.services.rating import rate
from zhitong.feedback.services.visits import Said, visit_back

__all__ = ["Said", "ask_exclusion", "decide_exclusion", "rate", "visit_back"]
