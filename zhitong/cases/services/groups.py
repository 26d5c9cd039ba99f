"""Cases about the same matter are handled in one; a case with two matters becomes two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.cases import queries
from zhitong.cases.models import Case, Entry
from zhitong.cases.services.moves import Said, Timing, move
from zhitong.cases.services.submitting import begin_case, title_of, unnamed
from zhitong.cases.states import Visibility
from zhitong.core import permissions
from zhitong.core.errors import FieldError, RefusedError
from zhitong.core.service import Work, service

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor


@service("cases.merge")
def merge(
    work: Work, *, by: Actor, now: datetime, case: Case, main: Case, reason: str, version: int | None = None
) -> Case:
    """Handle a case in another one about the same matter; its firm gets that case's answer, and its time.

    Firms of a group never learn of each other.
    """
    del now
    permissions.require(by, "cases.merge", case)
    if main is not None:
        _check_group(case, main)
    return move(
        work,
        case=case,
        action="merge",
        version=version,
        given={"main": main, "reason": reason},
        # Nobody accepted it yet: it is of the kind of the case that it goes with.
        changes={"merged_into_id": main.pk, "kind": case.kind or main.kind} if main is not None else {},
        said=Said(text=reason, visibility=Visibility.INTERNAL),
        timing=Timing(like=main),
    )


def _check_group(case: Case, main: Case) -> None:
    if not queries.mergeable(case).filter(pk=main.pk).exists():
        raise FieldError(
            "main", gettext_noop("Choose a running case of your own unit that has no answer yet.")
        )
    if case.confidential:
        raise RefusedError(gettext_noop("A confidential case is handled alone."))
    if case.members.filter(state="merged").exists():
        raise RefusedError(
            gettext_noop("Other cases are handled in this one. Take them out of the group first.")
        )


@service("cases.separate")
def separate(
    work: Work, *, by: Actor, now: datetime, case: Case, reason: str, version: int | None = None
) -> Case:
    """Take a case out of its group; it is dispatched on its own."""
    del by, now
    return move(
        work,
        case=case,
        action="separate",
        version=version,
        given={"reason": reason},
        changes={"merged_into_id": None},
        said=Said(text=reason, visibility=Visibility.INTERNAL),
    )


@service("cases.split")
def split(
    work: Work,
    *,
    by: Actor,
    now: datetime,
    case: Case,
    text: str,
    title: str = "",
    version: int | None = None,
) -> Case:
    """Make a case of its own of a second matter in a case; its firm follows both. Returns the first case."""
    if not text.strip():
        raise FieldError("text", gettext_noop("Say what the second matter is."))
    title = title.strip() or title_of(text)
    if case.protected:
        title = unnamed(title, text, case.enterprise, case.reporter)
    moved = move(
        work, case=case, action="split", version=version, given={"text": text}, said=Said(text=title)
    )
    other = begin_case(
        now=now,
        kind=case.kind,
        intake=case.intake,
        enterprise=case.enterprise,
        reporter=case.reporter,
        submitted_by=case.submitted_by,
        channel=case.channel,
        original_number=case.original_number,
        title=title,
        text=text.strip(),
        place=case.place,
        confidential=case.confidential,
        accused=case.accused,
        protected=case.protected,
        split_from=case,
    )
    Entry.objects.create(
        case=other,
        at=now,
        action="split_off",
        to_state=other.state,
        by_user_id=by.user,
        by_label=by.label,
        department=case.intake,
        text=case.number,
        visibility=Visibility.FIRM,
    )
    work.record(other, tenant=other.enterprise_id, split_from=case.pk)
    work.emit("cases.submit", case=other.pk, state=other.state, version=1, by=by.user)
    return moved
