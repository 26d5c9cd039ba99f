"""One change to one function of the program, made in its syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from tests.support import source

GONE = ""  # instead of new code: the statement is left out


@dataclass(frozen=True)
class Mutant:
    """A fault: in which function, what stands there, what stands there instead, and which tests must notice.

    `old` and `new` are expressions; `new` may be GONE for a statement, and `old` may name a decorator (`@name`).
    """

    name: str
    module: str
    function: str  # with its class or outer function: `Middleware.__call__`; empty for the module itself
    old: str
    new: str
    killers: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """Module and function, without the package's name."""
        return f"{self.module.removeprefix('zhitong.')}.{self.function}".rstrip(".")


class NoPlaceError(Exception):
    """What a mutant changes does not stand in the program (any more), or stands there twice."""


def functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.AST]]:
    """All functions of a module with their classes and outer functions, and the module itself."""
    if not prefix:
        yield "", tree
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            name = f"{prefix}{node.name}"
            yield name, node
            yield from functions(node, f"{name}.")
        elif isinstance(node, ast.If):  # `if TYPE_CHECKING:` and the like
            yield from functions(node, prefix or ".")


class _Cutter(ast.NodeTransformer):
    def __init__(self, old: str, new: str) -> None:
        self.old = ast.dump(ast.parse(old, mode="eval").body)
        self.new = new
        self.done = 0

    def visit(self, node: ast.AST) -> ast.AST:
        removable = isinstance(node, ast.Expr) and self.new == GONE
        if removable and ast.dump(node.value) == self.old:
            self.done += 1
            return ast.copy_location(ast.Pass(), node)
        if isinstance(node, ast.expr) and ast.dump(node) == self.old and self.new != GONE:
            self.done += 1
            return ast.copy_location(ast.parse(self.new, mode="eval").body, node)
        return self.generic_visit(node)


def _undecorated(node: ast.AST, name: str) -> int:
    marks = getattr(node, "decorator_list", [])
    kept = [mark for mark in marks if ast.unparse(mark) != name]
    if marks:
        node.decorator_list = kept  # type: ignore[attr-defined]
    return len(marks) - len(kept)


def changed(text: str, mutant: Mutant) -> ast.Module:
    """Return a module's tree with the one change; NoPlaceError unless there is exactly one place for it."""
    tree = ast.parse(text)
    place = dict(functions(tree)).get(mutant.function)
    if place is None:
        raise NoPlaceError(f"{mutant.name}: there is no function {mutant.where}.")
    if mutant.old.startswith("@"):
        done = _undecorated(place, mutant.old[1:])
    else:
        cutter = _Cutter(mutant.old, mutant.new)
        cutter.visit(place)
        done = cutter.done
    if done != 1:
        raise NoPlaceError(f"{mutant.name}: `{mutant.old}` stands {done} times in {mutant.where}.")
    return ast.fix_missing_locations(tree)


def text_of(module: str) -> str:
    """The source of a module of the program."""
    return next(found.text for found in source.modules() if found.name == module)
