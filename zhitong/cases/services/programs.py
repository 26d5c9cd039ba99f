"""What other programs do with cases: send one on behalf of somebody, add to it later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.cases import queries
from zhitong.cases.services.firms_steps import append, supplement
from zhitong.cases.services.handling import note
from zhitong.cases.services.submitting import Draft, submit
from zhitong.cases.states import Channel, Visibility
from zhitong.core import permissions
from zhitong.core.actor import Side
from zhitong.core.errors import ConflictError, FieldError, NotPermittedError
from zhitong.core.service import Work, service
from zhitong.enterprises import queries as enterprise_queries
from zhitong.enterprises.models import ApiToken, Enterprise
from zhitong.kernel.codes import normalise

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Sent:
    """What a program says about a trouble; `firm` is a credit code."""

    text: str
    original_number: str
    title: str = ""
    place: str = ""
    firm: str | None = None
    reporter: str = ""
    region: str = ""
    urgent: bool = False


@service("cases.receive")
def receive(work: Work, *, by: Actor, now: datetime, sent: Sent) -> Case:
    """Take a case in that a program sends; the same number with the same words is the same case."""
    permissions.require(by, "cases.submit")
    if by.side is not Side.MACHINE:
        raise NotPermittedError  # people submit
    ApiToken.objects.select_for_update().get(pk=by.token)  # of two at once the second waits here
    if not sent.text.strip():
        raise FieldError("text", gettext_noop("Please say what the trouble is."))
    twin = _sent_already(by, sent)
    case = twin or _submitted(by, now, sent)
    work.record(
        case, tenant=case.enterprise_id, original_number=sent.original_number, repeated=twin is not None
    )
    return case


def _submitted(by: Actor, now: datetime, sent: Sent) -> Case:
    firm = _firm(by, sent)
    case = submit(by=by, now=now, draft=_draft(sent), firm=firm)
    if firm is None and not enterprise_queries.reaches(by.regions, case.intake.region):
        raise FieldError(
            "region", gettext_noop("Within the regions of this key no unit takes in what happens there.")
        )
    return case


def _sent_already(by: Actor, sent: Sent) -> Case | None:
    rows = queries.visible(by).filter(channel=Channel.IMPORT, original_number=sent.original_number)
    case = rows.order_by("pk").first()
    if case is not None and case.text != sent.text.strip():
        raise ConflictError(
            gettext_noop("The number %(original)s already stands for case %(number)s, with other words."),
            original=sent.original_number,
            number=case.number,
        )
    return case


def _firm(by: Actor, sent: Sent) -> Enterprise | None:
    """Return the firm that a program names; without one it has to say where the matter lies."""
    if sent.firm is None:
        if not sent.region or not enterprise_queries.reaches(by.regions, sent.region):
            raise FieldError(
                "region", gettext_noop("Name a region of this key, or a firm that lies within one.")
            )
        return None
    row = enterprise_queries.visible(by, merged=True).filter(code=normalise(sent.firm)[:18]).first()
    firm = enterprise_queries.standing(row) if row else None
    if firm is None or not enterprise_queries.visible(by).filter(pk=firm.pk).exists():
        raise FieldError("firm", gettext_noop("No firm with this code lies within the regions of this key."))
    return firm


def _draft(sent: Sent) -> Draft:
    return Draft(
        text=sent.text,
        title=sent.title,
        place=sent.place,
        channel=Channel.IMPORT,
        reporter=sent.reporter,
        original_number=sent.original_number,
        region=sent.region,
        urgent=sent.urgent,
    )


@service("cases.say_more")
def say_more(work: Work, *, by: Actor, now: datetime, case: Case, text: str) -> Case:
    """Add what a program heard: the supplement a case waits for, something after its end, or a word."""
    permissions.require(by, "cases.say_more", case)
    if not text.strip():
        raise FieldError("text", gettext_noop("Please fill in this field."))
    if case.state == "returned":
        done = supplement(by=by, now=now, case=case, text=text)
    elif case.state == "closed":
        done = append(by=by, now=now, case=case, text=text)
    else:
        done = note(by=by, now=now, case=case, text=text, visibility=Visibility.FIRM)
    work.record(done, tenant=done.enterprise_id, state=done.state)
    return done
