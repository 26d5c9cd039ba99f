"""What follows by itself: when a clock has run out, and after a rating that says nothing is solved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext_noop

from zhitong.cases.services.intake import afresh
from zhitong.cases.services.moves import Said, move
from zhitong.cases.states import Outcome, profile
from zhitong.core import permissions
from zhitong.core.errors import RefusedError
from zhitong.core.service import Work, service

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor


def _require_over(case: Case, now: datetime) -> None:
    if case.due_at is None or case.due_at >= now:
        raise RefusedError(gettext_noop("The time is not over yet."))


@service("cases.close_unrated")
def close_unrated(work: Work, *, by: Actor, now: datetime, case: Case) -> Case:
    """Close an answered case whose rating window has passed; no rating is invented."""
    permissions.require(by, "cases.close_unrated", case)
    _require_over(case, now)
    return move(work, case=case, action="close_unrated", version=None)


@service("cases.close_silent")
def close_silent(work: Work, *, by: Actor, now: datetime, case: Case) -> Case:
    """End a case whose supplement did not come in time; the firm is told that it may come again."""
    permissions.require(by, "cases.close_silent", case)
    _require_over(case, now)
    words = profile(case.sla_version)["silence"][settings.LANGUAGE_CODE[:2]]
    return move(
        work,
        case=case,
        action="close_silent",
        version=None,
        changes={"answer": words, "outcome": Outcome.UNREACHABLE},
        said=Said(text=words),
    )


@service("cases.remind_silent")
def remind_silent(work: Work, *, by: Actor, now: datetime, case: Case) -> Case:
    """Remind a firm once that its supplement is waited for."""
    del now
    return _remind(work, by, case, "remind_silent")


@service("cases.remind_rating")
def remind_rating(work: Work, *, by: Actor, now: datetime, case: Case) -> Case:
    """Remind a firm once that it has an answer to rate."""
    del now
    return _remind(work, by, case, "remind_rating")


def _remind(work: Work, by: Actor, case: Case, action: str) -> Case:
    permissions.require(by, f"cases.{action}", case)
    if case.entries.filter(action=action, at__gte=case.clock_started_at).exists():
        raise RefusedError(gettext_noop("The firm was reminded already."))
    return move(work, case=case, action=action, version=None)


@service("cases.end_suspension")
def end_suspension(work: Work, *, by: Actor, now: datetime, case: Case) -> Case:
    """Let the clock run on when the day of a suspension is over."""
    permissions.require(by, "cases.end_suspension", case)
    _require_over(case, now)
    return move(work, case=case, action="end_suspension", version=None)


@service("cases.reopen_rated")
def reopen_rated(work: Work, *, by: Actor, now: datetime, case: Case) -> Case:
    """Take a case up again whose firm says in its rating that the trouble is still there; once."""
    del now
    return _take_up_again(work, by, case, "reopen_rated")


@service("cases.reopen_visited")
def reopen_visited(work: Work, *, by: Actor, now: datetime, case: Case) -> Case:
    """Take a closed case up again whose firm says so when it is asked; once."""
    del now
    return _take_up_again(work, by, case, "reopen_visited")


def _take_up_again(work: Work, by: Actor, case: Case, action: str) -> Case:
    permissions.require(by, f"cases.{action}", case)
    return move(
        work,
        case=case,
        action=action,
        version=None,
        changes=afresh(case, work.now),
    )
