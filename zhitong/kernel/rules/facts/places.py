"""YAML with the place of every key and value, so that faults can be told with line and column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from zhitong.kernel.rules.problems import Problem, RulesError

if TYPE_CHECKING:
    from pathlib import Path

MOST = 10_000_000  # signs of a file
DEEPEST = 40


class Place:
    """A value of a YAML file: `value` is a text, a dict of Places by key, or a list of Places."""

    __slots__ = ("column", "file", "line", "value")

    def __init__(self, value: Any, file: str, line: int, column: int) -> None:
        self.value, self.file, self.line, self.column = value, file, line, column

    def problem(self, message: str, mend: str = "") -> Problem:
        """Return a problem about this value."""
        shown = self.value if isinstance(self.value, str) else ""
        return Problem(self.file, self.line, self.column, shown, message, mend)

    def get(self, key: str) -> Place | None:
        """Return the value of a key, where this is a mapping that has it."""
        return self.value.get(key) if isinstance(self.value, dict) else None

    def items(self) -> list[Place]:
        """Return the items of a list; none of anything else."""
        return self.value if isinstance(self.value, list) else []

    def text(self) -> str:
        """Return a plain text as it is written; empty for anything else."""
        return self.value if isinstance(self.value, str) else ""


def text_of(path: Path) -> str:
    """Return the text of a file; RulesError where it is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        problem = Problem(
            str(path), 1, 1, "", f"This is no UTF-8 at byte {error.start}.", "Save it as UTF-8."
        )
        raise RulesError([problem]) from None


def read(text: str, file: str) -> Place:
    """Return the root of a YAML text; RulesError for what is none, too large, too deep, or uses anchors."""
    if len(text) > MOST:
        raise RulesError([Problem(file, 1, 1, "", f"A file has at most {MOST} signs.", "Divide it.")])
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise RulesError([_at(file, event.start_mark, "Anchors are not read.", "Write it out.")])
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        raise RulesError([_at(file, error.problem_mark, f"This is no YAML: {error.problem}.")]) from None
    except yaml.YAMLError as error:
        raise RulesError([Problem(file, 1, 1, "", f"This is no YAML: {error}.")]) from None
    except RecursionError:
        raise RulesError([Problem(file, 1, 1, "", "Lists stand too deep in lists.", "Divide it.")]) from None
    return _placed(root, file, 0) if root is not None else Place({}, file, 1, 1)


def _at(file: str, mark: Any, message: str, mend: str = "") -> Problem:
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    return Problem(file, line, column, "", message, mend)


def _placed(node: yaml.Node, file: str, depth: int) -> Place:
    line, column = node.start_mark.line + 1, node.start_mark.column + 1
    if depth > DEEPEST:
        raise RulesError([Problem(file, line, column, "", "Lists stand too deep in lists.", "Divide it.")])
    if isinstance(node, yaml.ScalarNode):
        quoted = node.style in {'"', "'"}
        return Place(node.value, file, line, column + quoted)
    if isinstance(node, yaml.SequenceNode):
        return Place([_placed(item, file, depth + 1) for item in node.value], file, line, column)
    found: dict[str, Place] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise RulesError([_at(file, key.start_mark, "A name is a plain text.", "Write: name: value")])
        if key.value in found:
            raise RulesError(
                [_at(file, key.start_mark, f"{key.value} stands here twice.", "Keep one of them.")]
            )
        found[str(key.value)] = _placed(value, file, depth + 1)
    return Place(found, file, line, column)
