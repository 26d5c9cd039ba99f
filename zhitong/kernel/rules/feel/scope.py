"""What names mean while an expression is worked out, and what went wrong on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zhitong.kernel.rules.lang.nodes import Node
    from zhitong.kernel.rules.lang.source import Source
    from zhitong.kernel.rules.problems import Problem

MOST_STEPS = 500_000  # nodes worked out for one decision
MOST_NOTES = 100
MOST_ITEMS = 100_000  # of a list that is made
NOTHING = object()


class EvaluationError(Exception):
    """An expression that cannot be worked out to its end: too long, too deep or too large."""


@dataclass(slots=True)
class Work:
    """One text that is worked out: its source, what went wrong, and how far it may go."""

    source: Source | None = None
    notes: list[Problem] = field(default_factory=list)
    steps: int = 0

    def step(self) -> None:
        """Count a step; EvaluationError beyond the bound."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            message = f"More than {MOST_STEPS} steps are needed."
            raise EvaluationError(message)

    def note(self, node: Node, message: str) -> None:
        """Keep what went wrong; the value of the node is null then."""
        if self.source is not None and len(self.notes) < MOST_NOTES:
            self.notes.append(self.source.problem(node.begin, node.end, message))


class Scope:
    """Values by name, with those further out behind them."""

    __slots__ = ("outer", "values")

    def __init__(self, values: Mapping[str, Any], outer: Scope | None = None) -> None:
        self.values = values
        self.outer = outer

    def get(self, name: str) -> Any:
        """Return the value of a name, or NOTHING."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.values:
                return scope.values[name]
            scope = scope.outer
        return NOTHING
