"""What somebody says about a firm and a period, and who confirms it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from zhitong.core import permissions
from zhitong.core.actor import Side
from zhitong.core.clock import local_date
from zhitong.core.errors import FasterError, FieldError, NotPermittedError
from zhitong.core.service import Work, service
from zhitong.enterprises.facts import LARGEST, STATED, State, kinds_on, period_end, table_on
from zhitong.enterprises.models import Enterprise, Fact
from zhitong.enterprises.services.traces import resize, tell

if TYPE_CHECKING:
    from datetime import date, datetime

    from zhitong.core.actor import Actor

OWN_SOURCE = "firm"


@service("enterprises.state_fact")
def state_fact(  # noqa: PLR0913 - the parts of a statement
    work: Work,
    *,
    by: Actor,
    now: datetime,
    enterprise: Enterprise,
    kind: str,
    period: str,
    source: str,
    value: int | None = None,
    state: str = State.KNOWN,
    evidence: str = "",
) -> Fact:
    """Write down what a source says about a firm, a kind and a period; what it said before is kept.

    `value` is whole, in the unit of the kind (money in fen). A firm speaks only for itself, as source `firm`.
    """
    permissions.require(by, "enterprises.state_fact", enterprise)
    check_fact(kind, period, source, value, state, local_date(now))
    if by.side is Side.FIRM and source != OWN_SOURCE:
        raise FieldError("source", gettext_noop("A firm can state facts in its own name only."))
    Fact.objects.filter(
        enterprise=enterprise, kind=kind, period=period, source=source, replaced_at__isnull=True
    ).update(replaced_at=now)
    fact = Fact(
        enterprise=enterprise,
        kind=kind,
        period=period,
        source=source,
        state=state,
        value=value,
        evidence=evidence,
        stated_at=now,
        stated_by_id=by.user,
    )
    try:
        with transaction.atomic():
            fact.save(force_insert=True)
    except IntegrityError as error:  # the same source said something else at the same moment
        raise FasterError from error
    resize(enterprise, now=now)
    tell(enterprise, now=now, action="fact")
    work.record(fact, tenant=enterprise.pk, kind=kind, period=period, source=source, value=value, state=state)
    return fact


def check_fact(kind: str, period: str, source: str, value: int | None, state: str, today: date) -> None:
    """Raise FieldError on the first part of a statement that cannot be right."""
    known = kinds_on(today).get(kind)
    if known is None:
        raise FieldError("kind", gettext_noop("Choose one of the kinds of fact in the list."))
    end = period_end(period)
    if end is None:
        raise FieldError("period", gettext_noop("Write a period like 2025, 2025-Q3 or 2025-07."))
    if end > today:
        raise FieldError("period", gettext_noop("This period is not over yet."))
    if source not in table_on(today)["sources"]:
        raise FieldError("source", gettext_noop("Choose one of the sources in the list."))
    if state not in STATED or (state == State.KNOWN) != (value is not None):
        raise FieldError("value", gettext_noop("Give a value, or say that the fact does not apply."))
    if value is not None and not (-LARGEST if known.negative else 0) <= value <= LARGEST:
        raise FieldError("value", gettext_noop("This value cannot be right. Check the number and its unit."))


@service("enterprises.confirm_fact")
def confirm_fact(work: Work, *, by: Actor, now: datetime, fact: Fact) -> Fact:
    """Confirm a statement that somebody else made; it then outranks those that nobody confirmed."""
    permissions.require(by, "enterprises.confirm_fact", fact.enterprise)
    if by.user is None:
        raise NotPermittedError  # only a person can confirm
    if fact.stated_by_id == by.user:
        raise FieldError("fact", gettext_noop("Somebody else has to confirm what you stated yourself."))
    waiting = Fact.objects.filter(pk=fact.pk, replaced_at__isnull=True, confirmed_at__isnull=True)
    if not waiting.update(confirmed_at=now, confirmed_by=by.user):
        raise FasterError
    fact.refresh_from_db()
    resize(fact.enterprise, now=now)
    tell(fact.enterprise, now=now, action="fact")
    work.record(fact, tenant=fact.enterprise_id, kind=fact.kind, period=fact.period)
    return fact
