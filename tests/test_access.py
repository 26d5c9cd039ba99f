"""Every address for everybody: the access table of tests/access/table.toml, cell by cell.

Each cell is one request by one person. A refused one must show no word of anybody's data; an allowed one must show
what it is for, and nothing of another tenant.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from tests.access import table
from tests.access.doors import Answer, ask, outcome, pages_after, untouched
from tests.access.inputs import BESIDE, INPUTS, valid
from tests.access.people import CASE_A, CASE_B, DRAFT_A, NOTES, PEOPLE, TOKENS, forbidden
from tests.support import session
from zhitong.cases.models import Case
from zhitong.core.actor import Role

pytest_plugins = ["tests.access.fixtures"]

REFUSED = frozenset({"sign_in", "again", "set_up", "forbidden", "missing", "no_method"})
# What a refused request may write: that it was refused, the session of the asking person, wrong tries.
NOTED = ("core_audit", "django_session", "axes_")


def words_of(said: str, tokens: frozenset[str]) -> list[str]:
    return sorted(token for token in tokens if token in said)


def complaints(cell: table.Cell, answer: Answer, written: list[str], more: str = "") -> list[str]:
    """What is wrong with the answer to a cell's question, and with the pages after it, as sentences."""
    found = []
    said = answer.everything + more
    happened, person = outcome(answer), PEOPLE[cell.person]
    if happened != cell.expected:
        found.append(f"{happened} instead of {cell.expected} ({answer.status} {answer.location})")
    hidden = TOKENS | NOTES if cell.expected in REFUSED else forbidden(person, shown=cell.row.shows)
    found += [f"shows {word}" for word in words_of(said, hidden)]
    if cell.expected in REFUSED:
        found += [f"was refused, yet wrote {name}" for name in written if not name.startswith(NOTED)]
    if cell.method == "GET" and cell.expected == "page":
        wanted = cell.row.returns & person.sees | ({person.note} if cell.row.own_note else set())
        found += [f"does not show {word}" for word in sorted(wanted) if word not in said]
    return [f"{cell.method} {cell.row.key} as {cell.person}: {what}" for what in found]


def fail_for(found: list[str]) -> None:
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def cells_of(row: table.Row) -> list[table.Cell]:
    """All cells of a row; on the second database, which changes nothing about them, one for each outcome."""
    return list(row) if not session.on_postgres() else row.sample()


@pytest.mark.parametrize("row", table.rows(), ids=lambda row: row.key)
def test_everybody_gets_what_the_table_says(world, row: table.Row) -> None:
    found: list[str] = []
    for cell in cells_of(row):
        with untouched() as written:
            answer = ask(world, cell)
            found += complaints(cell, answer, written.tables, pages_after(world, cell, answer))
    fail_for(found)


UNAPPROVED_PAGES = ["cases:detail case:answered", "cases:print case:answered", "feedback:rate case:answered"]
UNAPPROVED_PAGES += ["cases:list", "cases:export", "portal:home"]


@pytest.mark.parametrize("key", UNAPPROVED_PAGES)
def test_nothing_of_an_unapproved_answer_reaches_the_firm(world, key: str) -> None:
    from tests.access.world import UNAPPROVED
    from zhitong.cases.states import Outcome

    row = next(row for row in table.rows() if row.key == key)
    for language in ("en", "zh-hans"):
        with translation.override(language):
            label = str(Outcome(UNAPPROVED).label)
        for method in ("GET", "POST"):  # a form with errors is shown again
            answer = world.doors.ask(
                "firm_member:own", method, row.path(world), headers={"Accept-Language": language}
            )
            assert DRAFT_A not in answer.everything
            assert label not in answer.text, f"the outcome that nobody approved: {label}"


STEPS = [row for row in table.rows() if row.subject.startswith("case:") and "done" in row.outcomes("POST")]
# Notes compete with no step either, though their form carries a version.
UNCONTESTED = BESIDE | {"cases:note"}


