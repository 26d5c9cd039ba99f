"""Works out the decisions of a model: what each needs first, each once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from zhitong.kernel.rules.dmn import boxed
from zhitong.kernel.rules.dmn.typing import TypeReader
from zhitong.kernel.rules.feel import calls
from zhitong.kernel.rules.feel.interpret import KNOWN, Interpreter
from zhitong.kernel.rules.feel.scope import Scope, Work
from zhitong.kernel.rules.feel.types import coerced, conforms
from zhitong.kernel.rules.feel.values import Callee
from zhitong.kernel.rules.lang.names import Names
from zhitong.kernel.rules.lang.parser import expression, unary_tests
from zhitong.kernel.rules.lang.source import Source
from zhitong.kernel.rules.problems import Problem, RulesError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zhitong.kernel.rules.dmn.model import Decision, Knowledge, Model, Service
    from zhitong.kernel.rules.feel.dates import Moment
    from zhitong.kernel.rules.feel.types import Types
    from zhitong.kernel.rules.lang import nodes


class Engine:
    """A model made ready: its types, its names, and the trees of its texts, each read once."""

    def __init__(self, model: Model) -> None:
        self.model = model
        reader = TypeReader(model)
        self.types: Types = reader.read()
        self.type_of = reader.named
        self.problems = tuple(reader.problems)
        self.known = Names(model.names)
        self.imports = {name: Engine(inner) for name, inner in model.imports.items()}
        self._trees: dict[tuple[Source, bool], nodes.Node | RulesError] = {}

    def tree(self, source: Source, *, cell: bool = False) -> Any:
        """Return the tree of a text; RulesError where it has none."""
        key = (source, cell)
        if key not in self._trees:
            try:
                read = unary_tests if cell else expression
                self._trees[key] = read(source, KNOWN, self.known)
            except RulesError as error:
                self._trees[key] = error
        found = self._trees[key]
        if isinstance(found, RulesError):
            raise found
        return found

    def run(self, facts: Mapping[str, Any], now: Moment | None = None) -> Run:
        """Return a run over facts by name, in which decisions can be asked for."""
        return Run(self, facts, now)


def merged(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Return the values of both by name; what stands under one name of an import is put together."""
    found = dict(one)
    for name, value in other.items():
        before = found.get(name)
        found[name] = {**before, **value} if isinstance(before, dict) and isinstance(value, dict) else value
    return found


