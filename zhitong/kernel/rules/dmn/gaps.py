"""What a decision table leaves open or says twice: gaps, rows that hold at once, rows that never decide.

The columns are cut into pieces (`cuts`), so that all values of a piece are alike to every row. A row is then
a set of pieces for each column, and whatever is asked of the table is asked of these sets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zhitong.kernel.rules.dmn.cuts import Piece, TooMuchError, pieces
from zhitong.kernel.rules.dmn.model import Table
from zhitong.kernel.rules.feel.scope import Scope
from zhitong.kernel.rules.problems import Problem, RulesError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zhitong.kernel.rules.dmn.evaluate import Engine
    from zhitong.kernel.rules.dmn.model import Decision

MOST_CELLS = 100_000  # cells times pieces that are worked out of a table
MOST_STEPS = 200_000  # steps that a table may take
MOST_COLUMNS = 100
SHOWN = 5  # places that are told of one kind
ALONE = frozenset({"U", "A"})  # hit policies under which rows that hold at once have to agree
Box = tuple[int, ...]  # for each column, which pieces, as bits


@dataclass(slots=True)
class _Steps:
    """How many steps may still be taken for a table."""

    left: int = MOST_STEPS

    def take(self) -> None:
        """Take one; TooMuchError where none is left."""
        self.left -= 1
        if self.left < 0:
            message = "It is too large to be gone through whole."
            raise TooMuchError(message)


def review(engine: Engine) -> list[Problem]:
    """Return what is odd in the tables of a model, by decision; each may still be meant."""
    return [
        problem
        for decision in engine.model.decisions.values()
        if isinstance(decision.logic, Table)
        for problem in _of_table(engine, decision, decision.logic)
    ]


def _of_table(engine: Engine, decision: Decision, table: Table) -> Iterator[Problem]:
    def problem(said: str, mend: str) -> Problem:
        line, column = table.source.place(0)
        return Problem(table.source.file, line, column, decision.name, said, mend)

    try:
        cut = Cut(engine, table)
        yield from (problem(*found) for found in _findings(cut, table))
    except TooMuchError as error:
        yield problem(f"Gaps and overlaps were not looked for. {error}", "")
    except RulesError as error:
        yield from error.problems


def _findings(cut: Cut, table: Table) -> Iterator[tuple[str, str]]:
    rows, steps = list(enumerate(cut.rows, start=1)), _Steps()
    dead = {at for at, box in rows if not all(box)}
    for at in sorted(dead):
        yield f"Row {at} never holds.", "Compare its cells with the values that the columns allow."
    live = [(at, box) for at, box in rows if at not in dead]
    if table.hit in ALONE:
        yield from _overlaps(cut, table, live, steps)
    if table.hit == "F":
        for at, box in live:
            before = [other for number, other in live if number < at]
            if next(uncovered(before, box, steps), None) is None:
                yield f"Row {at} never decides: the rows before it hold wherever it does.", "Move it up."
    if not any(output.default for output in table.outputs):
        gaps = list(_some(uncovered([box for _at, box in live], cut.whole, steps)))
        for gap in gaps:
            yield f"No row holds for {cut.said(gap)}.", "Add a row, or a default."


def _some(found: Iterator[Box]) -> Iterator[Box]:
    for number, one in enumerate(found):
        if number >= SHOWN:
            return
        yield one


def _overlaps(
    cut: Cut, table: Table, live: list[tuple[int, Box]], steps: _Steps
) -> Iterator[tuple[str, str]]:
    told = 0
    for number, (at, box) in enumerate(live):
        for other, beside in live[:number]:
            steps.take()
            both = tuple(a & b for a, b in zip(box, beside, strict=True))
            if not all(both) or (table.hit == "A" and _same_results(table, at, other)):
                continue
            yield f"Rows {other} and {at} hold at once for {cut.said(both)}.", "Only one of them may."
            told += 1
            if told >= SHOWN:
                return


def _same_results(table: Table, one: int, other: int) -> bool:
    first, second = (
        [cell.source.plain.strip() for cell in table.rules[at - 1].results] for at in (one, other)
    )
    return first == second


def uncovered(rows: list[Box], whole: Box, steps: _Steps) -> Iterator[Box]:
    """Give boxes that lie in `whole` and in none of the rows; TooMuchError where that takes too long."""
    inside = [box for box in rows if all(a & b for a, b in zip(box, whole, strict=True))]
    yield from _open(inside, whole, 0, steps)


def _open(rows: list[Box], whole: Box, column: int, steps: _Steps) -> Iterator[Box]:
    steps.take()
    if not rows:
        yield whole
        return
    if column == len(whole):
        return
    alike: dict[tuple[int, ...], int] = {}  # pieces that the same rows hold for
    rest = whole[column]
    while rest:
        bit = rest & -rest
        rest ^= bit
        steps.take()
        holding = tuple(number for number, box in enumerate(rows) if box[column] & bit)
        alike[holding] = alike.get(holding, 0) | bit
    for holding, bits in alike.items():
        inner = (*whole[:column], bits, *whole[column + 1 :])
        yield from _open([rows[number] for number in holding], inner, column + 1, steps)


class Cut:
    """A table with its columns cut into pieces."""

    def __init__(self, engine: Engine, table: Table) -> None:
        self._run = engine.run({})
        self.names = [column.expression.source.plain.strip() for column in table.inputs]
        trees = [[engine.tree(test, cell=True) for test in rule.tests] for rule in table.rules]
        self.columns: list[list[Piece]] = []
        for number, column in enumerate(table.inputs):
            cells = [row[number] for row in trees]
            allowed = [engine.tree(column.allowed, cell=True)] if column.allowed is not None else []
            found = pieces([*cells, *allowed], column.expression.type)
            if allowed:
                found = [piece for piece in found if self._holds(column.allowed, allowed[0], piece)]
            self.columns.append(found)
        cells_in_all = sum(len(column) * len(table.rules) for column in self.columns)
        if cells_in_all > MOST_CELLS or len(self.columns) > MOST_COLUMNS:
            message = "It is too large to be gone through whole."
            raise TooMuchError(message)
        self.rows: list[Box] = [
            tuple(
                self._bits(rule.tests[number], row[number], found)
                for number, found in enumerate(self.columns)
            )
            for rule, row in zip(table.rules, trees, strict=True)
        ]

    @property
    def whole(self) -> Box:
        """All pieces of all columns."""
        return tuple((1 << len(column)) - 1 for column in self.columns)

    def said(self, box: Box) -> str:
        """Return how people would say a box; columns that may be anything are left out."""
        parts = [
            f"{name} {' or '.join(self._named(column, bits))}"
            for name, column, bits in zip(self.names, self.columns, box, strict=True)
            if bits != (1 << len(column)) - 1
        ]
        return ", ".join(parts) or "anything"

    def _named(self, column: list[Piece], bits: int) -> list[str]:
        return [piece.said for number, piece in enumerate(column) if bits >> number & 1]

    def _holds(self, source: object, tests: object, piece: Piece) -> bool:
        return self._run.feel(source).passes(tests, piece.value, Scope({})) is True  # type: ignore[arg-type]

    def _bits(self, source: object, tests: object, column: list[Piece]) -> int:
        return sum(self._holds(source, tests, piece) << number for number, piece in enumerate(column))
