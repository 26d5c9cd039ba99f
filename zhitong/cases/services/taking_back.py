"""What was done can be taken back while nobody has gone on from it; the history keeps both lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.cases.services import categorising
from zhitong.cases.services.moves import Said, move
from zhitong.cases.states import Visibility
from zhitong.core import permissions
from zhitong.core.errors import FasterError, RefusedError
from zhitong.core.service import Work, service

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Case, CategoryChoice
    from zhitong.core.actor import Actor

# Steps after a dispatch with which somebody has gone on from it.
BEGUN = ("redispatch", "transfer", "object", "assign", "contact", "ask_help")


@service("cases.take_back_dispatch")
def take_back_dispatch(
    work: Work, *, by: Actor, now: datetime, case: Case, version: int | None = None
) -> Case:
    """Take a dispatch back that nobody has gone on from; the dispatch clock has its old deadline."""
    del now
    permissions.require(by, "cases.take_back_dispatch", case)
    if case.state == "dispatched" and _begun(case):
        raise RefusedError(
            gettext_noop(
                "The department has begun with this case. Change the lead instead of taking it back."
            )
        )
    return move(
        work,
        case=case,
        action="take_back_dispatch",
        version=version,
        changes={"lead_id": None, "person_id": None, "contact_due_at": None},
    )


def _begun(case: Case) -> bool:
    steps = case.entries.filter(action__in=("dispatch", *BEGUN)).order_by("-id")
    last = steps.values_list("action", flat=True).first()
    return last != "dispatch"


@service("cases.take_back_answer")
def take_back_answer(work: Work, *, by: Actor, now: datetime, case: Case, version: int | None = None) -> Case:
    """Take one's own answer back that nobody has signed; the handling clock has its old deadline."""
    del now
    permissions.require(by, "cases.take_back", case)
    if case.state == "answered" and case.chain_step:
        raise RefusedError(
            gettext_noop("Somebody has signed this answer already. Ask the next signature to send it back.")
        )
    return move(
        work,
        case=case,
        action="take_back_answer",
        version=version,
        said=Said(visibility=Visibility.INTERNAL),
    )


@service("cases.take_back_category")
def take_back_category(work: Work, *, by: Actor, now: datetime, case: Case, category: str) -> Case:
    """Take back what one has said last of what a case is about; it is what it was before.

    `category` is what was said: if somebody has said something else meanwhile, that stands.
    """
    del now
    permissions.require(by, "cases.categorise", case)
    choice = _own_choice(by, case, category)
    return categorising.write_back(work, case=case, choice=choice)


def _own_choice(by: Actor, case: Case, category: str) -> CategoryChoice:
    last = case.category_choices.order_by("-id").first()
    if last is None or not category or not category == case.category == last.category:
        raise FasterError(
            gettext_noop("Somebody else has said meanwhile what this case is about. Reload to see it.")
        )
    permissions.require(by, "cases.take_back_category", last)
    return last
