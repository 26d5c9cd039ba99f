"""Replies that come in: by the unit's link, or entered from paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from zhitong.cases.states import outcomes_for
from zhitong.core import permissions
from zhitong.core.errors import FasterError, FieldError, RefusedError
from zhitong.core.service import Work, service
from zhitong.core.services import keep_uploads
from zhitong.replies.models import Reply, ReplyLink
from zhitong.replies.queries import Matter, matter_of
from zhitong.replies.services.links import check_possible, revoke_live
from zhitong.replies.states import NAME, TEXT, Source

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from zhitong.cases.models import Assist, Case
    from zhitong.core.actor import Actor
    from zhitong.core.uploads.inspect import Inspected
    from zhitong.orgs.models import Department

GONE = gettext_noop("This link does not work, or does not work any more. Please ask whoever gave it to you.")


@dataclass(frozen=True, slots=True)
class Words:
    """What a unit replies and who says it."""

    text: str
    outcome: str
    name: str


@service("replies.reply_by_link")
def reply_by_link(  # noqa: PLR0913 - the parts of the form
    work: Work,
    *,
    by: Actor,
    now: datetime,
    link: ReplyLink,
    text: str,
    name: str,
    outcome: str = "",
    files: Iterable[Inspected] = (),
) -> Reply:
    """Keep what a unit replies by its link; the link is used up by one conditional update."""
    permissions.require(by, "replies.reply", link)
    matter = matter_of(link)
    words = checked(matter, Words(text, outcome, name))
    usable = ReplyLink.objects.filter(
        pk=link.pk, used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now
    )
    if matter.case.confidential or not matter.open or not usable.update(used_at=now):
        raise RefusedError(GONE)
    return keep(work, matter, words, files, source=Source.LINK, link=link)


@service("replies.enter_reply")
def enter_reply(  # noqa: PLR0913 - the parts of the form
    work: Work,
    *,
    by: Actor,
    now: datetime,
    case: Case,
    department: Department,
    text: str,
    name: str,
    assist: Assist | None = None,
    outcome: str = "",
    files: Iterable[Inspected] = (),
) -> Reply:
    """Enter a reply that came on paper; its scan is the proof. A link that is out stops working."""
    scans, matter = list(files), Matter(case, department, assist)
    permissions.require(by, "replies.enter", matter)
    words = checked(matter, Words(text, outcome, name))
    if not scans:
        raise FieldError("files", gettext_noop("Add the scan or a photo of the reply: it is the proof."))
    check_possible(matter)
    revoke_live(matter, now)
    return keep(work, matter, words, scans, source=Source.PAPER)


def checked(matter: Matter, words: Words) -> Words:
    """Return the words without blanks around them; FieldError says which is missing or wrong."""
    text, name = words.text.strip(), words.name.strip()
    for field, value in (("text", text), ("name", name)):
        if not value:
            raise FieldError(field, gettext_noop("Please fill in this field."))
    if len(text) > TEXT:
        raise FieldError("text", gettext_noop("Use at most %(limit)d characters."), limit=TEXT)
    if len(name) > NAME:
        raise FieldError("name", gettext_noop("Use at most %(limit)d characters."), limit=NAME)
    if matter.assist is None and words.outcome not in dict(outcomes_for(matter.case)):
        raise FieldError("outcome", gettext_noop("Choose one of the outcomes in the list."))
    return Words(text, words.outcome if matter.assist is None else "", name)


def keep(
    work: Work,
    matter: Matter,
    words: Words,
    files: Iterable[Inspected] = (),
    *,
    source: str,
    **origin: Any,
) -> Reply:
    """Keep a reply that was checked; `origin` is its link, or its sheet and line."""
    try:
        with transaction.atomic():
            reply = Reply.objects.create(
                case=matter.case, assist=matter.assist, department=matter.department, source=source,
                **origin, text=words.text, outcome=words.outcome, entered_name=words.name,
                entered_by_id=work.by.user, at=work.now,
            )  # fmt: skip
    except IntegrityError as error:
        raise FasterError from error  # another reply of the unit came in at the same moment
    keep_uploads(work, files=files, subject=f"replies.reply:{reply.pk}", visible_to_firm=False)
    work.record(
        reply,
        tenant=matter.case.enterprise_id,
        unit=matter.department.pk,
        source=source,
        name=words.name,
        case=matter.case.pk,
    )
    work.emit("replies.reply", reply=reply.pk, by=work.by.user)
    return reply
