"""Everything that changes feedback; one function a verb."""

from __future__ import annotations

from zhitong.feedback.services.effects import (
    confirm_effect,
    deny_effect,
    drop_effect,
    expect_effect,
    look_again,
    say_effect_there,
)
from zhitong.feedback.services.exclusions import ask_exclusion, decide_exclusion
from zhitong.feedback.services.rating import rate
from zhitong.feedback.services.thanks import give_thanks, withdraw_thanks
from zhitong.feedback.services.visits import Said, visit_back

__all__ = [
    "Said",
    "ask_exclusion",
    "confirm_effect",
    "decide_exclusion",
    "deny_effect",
    "drop_effect",
    "expect_effect",
    "give_thanks",
    "look_again",
    "rate",
    "say_effect_there",
    "visit_back",
    "withdraw_thanks",
]
