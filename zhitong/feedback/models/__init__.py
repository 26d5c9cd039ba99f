"""The tables of feedback."""

from __future__ import annotations

from zhitong.feedback.models.effects import Effect
from zhitong.feedback.models.ratings import Rating
from zhitong.feedback.models.thanks import Thanks
from zhitong.feedback.models.visits import Exclusion, ReturnVisit

__all__ = ["Effect", "Exclusion", "Rating", "ReturnVisit", "Thanks"]
