"""From the XML of DMN to a model; namespaces of all versions are read alike."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhitong.kernel.rules.dmn import model as m
from zhitong.kernel.rules.dmn.elements import Element, parse
from zhitong.kernel.rules.lang.source import Source
from zhitong.kernel.rules.problems import Problem, RulesError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

DEEPEST = 10
HITS = {
    "UNIQUE": "U",
    "FIRST": "F",
    "PRIORITY": "P",
    "ANY": "A",
    "COLLECT": "C",
    "RULE ORDER": "R",
    "OUTPUT ORDER": "O",
}


def read(path: str | Path) -> m.Model:
    """Return the model of a file, with those that it imports from the same folder; RulesError for bad XML."""
    path = Path(path)
    return Reader(str(path), path.parent).model(parse(path.read_bytes(), str(path)))


class Reader:
    """Reads one file."""

    def __init__(self, file: str, folder: Path, depth: int = 0) -> None:
        self.file = file
        self.depth = depth
        self.folder = folder
        self.names: set[str] = set()
        self.namespace = ""

    def model(self, root: Element) -> m.Model:
        """Return the model of a root element."""
        self.namespace = root.get("namespace")
        found = m.Model(root.get("name"), self.namespace, names=self.names)
        for child in root.children:
            if child.tag == "itemDefinition":
                defined = self._defined(child)
                found.types[defined.name] = defined
            elif child.tag == "inputData":
                found.given[child.get("id")] = m.Given(child.get("id"), self._variable(child))
            elif child.tag == "decision":
                found.decisions[child.get("id")] = self._decision(child)
            elif child.tag == "businessKnowledgeModel":
                found.knowledge[child.get("id")] = self._knowledge(child)
            elif child.tag == "decisionService":
                found.services[child.get("id")] = self._service(child)
            elif child.tag == "import":
                self._import(found, child)
        return found

    def _import(self, found: m.Model, child: Element) -> None:
        """A model is found where the import says, or by its namespace among the files beside this one."""
        inner = self._imported(child)
        if inner is None:
            return
        name = child.get("name")
        self.names |= inner.names
        if name:
            self.names.add(name)
            found.imports[name] = inner
            return
        # Without a name, all of it is as if it stood here; what stands here comes first.
        for room in ("types", "given", "decisions", "knowledge", "services", "imports"):
            own = getattr(found, room)
            for key, value in getattr(inner, room).items():
                own.setdefault(key, value)

    def _imported(self, child: Element) -> m.Model | None:
        if self.depth > DEEPEST:
            message = "Models import one another more than ten deep."
            raise RulesError([Problem(self.file, child.line, child.column, "", message, "Divide them.")])
        place = (self.folder / child.get("locationURI")).resolve() if child.get("locationURI") else None
        here = place is not None and place.is_file() and place.is_relative_to(self.folder.resolve())
        for path in [place] if here else sorted(self.folder.glob("*.dmn")):
            if path is None or str(path) == self.file:
                continue
            root = parse(path.read_bytes(), str(path))
            if root.get("namespace") == child.get("namespace"):
                return Reader(str(path), path.parent, self.depth + 1).model(root)
        return None

    # ---------------------------------------------------------------- parts of the model

    def _named(self, name: str) -> str:
        name = " ".join(name.split())
        self.names.add(name)
        return name

    def _variable(self, element: Element) -> m.Variable:
        """The variable of an element, or the element itself where it names one."""
        inner = element.first("variable")
        own = inner if inner is not None else element
        return m.Variable(self._named(own.get("name") or element.get("name")), _type(own))

    def _defined(self, element: Element) -> m.Defined:
        function = element.first("functionItem")
        signature = None
        if function is not None:
            parameters = tuple(m.Variable(row.get("name"), _type(row)) for row in function.all("parameters"))
            signature = (parameters, function.get("outputTypeRef") or function.text_of("outputTypeRef"))
        parts = element.all("itemComponent")
        return m.Defined(
            name=self._named(element.get("name")) if element.tag == "itemComponent" else element.get("name"),
            base=element.text_of("typeRef") or element.get("typeRef"),
            collection=element.get("isCollection") == "true",
            parts=tuple(self._defined(part) for part in parts),
            allowed=self._source(element.first("allowedValues")),
            constraint=self._source(element.first("typeConstraint")),
            function=signature,
        )

    def _decision(self, element: Element) -> m.Decision:
        needs = element.all("informationRequirement")
        own = self.namespace
        return m.Decision(
            key=element.get("id"),
            name=self._named(element.get("name")),
            variable=self._variable(element),
            logic=self._only(element),
            decisions=_references(own, needs, "requiredDecision"),
            inputs=_references(own, needs, "requiredInput"),
            knowledge=_references(own, element.all("knowledgeRequirement"), "requiredKnowledge"),
        )

    def _knowledge(self, element: Element) -> m.Knowledge:
        logic = element.first("encapsulatedLogic")
        return m.Knowledge(
            key=element.get("id"),
            name=self._named(element.get("name")),
            variable=self._variable(element),
            function=self._function(logic) if logic is not None else None,
            knowledge=_references(self.namespace, element.all("knowledgeRequirement"), "requiredKnowledge"),
        )

    def _service(self, element: Element) -> m.Service:
        return m.Service(
            key=element.get("id"),
            name=self._named(element.get("name")),
            variable=self._variable(element),
            outputs=_references(self.namespace, [element], "outputDecision"),
            encapsulated=_references(self.namespace, [element], "encapsulatedDecision"),
            decisions=_references(self.namespace, [element], "inputDecision"),
            inputs=_references(self.namespace, [element], "inputData"),
        )

    # ---------------------------------------------------------------- expressions

    def _only(self, element: Element | None) -> Any:
        """The first expression right below an element; None where there is none."""
        if element is None:
            return None
        for child in element.children:
            reader = READERS.get(child.tag)
            if reader is not None:
                return reader(self, child)
        return None

    def _source(self, element: Element | None) -> Source | None:
        """The text below an element with its place in the file."""
        text = element.first("text") if element is not None else None
        if text is None or not text.text.strip():
            return None
        return Source(text.text, self.file, text.text_line, text.text_column)

    def _text(self, element: Element) -> m.Text:
        found = self._source(element) or Source("null", self.file, element.line, element.column)
        return m.Text(found, _type(element))

    def _context(self, element: Element) -> m.BoxedContext:
        entries = []
        for child in element.all("contextEntry"):
            variable = child.first("variable")
            name = self._named(variable.get("name")) if variable is not None else ""
            kind = _type(variable) if variable is not None else ""
            entries.append(m.Entry(name, kind, self._only(child)))
        return m.BoxedContext(tuple(entries), _type(element))

    def _invocation(self, element: Element) -> m.Invocation:
        bindings = []
        for child in element.all("binding"):
            parameter = child.first("parameter")
            name = parameter.get("name") if parameter is not None else ""
            kind = _type(parameter) if parameter is not None else ""
            bindings.append((m.Variable(name, kind), self._only(child)))
        return m.Invocation(self._only(element), tuple(bindings), _type(element))

    def _function(self, element: Element) -> m.BoxedFunction:
        parameters = tuple(
            m.Variable(self._named(row.get("name")), _type(row)) for row in element.all("formalParameter")
        )
        outside = element.get("kind", "FEEL") not in {"", "FEEL", "F"}
        return m.BoxedFunction(parameters, self._only(element), outside, _type(element))

    def _list(self, element: Element) -> m.BoxedList:
        items = tuple(READERS[child.tag](self, child) for child in element.children if child.tag in READERS)
        return m.BoxedList(items, _type(element))

    def _relation(self, element: Element) -> m.Relation:
        columns = tuple(m.Variable(self._named(row.get("name")), _type(row)) for row in element.all("column"))
        rows = tuple(self._list(row).items for row in element.all("row"))
        return m.Relation(columns, rows, _type(element))

    def _conditional(self, element: Element) -> m.Conditional:
        parts = (self._only(element.first(name)) for name in ("if", "then", "else"))
        return m.Conditional(*parts, _type(element))

    def _filter(self, element: Element) -> m.Filtered:
        return m.Filtered(self._only(element.first("in")), self._only(element.first("match")), _type(element))

    def _iterated(self, element: Element) -> m.Iterated:
        body = element.first("return" if element.tag == "for" else "satisfies")
        variable = m.Variable(self._named(element.get("iteratorVariable")))
        self.names.add("partial")
        return m.Iterated(
            element.tag, variable, self._only(element.first("in")), self._only(body), _type(element)
        )

    def _table(self, element: Element) -> m.Table:
        return m.Table(
            hit=HITS.get(element.get("hitPolicy") or "UNIQUE", "U"),
            aggregation=element.get("aggregation"),
            inputs=tuple(self._input(child) for child in element.all("input")),
            outputs=tuple(self._output(child) for child in element.all("output")),
            rules=tuple(self._rule(child) for child in element.all("rule")),
            source=Source(" ", self.file, element.line, element.column),
            type=_type(element),
        )

    def _input(self, element: Element) -> m.Input:
        expression = element.first("inputExpression")
        return m.Input(
            self._text(expression if expression is not None else element),
            self._source(element.first("inputValues")),
        )

    def _output(self, element: Element) -> m.Output:
        default = element.first("defaultOutputEntry")
        name = self._named(element.get("name")) if element.get("name") else ""
        return m.Output(
            name,
            _type(element),
            self._source(element.first("outputValues")),
            self._text(default) if default is not None else None,
        )

    def _rule(self, element: Element) -> m.Rule:
        nothing = Source("-", self.file, element.line, element.column)
        tests = tuple(self._source(child) or nothing for child in element.all("inputEntry"))
        results = tuple(self._text(child) for child in element.all("outputEntry"))
        return m.Rule(tests, results, element.get("id"))


def _type(element: Element) -> str:
    name = element.get("typeRef") or element.text_of("typeRef")
    # Older versions of the standard wrote a prefix before its own types.
    return name.split(":", 1)[1] if name.startswith(("feel:", "xsd:")) else name


def _references(namespace: str, elements: Iterable[Element], tag: str) -> tuple[str, ...]:
    """What elements refer to; of the model itself without its namespace."""
    found = (child.get("href") for element in elements for child in element.all(tag))
    return tuple(href.removeprefix(f"{namespace}#").removeprefix("#") for href in found)


READERS: dict[str, Callable[[Reader, Element], m.Expression]] = {
    "literalExpression": Reader._text,  # noqa: SLF001 - its own methods
    "context": Reader._context,  # noqa: SLF001
    "invocation": Reader._invocation,  # noqa: SLF001
    "functionDefinition": Reader._function,  # noqa: SLF001
    "list": Reader._list,  # noqa: SLF001
    "relation": Reader._relation,  # noqa: SLF001
    "conditional": Reader._conditional,  # noqa: SLF001
    "filter": Reader._filter,  # noqa: SLF001
    "for": Reader._iterated,  # noqa: SLF001
    "every": Reader._iterated,  # noqa: SLF001
    "some": Reader._iterated,  # noqa: SLF001
    "decisionTable": Reader._table,  # noqa: SLF001
}
