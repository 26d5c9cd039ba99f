"""The ledger of contacts: who was with a firm, who plans to be, and what the caps leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from zhitong.enterprises.caps import Question, caps_on, stretch
from zhitong.enterprises.models import Contact, ContactCount, Enterprise
from zhitong.enterprises.queries.register import running_titles
from zhitong.enterprises.queries.scope import get_firm, same_firm
from zhitong.enterprises.words import ContactState

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from zhitong.core.actor import Actor
    from zhitong.enterprises.caps import Caps


def ledger(firm: Enterprise) -> QuerySet[Contact]:
    """Every contact with a firm, newest first."""
    return Contact.objects.filter(enterprise__in=same_firm(firm)).select_related(
        "department", "person", "joined"
    )


def get_contact(actor: Actor, pk: int) -> Contact:
    """Return a contact with a firm that the actor may see; 404 for every other."""
    row = Contact.objects.filter(pk=pk).select_related("enterprise", "department", "person").first()
    if row is None:
        raise Http404
    get_firm(actor, row.enterprise_id)
    return row


def is_key(firm: Enterprise, caps: Caps, today: date) -> bool:
    """Whether a firm counts as a key firm for the caps."""
    if firm.size in caps.key_sizes:
        return True
    held = running_titles(today).filter(enterprise__in=same_firm(firm), kind__in=caps.key_titles)
    return held.exists()


def used(firm: Enterprise, question: Question, *, but: Enterprise | None = None) -> dict[str, int]:
    """How often each cap that a contact would count in was used already, by the cap's key.

    Counted on all entries of the firm, or on all `but` one.
    """
    caps = caps_on(question.day)
    wanted = {cap.key: stretch(cap, question) for cap in caps.of(question)}
    entries = same_firm(firm) - ({but.pk} if but else set())
    found: dict[str, int] = {}
    for row in ContactCount.objects.filter(enterprise__in=entries, cap__in=wanted):
        if wanted[row.cap] == row.stretch:
            found[row.cap] = found.get(row.cap, 0) + row.used
    return found


def last_contact(firm: Enterprise) -> Contact | None:
    """Who was with the firm last."""
    return ledger(firm).filter(state=ContactState.DONE).first()


def planned(firm: Enterprise) -> QuerySet[Contact]:
    """What is planned with the firm, soonest first."""
    return ledger(firm).filter(state=ContactState.PLANNED).order_by("day", "id")