@dataclass(slots=True)
class Run:
    """Decisions over one set of facts; what went wrong on the way is kept in `notes`."""

    engine: Engine
    facts: Mapping[str, Any]
    now: Moment | None = None
    notes: list[Problem] = field(default_factory=list)
    _made: dict[str, Any] = field(default_factory=dict)
    _making: set[str] = field(default_factory=set)

    def decision(self, name: str) -> Any:
        """Return the value of a decision by its name; KeyError where there is none."""
        for decision in self.engine.model.decisions.values():
            if name in {decision.name, decision.variable.name}:
                return self.made(decision)
        raise KeyError(name)

    def made(self, decision: Decision) -> Any:
        """Return the value of a decision, worked out at the first question."""
        if decision.key in self._made:
            return self._made[decision.key]
        if decision.key in self._making:
            self.notes.append(
                Problem(self.engine.model.name, 1, 1, decision.name, "This decision needs itself.")
            )
            return None
        self._making.add(decision.key)
        needed = merged(self._facts(decision.inputs), self._decisions(decision.decisions))
        scope = Scope(merged(dict(self.shared(decision).values), needed))
        value = boxed.value(self, decision.logic, scope) if decision.logic is not None else None
        self._making.discard(decision.key)
        self._made[decision.key] = self.fitted(value, decision.variable.type, decision.name)
        return self._made[decision.key]

    def fitted(self, value: Any, kind: str, what: str = "") -> Any:
        """Return a value as it fits a type by name; null, with a note, where it does not."""
        if not kind or value is None:
            return value
        wanted = self.engine.type_of(kind)
        found = coerced(value, wanted, self.engine.types)
        if found is None:
            self.notes.append(Problem(self.engine.model.name, 1, 1, what, f"This is no {kind}."))
        return found

    def feel(self, source: Source) -> Interpreter:
        """Return an interpreter for a text, whose notes are collected here."""
        return Interpreter(Work(source, self.notes), self.engine.types, self.now)

    # ---------------------------------------------------------------- what a decision needs

    def _facts(self, keys: tuple[str, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key in keys:
            given = self.engine.model.given.get(key)
            if given is None:
                found = merged(found, self._imported(key))
                continue
            value = self.facts.get(given.variable.name)
            found[given.variable.name] = self._checked(value, given.variable.type, given.variable.name)
        return found

    def _checked(self, value: Any, kind: str, what: str) -> Any:
        wanted = self.engine.type_of(kind) if kind else None
        if wanted is None or value is None or conforms(value, wanted):
            return value
        return self.fitted(value, kind, what)

    def _owners(self, key: str) -> list[tuple[str, Engine]]:
        """The imported models that a reference can mean: that of its namespace, or else all."""
        space = key.rpartition("#")[0]
        every = list(self.engine.imports.items())
        return [(prefix, engine) for prefix, engine in every if engine.model.namespace == space] or every

    def _imported(self, key: str) -> dict[str, Any]:
        """A fact or decision of an imported model stands in a context under the model's name."""
        local = key.rpartition("#")[2]
        for prefix, engine in self._owners(key):
            inner = self.facts.get(prefix)
            run = Run(engine, inner if isinstance(inner, dict) else self.facts, self.now, self.notes)
            if local in engine.model.decisions:
                decision = engine.model.decisions[local]
                return {prefix: {decision.variable.name: run.made(decision)}}
            if local in engine.model.given:
                return {prefix: dict(run._facts((local,)))}
        return {}

    def _decisions(self, keys: tuple[str, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key in keys:
            decision = self.engine.model.decisions.get(key)
            if decision is not None:
                found[decision.variable.name] = self.made(decision)
                continue
            found = merged(found, self._imported(key))
        return found

    def shared(self, needing: Decision | Knowledge) -> Scope:
        """Return the functions that a decision may call."""
        found: dict[str, Any] = {}
        for key in needing.knowledge:
            if key in self.engine.model.knowledge:
                known = self.engine.model.knowledge[key]
                found[known.variable.name] = boxed.shared(self, known)
            elif key in self.engine.model.services:
                service = self.engine.model.services[key]
                found[service.variable.name] = self._service(service)
            else:
                found = merged(found, self._imported_functions(key))
        return Scope(found)

    def _imported_functions(self, key: str) -> dict[str, Any]:
        local = key.rpartition("#")[2]
        for prefix, engine in self._owners(key):
            run = Run(engine, {}, self.now, self.notes)
            if local in engine.model.knowledge:
                known = engine.model.knowledge[local]
                return {prefix: {known.variable.name: boxed.shared(run, known)}}
            if local in engine.model.services:
                service = engine.model.services[local]
                return {prefix: {service.variable.name: run._service(service)}}
        return {}

    def _service(self, service: Service) -> Callee:
        """A decision service as a function of its inputs and input decisions."""
        model = self.engine.model
        given = [model.given[key].variable for key in service.inputs if key in model.given]
        before = [model.decisions[key] for key in service.decisions if key in model.decisions]
        names = (*(row.name for row in given), *(decision.variable.name for decision in before))
        types = (*(row.type for row in given), *(decision.variable.type for decision in before))

        def run(*values: Any) -> Any:
            facts = dict(zip(names, values, strict=True))
            inner = Run(self.engine, facts, self.now, self.notes)
            for decision in before:
                inner._made[decision.key] = facts[decision.variable.name]
            found = {
                model.decisions[key].variable.name: inner.made(model.decisions[key])
                for key in service.outputs
            }
            return next(iter(found.values())) if len(found) == 1 else found

        whole = self.engine.type_of(service.variable.type) if service.variable.type else None
        function = whole is not None and whole.name == "function"
        given_kinds = whole.parameters if whole is not None and function and whole.parameters else ()
        inherited = dict(zip(names, given_kinds, strict=False))
        kinds = tuple(
            self.engine.type_of(kind) if kind else inherited.get(name)
            for name, kind in zip(names, types, strict=True)
        )
        result = whole.result if whole is not None and function else whole
        return Callee(service.name, names, run, types=kinds, result=result, strict=True)

    def service(self, name: str) -> Any:
        """Return the value of a decision service over the facts of this run."""
        found = next(row for row in self.engine.model.services.values() if row.name == name)
        callee = self._service(found)
        return self._called(callee)

    def function(self, name: str) -> Any:
        """Return the value of a business knowledge model for the facts of its parameters."""
        known = next(row for row in self.engine.model.knowledge.values() if row.name == name)
        callee = boxed.shared(self, known)
        return self._called(callee) if callee is not None else None

    def _called(self, callee: Callee) -> Any:
        """The value of a function for the facts of its parameters."""
        given = [self.facts.get(parameter) for parameter in callee.parameters]
        return calls.invoke(self.feel(Source(" ", self.engine.model.name)), boxed.NOWHERE, callee, given)
