"""How a trouble becomes a case, and a stray case gets its firm."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext_noop

from zhitong.cases import finding, reporters
from zhitong.cases.models import Case, Entry
from zhitong.cases.services import clocks
from zhitong.cases.states import Channel, Visibility, flow, urgent_kinds, versions_on
from zhitong.core import numbers, permissions
from zhitong.core.clock import local_date
from zhitong.core.errors import FasterError, FieldError
from zhitong.core.prepared import prepared
from zhitong.core.queries import uploads_of
from zhitong.core.service import Work, service
from zhitong.core.services import keep_uploads
from zhitong.enterprises import queries as enterprise_queries
from zhitong.enterprises.models import Enterprise
from zhitong.orgs import queries as orgs_queries

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

    from zhitong.core.actor import Actor
    from zhitong.core.uploads.inspect import Inspected
    from zhitong.orgs.models import Department

TITLE_LENGTH = 40
SAME_AGAIN = timedelta(minutes=10)  # within it the same words and files are the same case
LAST_FEW = 50
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
    confidential: bool = False
    accused: Department | None = None
    protected: bool = False  # the reporter's name stays with those who take the case in
    urgent: bool = False  # production stands still or people are in danger
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
                self.confidential,
                self.accused and self.accused.pk,
                (self.urgent, self.protected, self.reporter, self.region),
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
    said = _said_already(work, draft, firm)
    if said is not None:
        work.record(said, tenant=said.enterprise_id, repeated=True)
        return said
    case = make_case(work, draft, firm, submitted_by=by.user)
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


def _said_already(work: Work, draft: Draft, firm: Enterprise | None) -> Case | None:
    """The case that the same person made of the same words and files a moment ago.

    The key of a form does not know it: with the back button the browser fetches a new one with the page.
    """
    if firm is None or work.by.user is None:
        return None
    Enterprise.objects.select_for_update().only("pk").get(pk=firm.pk)  # of two at once the second waits here
    title, text = _title(draft, firm, work.by), draft.text.strip()
    twins = _twins(firm.pk, work.by.user, work.now - SAME_AGAIN, title, text, draft.place)
    contents = sorted(file.sha256 for file in draft.files)
    for case in twins:
        first = case.entries.get(action="submit")
        kept = uploads_of(f"cases.entry:{first.pk}").values_list("sha256", flat=True)
        if sorted(kept) == contents:
            return case
    return None


@prepared
def _twins(firm: int, user: int, since: datetime, title: str, text: str, place: str) -> QuerySet[Case]:
    # Of a firm that has said a thousand things, only the last few can be a moment old.
    last = Case.objects.filter(enterprise=firm).order_by("-id").values("pk")[:LAST_FEW]
    rows = Case.objects.filter(pk__in=last, submitted_by=user, created_at__gt=since)
    # Who took it back and says it again means it.
    return rows.filter(ended_at__isnull=True, title=title, text=text, place=place)


def make_case(work: Work, draft: Draft, firm: Enterprise | None, *, submitted_by: int | None) -> Case:
    """Make the case of a draft, for services of this room; the unit of its place takes it in."""
    _flow, sla_version = versions_on(local_date(work.now))
    return begin_case(
        now=work.now,
        kind=next(iter(urgent_kinds(sla_version)), "") if draft.urgent else "",
        intake=_intake(_places(firm, draft), draft.accused),
        enterprise=firm,
        reporter=draft.reporter or work.by.label,
        submitted_by_id=submitted_by,
        channel=draft.channel,
        original_number=draft.original_number,
        title=_title(draft, firm, work.by),
        text=draft.text.strip(),
        place=draft.place,
        confidential=draft.confidential or draft.protected or draft.accused is not None,
        accused=draft.accused,
        protected=draft.protected,
    )


def begin_case(*, now: datetime, kind: str, intake: Department, **columns: Any) -> Case:
    """Make a case that begins today, with number, owner and first clock; for services of this room."""
    today = local_date(now)
    flow_version, sla_version = versions_on(today)
    first = flow(flow_version).state(flow(flow_version).initial)
    number = numbers.take("case", today.year)
    case = Case.objects.create(
        number=f"{settings.CASE_PREFIX}-{today.year}-{number:06d}",
        flow_version=flow_version,
        sla_version=sla_version,
        kind=kind,
        state=first.name,
        intake=intake,
        accountable=intake,
        stretch_since=now,
        created_at=now,
        **columns,
        **clocks.begin(clock=first.clock or "", sla_version=sla_version, kind=kind, now=now),
    )
    finding.index([case])
    return case


def _places(firm: Enterprise | None, draft: Draft) -> tuple[str, ...]:
    """The regions whose unit may take a case in, the narrowest first: park, street, district."""
    if firm is None:
        return (draft.region,)
    return (firm.park.region if firm.park else "", firm.street, firm.region)


def _intake(places: tuple[str, ...], accused: Department | None) -> Department:
    """The unit that takes a place's cases in; where the case is about that unit, the next one outside it."""
    unit = orgs_queries.intake_department(*places)
    if accused is None or not unit.path.startswith(accused.path):
        return unit
    outside = orgs_queries.intake_outside(accused)
    if outside is None:
        raise FieldError(
            "accused", gettext_noop("Every unit that could take this in belongs to the one it is about.")
        )
    return outside


def _title(draft: Draft, firm: Enterprise | None, by: Actor) -> str:
    title = draft.title.strip()[:80] or title_of(draft.text)
    return unnamed(title, draft.text, firm, draft.reporter or by.label) if draft.protected else title


def unnamed(title: str, text: str, firm: Enterprise | None, reporter: str) -> str:
    """Return the title of a protected reporter's case: it stands in lists and messages and names nobody.

    The first words of a text are blotted out before they are cut: half a name is a name, too.
    """
    if title == title_of(text):
        return title_of(reporters.blotted(text, firm=firm, reporter=reporter))
    return reporters.blotted(title, firm=firm, reporter=reporter)[:80]


def title_of(text: str) -> str:
    """Return the first words of a text up to its first stop."""
    line = text.strip().splitlines()[0]
    for stop in STOPS:
        line = line.split(stop)[0] or line
    return line[:TITLE_LENGTH]


@service("cases.link_firm")
def link_firm(
    work: Work, *, by: Actor, now: datetime, case: Case, firm: Enterprise, version: int | None = None
) -> Case:
    """Give a case that came in with a reporter only its firm."""
    permissions.require(by, "cases.link_firm", case)
    if case.enterprise_id is not None:
        raise FasterError
    if not enterprise_queries.visible(by).filter(pk=firm.pk).exists():
        raise FieldError("firm", gettext_noop("Choose a firm of your territory."))
    seen = case.version if version is None else version
    changes: dict[str, Any] = {"enterprise": firm, "version": seen + 1}
    if case.protected:
        changes["title"] = unnamed(case.title, case.text, firm, case.reporter)
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
    finding.index([case])
    return case
