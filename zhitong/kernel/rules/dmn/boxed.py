"""The value of boxed expressions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zhitong.kernel.rules.dmn import model as m
from zhitong.kernel.rules.dmn import tables
from zhitong.kernel.rules.feel import calls
from zhitong.kernel.rules.feel.scope import EvaluationError, Scope
from zhitong.kernel.rules.feel.values import Callee
from zhitong.kernel.rules.lang import nodes
from zhitong.kernel.rules.lang.source import Source
from zhitong.kernel.rules.problems import RulesError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from zhitong.kernel.rules.dmn.evaluate import Run

NOWHERE = nodes.Node(0, 0)


def value(run: Run, logic: m.Expression | None, scope: Scope) -> Any:
    """Return the value of an expression; null, with a note, where it has none."""
    if logic is None:
        return None
    try:
        found = VALUES[type(logic)](run, logic, scope)
    except RulesError as error:
        run.notes.extend(error.problems)
        return None
    except (EvaluationError, RecursionError) as error:
        note(run, str(error) or "Functions call one another too deep.")
        return None
    return run.fitted(found, getattr(logic, "type", ""))


def note(run: Run, message: str) -> None:
    """Keep what went wrong."""
    run.notes.append(Source("", run.engine.model.name).problem(0, 0, message))


def _text(run: Run, logic: m.Text, scope: Scope) -> Any:
    tree = run.engine.tree(logic.source)
    return run.feel(logic.source).whole(tree, scope)


def _context(run: Run, logic: m.BoxedContext, scope: Scope) -> Any:
    made: dict[str, Any] = {}
    inner = Scope(made, scope)
    for entry in logic.entries:
        found = run.fitted(value(run, entry.value, inner), entry.type, entry.name)
        if not entry.name:
            return found
        made[entry.name] = found
    return made


def _invocation(run: Run, logic: m.Invocation, scope: Scope) -> Any:
    function = value(run, logic.function, scope)
    names = tuple(row.name for row, _logic in logic.bindings)
    given = [run.fitted(value(run, inner, scope), row.type, row.name) for row, inner in logic.bindings]
    return calls.invoke(run.feel(Source(" ", run.engine.model.name)), NOWHERE, function, given, names)


def _function(run: Run, logic: m.BoxedFunction, scope: Scope) -> Callee | None:
    if logic.outside:
        note(run, "Functions outside FEEL are not called.")
        return None
    return function_of(run, logic, scope)


def function_of(
    run: Run, logic: m.BoxedFunction, scope: Scope, name: str = "function", result: str = ""
) -> Callee:
    """Return a boxed function that sees the names around it."""
    names = tuple(row.name for row in logic.parameters)
    kind = run.engine.type_of(result) if result else None
    function = kind is not None and kind.name == "function"  # the type of the function, not of what it gives
    given = kind.parameters if kind is not None and function and kind.parameters else (None,) * len(names)
    types = tuple(
        run.engine.type_of(row.type) if row.type else inherited
        for row, inherited in zip(logic.parameters, given, strict=False)
    )
    gives = kind.result if kind is not None and function else kind or _given_by(run, logic)

    def called(*values: Any) -> Any:
        return value(run, logic.body, Scope(dict(zip(names, values, strict=True)), scope))

    return Callee(name, names, called, types=types, result=gives)


def _given_by(run: Run, logic: m.BoxedFunction) -> Any:
    """What a function gives, where its own type says so."""
    kind = run.engine.type_of(logic.type) if logic.type else None
    return kind.result if kind is not None and kind.name == "function" else kind


def shared(run: Run, known: m.Knowledge) -> Callee | None:
    """Return a business knowledge model as a function; None where it is none of FEEL."""
    if known.function is None or known.function.outside:
        return None
    return function_of(run, known.function, Scope(_Functions(run, known)), known.name, known.variable.type)


class _Functions(Mapping[str, Any]):
    """What a shared function may call, looked up when it is called: functions may call themselves."""

    def __init__(self, run: Run, known: m.Knowledge) -> None:
        self._run, self._known = run, known

    def __getitem__(self, name: str) -> Any:
        if name == self._known.variable.name:
            return shared(self._run, self._known)
        return self._run.shared(self._known).values[name]

    def __iter__(self) -> Iterator[str]:
        yield self._known.variable.name
        yield from self._run.shared(self._known).values

    def __len__(self) -> int:
        return len(list(iter(self)))


def _list(run: Run, logic: m.BoxedList, scope: Scope) -> list[Any]:
    return [value(run, item, scope) for item in logic.items]


def _relation(run: Run, logic: m.Relation, scope: Scope) -> list[Any]:
    return [
        {
            column.name: run.fitted(value(run, cell, scope), column.type, column.name)
            for column, cell in zip(logic.columns, row, strict=False)
        }
        for row in logic.rows
    ]


def _conditional(run: Run, logic: m.Conditional, scope: Scope) -> Any:
    condition = value(run, logic.condition, scope)
    if condition is not None and not isinstance(condition, bool):
        note(run, "A condition is true or false.")
        return None
    return value(run, logic.then if condition is True else logic.otherwise, scope)


def _items_of(run: Run, base: m.Expression | None, scope: Scope) -> list[Any] | None:
    found = value(run, base, scope)
    if found is None:
        return None
    return found if isinstance(found, list) else [found]


def _filtered(run: Run, logic: m.Filtered, scope: Scope) -> Any:
    items = _items_of(run, logic.base, scope)
    if items is None:
        return None
    kept = []
    for item in items:
        parts = {"item": item, **(item if isinstance(item, dict) else {})}
        said = value(run, logic.match, Scope(parts, scope))
        if said is not None and not isinstance(said, bool):
            note(run, "A filter is a condition.")
            return None
        if said:
            kept.append(item)
    return kept


def _iterated(run: Run, logic: m.Iterated, scope: Scope) -> Any:
    items = _items_of(run, logic.base, scope)
    if items is None:
        return None
    made: list[Any] = []
    for item in items:
        inner = Scope({logic.variable.name: item, "partial": made}, scope)
        made.append(value(run, logic.body, inner))
    if logic.kind == "for":
        return made
    deciding = logic.kind == "some"
    if any(said is deciding for said in made):
        return deciding
    return not deciding if all(said is (not deciding) for said in made) else None


VALUES: dict[type[m.Expression], Callable[[Run, Any, Scope], Any]] = {
    m.Text: _text,
    m.BoxedContext: _context,
    m.Invocation: _invocation,
    m.BoxedFunction: _function,
    m.BoxedList: _list,
    m.Relation: _relation,
    m.Conditional: _conditional,
    m.Filtered: _filtered,
    m.Iterated: _iterated,
    m.Table: lambda run, logic, scope: tables.value(run, logic, scope, value),
}
