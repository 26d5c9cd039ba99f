"""Policies from YAML files; all problems of all files are told at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhitong.kernel.rules.book import sheets
from zhitong.kernel.rules.book.award_loading import AwardReader
from zhitong.kernel.rules.book.policy import CODE, Clause, Example, Level, Policy, Span, State, digest
from zhitong.kernel.rules.facts.places import read, text_of
from zhitong.kernel.rules.facts.writing import kept
from zhitong.kernel.rules.lang.source import Source
from zhitong.kernel.rules.problems import RulesError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zhitong.kernel.rules.book.awards import Award
    from zhitong.kernel.rules.facts.dictionary import Dictionary
    from zhitong.kernel.rules.facts.places import Place
    from zhitong.kernel.rules.problems import Problem

KEYS = frozenset(
    {
        "key", "title", "number", "level", "region", "effective", "window", "conditions", "award", "firm",
        "examples", "link",
    }
)  # fmt: skip
FACTS = "facts.yaml"
WORKBOOK = ".xlsx"
NEEDED = ("key", "title", "number", "level")
CLAUSE_KEYS = frozenset({"key", "article", "if", "label"})


class Loader:
    """Reads policies and keeps what is wrong."""

    def __init__(self, dictionary: Dictionary) -> None:
        self.dictionary = dictionary
        self.problems: list[Problem] = []
        self.refused: list[Clause] = []  # conditions of policies that have other faults; they are checked too

    def folder(self, path: Path) -> Iterator[Policy]:
        """Give the policies of all YAML files of a folder, or those of one file, which may be a workbook."""
        files = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
        for file in files:
            if file.name == FACTS:  # the dictionary stands beside the policies
                continue
            try:
                root = sheets.read(file) if file.suffix == WORKBOOK else read(text_of(file), str(file))
            except RulesError as error:
                self.problems += error.problems
                continue
            yield from self.file(root)

    def file(self, root: Place) -> Iterator[Policy]:
        """Give the policies of one file."""
        self._known(root, frozenset({"policies"}))
        listed = root.get("policies")
        if listed is None or not listed.items():
            self._wrong(root, "No policies stand here.", "Begin with 'policies:' and list them.")
            return
        for place in listed.items():
            before = len(self.problems)
            policy = self._policy(place)
            if policy is not None and len(self.problems) == before:
                yield replace(policy, digest=digest(policy, self.dictionary))
            elif policy is not None:
                self.refused += policy.clauses

    def _wrong(self, place: Place, message: str, mend: str = "") -> None:
        self.problems.append(place.problem(message, mend))

    def _policy(self, place: Place) -> Policy | None:
        if not isinstance(place.value, dict):
            self._wrong(place, "A policy has a key, a title, a number, a level and conditions.")
            return None
        self._known(place, KEYS)
        for name in NEEDED:
            if not self._text(place, name):
                self._wrong(place.get(name) or place, f"{name} is missing.", f"Write: {name}: ...")
        level, region = self._text(place, "level"), self._text(place, "region")
        if level and level not in set(Level):
            self._wrong(place.value["level"], "No such level.", f"One of {', '.join(Level)}.")
        if region and not (region.isdecimal() and len(region) == CODE):
            self._wrong(place.value["region"], f"A region has {CODE} digits (GB/T 2260).")
        clauses = tuple(self._clauses(place))
        if not clauses:
            self._wrong(place.get("conditions") or place, "A policy has conditions.", "List them.")
        return Policy(
            *(self._text(place, name) for name in ("key", "title", "number")),
            Level(level) if level in set(Level) else Level.CITY,
            region,
            self._span(place.get("effective")),
            self._span(place.get("window")),
            clauses,
            tuple(self._examples(place)),
            self._award(place.get("award")),
            self._text(place, "link"),
        )

    def _known(self, place: Place, keys: frozenset[str]) -> None:
        for key in (place.value.keys() if isinstance(place.value, dict) else set()) - keys:
            self._wrong(
                place.value[key], f"{key} is not known here.", f"Known are {', '.join(sorted(keys))}."
            )

    def _text(self, place: Place, key: str) -> str:
        value = place.get(key)
        return value.text().strip() if value is not None else ""

    def _span(self, place: Place | None) -> Span:
        if place is None:
            return Span()
        if not isinstance(place.value, dict):
            self._wrong(place, "This is no span of days.", "Write: {from: 2026-01-01, to: 2027-01-01}")
            return Span()
        self._known(place, frozenset({"from", "to"}))
        begin, end = self._day(place.get("from")), self._day(place.get("to"))
        if begin is not None and end is not None and end <= begin:
            self._wrong(
                place, "It ends before it begins.", "'to' is the first day on which it no longer holds."
            )
        return Span(begin, end)

    def _day(self, place: Place | None) -> date | None:
        if place is None:
            return None
        try:
            return date.fromisoformat(place.text())
        except ValueError:
            self._wrong(place, "This is no day.", "Write 2026-07-01.")
            return None

    def _clauses(self, place: Place) -> Iterator[Clause]:
        taken: set[str] = set()
        for row in (place.get("conditions") or place).items():
            condition = row.get("if")
            if condition is None or not condition.text().strip():
                self._wrong(row, "A condition has an 'if'.", "Write: if: \u2026")
                continue
            self._known(row, CLAUSE_KEYS)
            key = self._text(row, "key") or f"c{len(taken) + 1}"
            if key in taken:
                self._wrong(row, f"Two conditions have the key {key}.", "Rename one.")
            if not self._text(row, "article"):
                self._wrong(row, "The article that it comes from is missing.", "Write: article: ...")
            taken.add(key)
            source = Source(condition.text(), condition.file, condition.line, condition.column)
            yield Clause(key, self._text(row, "article"), source, self._text(row, "label"))

    def _award(self, place: Place | None) -> Award | None:
        """What the policy pays, if it says so."""
        return AwardReader(place, self.problems).read() if place is not None else None

    def _examples(self, place: Place) -> Iterator[Example]:
        """Each example says what is other than in the firm of the policy."""
        base = self.firm(place.get("firm"))
        for row in (place.get("examples") or place).items():
            state, firm = self._text(row, "state"), row.get("firm")
            self._known(row, frozenset({"state", "firm"}))
            if state not in set(State):
                self._wrong(row.get("state") or row, "No such state.", f"One of {', '.join(State)}.")
                continue
            yield Example({**base, **self.firm(firm)}, State(state), row.line, row.file)

    def firm(self, place: Place | None) -> dict[str, Any]:
        """Return the facts of a firm, as they are kept, from how people write them."""
        found: dict[str, Any] = {}
        for name, value in (
            place.value if place is not None and isinstance(place.value, dict) else {}
        ).items():
            fact = self.dictionary.find(name)
            if fact is None:
                self._wrong(value, f"No fact is called {name}.", "Enter it into the dictionary of facts.")
                continue
            try:
                found[fact.name] = kept(fact, value.text())
            except (ValueError, TypeError, ArithmeticError) as error:
                self._wrong(value, str(error) or f"This is no {fact.kind}.")
        return found
