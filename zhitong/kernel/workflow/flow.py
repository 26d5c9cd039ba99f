"""The value objects of a flow; they answer questions and change nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class IllegalActionError(ValueError):
    """An action that the flow does not know in this state; carries `state` and `action`."""

    def __init__(self, *, state: str, action: str) -> None:
        self.state = state
        self.action = action
        super().__init__(f"The flow has no action {action!r} in state {state!r}.")


@dataclass(frozen=True, slots=True)
class State:
    """One state: who is accountable in it, which clock runs, which step the firm sees."""

    name: str
    label: Mapping[str, str]
    owner: str  # the accountable party: a name that the application resolves to one department
    clock: str | None  # the clock that runs in this state; None only where the flow has ended
    firm_step: int  # position on the firm's progress line, from 1
    terminal: bool = False
    pauses: bool = False  # time in this state does not count for a clock that is resumed after it


@dataclass(frozen=True, slots=True)
class Field:
    """One input of an action, by name; whether it must be given."""

    name: str
    required: bool


@dataclass(frozen=True, slots=True)
class Action:
    """One row of the table: from which states, to which state, by whose leave, with which inputs.

    `clock` says what happens to the clock: `start` begins the target state's clock anew, `keep` lets
    the running one run, `extend` gives it more days, `recount` the length of another kind of matter,
    `resume` takes up the target clock's earlier deadline, `stop` ends it. Only an action that `reopens`
    leads out of a state in which the work has ended.
    """

    name: str
    label: Mapping[str, str]
    sources: tuple[str, ...]
    target: str | None  # None: the state stays as it is
    permission: str
    clock: str
    side: str  # firm, staff or system: whose screen shows the button
    fields: tuple[Field, ...] = ()
    primary: bool = False
    danger: bool = False
    reopens: bool = False
    room: str = ""  # which part of the application holds the action's page; empty: the flow's own

    def target_from(self, state: str) -> str:
        """Return the state after the action; a staying action returns `state` itself."""
        return state if self.target is None else self.target

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the inputs without which the action is refused."""
        return tuple(field.name for field in self.fields if field.required)


@dataclass(frozen=True, slots=True)
class Flow:
    """A whole flow at one version, with its date and its source."""

    name: str
    version: int
    in_force: str  # ISO date from which new work begins with this version
    source: str
    initial: str
    states: Mapping[str, State]
    actions: Mapping[str, Action]

    def state(self, name: str) -> State:
        """Return the state called `name`; KeyError if the flow has none."""
        return self.states[name]

    def find(self, *, state: str, action: str) -> Action:
        """Return the action if the flow allows it in `state`, else raise IllegalActionError."""
        row = self.actions.get(action)
        if row is None or state not in row.sources:
            raise IllegalActionError(state=state, action=action)
        return row

    def available(self, state: str, side: str | None = None) -> list[Action]:
        """List the actions that leave or stay in `state`, in table order; `side` narrows them."""
        return [
            row
            for row in self.actions.values()
            if state in row.sources and (side is None or row.side == side)
        ]

    @property
    def terminal_states(self) -> frozenset[str]:
        """Names of the states in which the work has ended."""
        return frozenset(name for name, state in self.states.items() if state.terminal)
