"""How somebody of the office enters what a firm said by telephone, in a chat, through another platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.cases.models import Case, Entry
from zhitong.cases.services.submitting import Draft, make_case
from zhitong.cases.states import TAKEN_DOWN, Visibility
from zhitong.core import permissions
from zhitong.core.errors import FieldError
from zhitong.core.service import Work, service
from zhitong.core.services import keep_uploads

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.enterprises.models import Enterprise


@service("cases.register")
def register(work: Work, *, by: Actor, now: datetime, draft: Draft, firm: Enterprise | None = None) -> Case:
    """Enter a case for a firm, or for a reporter whose firm is not known; the channel says how it came in.

    A number of another platform comes in once: a second case with it is refused, with the first one's number.
    """
    permissions.require(by, "cases.register")
    if draft.channel not in TAKEN_DOWN:
        raise FieldError("channel", gettext_noop("Say how it came in."))
    if not draft.text.strip():
        raise FieldError("text", gettext_noop("Please say what the trouble is."))
    if firm is None and not draft.reporter.strip():
        raise FieldError("reporter", gettext_noop("Name the firm, or who reported it."))
    _refuse_known(draft)
    case = make_case(work, draft, firm, submitted_by=None)
    entry = Entry.objects.create(
        case=case,
        at=now,
        action="register",
        to_state=case.state,
        by_user_id=by.user,
        by_label=by.label,
        visibility=Visibility.FIRM,
    )
    keep_uploads(work, files=draft.files, subject=f"cases.entry:{entry.pk}")
    work.record(
        case, tenant=case.enterprise_id, owner=case.accountable_id, due=case.due_at, channel=draft.channel
    )
    work.emit("cases.submit", case=case.pk, state=case.state, version=1, by=by.user)
    return case


def _refuse_known(draft: Draft) -> None:
    if not draft.original_number:
        return
    known = Case.objects.filter(channel=draft.channel, original_number=draft.original_number).first()
    if known is not None:
        raise FieldError(
            "original_number",
            gettext_noop("This number has come in already, as case %(number)s."),
            number=known.number,
        )
