"""Reading a flow from a plain table (parsed TOML) and refusing one that cannot work."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from zhitong.kernel.workflow.flow import Action, Field, Flow, State

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CLOCK_EFFECTS = frozenset({"start", "keep", "extend", "recount", "resume", "stop"})
SAME_CLOCK = frozenset({"keep", "extend", "recount"})
SIDES = frozenset({"firm", "staff", "system"})
LANGUAGES = frozenset({"zh", "en"})


class FlowError(ValueError):
    """A flow table that contradicts itself; `problems` lists every fault found."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(" ".join(problems))


def parse_flow(document: Mapping[str, Any]) -> Flow:
    """Build a Flow from a parsed table and check it whole.

    `document` has keys name, version, in_force, source, initial, state (list) and action (list).
    Raises FlowError with every problem found: unknown states, states nobody can reach or leave,
    missing labels, clocks that contradict the state they lead to.
    """
    states = {row["name"]: _state(row) for row in document["state"]}
    actions = {row["name"]: _action(row) for row in document["action"]}
    flow = Flow(
        name=document["name"],
        version=int(document["version"]),
        in_force=str(document["in_force"]),
        source=document["source"],
        initial=document["initial"],
        states=MappingProxyType(states),
        actions=MappingProxyType(actions),
    )
    problems = [*_duplicate_names(document), *_problems(flow)]
    if problems:
        raise FlowError(problems)
    return flow


def _state(row: Mapping[str, Any]) -> State:
    return State(
        name=row["name"],
        label=MappingProxyType(dict(row.get("label", {}))),
        owner=row.get("owner", ""),
        clock=row.get("clock"),
        firm_step=int(row.get("firm_step", 0)),
        terminal=bool(row.get("terminal", False)),
        pauses=bool(row.get("pauses", False)),
    )


def _action(row: Mapping[str, Any]) -> Action:
    fields = [Field(name, required=True) for name in row.get("requires", [])]
    fields += [Field(name, required=False) for name in row.get("accepts", [])]
    return Action(
        name=row["name"],
        label=MappingProxyType(dict(row.get("label", {}))),
        sources=tuple(row.get("from", [])),
        target=row.get("to"),
        permission=row.get("permission", ""),
        clock=row.get("clock", ""),
        side=row.get("side", ""),
        fields=tuple(fields),
        primary=bool(row.get("primary", False)),
        danger=bool(row.get("danger", False)),
        reopens=bool(row.get("reopens", False)),
        room=row.get("room", ""),
    )


def _duplicate_names(document: Mapping[str, Any]) -> Iterator[str]:
    for kind in ("state", "action"):
        names = [row["name"] for row in document[kind]]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f"The {kind} {name!r} stands twice."


def _problems(flow: Flow) -> Iterator[str]:
    if flow.initial not in flow.states:
        yield f"The initial state {flow.initial!r} is not a state."
    for state in flow.states.values():
        yield from _state_problems(flow, state)
    for action in flow.actions.values():
        yield from _action_problems(flow, action)
    yield from _unreachable(flow)


def _state_problems(flow: Flow, state: State) -> Iterator[str]:
    if set(state.label) != LANGUAGES:
        yield f"The state {state.name!r} needs a label in zh and en."
    if not state.owner:
        yield f"The state {state.name!r} names nobody accountable."
    if (state.clock is None) is not state.terminal:
        yield f"The state {state.name!r} needs a clock, or must be terminal and have none."
    if state.terminal and state.pauses:
        yield f"The terminal state {state.name!r} has no clock that it could pause."
    leaving = [row for row in flow.available(state.name) if row.target_from(state.name) != state.name]
    if not state.terminal and not leaving:
        yield f"Nothing leads out of the state {state.name!r}."
    for row in leaving:
        if row.reopens and not state.terminal:
            yield f"The action {row.name!r} reopens {state.name!r}, which has not ended."
        if state.terminal and not row.reopens:
            yield f"The terminal state {state.name!r} can be left by {row.name!r}, which does not reopen it."


def _action_problems(flow: Flow, action: Action) -> Iterator[str]:
    if set(action.label) != LANGUAGES:
        yield f"The action {action.name!r} needs a label in zh and en."
    if not action.permission:
        yield f"The action {action.name!r} names no permission."
    if action.side not in SIDES:
        yield f"The action {action.name!r} needs a side: firm, staff or system."
    if not action.sources:
        yield f"The action {action.name!r} starts from no state."
    for name in (*action.sources, *([action.target] if action.target else [])):
        if name not in flow.states:
            yield f"The action {action.name!r} names the unknown state {name!r}."
            return
    yield from _clock_problems(flow, action)


def _clock_problems(flow: Flow, action: Action) -> Iterator[str]:
    if action.clock not in CLOCK_EFFECTS:
        yield f"The action {action.name!r} must start, keep, extend, recount, resume or stop the clock."
        return
    for source in action.sources:
        before, after = flow.states[source], flow.states[action.target_from(source)]
        if (action.clock == "stop") is not after.terminal and not (before.terminal and action.target is None):
            yield f"The action {action.name!r} stops the clock exactly where the flow ends."
        if action.clock in SAME_CLOCK and before.clock != after.clock:
            yield f"The action {action.name!r} keeps a clock that {after.name!r} does not run."


def _unreachable(flow: Flow) -> Iterator[str]:
    reached, frontier = {flow.initial}, [flow.initial]
    while frontier:
        state = frontier.pop()
        for action in flow.available(state) if state in flow.states else []:
            target = action.target_from(state)
            if target not in reached:
                reached.add(target)
                frontier.append(target)
    for name in flow.states:
        if name not in reached:
            yield f"No path leads to the state {name!r}."
