"""Thanks of firms: given by themselves or entered for them, and taken back with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from zhitong.core import permissions
from zhitong.core.actor import Side
from zhitong.core.clock import local_date
from zhitong.core.errors import FasterError, FieldError, RefusedError
from zhitong.core.service import Work, service
from zhitong.core.services import keep_uploads
from zhitong.feedback.models import Thanks
from zhitong.feedback.queries import VISITED
from zhitong.feedback.states import THANKS_TEXT, ThanksKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor
    from zhitong.core.uploads.inspect import Inspected


@service("feedback.give_thanks")
def give_thanks(  # noqa: PLR0913 - the parts of the form
    work: Work,
    *,
    by: Actor,
    now: datetime,
    case: Case,
    kind: str,
    text: str,
    received_on: date,
    files: Iterable[Inspected] = (),
) -> Thanks:
    """Keep a firm's thanks for an answered case; what the office enters for the firm is marked so."""
    permissions.require(by, "feedback.give_thanks", case)
    if case.state not in VISITED:
        raise RefusedError(gettext_noop("Thanks belong to an answer. This case has none yet."))
    if kind not in ThanksKind.values:
        raise FieldError("kind", gettext_noop("Choose one of the kinds in the list."))
    words = _words("text", text)
    if not local_date(case.created_at) <= received_on <= local_date(now):
        raise FieldError(
            "received_on", gettext_noop("Give a day between the submission of the case and today.")
        )
    by_unit = by.side is not Side.FIRM
    try:
        with transaction.atomic():
            row = Thanks.objects.create(
                case=case, kind=kind, text=words, received_on=received_on, by_unit=by_unit,
                entered_by_id=by.user, entered_at=now,
            )  # fmt: skip
    except IntegrityError as error:
        raise FasterError(gettext_noop("Thanks of this kind are kept for this case already.")) from error
    keep_uploads(work, files=files, subject=f"feedback.thanks:{row.pk}")
    work.record(row, tenant=case.enterprise_id, case=case.pk, kind=kind, by_unit=by_unit)
    if not by_unit:
        work.emit("feedback.thanks", thanks=row.pk, by=by.user)
    return row


@service("feedback.withdraw_thanks")
def withdraw_thanks(work: Work, *, by: Actor, now: datetime, thanks: Thanks, reason: str) -> Thanks:
    """Take thanks back that were entered by mistake; they stay there, struck out, with the reason."""
    permissions.require(by, "feedback.withdraw_thanks", thanks)
    words = _words("reason", reason)
    standing = Thanks.objects.filter(pk=thanks.pk, withdrawn_at__isnull=True)
    if not standing.update(withdrawn_at=now, withdrawn_by_id=by.user, withdraw_reason=words):
        raise FasterError(gettext_noop("These thanks were taken back already."))
    thanks.refresh_from_db()
    work.record(thanks, tenant=thanks.case.enterprise_id, case=thanks.case_id, kind=thanks.kind)
    return thanks


def _words(field: str, text: str) -> str:
    if not text.strip() or len(text) > THANKS_TEXT:
        raise FieldError(
            field, gettext_noop("Give a text of at most %(limit)d characters."), limit=THANKS_TEXT
        )
    return text.strip()
