"""Nothing that leads to a protected reporter reaches anybody who may not know it: every page for everybody.

The pages are those of the access table and those that their links and searches lead to, so that a new page is
walked without being listed anywhere. All of A's cases become protected ones, and their texts name the firm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from tests.access import table
from tests.access.doors import Answer, outcome, untouched
from tests.access.forms import forms_of
from tests.access.people import ACCOUNTS
from tests.access.world import NOW
from zhitong.cases.models import Case, Entry
from zhitong.core import permissions

pytest_plugins = ["tests.access.fixtures"]

NAME, OLD, CODE = "KrFirmA", "Quohog Works", "91350111MA0QUAHG7X"
PERSON, PHONE, ADDRESS = "KrMemberA", "13912345678", "9 Quohog Lane"
SECRETS = (NAME, NAME.lower(), OLD, CODE, PERSON, PHONE, "139 1234 5678", ADDRESS)
SAID = f"We are {NAME} (once {OLD}, {CODE}), {ADDRESS}; ask for {PERSON} own or {PERSON} caller on {PHONE} or 139 1234 5678."
# The register names firms, which is what it is for: its pages may not know of the cases.
REGISTER = ("enterprises:", "api:enterprises")
KNOW = frozenset({"dispatcher:own", "firm_member:own", "firm_admin:own"})


@pytest.fixture
def hidden(world: Any) -> list[Case]:
    """The cases of A's firm, all of them protected; what the firm says in them names it."""
    firm = world.firms["a"]
    firm.former_names.create(name=OLD, until=NOW)
    type(firm).objects.filter(pk=firm.pk).update(address=ADDRESS, code=CODE)
    mine = Case.objects.filter(enterprise=firm)
    # What came in without a firm only names one: it is nobody's protected case.
    Case.objects.filter(pk=world.rows["stray"].pk).update(reporter="somebody")
    # Only a merged case can be no protected one; it stands in nobody's way here.
    mine.filter(state="merged").update(enterprise=world.firms["b"], reporter="KrMemberB", title="B", text="B")
    mine.update(confidential=True, protected=True, text=SAID, reporter=f"{PERSON} own", place=ADDRESS)
    for case in mine:
        Entry.objects.create(
            case=case, at=NOW, action="urge", from_state=case.state, to_state=case.state, visibility="firm",
            by_user=world.users["firm_member:own"], by_label=f"{PERSON} own", text=SAID,
        )  # fmt: skip
    return list(mine.select_related("enterprise", "intake"))


def complaints(answer: Answer, place: str, cases: list[Case]) -> list[str]:
    """What an answer to somebody who may not know gives away."""
    shown = sorted({word for word in SECRETS if word in answer.everything})
    named = [case.number for case in cases if names(answer.everything, case)]
    if shown and (named or not place.startswith(REGISTER)):
        at = answer.everything.index(shown[0])
        around = answer.everything[max(at - 60, 0) : at + 60]
        return [f"{place} shows {', '.join(shown)} with {', '.join(named[:2]) or 'no case'}: {around!r}"]
    return []


def names(text: str, case: Case) -> bool:
    return case.number in text or f"/cases/{case.pk}/" in text


def strangers() -> list[str]:
    return [person.key for person in ACCOUNTS if person.key not in KNOW and person.relation != "unproven"]


def asked(person: str) -> Iterator[table.Row]:
    """The pages that a person may open, in a world where no reporter is protected."""
    yield from (row for row in table.rows() if row.cells["GET", person] == "page")


def walk(world: Any, person: str, cases: list[Case]) -> list[str]:
    """Open every address of the table as one person, and each once more with the firm's name searched for."""
    found = []
    for row in asked(person):
        path = row.path(world)
        with untouched():
            answer = world.doors.ask(person, "GET", path)
            found += [f"{person}: {what}" for what in complaints(answer, row.key, cases)]
            if any("q" in form.fields and form.action == path for form in forms_of(answer.text, path)):
                found += [
                    f"{person}: {row.key} finds {number}" for number in by_name(world, person, path, cases)
                ]
    return found


def by_name(world: Any, person: str, path: str, cases: list[Case]) -> Iterator[str]:
    """The protected cases that a search for what leads to the firm finds."""
    for words in (NAME, CODE, PHONE):
        answer = world.doors.ask(person, "GET", f"{path}?{urlencode({'q': words})}")
        rest = re.sub(r"<aside.*?</aside>", "", answer.text, flags=re.DOTALL)
        yield from (f"{case.number} by {words}" for case in cases if names(rest, case))


def test_the_cases_are_there_to_be_given_away(world: Any, hidden: list[Case]) -> None:
    """Without cases in sight of people who may not know of the firm the walk would prove nothing."""
    assert len(hidden) > 10
    for key in ("handler:own", "section_head:own", "leader_in_charge:own", "handler:same"):
        with untouched():
            answer = world.doors.ask(key, "GET", reverse("cases:list"))
        assert sum(names(answer.text, case) for case in hidden) > 5, key
        assert not any(permissions.may(world.actor(key), "cases.see_reporter", case) for case in hidden)


@pytest.mark.parametrize("person", strangers())
def test_nothing_leads_to_a_protected_reporter(world: Any, hidden: list[Case], person: str) -> None:
    found = walk(world, person, hidden)
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def test_who_may_know_reads_it(world: Any, hidden: list[Case]) -> None:
    """The other side of the wall: the words that were looked for do stand on these pages."""
    case = next(case for case in hidden if case.state == "handling")
    for key in sorted(KNOW):
        with untouched():
            page = world.doors.ask(key, "GET", reverse("cases:detail", args=[case.pk]))
            listed = world.doors.ask(key, "GET", f"{reverse('cases:list')}?q={NAME}")
        assert outcome(page) == "page"
        assert [word for word in (NAME, OLD, CODE, PERSON, PHONE, ADDRESS) if word not in page.text] == [], (
            key
        )
        assert names(listed.text, case)
