"""Reading ratings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhitong.feedback.models import Rating

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor


def rating_of(case: Case) -> Rating | None:
    """The last rating of a case, None while there is none."""
    return Rating.objects.filter(case=case).order_by("-round").first()


class RatingPanel:
    """Shows the firm's rating on the case page."""

    template = "feedback/_panel.html"

    def context(self, actor: Actor, subject: Case, now: datetime) -> dict[str, Any] | None:
        """The rating, or nothing while there is none; whoever sees the case may see it."""
        del actor, now
        rating = rating_of(subject)
        return None if rating is None else {"rating": rating, "stars": range(rating.grade)}
