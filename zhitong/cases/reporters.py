"""Who is behind a case, for those who may know: of a protected reporter others read neither firm nor name.

Every page, list, file and search that names the firm of a case asks here. An actor of None stands for whoever
gets a paper or an address into their hands: they are told of no protected reporter.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhitong.cases.states import flow
from zhitong.core import permissions
from zhitong.core.actor import Role, Side
from zhitong.enterprises import queries as enterprise_queries

if TYPE_CHECKING:
    from zhitong.cases.models import Case, Entry
    from zhitong.core.actor import Actor
    from zhitong.enterprises.models import Enterprise

PROTECTED = _("Protected reporter")
HIDDEN = "***"  # for a name in a text; titles are kept with it, so it belongs to no language
SHORTEST = 2  # signs of a name that is looked for in a text
MOBILE = r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"
NUMBERS = rf"{MOBILE}|(?<!\d)0\d{{2,3}}[- ]?\d{{7,8}}(?!\d)"


def known(actor: Actor | None, case: Case) -> bool:
    """Whether an actor may know who is behind a case."""
    return not case.protected if actor is None else permissions.may(actor, "cases.see_reporter", case)


def known_to(actor: Actor | None) -> Q:
    """Return the condition that an actor may know who is behind a case: `known` for rows."""
    if actor is None:
        return Q(protected=False)
    if actor.side is Side.SYSTEM:
        return Q()
    taking_in = Q(intake__in=actor.departments(Role.DISPATCHER))
    return Q(protected=False) | taking_in | Q(enterprise__in=actor.enterprises)


def firm_of(actor: Actor | None, case: Case) -> Enterprise | None:
    """Return the firm of a case; None where it is not known yet, or not to this actor."""
    return case.enterprise if known(actor, case) else None


def whose(actor: Actor | None, case: Case) -> str:
    """Return the name of a case's firm, or of who reported it without one, as the actor may read it."""
    if not known(actor, case):
        return str(PROTECTED)
    return case.enterprise.name if case.enterprise is not None else case.reporter


def reporter_of(actor: Actor | None, case: Case) -> str:
    """Return the name of the person who said it, as the actor may read it."""
    return case.reporter if known(actor, case) else str(PROTECTED)


def who(actor: Actor | None, case: Case, entry: Entry) -> str:
    """Return who did a step, as the actor may read it; the office's own people are always named."""
    return entry.who if not is_firms(case, entry) or known(actor, case) else str(PROTECTED)


def is_firms(case: Case, entry: Entry) -> bool:
    """Whether a line of a timeline is the firm's."""
    row = flow(case.flow_version).actions.get(entry.action)
    return entry.action == "submit" or (row is not None and row.side == "firm")


def said(actor: Actor | None, case: Case, text: str | None) -> str:
    """Return words about a case with what names its reporter blotted out, if the actor may not know it."""
    if not text or known(actor, case):
        return text or ""
    kept = case.__dict__
    if "_names" not in kept:
        kept["_names"] = _pattern(case.enterprise, case.reporter)
    found: re.Pattern[str] = kept["_names"]
    return found.sub(HIDDEN, text)


def blotted(text: str, *, firm: Enterprise | None, reporter: str) -> str:
    """Return a text without the names of a firm and a person and without telephone numbers."""
    return _pattern(firm, reporter).sub(HIDDEN, text)


def _pattern(firm: Enterprise | None, reporter: str) -> re.Pattern[str]:
    words = {reporter.strip(), *(enterprise_queries.called(firm) if firm is not None else ())}
    names = sorted((word for word in words if len(word) >= SHORTEST), key=len, reverse=True)
    return re.compile("|".join([*map(re.escape, names), NUMBERS]), re.IGNORECASE)
