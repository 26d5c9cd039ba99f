"""Reading the access table: one cell is an address, a method and a person, with what has to happen."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.access.people import PEOPLE, TOKENS, resolve

FILE = Path(__file__).with_name("table.toml")
METHODS = ("GET", "POST")
OUTCOMES = frozenset(
    {"page", "done", "sign_in", "again", "set_up", "forbidden", "missing", "no_method", "faster", "no_key"}
)
MAY = {"GET": "page", "POST": "done"}
FIELDS = frozenset({"name", "subject", "args", "any", "GET", "POST", "returns", "shows"})


class Cell(NamedTuple):
    """One question of the table and its answer."""

    row: Row
    method: str
    person: str
    expected: str


@dataclass(frozen=True)
class Row:
    """An address with a subject, and what happens to whom."""

    name: str
    subject: str
    cells: dict[tuple[str, str], str]  # (method, person) -> outcome
    returns: frozenset[str] = frozenset()
    shows: frozenset[str] = frozenset()
    own_note: bool = False
    args: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return " ".join(filter(None, [self.name, self.subject, *self.args]))

    def path(self, world: Any) -> str:
        """The address, with the subject's number in it."""
        first = [subject(world, self.subject).pk] if self.subject else []
        return reverse(self.name, args=[*first, *self.args])

    def sample(self) -> list[Cell]:
        """One cell for each method and outcome, if possible of somebody signed in."""
        chosen: dict[tuple[str, str], Cell] = {}
        for cell in sorted(self, key=lambda cell: PEOPLE[cell.person].role == "anonymous"):
            chosen.setdefault((cell.method, cell.expected), cell)
        return list(chosen.values())

    def outcomes(self, method: str) -> frozenset[str]:
        """Everything that happens to somebody."""
        return frozenset(found for (asked, _), found in self.cells.items() if asked == method)

    def people(self, method: str, outcome: str) -> list[str]:
        """Those to whom this happens."""
        return [
            person for (asked, person), found in self.cells.items() if (asked, found) == (method, outcome)
        ]

    def __iter__(self) -> Iterator[Cell]:
        for (method, person), expected in self.cells.items():
            yield Cell(self, method, person, expected)


def subject(world: Any, words: str) -> Any:
    """The row of a built world that a line of the table names."""
    kind, _, name = words.partition(":")
    shelves = {
        "case": world.cases,
        "file": world.files,
        "user": world.users,
        "department": world.units,
        "firm": world.firms,
        "row": world.rows,
    }
    return shelves[kind][name]


@cache
def rows() -> tuple[Row, ...]:
    """The whole table."""
    return tuple(read(tomllib.loads(FILE.read_text(encoding="utf-8"))))


def read(document: dict[str, Any]) -> Iterator[Row]:
    """Understand a table; ValueError or KeyError for what nobody understands."""
    for line in document["url"]:
        unknown = line.keys() - FIELDS
        if unknown:
            raise ValueError(f"The access table knows no {sorted(unknown)}: {line['name']}.")
        if not ("any" in line) ^ ("GET" in line and "POST" in line):
            raise ValueError(f"Each row has either any, or GET and POST: {line['name']}.")
        cells = {}
        for method in METHODS:
            asked = line.get(method, line.get("any"))
            cells |= {(method, who): what for who, what in _column(asked, method, document["groups"]).items()}
        returns = line.get("returns", "").replace("own note", "").split()
        shows = line.get("shows", "").split()
        if {*returns, *shows} - TOKENS:
            raise ValueError(f"Not all of {returns} and {shows} are tokens: {line['name']}.")
        yield Row(
            line["name"],
            line.get("subject", ""),
            cells,
            frozenset(returns),
            frozenset(shows),
            "own note" in line.get("returns", ""),
            tuple(line.get("args", ())),
        )


def _column(asked: Any, method: str, groups: dict[str, str]) -> dict[str, str]:
    found = {key: "missing" if person.signed_in else "sign_in" for key, person in PEOPLE.items()}
    if isinstance(asked, str):
        asked = {asked: "@everyone"}
    for what, who in asked.items():
        outcome = {"may": MAY[method], "none": "missing"}.get(what, what)
        if outcome not in OUTCOMES:
            raise ValueError(f"The access table does not know what {what} means.")
        found |= dict.fromkeys(resolve(who, groups), outcome)
    return found


def addresses(resolver: Any = None, prefix: str = "") -> Iterator[str]:
    """Walk the resolver and name every address of the program; an address without a name is an error."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from addresses(entry, inner)
        elif isinstance(entry, URLPattern):
            if not entry.name:
                raise ValueError(f"The address {entry.pattern} has no name.")
            yield f"{prefix}{entry.name}"


def faults(named: set[str], table: set[str]) -> list[str]:
    """Addresses without a row and rows without an address, as sentences."""
    missing = [f"{name} has no row in the access table." for name in sorted(named - table)]
    return missing + [
        f"The access table has a row for {name}, which is no address." for name in sorted(table - named)
    ]
