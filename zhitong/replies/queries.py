"""Reading what lies with units without accounts, links and replies; what one may not see is not found."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import Http404

from zhitong.cases import queries as case_queries
from zhitong.cases.models import Assist, Case
from zhitong.cases.states import AssistState
from zhitong.core import permissions
from zhitong.core.actor import Side
from zhitong.core.hanging import hangs
from zhitong.orgs import queries as org_queries
from zhitong.replies.models import Reply, ReplyLink, ReplySheet
from zhitong.replies.states import LED, ReplyState

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from zhitong.core.actor import Actor
    from zhitong.orgs.models import Department

OPEN_PARTS = (AssistState.SENT, AssistState.TAKEN)
OF_CASE = ("case", "case__enterprise", "case__lead", "case__intake", "case__accountable", "case__person")
OF_ROW = (*OF_CASE, "department", "assist", "assist__case", "assist__case__lead", "assist__case__intake")


@dataclass(frozen=True, slots=True)
class Matter:
    """What lies with a unit: a case that it leads, or a part that it was asked for."""

    case: Case
    department: Department
    assist: Assist | None = None

    @property
    def kind(self) -> str:
        """How the address of its pages calls it."""
        return "lead" if self.assist is None else "part"

    @property
    def pk(self) -> int:
        """The number of the case or of the part."""
        return self.case.pk if self.assist is None else self.assist.pk

    @property
    def due_at(self) -> datetime | None:
        """When the reply is due."""
        return self.case.due_at if self.assist is None else self.assist.due_at

    @property
    def wanted(self) -> str:
        """What the unit is asked for; empty for a lead, which answers the whole case."""
        return "" if self.assist is None else self.assist.wanted

    @property
    def key(self) -> tuple[int, int]:
        """What links and replies are matched by."""
        return (self.case.pk, self.department.pk)

    def given(self) -> dict[str, Any]:
        """Return the rows as services take them."""
        return {"case": self.case, "department": self.department, "assist": self.assist}

    @property
    def open(self) -> bool:
        """Whether a reply still has a place to go to."""
        if self.assist is not None:
            return self.assist.state in OPEN_PARTS
        return self.case.state in LED and self.case.lead_id == self.department.pk


def matters(actor: Actor, *, case: int | None = None) -> list[Matter]:
    """What lies with units without accounts and in the actor's sight, by unit, then the most urgent first."""
    if actor.side is Side.FIRM:
        return []
    units = org_queries.without_accounts().values("pk")
    seen = case_queries.visible(actor)
    led = seen.filter(lead__in=units, state__in=LED)
    parts = Assist.objects.filter(case_queries.in_sight(actor), department__in=units, state__in=OPEN_PARTS)
    if case is not None:
        led, parts = led.filter(pk=case), parts.filter(case=case)
    found = [Matter(row, row.lead) for row in led if row.lead is not None]
    found += [Matter(row.case, row.department, row) for row in parts.select_related("department", *OF_CASE)]
    return sorted(found, key=_order)


def is_concerned(case: Case) -> bool:
    """Whether a unit without accounts leads a case, helps with it or has replied: in most cases none."""
    units = org_queries.without_accounts().values("pk")
    return (
        org_queries.is_without_accounts(case.lead_id)
        or hangs(Reply, case)
        or (
            hangs(Assist, case)
            and Assist.objects.filter(case=case.pk, department__in=units, state__in=OPEN_PARTS).exists()
        )
    )


def _order(matter: Matter) -> tuple[Any, ...]:
    return (matter.department.path, matter.due_at, matter.pk, matter.kind)


def get_matter(actor: Actor, kind: str, pk: int) -> Matter:
    """Return a case or a part that lies with a unit and in the actor's sight; 404 for every other."""
    if actor.side is not Side.STAFF or kind not in {"lead", "part"}:
        raise Http404
    if kind == "part":
        assist = case_queries.get_assist(actor, pk)
        return Matter(case_queries.get_case(actor, assist.case_id), assist.department, assist)
    case = case_queries.get_case(actor, pk)
    if case.lead is None:
        raise Http404
    return Matter(case, case.lead)


def get_unit(actor: Actor, pk: int) -> Department:
    """Return a unit without accounts for which the actor may enter a reply; 404 for every other."""
    for matter in enterable(actor, pk):
        return matter.department
    raise Http404


def enterable(actor: Actor, department: int) -> list[Matter]:
    """Return what lies with a unit and the actor may enter a reply to."""
    return [
        matter
        for matter in matters(actor)
        if matter.department.pk == department and permissions.may(actor, "replies.enter", matter)
    ]


def get_sheet(actor: Actor, pk: int) -> ReplySheet:
    """Return a sheet to whoever brought it: it may hold rows about cases that nobody else sees."""
    rows = ReplySheet.objects.filter(pk=pk, entered_by__in=actor.persons)
    return _found(rows.select_related("department"))


def matter_of(row: Reply | ReplyLink) -> Matter:
    """Return what a link or a reply is about, as it is now."""
    case = Case.objects.select_related("enterprise", "lead", "intake", "accountable", "person").get(
        pk=row.case_id
    )
    if row.assist_id is None:
        return Matter(case, row.department)
    assist = Assist.objects.select_related("department", "case__lead", "case__intake").get(pk=row.assist_id)
    return Matter(case, row.department, assist)


def links(rows: Any, now: datetime) -> QuerySet[ReplyLink]:
    """The links of cases that work now."""
    live = ReplyLink.objects.filter(used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now)
    return live.filter(case__in=rows).select_related("made_by")


def get_link(actor: Actor, pk: int) -> ReplyLink:
    """Return a link whose case lies in the actor's sight; 404 for every other."""
    return _found(_of(actor, ReplyLink.objects.filter(pk=pk)))


def replies(actor: Actor) -> QuerySet[Reply]:
    """The replies to cases in the actor's sight."""
    return _of(actor, Reply.objects.select_related("entered_by", "decided_by", "sheet"))


def get_reply(actor: Actor, pk: int) -> Reply:
    """Return a reply to a case in the actor's sight; 404 for every other."""
    return _found(replies(actor).filter(pk=pk))


def waiting(actor: Actor) -> QuerySet[Reply]:
    """The replies that wait to be taken in, oldest first."""
    return replies(actor).filter(state=ReplyState.WAITING).order_by("at", "id")


def _of(actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
    if actor.side is not Side.STAFF:
        return rows.none()
    return rows.filter(case_queries.in_sight(actor)).select_related(*OF_ROW)


def _found(rows: QuerySet[Any]) -> Any:
    row = rows.first()
    if row is None:
        raise Http404
    return row


def digest(token: str) -> str:
    """Return what is kept of a token: it is random and long, so a plain hash does."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_of(token: str) -> ReplyLink | None:
    """Return the link of a token, whether it still works or not; None for every other text."""
    return ReplyLink.objects.filter(token_hash=digest(token)).select_related(*OF_ROW).first()


def works(link: ReplyLink, now: datetime) -> bool:
    """Whether a link may still be answered."""
    unused = link.used_at is None and link.revoked_at is None and now < link.expires_at
    return unused and not link.case.confidential and matter_of(link).open


def reminders(now: datetime) -> QuerySet[ReplyLink]:
    """The links that work and have not been answered."""
    return (
        ReplyLink.objects.filter(used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now)
        .select_related(*OF_ROW, "made_by")
        .order_by("id")
    )
