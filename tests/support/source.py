"""The project's own files, as the house tests read them."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "zhitong"
# Rooms that every app may know; config knows everything.
SHARED_ROOMS = frozenset({"core", "kernel"})
COMPOSITION = "config"
GENERATED = frozenset({"migrations"})
FOREIGN = frozenset({"vendor", "__pycache__", ".venv", "node_modules", "build", ".git"})
TEMPLATE_SUFFIXES = frozenset({".html", ".txt", ".xml"})


class Module(NamedTuple):
    """A Python file: where it is, its dotted name, its text."""

    path: Path
    name: str
    text: str

    @property
    def where(self) -> str:
        """The path as a reader of the project writes it."""
        return (
            self.path.relative_to(ROOT).as_posix() if self.path.is_relative_to(ROOT) else self.path.as_posix()
        )

    @property
    def room(self) -> str:
        """The app or package below zhitong, e.g. `cases`; empty for zhitong's own files."""
        parts = self.name.split(".")
        return parts[1] if len(parts) > 1 else ""

    @property
    def layer(self) -> str:
        """The layer inside its room, e.g. `views` for views.py, views/lists.py and views_lists.py."""
        return layer_of(self.name)

    @property
    def tree(self) -> ast.Module:
        """The parsed file."""
        return parsed(self.text)


def layer_of(name: str) -> str:
    """Return the layer of a dotted module name, empty for a room itself."""
    parts = name.split(".")
    return parts[2].split("_")[0] if len(parts) > 2 else ""


@cache
def parsed(text: str) -> ast.Module:
    """Parse a text once."""
    return ast.parse(text)


def python_files(*folders: Path) -> Iterator[Path]:
    """List hand-written Python files."""
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            if not FOREIGN.intersection(path.parts):
                yield path


@cache
def modules() -> tuple[Module, ...]:
    """All modules of the package, migrations left out."""
    found = []
    for path in python_files(PACKAGE):
        if GENERATED.intersection(path.parts):
            continue
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found.append(Module(path, name, path.read_text(encoding="utf-8")))
    return tuple(found)


def module(text: str, name: str = "zhitong.cases.views") -> Module:
    """Make a module out of a text, to see a check find a planted fault."""
    return Module(ROOT / (name.replace(".", "/") + ".py"), name, text)


@cache
def templates() -> tuple[Path, ...]:
    """All template files of the package and of a shared folder beside it."""
    return tuple(
        path
        for folder in (PACKAGE, ROOT / "templates")
        for path in sorted(folder.rglob("*"))
        if path.suffix in TEMPLATE_SUFFIXES
        and "templates" in path.parts
        and not FOREIGN.intersection(path.parts)
    )


def rooms() -> list[str]:
    """The names of the packages directly below zhitong, apart from config, core and kernel."""
    return sorted(
        path.parent.name
        for path in PACKAGE.glob("*/__init__.py")
        if path.parent.name not in SHARED_ROOMS | {COMPOSITION}
    )


@cache
def project() -> dict:
    """pyproject.toml, parsed."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def contract(identifier: str) -> dict:
    """One of import-linter's contracts, by its id."""
    contracts = project()["tool"]["importlinter"]["contracts"]
    return next(found for found in contracts if found["id"] == identifier)


def heights(identifier: str = "house") -> dict[str, int]:
    """How high each room of the house (or each layer of the rooms) lies: it may use what lies lower."""
    floors = contract(identifier)["layers"]
    return {
        name.strip().strip("()"): height
        for height, floor in enumerate(reversed(floors))
        for name in floor.split("|")
    }
