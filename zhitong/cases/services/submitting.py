"""What a firm does with its case: submit, supplement, withdraw, rate; and giving a stray case its firm."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext_noop

from zhitong.cases.models import Case, Entry
from zhitong.cases.services import clocks
from zhitong.cases.services.moves import Said, move
from zhitong.cases.states import Channel, Visibility, flow, versions_on
from zhitong.core import numbers, permissions
from zhitong.core.clock import local_date
from zhitong.core.errors import FasterError, FieldError
from zhitong.core.service import Work, service
from zhitong.core.services import keep_uploads
from zhitong.orgs import queries as orgs_queries

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.core.uploads.inspect import Inspected
    from zhitong.enterprises.models import Enterprise

TITLE_LENGTH = 40
# Full stop, exclamation, question mark and semicolon, full-width and plain.
STOPS = "\u3002\uff01\uff1f\uff1b.!?;"


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody says about a trouble, before it is a case."""

    text: str
    title: str = ""
    place: str = ""
    channel: str = Channel.PORTAL
    reporter: str = ""
    original_number: str = ""
    region: str = ""
    files: Iterable[Inspected] = field(default_factory=tuple)

    @property
    def fingerprint(self) -> str:
        """What makes two drafts the same: words and file contents."""
        return repr(
            (
                self.text,
                self.title,
                self.place,
                self.original_number,
                [file.source_sha256 for file in self.files],
            )
        )


@service("cases.submit")
def submit(work: Work, *, by: Actor, now: datetime, draft: Draft, firm: Enterprise | None = None) -> Case:
    """Turn a draft into a case with an owner and a clock; without a firm the reporter's name stands alone."""
    permissions.require(by, "cases.submit")
    if firm is not None and by.user is not None and firm.pk not in by.enterprises:
        raise FieldError("firm", gettext_noop("Choose one of your own firms."))
    if not draft.text.strip():
        raise FieldError("text", gettext_noop("Please say what the trouble is."))
    case = _create(work, draft, firm)
    entry = Entry.objects.create(
        case=case,
        at=now,
        action="submit",
        to_state=case.state,
        by_user_id=by.user,
        by_label=by.label if by.user is not None else case.reporter,
        visibility=Visibility.FIRM,
    )
    keep_uploads(work, files=draft.files, subject=f"cases.entry:{entry.pk}")
    work.record(case, tenant=case.enterprise_id, owner=case.accountable_id, due=case.due_at)
    work.emit("cases.submit", case=case.pk, state=case.state, version=1, by=by.user)
    return case


def _create(work: Work, draft: Draft, firm: Enterprise | None) -> Case:
    today = local_date(work.now)
    flow_version, sla_version = versions_on(today)
    first = flow(flow_version).state(flow(flow_version).initial)
    intake = orgs_queries.intake_department(firm.region if firm else draft.region)
    number = numbers.take("case", today.year)
    return Case.objects.create(
        number=f"{settings.CASE_PREFIX}-{today.year}-{number:06d}",
        flow_version=flow_version,
        sla_version=sla_version,
        enterprise=firm,
        reporter=draft.reporter or work.by.label,
        submitted_by_id=work.by.user,
        channel=draft.channel,
        original_number=draft.original_number,
        title=_title(draft),
        text=draft.text.strip(),
        place=draft.place,
        state=first.name,
        intake=intake,
        accountable=intake,
        stretch_since=work.now,
        created_at=work.now,
        **clocks.begin(clock=first.clock or "", sla_version=sla_version, kind="", now=work.now),
    )


def _title(draft: Draft) -> str:
    """The given title, or the first words of the text up to its first stop."""
    if draft.title.strip():
        return draft.title.strip()[:80]
    line = draft.text.strip().splitlines()[0]
    for stop in STOPS:
        line = line.split(stop)[0] or line
    return line[:TITLE_LENGTH]


@service("cases.supplement")
def supplement(
    work: Work,
    *,
    by: Actor,
    now: datetime,
    case: Case,
    text: str,
    files: Iterable[Inspected] = (),
    version: int | None = None,
) -> Case:
    """Send what the intake unit asked for; the case goes back to it."""
    del by, now
    return move(
        work,
        case=case,
        action="supplement",
        version=version,
        given={"text": text},
        said=Said(text=text, files=files),
    )


@service("cases.withdraw")
def withdraw(
    work: Work, *, by: Actor, now: datetime, case: Case, reason: str, version: int | None = None
) -> Case:
    """Take a case back before it is answered."""
    del by, now
    return move(
        work, case=case, action="withdraw", version=version, given={"reason": reason}, said=Said(text=reason)
    )


@service("cases.rate")
def rate(
    work: Work,
    *,
    by: Actor,
    now: datetime,
    case: Case,
    stars: int,
    comment: str = "",
    version: int | None = None,
) -> Case:
    """Move a case on after its firm has rated it; the rating itself is kept by the feedback room."""
    del by, now
    return move(
        work, case=case, action="rate", version=version, given={"stars": stars}, said=Said(text=comment)
    )


@service("cases.link_firm")
def link_firm(
    work: Work, *, by: Actor, now: datetime, case: Case, firm: Enterprise, version: int | None = None
) -> Case:
    """Give a case that came in with a reporter only its firm."""
    permissions.require(by, "cases.link_firm", case)
    seen = case.version if version is None else version
    changes: dict[str, Any] = {"enterprise": firm, "version": seen + 1}
    if not Case.objects.filter(pk=case.pk, version=seen, enterprise__isnull=True).update(**changes):
        raise FasterError
    Entry.objects.create(
        case=case,
        at=now,
        action="link_firm",
        from_state=case.state,
        to_state=case.state,
        by_user_id=by.user,
        by_label=by.label,
        text=firm.name,
        visibility=Visibility.INTERNAL,
    )
    work.record(case, tenant=firm.pk, firm=firm.pk)
    case.refresh_from_db()
    return case
