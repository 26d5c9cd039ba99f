"""Decision tables: which rows hold, and what follows by the hit policy (DMN 1.5, 8.2.11)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from zhitong.kernel.rules.feel.builtins import BUILTINS
from zhitong.kernel.rules.feel.compare import equal
from zhitong.kernel.rules.feel.scope import Scope
from zhitong.kernel.rules.feel.testing import fits

if TYPE_CHECKING:
    from collections.abc import Callable

    from zhitong.kernel.rules.dmn.evaluate import Run
    from zhitong.kernel.rules.dmn.model import Expression, Output, Rule, Table

    Value = Callable[[Run, Expression | None, Scope], Any]

AGGREGATIONS = {"SUM": "sum", "MIN": "min", "MAX": "max"}


def value(run: Run, table: Table, scope: Scope, of: Value) -> Any:
    """Return what a table decides; null, with a note, where its hit policy is broken."""
    given = []
    for column in table.inputs:
        found = of(run, column.expression, scope)
        if (
            column.allowed is not None
            and found is not None
            and not _allowed(run, column.allowed, found, scope)
        ):
            _note(run, table, f"{found} is none of the values that the column allows, and is null for it.")
            found = None
        given.append(found)
    hits = [rule for rule in table.rules if _holds(run, rule, given, scope)]
    if not hits:
        return _default(run, table, scope, of)
    return _POLICIES[table.hit](run, table, hits, lambda rule: _result(run, table, rule, scope, of))


def _note(run: Run, table: Table, message: str) -> None:
    run.notes.append(table.source.problem(0, 1, message))


def _holds(run: Run, rule: Rule, given: list[Any], scope: Scope) -> bool:
    for test, found in zip(rule.tests, given, strict=False):
        tests = run.engine.tree(test, cell=True)
        if run.feel(test).passes(tests, found, scope) is not True:
            return False
    return True


def _allowed(run: Run, allowed: Any, found: Any, scope: Scope) -> bool:
    tests = run.engine.tree(allowed, cell=True)
    values = found if isinstance(found, list) else [found]
    return all(run.feel(allowed).passes(tests, one, scope) is True for one in values) or (
        run.feel(allowed).passes(tests, found, scope) is True
    )


def _result(run: Run, table: Table, rule: Rule, scope: Scope, of: Value) -> Any:
    cells = [
        _permitted(run, table, output, run.fitted(of(run, cell, scope), output.type, output.name), scope)
        for output, cell in zip(table.outputs, rule.results, strict=False)
    ]
    if len(table.outputs) == 1:
        return cells[0]
    return {output.name: cell for output, cell in zip(table.outputs, cells, strict=True)}


def _permitted(run: Run, table: Table, output: Output, found: Any, scope: Scope) -> Any:
    """A result, or null where its column does not allow it."""
    if output.allowed is None or found is None or _allowed(run, output.allowed, found, scope):
        return found
    _note(run, table, f"{found} is none of the results that the column allows.")
    return None


def _default(run: Run, table: Table, scope: Scope, of: Value) -> Any:
    """What holds where no row does."""
    if not any(output.default for output in table.outputs):
        return _of_nothing(table)
    cells = {output.name: of(run, output.default, scope) for output in table.outputs}
    return next(iter(cells.values())) if len(table.outputs) == 1 else cells


def _of_nothing(table: Table) -> Any:
    if table.hit != "C":
        return None
    return Decimal(0) if table.aggregation == "COUNT" else None


# ---------------------------------------------------------------- hit policies


def _unique(run: Run, table: Table, hits: list[Rule], of: Callable[[Rule], Any]) -> Any:
    if len(hits) > 1:
        _note(run, table, f"{len(hits)} rows hold at once, of which only one may.")
        return None
    return of(hits[0])


def _first(run: Run, table: Table, hits: list[Rule], of: Callable[[Rule], Any]) -> Any:
    del run, table
    return of(hits[0])


def _any(run: Run, table: Table, hits: list[Rule], of: Callable[[Rule], Any]) -> Any:
    found = [of(rule) for rule in hits]
    if any(equal(found[0], other) is not True for other in found[1:]):
        _note(run, table, "Rows that hold at once say different things.")
        return None
    return found[0]


def _rank(run: Run, output: Output, said: Any) -> int:
    """The place of a value in the list of what its column allows; behind all others where it is not there."""
    if output.allowed is None:
        return 0
    tests = run.engine.tree(output.allowed, cell=True).tests
    feel = run.feel(output.allowed)
    for number, test in enumerate(tests):
        if fits(said, feel.whole(test, Scope({}))) is True:
            return number
    return len(tests)


def _ranked(run: Run, table: Table, hits: list[Rule], of: Callable[[Rule], Any]) -> list[Any]:
    def key(said: Any) -> list[int]:
        parts = said.values() if len(table.outputs) > 1 else [said]
        return [_rank(run, output, part) for output, part in zip(table.outputs, parts, strict=True)]

    return sorted((of(rule) for rule in hits), key=key)


def _priority(run: Run, table: Table, hits: list[Rule], of: Callable[[Rule], Any]) -> Any:
    return _ranked(run, table, hits, of)[0]


def _listed(run: Run, table: Table, hits: list[Rule], of: Callable[[Rule], Any]) -> list[Any]:
    del run, table
    return [of(rule) for rule in hits]


def _collect(run: Run, table: Table, hits: list[Rule], of: Callable[[Rule], Any]) -> Any:
    found = [of(rule) for rule in hits]
    if not table.aggregation or table.aggregation == "LIST":
        return found
    if table.aggregation == "COUNT":
        return Decimal(len(found))
    (signature, *_others) = BUILTINS[AGGREGATIONS[table.aggregation]].signatures
    return signature.run(run.feel(table.source), found)


_POLICIES: dict[str, Callable[..., Any]] = {
    "U": _unique,
    "F": _first,
    "A": _any,
    "P": _priority,
    "R": _listed,
    "O": _ranked,
    "C": _collect,
}
