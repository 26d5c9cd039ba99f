"""Hostile values in every input of every page: never an error of ours, never text that became code.

The inputs are read off the pages themselves, so a new form is attacked without being listed anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.access import corpus, table
from tests.access.corpus import MARK, MISSING, SUM, Raw
from tests.access.doors import Answer, outcome, read, untouched
from tests.access.forms import EVERYWHERE, Found, walk
from tests.access.inputs import INPUTS, valid

pytest_plugins = ["tests.access.fixtures"]

ANSWERS = frozenset({"page", "done", "again", "forbidden", "missing", "faster", "refused"})
FORM = "application/x-www-form-urlencoded"
PARTS = 4  # tests of the normal run, so that processes can share them


# ---------------------------------------------------------------- sending


def encoded(data: dict[str, Any]) -> bytes:
    """Encode a form; raw bytes travel as they are, missing fields not at all."""
    pairs = []
    for name, value in data.items():
        for one in value if isinstance(value, list) else [value]:
            if one is not MISSING:
                text = bytes(one) if isinstance(one, Raw) else urlencode({"": one})[1:].encode()
                pairs.append(urlencode({name: ""}).encode() + text)
    return b"&".join(pairs)


def send(world: Any, found: Found, data: dict[str, Any]) -> Answer:
    """Send a form as the person on whose page it stands."""
    client, form = world.doors.client(found.person), found.form
    if form.method == "GET":
        return read(client.get(form.action, query_string=None, QUERY_STRING=encoded(data).decode("ascii")))
    return read(client.post(form.action, encoded(data), content_type=FORM))


def base(world: Any, found: Found) -> dict[str, Any]:
    """What the form would carry if everything was right."""
    row = found.row if found.form.name == found.row.name else table.Row(found.form.name, "", {})
    if found.row.subject and found.form.name.startswith("cases:") and found.form.name != "cases:list":
        row = table.Row(found.form.name, found.row.subject, {})
    given_ = {} if found.form.method == "GET" else valid(world, row)
    sent = {
        name: value for name, value in {**found.form.sent(), **given_}.items() if not hasattr(value, "read")
    }
    return {name: value for name, value in sent.items() if name in found.form.fields}


# ---------------------------------------------------------------- judging


def faults(answer: Answer) -> list[str]:
    """What must never happen, whatever was sent."""
    found = []
    if outcome(answer) not in ANSWERS:
        found.append(f"answered {answer.status} {answer.location}")
    if MARK in answer.text:
        found.append("shows the value as code")
    if SUM in answer.text:
        found.append("calculated the value")
    if "zz9" in str(answer.response.cookies) or any("\n" in value for value in answer.headers.values()):
        found.append("let the value into the headers")
    if "evil.example" in answer.location:
        found.append(f"leads to {answer.location}")
    return found


def attacked(world: Any, found: Found, name: str, label: str, value: Any) -> list[str]:
    """Send one hostile value in one field; if it was taken, look at the page that follows, too."""
    with untouched():
        try:
            answer = send(world, found, {**base(world, found), name: value})
            wrong = faults(answer)
            if answer.status == 302 and answer.location.startswith("/"):
                wrong += faults(read(world.doors.client(found.person).get(answer.location)))
        except Exception as error:  # noqa: BLE001 - whatever it is, a visitor would have seen our error page
            wrong = [f"raised {type(error).__name__}: {error}"[:200]]
    return [f"{found}, {name} = {label}: {what}" for what in wrong]


def attacks(world: Any, *, everything: bool) -> Iterator[tuple[Found, str, str, Any]]:
    """All (form, field, name of the value, value); a share of the values in the normal run."""
    number = 0
    for found in walk(world):
        for name in found.form.hostile_fields():
            values = corpus.VALUES if everything else corpus.share(number)
            number += 1
            yield from ((found, name, label, value) for label, value in values.items())


def fail_for(found: list[str]) -> None:
    if found:
        pytest.fail(f"{len(found)} faults\n" + "\n".join(found[:60]), pytrace=False)


# ---------------------------------------------------------------- every field


def test_the_walk_finds_every_input_that_a_form_needs(world) -> None:
    """What the access test sends must stand on a page; otherwise the walk below misses it."""
    seen: dict[str, set[str]] = {}
    for found in walk(world):
        seen.setdefault(found.form.name, set()).update(found.form.fields)
    missing = []
    for row in table.rows():
        if row.name not in INPUTS or not row.people("GET", "page") or not row.people("POST", "done"):
            continue
        lost = set(valid(world, row)) - seen.get(row.name, set())
        missing += [f"{row.key} has no input {name}" for name in sorted(lost)]
    fail_for(missing)
    assert seen.keys() >= EVERYWHERE
    assert {"q", "state", "department", "late"} <= seen["cases:list"]


@pytest.mark.parametrize("part", range(PARTS))
def test_hostile_values_get_no_further(world, part: int) -> None:
    found: list[str] = []
    for number, attack in enumerate(attacks(world, everything=False)):
        if number % PARTS == part:
            found += attacked(world, *attack)
    fail_for(found)


@pytest.mark.long
def test_all_hostile_values_in_all_fields(world) -> None:
    found: list[str] = []
    for attack in attacks(world, everything=True):
        found += attacked(world, *attack)
    fail_for(found)
