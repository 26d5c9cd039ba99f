from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from zhitong.kernel.workflow import FlowError, parse_flow

LABEL = {"zh": "状态", "en": "State"}
SMALL: dict[str, Any] = {
    "name": "small",
    "version": 1,
    "in_force": "2026-01-01",
    "source": "a test",
    "initial": "open",
    "state": [
        {"name": "open", "label": LABEL, "owner": "desk", "clock": "work", "firm_step": 1},
        {"name": "done", "label": LABEL, "owner": "desk", "firm_step": 2, "terminal": True},
    ],
    "action": [
        {
            "name": "finish",
            "label": LABEL,
            "side": "staff",
            "from": ["open"],
            "to": "done",
            "permission": "small.finish",
            "clock": "stop",
            "requires": ["text"],
            "accepts": ["files"],
        },
        {
            "name": "note",
            "label": LABEL,
            "side": "staff",
            "from": ["open"],
            "permission": "small.note",
            "clock": "keep",
        },
    ],
}
Change = Callable[[dict[str, Any]], Any]


def small(change: Change = lambda _: None) -> dict[str, Any]:
    document = copy.deepcopy(SMALL)
    change(document)
    return document


def state(number: int, **columns: Any) -> Change:
    return lambda document: document["state"][number].update(columns)


def action(number: int, **columns: Any) -> Change:
    return lambda document: document["action"][number].update(columns)


def add(kind: str, **row: Any) -> Change:
    return lambda document: document[kind].append({**document[kind][0], **row})


PROBLEMS: list[tuple[Change, str]] = [
    (add("state"), "The state 'open' stands twice."),
    (add("action"), "The action 'finish' stands twice."),
    (lambda document: document.update(initial="lost"), "The initial state 'lost' is not a state."),
    (state(0, label={"zh": "状态"}), "The state 'open' needs a label in zh and en."),
    (state(0, label=LABEL | {"fr": "état"}), "The state 'open' needs a label in zh and en."),
    (state(0, owner=""), "The state 'open' names nobody accountable."),
    (state(0, clock=None), "The state 'open' needs a clock, or must be terminal and have none."),
    (state(1, clock="work"), "The state 'done' needs a clock, or must be terminal and have none."),
    (
        add("action", name="reopen", to="open", **{"from": ["done"]}),
        "The terminal state 'done' can be left by 'reopen', which does not reopen it.",
    ),
    (lambda document: document["action"].pop(0), "Nothing leads out of the state 'open'."),
    (action(1, label={}), "The action 'note' needs a label in zh and en."),
    (action(1, permission=""), "The action 'note' names no permission."),
    (action(1, side="nobody"), "The action 'note' needs a side: firm, staff or system."),
    (action(1, **{"from": []}), "The action 'note' starts from no state."),
    (action(1, **{"from": ["lost"]}), "The action 'note' names the unknown state 'lost'."),
    (action(0, to="lost"), "The action 'finish' names the unknown state 'lost'."),
    (
        action(1, clock="pause"),
        "The action 'note' must start, keep, extend, recount, resume or stop the clock.",
    ),
    (action(1, clock=""), "The action 'note' must start, keep, extend, recount, resume or stop the clock."),
    (action(1, clock="stop"), "The action 'note' stops the clock exactly where the flow ends."),
    (action(0, clock="start"), "The action 'finish' stops the clock exactly where the flow ends."),
    (action(0, clock="keep"), "The action 'finish' keeps a clock that 'done' does not run."),
    (add("state", name="island"), "No path leads to the state 'island'."),
]


@pytest.mark.parametrize(("change", "problem"), PROBLEMS, ids=[problem for _, problem in PROBLEMS])
def test_a_table_that_contradicts_itself_is_refused(change: Change, problem: str) -> None:
    with pytest.raises(FlowError) as caught:
        parse_flow(small(change))
    assert problem in caught.value.problems
    assert problem in str(caught.value)


def test_every_problem_is_found_at_once() -> None:
    def spoil(document: dict[str, Any]) -> None:
        state(0, owner="")(document)
        action(1, side="", permission="")(document)

    with pytest.raises(FlowError) as caught:
        parse_flow(small(spoil))
    assert len(caught.value.problems) == 3


def test_a_sound_table_becomes_a_flow() -> None:
    flow = parse_flow(small())
    assert (flow.name, flow.version, flow.in_force, flow.initial) == ("small", 1, "2026-01-01", "open")
    assert flow.terminal_states == {"done"}
    finish = flow.actions["finish"]
    assert finish.required == ("text",)
    assert [(field.name, field.required) for field in finish.fields] == [("text", True), ("files", False)]
    assert (finish.target_from("open"), flow.actions["note"].target_from("open")) == ("done", "open")


def test_the_initial_state_may_be_any_state_but_all_others_must_be_reached() -> None:
    def turn(document: dict[str, Any]) -> None:
        document["initial"] = "done"

    with pytest.raises(FlowError, match="No path leads to the state 'open'"):
        parse_flow(small(turn))


def test_a_flow_cannot_be_changed() -> None:
    flow = parse_flow(small())
    with pytest.raises(TypeError):
        flow.states["more"] = flow.states["open"]
    with pytest.raises(TypeError):
        flow.states["open"].label["zh"] = "别的"
    with pytest.raises(AttributeError):
        flow.initial = "done"
