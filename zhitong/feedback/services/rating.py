"""Rating an answered case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.cases import services as case_services
from zhitong.cases.states import flow
from zhitong.core.actor import system
from zhitong.core.errors import FieldError
from zhitong.core.service import Work, service
from zhitong.feedback.models import Rating
from zhitong.feedback.states import BAD, Grade

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
    """Rate an answered case with 1 to 5 stars; the case moves on to its return visit.

    The first rating that says that nothing is solved reopens the case; a second one is for people to look at.
    """
    if stars not in Grade.values:
        raise FieldError("stars", gettext_noop("Choose one to five stars."))
    rated = case_services.rate(by=by, now=now, case=case, stars=stars, comment=comment, version=version)
    rating = Rating.objects.create(
        case=case, round=rated.reopened, grade=stars, comment=comment, by_user_id=by.user, at=now
    )
    work.record(rating, tenant=case.enterprise_id, grade=stars)
    if stars <= BAD and not rated.reopened and "reopen_rated" in flow(rated.flow_version).actions:
        case_services.reopen_rated(by=system("rating"), now=now, case=rated)
    elif stars <= BAD:
        work.emit("feedback.bad_again", case=case.pk, by=by.user)
    return rating
