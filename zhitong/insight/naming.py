"""What could tell whose case a precedent was made from: its firm, people and numbers, found in any text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhitong.enterprises import queries as enterprise_queries
from zhitong.insight.states import rules
from zhitong.kernel.text import Recognised, Recogniser

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from zhitong.cases.models import Case

LONG = 5  # signs of a place that is more than "north gate"


def recogniser(case: Case, day: date) -> Recogniser:
    """Return what finds the names and numbers of a case in a text."""
    return Recogniser.parse(rules(day)["recognise"], _known(case))


def _known(case: Case) -> dict[str, Iterable[str]]:
    people = {case.reporter, case.submitted_by.name if case.submitted_by else ""}
    firm: set[str] = set()
    places = {case.place} if len(case.place) >= LONG else set()
    if case.enterprise is not None:
        staff = {row.name for row in case.enterprise.contact_people.all()}
        staff |= {row.user.name for row in case.enterprise.memberships.select_related("user")}
        people |= staff
        places.add(case.enterprise.address)
        called = set(enterprise_queries.called(case.enterprise))
        firm = called - staff - {case.enterprise.address, case.enterprise.code}
    officials = {user.name for user in (case.person, case.answered_by) if user is not None}
    return {
        "firm": firm,
        "place": places,
        "number": {case.number, case.original_number},
        "person": people - firm,
        "officer": officials,
    }


def without_names(case: Case, texts: dict[str, str], day: date) -> tuple[dict[str, str], list[Recognised]]:
    """Return texts of a case with words in place of names and numbers, and what was taken out, each once."""
    found, taken = recogniser(case, day), {}
    plain = {}
    for name, text in texts.items():
        plain[name], rows = found.replaced(text, rules(day)["replace"])
        taken |= {(row.kind, row.text): row for row in rows}
    return plain, list(taken.values())
