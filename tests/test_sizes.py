from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support import source


class Limit(NamedTuple):
    """A ceiling for each one, a lower limit for 95 of 100, and what to do when it is passed."""

    what: str
    typical: int
    ceiling: int
    advice: str


class Size(NamedTuple):
    """One measured thing: how big, and where."""

    value: int
    where: str


FILES = Limit("lines of a Python file", 300, 500, "split it by subject")
FUNCTIONS = Limit("lines of a function", 35, 60, "name its steps as functions of their own")
BRANCHES = Limit("branches of a function", 6, 10, "turn cases into a table, or name the inner decision")
TEMPLATES = Limit("lines of a template", 120, 200, "move a block into an included component")
# Below this many the 95th percentile is one or two outliers.
ENOUGH = 40
NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
BRANCHING = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.match_case)


def python_files() -> list[Path]:
    found = source.python_files(source.PACKAGE, source.ROOT / "tests", source.ROOT / "scripts")
    return [path for path in found if not source.GENERATED.intersection(path.parts)]


def branches(function: ast.AST) -> int:
    """Count the paths that a function's own statements open, as McCabe does; nested functions count for themselves."""
    count = 1
    waiting = list(ast.iter_child_nodes(function))
    while waiting:
        node = waiting.pop()
        if isinstance(node, NESTED):
            continue
        count += isinstance(node, BRANCHING)
        waiting += ast.iter_child_nodes(node)
    return count


def functions(text: str, where: str) -> Iterator[tuple[Size, Size]]:
    """Yield length and branches of each function of a file."""
    for node in ast.walk(source.parsed(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            place = f"{where}:{node.lineno} {node.name}"
            yield Size(node.end_lineno - node.lineno + 1, place), Size(branches(node), place)


def relative(path: Path) -> str:
    return path.relative_to(source.ROOT).as_posix()


def complaint(sizes: list[Size], limit: Limit) -> str:
    """Say what is too big, biggest first; empty if all is well."""
    ranked = sorted(sizes, reverse=True)
    over = [f"  {size.where}: {size.value}" for size in ranked if size.value > limit.ceiling]
    if over:
        return "\n".join([f"More than {limit.ceiling} {limit.what}; {limit.advice}:", *over])
    allowed = len(ranked) // 20
    if len(ranked) >= ENOUGH and ranked[allowed].value > limit.typical:
        worst = [f"  {size.where}: {size.value}" for size in ranked if size.value > limit.typical]
        first = (
            f"{len(worst)} of {len(ranked)} have more than {limit.typical} {limit.what}, "
            f"at most {allowed} may; {limit.advice}:"
        )
        return "\n".join([first, *worst])
    return ""


def measured(limit: Limit) -> list[Size]:
    if limit is TEMPLATES:
        return [
            Size(len(path.read_text(encoding="utf-8").splitlines()), relative(path))
            for path in source.templates()
        ]
    texts = [(path.read_text(encoding="utf-8"), relative(path)) for path in python_files()]
    if limit is FILES:
        return [Size(len(text.splitlines()), where) for text, where in texts]
    pairs = [pair for text, where in texts for pair in functions(text, where)]
    return [length if limit is FUNCTIONS else count for length, count in pairs]


@pytest.mark.parametrize("limit", [FILES, FUNCTIONS, BRANCHES, TEMPLATES], ids=lambda limit: limit.what)
def test_sizes(limit: Limit) -> None:
    sizes = measured(limit)
    assert sizes, f"nothing to measure: {limit.what}"
    found = complaint(sizes, limit)
    assert not found, found


@pytest.mark.parametrize("limit", [FILES, FUNCTIONS, BRANCHES, TEMPLATES], ids=lambda limit: limit.what)
def test_one_above_the_ceiling_is_found(limit: Limit) -> None:
    sizes = [Size(1, f"small {number}") for number in range(200)]
    assert not complaint([*sizes, Size(limit.ceiling, "big")], limit)
    assert "big" in complaint([*sizes, Size(limit.ceiling + 1, "big")], limit)


def test_a_fat_tail_is_found() -> None:
    small = [Size(1, f"small {number}") for number in range(95)]
    assert not complaint([*small, *[Size(400, "fat")] * 5], FILES)
    assert "6 of 101" in complaint([*small, *[Size(400, "fat")] * 6], FILES)


def test_measures() -> None:
    text = (
        "def outer(x):\n"
        "    for y in x:\n"
        "        if y:\n"
        "            pass\n"
        "        elif x:\n"
        "            pass\n"
        "    def inner():\n"
        "        while True:\n"
        "            pass\n"
        "    return inner\n"
    )
    found = {
        length.where.split()[-1]: (length.value, count.value) for length, count in functions(text, "f.py")
    }
    assert found == {"outer": (10, 4), "inner": (3, 2)}
