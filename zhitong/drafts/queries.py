"""Reading drafts: people see those of the units for which they take troubles down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import F, Q
from django.http import Http404

from zhitong.cases.models import Entry
from zhitong.core.messaging import RejectedError
from zhitong.core.phones import mask
from zhitong.core.prepared import prepared
from zhitong.core.queries import uploads_of_many
from zhitong.core.sealing import blind_index
from zhitong.core.uploads.formats import Kind
from zhitong.drafts.models import Draft, Lot, Mail, Transcript
from zhitong.drafts.states import TAKING, DraftState, Heard, Outcome, Weight
from zhitong.enterprises import queries as enterprise_queries
from zhitong.enterprises.models import Enterprise, Membership
from zhitong.kernel.notes import replace_numbers
from zhitong.notices import queries as notice_queries
from zhitong.orgs.models import Department

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from typing import Any

    from django.db.models import QuerySet

    from zhitong.core.actor import Actor
    from zhitong.core.models import Upload

SENDER = "sender of a mail"
AT_ONCE = 20  # recordings of one run


def units(actor: Actor) -> QuerySet[Department]:
    """The units for which the actor takes troubles down."""
    return Department.objects.filter(pk__in=actor.departments(*TAKING), active=True).order_by("path")


def visible(actor: Actor) -> QuerySet[Draft]:
    """The drafts of the actor's units, in the order in which they came in, the newest lot first."""
    rows = Draft.objects.filter(unit__in=actor.departments(*TAKING))
    return rows.select_related("firm", "lead", "near", "case", "lot", "unit").order_by("-lot", "line")


def get_draft(actor: Actor, pk: int) -> Draft:
    """Return a draft of the actor's units; 404 for every other."""
    row = visible(actor).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def lots(actor: Actor) -> QuerySet[Lot]:
    """What came in at the actor's units, the newest first."""
    rows = Lot.objects.filter(unit__in=actor.departments(*TAKING))
    return rows.select_related("unit", "made_by").order_by("-id")


def get_lot(actor: Actor, pk: int) -> Lot:
    """Return a lot of the actor's units; 404 for every other."""
    row = lots(actor).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def mails(actor: Actor) -> QuerySet[Mail]:
    """The e-mails that were fetched for the actor's units, the newest first."""
    rows = Mail.objects.filter(unit__in=actor.departments(*TAKING)).annotate(draft_id=F("lot__drafts"))
    return rows.select_related("unit").order_by("-id")


def mail_unit() -> Department:
    """Return the unit that takes e-mail in, as the settings name it; RejectedError for none."""
    named = settings.IMAP_UNIT
    found = Department.objects.filter(active=True).filter(Q(local_code=named) | Q(name=named))
    rows = list(found[:2]) if named else []
    if len(rows) != 1:
        raise RejectedError("no unit takes e-mail in")
    return rows[0]


def taken(box: str, validity: int, numbers: Iterable[int]) -> frozenset[int]:
    """Those of a folder's mails that were taken in."""
    rows = Mail.objects.filter(box=box, validity=validity, uid__in=list(numbers))
    return frozenset(rows.values_list("uid", flat=True))


def came_in(unit: Department, digest: str) -> bool:
    """Whether a mail that says the same, with the same number, is a draft of the unit."""
    return Mail.objects.filter(unit=unit, digest=digest, outcome=Outcome.DRAFT).exists()


def firms_of_sender(address: str) -> tuple[Enterprise, ...]:
    """The firms whose people proved that address, or for which mails from it were entered as cases."""
    if not address:
        return ()
    seats = Membership.objects.filter(user__in=notice_queries.holders(address), until__isnull=True)
    before = Draft.objects.filter(
        lot__mail__sender_index=blind_index(address, place=SENDER), state=DraftState.ENTERED
    )
    wanted = {*seats.values_list("enterprise", flat=True), *before.values_list("firm", flat=True)} - {None}
    tops = {enterprise_queries.standing(firm) for firm in Enterprise.objects.filter(pk__in=wanted)}
    return tuple(sorted(tops, key=lambda firm: firm.pk))


def may_be_sent(upload: Upload) -> bool:
    """Whether a recording may leave the system: it is of a draft, or of a case that is not confidential."""
    label, _, key = upload.subject.partition(":")
    if label == "drafts.draft":
        return True
    return label == "cases.entry" and Entry.objects.filter(pk=int(key), case__confidential=False).exists()


def recordings(case: int) -> list[str]:
    """The recordings that came with a case."""
    found = uploads_of_many(f"cases.entry:{pk}" for pk in _entries(case))
    return [str(row.pk) for row in found if row.kind == Kind.AUDIO]


@prepared
def _entries(case: int) -> QuerySet[Entry, int]:
    return Entry.objects.filter(case=case).values_list("pk", flat=True)


def transcript(pk: int) -> Transcript:
    """Return what is kept of a recording that a machine should hear."""
    return Transcript.objects.select_related("upload").get(pk=pk)


def transcripts_due(now: datetime) -> list[int]:
    """The recordings that wait for a try, the oldest first."""
    free = Q(taken_until__isnull=True) | Q(taken_until__lte=now)
    rows = Transcript.objects.filter(free, state=Heard.WAITING, next_at__lte=now).order_by("id")
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])


def transcripts(subjects: Iterable[str]) -> list[Transcript]:
    """What a machine heard in the recordings that hang on some rows, or is still to hear."""
    return _transcripts(tuple(subjects))


@prepared
def _transcripts(subjects: tuple[str, ...]) -> QuerySet[Transcript]:
    rows = Transcript.objects.filter(upload__subject__in=subjects)
    return rows.select_related("upload").order_by("id")


def transcripts_of_case(case: int) -> list[Transcript]:
    """What a machine heard in the recordings of a case."""
    return transcripts(f"cases.entry:{pk}" for pk in _entries(case))


def hidden(text: str) -> str:
    """Return a text with the middle of each telephone number hidden: numbers are kept sealed, beside it."""
    return replace_numbers(text, mask)


def narrow(rows: QuerySet[Draft], filters: Mapping[str, Any]) -> QuerySet[Draft]:
    """Narrow drafts by lot, state, what is said against them, and words."""
    rows = rows.filter(state=filters.get("state") or DraftState.OPEN)
    if filters.get("lot"):
        rows = rows.filter(lot=filters["lot"])
    if filters.get("q"):
        rows = rows.filter(text__icontains=filters["q"])
    remark = filters.get("remark")
    if remark == "none":
        rows = rows.filter(weight="")
    elif remark in Weight.values:
        rows = rows.filter(weight=remark)
    if filters.get("firmless"):
        rows = rows.filter(firm__isnull=True)
    return rows


def open_number(actor: Actor, limit: int = 100) -> int:
    """How many drafts wait at the actor's units, counted to a bound."""
    return visible(actor).filter(state=DraftState.OPEN).order_by()[:limit].count()
