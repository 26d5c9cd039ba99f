"""Every address for everybody: the access table of tests/access/table.toml, cell by cell.

Each cell is one request by one person. A refused one must show no word of anybody's data; an allowed one must show
what it is for, and nothing of another tenant.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext

from tests.access import table
from tests.access.doors import Answer, outcome, untouched
from tests.access.inputs import INPUTS, valid
from tests.access.people import NOTES, PEOPLE, TOKENS, forbidden

pytest_plugins = ["tests.access.fixtures"]

REFUSED = frozenset({"sign_in", "again", "set_up", "forbidden", "missing", "no_method"})
# What a refused request may write: that it was refused, the session of the asking person, wrong tries.
NOTED = ("core_audit", "django_session", "axes_")
WRITES = ("INSERT", "UPDATE", "DELETE")


def ask(world: Any, cell: table.Cell) -> Answer:
    """Send the request of a cell, with everything a form would carry."""
    data = valid(world, cell.row) if cell.method == "POST" else None
    return world.doors.ask(cell.person, cell.method, cell.row.path(world), data)


def words_of(answer: Answer, tokens: frozenset[str]) -> list[str]:
    return sorted(token for token in tokens if token in answer.everything)


def complaints(cell: table.Cell, answer: Answer, written: list[str]) -> list[str]:
    """What is wrong with the answer to a cell's question, as sentences."""
    found = []
    happened, person = outcome(answer), PEOPLE[cell.person]
    if happened != cell.expected:
        found.append(f"{happened} instead of {cell.expected} ({answer.status} {answer.location})")
    hidden = TOKENS | NOTES if cell.expected in REFUSED else forbidden(person, shown=cell.row.shows)
    found += [f"shows {word}" for word in words_of(answer, hidden)]
    if cell.expected in REFUSED:
        found += [f"was refused, yet did {sql}" for sql in written]
    if cell.method == "GET" and cell.expected == "page":
        wanted = cell.row.returns & person.sees | ({person.note} if cell.row.own_note else set())
        found += [f"does not show {word}" for word in sorted(wanted) if word not in answer.everything]
    return [f"{cell.method} {cell.row.key} as {cell.person}: {what}" for what in found]


def written_by(queries: CaptureQueriesContext) -> list[str]:
    """The statements that changed more than the log and the session."""
    found = [query["sql"] for query in queries.captured_queries if query["sql"].startswith(WRITES)]
    return [sql[:90] for sql in found if not any(table_name in sql.split("(")[0] for table_name in NOTED)]


@pytest.mark.parametrize("row", table.rows(), ids=lambda row: row.key)
def test_everybody_gets_what_the_table_says(world, row: table.Row) -> None:
    from django.db import connection

    found: list[str] = []
    for cell in row:
        with untouched(), CaptureQueriesContext(connection) as queries:
            found += complaints(cell, ask(world, cell), written_by(queries))
    assert not found, "\n".join(found)


def test_every_address_has_its_rows(world) -> None:
    assert not table.faults(set(table.addresses()), {row.name for row in table.rows()})


def test_every_row_has_all_its_cells() -> None:
    cells = list(table.cells())
    print(f"\naccess table: {len(table.rows())} rows, {len(PEOPLE)} people, {len(cells)} cells")
    assert len(cells) == len(table.rows()) * len(PEOPLE) * len(table.METHODS)
    assert len({(cell.row.key, cell.method, cell.person) for cell in cells}) == len(cells)


def test_every_address_that_changes_something_is_sent_what_its_form_needs() -> None:
    sent = {row.name for row in table.rows() if row.people("POST", "done")}
    assert not sent - INPUTS.keys() - {"mfa_view_recovery_codes"}
