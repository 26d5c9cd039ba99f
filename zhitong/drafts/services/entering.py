"""Entering a draft as a case, and sending it on in the same step where the reader may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.cases import services as case_services
from zhitong.core import permissions
from zhitong.core.errors import FieldError, RefusedError
from zhitong.core.queries import uploads_of
from zhitong.core.service import Work, service
from zhitong.core.services import move_uploads
from zhitong.drafts.services.changing import step
from zhitong.drafts.services.receiving import refuse_ended
from zhitong.drafts.states import DraftState, Weight

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor
    from zhitong.drafts.models import Draft
    from zhitong.orgs.models import Department, User

NOT_YET = gettext_noop("Mend what is marked first.")
FIRST_KIND = gettext_noop("Choose the kind of matter before a department is charged with it.")


@dataclass(frozen=True, slots=True)
class Way:
    """How far a new case goes at once: accepted as a kind, charged to a department; else only submitted."""

    kind: str = ""
    lead: Department | None = None
    person: User | None = None
    message: str = ""

    @property
    def fingerprint(self) -> str:
        """What makes two ways the same."""
        return repr((self.kind, self.lead and self.lead.pk, self.person and self.person.pk, self.message))


@service("drafts.enter")
def enter(
    work: Work, *, by: Actor, now: datetime, draft: Draft, way: Way | None = None, version: int | None = None
) -> Draft:
    """Make the case of a draft; accept and dispatch it at once where the case lies with the reader's unit."""
    permissions.require(by, "drafts.enter", draft)
    refuse_ended(draft)
    if draft.weight == Weight.ERROR:
        raise RefusedError(NOT_YET)
    way = way or Way()
    if way.lead is not None and not way.kind:
        raise FieldError("kind", FIRST_KIND)
    case = _case(draft, by=by, now=now)
    after = step(
        draft, seen=version, was=DraftState.OPEN, changed_at=now, changed_by=by.user,
        state=DraftState.ENTERED, case=case,
    )  # fmt: skip
    case = _send_on(case, way, by=by, now=now)
    files = uploads_of(f"drafts.draft:{draft.pk}")
    if files.exists():
        entry = case.entries.get(action="register")
        move_uploads(work, subject=f"drafts.draft:{draft.pk}", to=f"cases.entry:{entry.pk}")
    work.record(after, unit=after.unit_id, case=case.pk, state=case.state)
    return after


def _case(draft: Draft, *, by: Actor, now: datetime) -> Case:
    given = case_services.Draft(
        text=draft.text,
        title=draft.title,
        place=draft.place,
        channel=draft.channel,
        reporter=draft.contact or draft.firm_text,
        original_number=draft.original_number,
        region=draft.unit.region,
        urgent=draft.urgent,
    )
    return case_services.register(by=by, now=now, draft=given, firm=draft.firm)


def _send_on(case: Case, way: Way, *, by: Actor, now: datetime) -> Case:
    """Accept and dispatch as far as the reader may; another unit's case waits for its dispatcher."""
    if not way.kind or not permissions.may(by, "cases.accept", case):
        return case
    case = case_services.accept(by=by, now=now, case=case, kind=way.kind)
    if way.lead is None:
        return case
    return case_services.dispatch(
        by=by, now=now, case=case, lead=way.lead, person=way.person, message=way.message
    )
