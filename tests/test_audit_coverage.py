"""Every request that could change something leaves an event that says who, what and on which thing; reading leaves none."""

from __future__ import annotations

from typing import Any

import pytest

from tests.access import table
from tests.access.doors import ask, outcome, untouched
from tests.access.people import PEOPLE
from zhitong.core.models import AuditEvent

pytest_plugins = ["tests.access.fixtures"]

# Pages on which somebody becomes somebody else: the event names the person who was recognised.
SIGN_IN = ("account_", "mfa_")
# What changes no row of anybody, so there is nothing to name; a wrong invitation is nobody's, a wrong code neither,
# and what is tried again is many rows.
NO_TARGET = frozenset({"set_language", "enterprises:join", "notices:confirm", "notices:retry"})
# The page of a link: the unit that holds it speaks, whoever else is signed in there.
BY_LINK = frozenset({"reply"})
YES = frozenset({"done"})
# Pages whose answer to a form shows what it made or asked for, once.
ANSWERS = frozenset(
    {
        "cases:many",
        "drafts:many",
        "enterprises:tokens",
        "enterprises:phone",
        "enterprises:invite",
        "replies:link",
        "reports:fill",
        "webhooks:list",
        "webhooks:renew_secret",
    }
)
FOLLOWING = "system:group"  # what a main case brings its members
# Reading that is recorded: a list of firms leaves the system.
RECORDED = frozenset(
    {"enterprises:export", "replies:give_sheet", "reports:export", "reports:word", "reports:excel"}
)


def events_of(world: Any, cell: table.Cell) -> tuple[str, list[AuditEvent]]:
    """Send a cell's request; return what happened and the events it left."""
    newest = AuditEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0
    answer = ask(world, cell)
    return outcome(answer), list(AuditEvent.objects.filter(id__gt=newest).order_by("id"))


def principal(world: Any, person: str) -> str:
    return f"user:{world.users[person].pk}" if person in world.users else "anonymous:anonymous"


def complaints(world: Any, cell: table.Cell, happened: str, events: list[AuditEvent]) -> list[str]:
    """What is missing in the log after a cell's request, as sentences."""
    where = f"{cell.method} {cell.row.key} as {cell.person} ({happened})"
    if cell.method == "GET":
        # An officer's session without its second factor ends at the first request, whatever it was.
        expected = PEOPLE[cell.person].relation == "unproven"
        if cell.row.name in RECORDED and happened == "page":
            return [] if [event.result for event in events] == ["done"] else [f"{where} left nothing"]
        return [f"{where} left {event.action}" for event in events if not expected]
    if not events:
        return [f"{where} left nothing"]
    found = []
    said_yes = happened in YES or (happened == "page" and cell.row.name in ANSWERS)
    wanted = "done" if said_yes else "refused"
    sign_in = (
        cell.row.name.startswith(SIGN_IN)
        or cell.row.name in BY_LINK
        or PEOPLE[cell.person].relation == "unproven"
    )
    if not sign_in:
        found += [
            f"{where}: {event.action} by {event.actor}"
            for event in events
            if event.actor not in {principal(world, cell.person), FOLLOWING}
        ]
        found += [f"{where}: {event.action} is {event.result}" for event in events if event.result != wanted]
        if cell.row.name not in NO_TARGET:
            found += [f"{where}: {event.action} names no target" for event in events if not event.target]
    if cell.row.subject and happened in {"forbidden", "missing", "no_method", "faster"}:
        number = str(table.subject(world, cell.row.subject).pk)
        found += [
            f"{where}: {event.target} is not {number}" for event in events if number not in event.target
        ]
    return found


def check(world: Any, cells: list[table.Cell]) -> None:
    found = []
    for cell in cells:
        with untouched():
            found += complaints(world, cell, *events_of(world, cell))
    if found:
        pytest.fail("\n".join(found), pytrace=False)


@pytest.mark.parametrize("row", table.rows(), ids=lambda row: row.key)
def test_the_log_knows_what_was_tried(world, row: table.Row) -> None:
    check(world, row.sample())


@pytest.mark.exhaustive
@pytest.mark.parametrize("row", table.rows(), ids=lambda row: row.key)
def test_the_log_knows_what_everybody_tried(world, row: table.Row) -> None:
    check(world, list(row))


def test_a_forged_request_and_an_unknown_address_are_in_the_log(world) -> None:
    row = next(row for row in table.rows() if row.key == "cases:accept case:submitted")
    newest = AuditEvent.objects.latest("id").pk
    with untouched():
        world.doors.ask("dispatcher:own", "POST", row.path(world), {}, csrf=True)
        world.doors.ask("dispatcher:own", "POST", "/no/such/page/", {}, csrf=True)
        forged, unknown = AuditEvent.objects.filter(id__gt=newest).order_by("id")
    assert (forged.action, forged.result) == ("http.cases:accept", "refused")
    assert (unknown.action, unknown.result) == ("http.unknown", "refused")


def test_the_log_still_holds_together_after_all_this(world) -> None:
    from zhitong.core import audit

    cells = [cell for row in table.rows() for cell in row.sample() if cell.method == "POST"]
    for cell in cells[::6]:
        ask(world, cell)
    assert audit.verify().ok


# ---------------------------------------------------------------- planted faults


@pytest.mark.parametrize(
    ("event", "says"),
    [
        (None, "left nothing"),
        ({"actor": "user:0"}, "by user:0"),
        ({"result": "refused"}, "is refused"),
        ({"target": ""}, "names no target"),
    ],
)
def test_planted_gaps_are_found(world, event, says: str) -> None:
    row = next(row for row in table.rows() if row.key == "cases:accept case:submitted")
    cell = table.Cell(row, "POST", "dispatcher:own", "done")
    good = {
        "action": "cases.accept",
        "actor": principal(world, "dispatcher:own"),
        "result": "done",
        "target": "x:1",
    }
    assert not complaints(world, cell, "done", [AuditEvent(**good)])
    left = [] if event is None else [AuditEvent(**good | event)]
    assert any(says in what for what in complaints(world, cell, "done", left))


def test_a_reading_that_leaves_an_event_is_found(world) -> None:
    row = next(row for row in table.rows() if row.key == "cases:list")
    cell = table.Cell(row, "GET", "handler:own", "page")
    assert complaints(world, cell, "page", [AuditEvent(action="x")])
