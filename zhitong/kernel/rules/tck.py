"""Runs OMG's DMN technology compatibility kit from its own XML and counts what passed.

A case passes where the answer is the expected one. Where the kit expects an error or null, a text that was
refused with its place counts as passed and is listed apart, since nothing was answered.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhitong.kernel.rules.dmn.elements import parse
from zhitong.kernel.rules.dmn.evaluate import Engine
from zhitong.kernel.rules.dmn.reading import read
from zhitong.kernel.rules.feel.compare import equal
from zhitong.kernel.rules.feel.dates import read_date, read_moment, read_time
from zhitong.kernel.rules.feel.durations import read_duration
from zhitong.kernel.rules.feel.writing import written
from zhitong.kernel.rules.problems import RulesError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zhitong.kernel.rules.dmn.elements import Element
    from zhitong.kernel.rules.dmn.evaluate import Run

CLOSE = Decimal("1e-8")  # as far apart the kit's own runner takes two numbers for one
PASSED, REFUSED, WRONG, UNREAD = "passed", "refused as expected", "wrong", "not read"


@dataclass(frozen=True, slots=True)
class Result:
    """One expected answer and what was answered."""

    group: str
    case: str
    node: str
    outcome: str
    expected: str = ""
    answered: str = ""
    reason: str = ""


@dataclass(slots=True)
class Report:
    """All results, counted by group."""

    results: list[Result] = field(default_factory=list)

    def counts(self) -> dict[str, Counter[str]]:
        """Return outcomes by group, in the order of groups."""
        found: dict[str, Counter[str]] = {}
        for result in self.results:
            found.setdefault(result.group, Counter())[result.outcome] += 1
        return dict(sorted(found.items()))

    def total(self) -> Counter[str]:
        """Return outcomes of all groups."""
        return Counter(result.outcome for result in self.results)


def run(path: str | Path) -> Report:
    """Return the report of all groups below a folder."""
    report = Report()
    for tests in sorted(Path(path).rglob("*-test*.xml")):
        report.results.extend(_file(tests))
    return report


def _file(tests: Path) -> Iterator[Result]:
    group = f"{tests.parent.parent.name}/{tests.parent.name}"
    try:
        root = parse(tests.read_bytes(), str(tests))
    except RulesError as error:
        yield Result(group, tests.name, "", UNREAD, reason=str(error))
        return
    model = tests.parent / root.text_of("modelName")
    try:
        engine = Engine(read(model))
    except (RulesError, OSError) as error:
        for case in root.all("testCase"):
            for node in case.all("resultNode"):
                yield Result(group, case.get("id"), node.get("name"), UNREAD, reason=str(error))
        return
    for case in root.all("testCase"):
        for node in case.all("resultNode"):
            try:
                facts = {row.get("name"): value_of(row) for row in case.all("inputNode")}
                yield _result(group, engine, facts, case, node)
            except (ArithmeticError, ValueError) as error:  # a value of the kit that is none
                yield Result(group, case.get("id"), node.get("name"), UNREAD, reason=str(error))


def _result(group: str, engine: Engine, facts: dict[str, Any], case: Element, node: Element) -> Result:
    here = engine.run(facts)
    name = node.get("name")
    try:
        answered = _asked(here, case, node)
    except (KeyError, StopIteration) as error:
        return Result(group, case.get("id"), name, UNREAD, reason=f"{error} is not in the model.")
    expected = node.first("expected")
    wanted = value_of(expected) if expected is not None else None
    reason = "; ".join(map(str, here.notes[:2]))
    right = REFUSED if wanted is None and here.notes else PASSED
    outcome = right if same(answered, wanted) else WRONG
    return Result(group, case.get("id"), name, outcome, written(wanted), written(answered), reason)


def _asked(here: Run, case: Element, node: Element) -> Any:
    """What the model says: a decision, a decision service or a function, as the case asks."""
    name, kind = node.get("name"), {case.get("type"), node.get("type")}
    called = case.get("invocableName") or name
    if "bkm" in kind:
        return here.function(called)
    if "decisionService" not in kind:
        return here.decision(name)
    answered = here.service(called)
    return answered[name] if isinstance(answered, dict) and name in answered else answered


def same(answered: Any, wanted: Any) -> bool:
    """Return whether an answer is the expected one."""
    if isinstance(answered, Decimal) and isinstance(wanted, Decimal):
        return abs(answered - wanted) < CLOSE
    if isinstance(answered, list) and isinstance(wanted, list):
        return len(answered) == len(wanted) and all(map(same, answered, wanted))
    if isinstance(answered, dict) and isinstance(wanted, dict):
        return answered.keys() == wanted.keys() and all(same(answered[key], wanted[key]) for key in wanted)
    return equal(answered, wanted) is True


def value_of(element: Element) -> Any:
    """Return the value that an element of the kit describes."""
    parts = element.all("component")
    if parts:
        return {part.get("name"): value_of(part) for part in parts}
    listed = element.first("list")
    if listed is not None:
        return [value_of(item) for item in listed.all("item")] if listed.get("nil") != "true" else None
    value = element.first("value")
    if value is None:
        return None
    return _simple(value)


def _simple(value: Element) -> Any:
    text = value.text
    kind = value.get("type").rpartition(":")[2]
    if value.get("nil") == "true":
        return None
    if kind in READERS:
        return READERS[kind](text.strip())
    if kind in {"string", ""}:
        return text if kind else _guessed(text)
    message = f"The kit has a value of type {kind}, which is not known."
    raise ValueError(message)


def _guessed(text: str) -> Any:
    if text in {"true", "false"}:
        return text == "true"
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


READERS: dict[str, Any] = {
    "boolean": lambda text: text in {"true", "1"},
    **dict.fromkeys(("decimal", "double", "integer", "int", "long", "float"), Decimal),
    "date": read_date,
    "time": read_time,
    "dateTime": read_moment,
    "duration": read_duration,
    "dayTimeDuration": read_duration,
    "yearMonthDuration": read_duration,
}
