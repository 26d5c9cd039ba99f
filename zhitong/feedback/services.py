"""Rating an answered case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.cases import services as case_services
from zhitong.core.errors import FieldError
from zhitong.core.service import Work, service
from zhitong.feedback.models import Rating
from zhitong.feedback.states import Grade

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor


@service("feedback.rate")
def rate(
    work: Work,
    *,
    by: Actor,
    now: datetime,
    case: Case,
    stars: int,
    comment: str = "",
    version: int | None = None,
) -> Rating:
    """Rate an answered case with 1 to 5 stars; the case moves on to its return visit."""
    if stars not in Grade.values:
        raise FieldError("stars", gettext_noop("Choose one to five stars."))
    case_services.rate(by=by, now=now, case=case, stars=stars, comment=comment, version=version)
    rating = Rating.objects.create(case=case, grade=stars, comment=comment, by_user_id=by.user, at=now)
    work.record(rating, tenant=case.enterprise_id, grade=stars)
    return rating