@pytest.mark.parametrize("row", STEPS, ids=lambda row: row.key)
def test_a_form_with_an_old_version_changes_nothing(world, row: table.Row) -> None:
    person = row.people("POST", "done")[0]
    sent = valid(world, row)
    rows = Case.objects.filter(pk=table.subject(world, row.subject).pk).values()
    before = rows.get()
    with untouched():
        answer = world.doors.ask(
            person, "POST", row.path(world), {**sent, "version": sent.get("version", 1) - 1}
        )
        after = rows.get()
    if row.name in UNCONTESTED:
        assert outcome(answer) == "done"
    else:
        assert (outcome(answer), after) == ("faster", before)


# ---------------------------------------------------------------- the table itself


def test_every_address_has_its_rows() -> None:
    fail_for(table.faults(set(table.addresses()), {row.name for row in table.rows()}))


def test_an_address_without_a_row_and_a_row_without_an_address_are_found() -> None:
    assert table.faults({"home", "cases:list"}, {"home", "cases:gone"}) == [
        "cases:list has no row in the access table.",
        "The access table has a row for cases:gone, which is no address.",
    ]


def test_every_row_has_all_its_cells() -> None:
    cells = [cell for row in table.rows() for cell in row]
    print(f"\naccess table: {len(table.rows())} rows, {len(PEOPLE)} people, {len(cells)} cells")
    assert len(cells) == len(table.rows()) * len(PEOPLE) * len(table.METHODS)
    assert len({(cell.row.key, cell.method, cell.person) for cell in cells}) == len(cells)


def test_every_role_has_its_people() -> None:
    assert {person.role for person in PEOPLE.values()} == {*Role, "anonymous"}


def test_everything_that_can_be_done_is_done_by_somebody() -> None:
    """An address that nobody in the table may use would be a wall without a door: the table could not tell."""
    # What a key opens is asked with keys, in tests/enterprises/test_api.py; what a gateway signs in tests/notices/test_reports.py.
    for name in {row.name for row in table.rows() if not row.name.startswith("api:")} - {"notices:report"}:
        mine = [row for row in table.rows() if row.name == name]
        done = [
            row for row in mine for method in table.METHODS if set(row.outcomes(method)) & {"page", "done"}
        ]
        assert done, f"nobody may use {name}"
    sent = {row.name for row in table.rows() if "done" in row.outcomes("POST")}
    assert not sent - INPUTS.keys() - {"mfa_view_recovery_codes"}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ({"name": "home", "GET": "page", "POST": "page", "colour": "red"}, "knows no"),
        ({"name": "home", "GET": "page"}, "either any, or GET and POST"),
        ({"name": "home", "any": "welcome"}, "does not know what welcome means"),
        ({"name": "home", "any": {"page": "janitor:own"}}, "does not know"),
        ({"name": "home", "any": "page", "shows": "KrOther"}, "tokens"),
    ],
)
def test_a_line_that_nobody_understands_is_refused(line: dict[str, Any], says: str) -> None:
    with pytest.raises((ValueError, KeyError), match=says):
        list(table.read({"url": [line], "groups": {"everyone": "firm_member:own"}}))


# ---------------------------------------------------------------- planted faults


def planted(text: str = "", status: int = 200, location: str = "") -> Answer:
    return Answer(status, location, {}, text, None)


@pytest.mark.parametrize(
    ("expected", "answer", "written", "says"),
    [
        ("page", planted(CASE_A, 404), [], "missing instead of page"),
        ("page", planted(f"{CASE_A} {CASE_B}"), [], "shows KrCaseB"),
        ("page", planted("nothing"), [], "does not show KrCaseA"),
        ("missing", planted(CASE_A, 404), [], "shows KrCaseA"),
        ("missing", planted("", 404), ["cases_case"], "wrote cases_case"),
        ("sign_in", planted("", 302, f"/sign-in/?next=/{CASE_A}"), [], "shows KrCaseA"),
    ],
)
def test_planted_faults_are_found(expected: str, answer: Answer, written: list[str], says: str) -> None:
    row = table.Row("cases:list", "", {}, returns=frozenset({CASE_A}))
    answer = Answer(answer.status, answer.location, {"Location": answer.location}, answer.text, None)
    found = complaints(table.Cell(row, "GET", "handler:own", expected), answer, written)
    assert any(says in sentence for sentence in found), found
