"""The tables of feedback."""

from __future__ import annotations

from zhitong.feedback.models.ratings import Rating
from zhitong.feedback.models.visits import Exclusion, ReturnVisit

__all__ = ["Exclusion", "Rating", "ReturnVisit"]
