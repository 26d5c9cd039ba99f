"""Return visits: somebody who did not handle the case asks the firm how it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.cases import queries as case_queries
from zhitong.cases import services as case_services
from zhitong.cases.states import flow
from zhitong.core import permissions
from zhitong.core.actor import system
from zhitong.core.clock import local_date
from zhitong.core.errors import FieldError, RefusedError
from zhitong.core.service import Work, service
from zhitong.feedback import queries
from zhitong.feedback.models import ReturnVisit
from zhitong.feedback.states import BAD, Grade, Way, rule

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor

# What takes a case up again whose firm says that nothing is solved, by where the case is.
REOPENS = {"reviewed": "reopen_rated", "rated": "reopen_rated", "closed": "reopen_visited"}


@dataclass(frozen=True, slots=True)
class Said:
    """What the firm said: whether it was contacted, whether the trouble is gone, how satisfied it is."""

    contacted: bool | None = None
    solved: bool | None = None
    grade: int | None = None
    words: str = ""

    @property
    def whole(self) -> bool:
        """Whether all three questions are answered."""
        return None not in (self.contacted, self.solved, self.grade)


@service("feedback.visit_back")
def visit_back(
    work: Work, *, by: Actor, now: datetime, case: Case, way: str, reached: bool, said: Said
) -> ReturnVisit:
    """Write down a return visit; a valid one that says that nothing is solved reopens the case once.

    After that a bad word is for people to look at: the leader in charge and the supervision office are told.
    """
    permissions.require(by, "feedback.visit_back", case)
    _check(by, case, now, way=way, reached=reached, said=said)
    visit = ReturnVisit.objects.create(
        case=case,
        round=case.reopened,
        way=way,
        reached=reached,
        valid=reached and said.whole,
        contacted=said.contacted if reached else None,
        solved=said.solved if reached else None,
        grade=said.grade if reached else None,
        words=said.words.strip(),
        by_user_id=by.user,
        at=now,
    )
    work.record(visit, tenant=case.enterprise_id, case=case.pk, valid=visit.valid, reached=reached)
    if visit.valid and (visit.solved is False or visit.grade <= BAD):
        _take_up_again(work, case)
    return visit


def _check(by: Actor, case: Case, now: datetime, *, way: str, reached: bool, said: Said) -> None:
    if case.state not in queries.VISITED:
        raise RefusedError(gettext_noop("A return visit comes after the answer."))
    if case_queries.had_a_hand(by, case):
        raise RefusedError(
            gettext_noop("You had a hand in this case. A return visit is made by somebody who did not.")
        )
    days = rule("visit_within", local_date(now))
    if case.ended_at is not None and now > case.ended_at + timedelta(days=days):
        raise RefusedError(
            gettext_noop("This case ended more than %(days)d days ago. A return visit comes too late."),
            days=days,
        )
    if ReturnVisit.objects.filter(case=case, round=case.reopened, valid=True).exists():
        raise RefusedError(gettext_noop("The firm was asked already after this answer."))
    if way not in Way.values:
        raise FieldError("way", gettext_noop("Choose one of the ways in the list."))
    if said.grade is not None and said.grade not in Grade.values:
        raise FieldError("grade", gettext_noop("Choose one to five stars."))
    if not reached and not said.words.strip():
        raise FieldError("words", gettext_noop("Say how you tried to reach the firm."))


def _take_up_again(work: Work, case: Case) -> None:
    action = REOPENS[case.state]
    possible = {row.name for row in flow(case.flow_version).available(case.state)}
    if case.reopened or action not in possible:
        work.emit("feedback.bad_again", case=case.pk, by=work.by.user)
    elif action == "reopen_rated":
        case_services.reopen_rated(by=system("visit"), now=work.now, case=case)
    else:
        case_services.reopen_visited(by=system("visit"), now=work.now, case=case)
