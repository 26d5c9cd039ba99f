from __future__ import annotations

import subprocess
import sys
import tomllib
from typing import Any

import pytest

from tests.support.source import ROOT
from zhitong.kernel.workflow import Flow, IllegalActionError, parse_flow

FILES = sorted((ROOT / "data/flows").glob("*.toml"))
STAYS = ["urge", "remind", "ask_help", "contact", "note", "assign", "hand_over", "transfer"]
ASKS = {"ask_extension", "ask_suspension", "ask_plan"}
EFFECTS = {
    "extend": {"grant_extension"},
    "recount": {"reclassify"},
    "resume": {
        *("reject", "overrule", "resume", "end_suspension"),
        *("take_back_dispatch", "take_back_answer"),
    },
    "stop": {"withdraw", "refuse", "close", "close_unrated", "close_silent"},
}
# What the case flow means, a row a state: action -> next state. Everything else is refused.
NEXT = {
    "submitted": {
        "accept": "accepted",
        "return": "returned",
        "refuse": "refused",
        "withdraw": "withdrawn",
        "merge": "merged",
        **dict.fromkeys(["note", "urge", "remind", "split", "pass_up"], "submitted"),
    },
    "returned": {
        "supplement": "submitted",
        "accept": "accepted",
        "refuse": "refused",
        "withdraw": "withdrawn",
        "note": "returned",
        "remind_silent": "returned",
        "close_silent": "lapsed",
    },
    "refused": {},
    "accepted": {
        "dispatch": "dispatched",
        "withdraw": "withdrawn",
        "merge": "merged",
        "pass_up": "submitted",
        **dict.fromkeys(["note", "urge", "remind", "split", "reclassify"], "accepted"),
    },
    "merged": {
        "separate": "accepted",
        "answer_merged": "reviewed",
        "withdraw": "withdrawn",
        **dict.fromkeys(["note", "urge"], "merged"),
    },
    "dispatched": {
        "start": "handling",
        "take_back_dispatch": "accepted",
        "answer_for": "reviewed",
        "object": "objected",
        "withdraw": "withdrawn",
        **dict.fromkeys(["redispatch", "reclassify", *STAYS], "dispatched"),
    },
    "objected": {
        "overrule": "dispatched",
        "uphold": "accepted",
        "withdraw": "withdrawn",
        **dict.fromkeys(["note", "urge", "remind", "hand_over"], "objected"),
    },
    "handling": {
        "answer": "answered",
        "answer_for": "reviewed",
        "grant_suspension": "suspended",
        "grant_plan": "planned",
        "redispatch": "dispatched",
        "transfer": "dispatched",
        "withdraw": "withdrawn",
        **dict.fromkeys(["urge", "remind", "ask_help", "contact", "note", "assign", "hand_over"], "handling"),
        **dict.fromkeys(["ask_extension", "ask_suspension", "ask_plan"], "handling"),
        **dict.fromkeys(["grant_extension", "decline", "reclassify"], "handling"),
    },
    "suspended": {
        "resume": "handling",
        "end_suspension": "handling",
        "withdraw": "withdrawn",
        **dict.fromkeys(
            ["urge", "remind", "ask_help", "contact", "note", "assign", "hand_over"], "suspended"
        ),
    },
    "planned": {
        "stage": "planned",
        "take_up": "handling",
        "withdraw": "withdrawn",
        **dict.fromkeys(["urge", "remind", "ask_help", "contact", "note", "assign", "hand_over"], "planned"),
    },
    "answered": {
        "approve": "reviewed",
        "reject": "handling",
        "take_back_answer": "handling",
        **dict.fromkeys(["review", "note", "urge", "remind", "hand_over"], "answered"),
    },
    "reviewed": {
        "rate": "rated",
        "close_unrated": "closed",
        "reopen_rated": "handling",
        **dict.fromkeys(["note", "hand_over", "remind_rating"], "reviewed"),
    },
    "rated": {
        "close": "closed",
        "reopen_rated": "handling",
        **dict.fromkeys(["note", "hand_over", "remind"], "rated"),
    },
    "closed": {"append": "closed", "reopen": "handling", "reopen_visited": "handling"},
    "lapsed": {},
    "withdrawn": {},
}
ACTIONS = sorted({action for row in NEXT.values() for action in row})
OWNED_BY_LEAD = {"dispatched", "handling", "suspended", "planned", "answered", "reviewed", "closed"}


@pytest.fixture(scope="module")
def flow() -> Flow:
    return parse_flow(tomllib.loads((ROOT / "data/flows/case-3.toml").read_text(encoding="utf-8")))


def test_the_flow_has_these_states_and_actions(flow: Flow) -> None:
    assert set(flow.states) == set(NEXT)
    assert sorted(flow.actions) == ACTIONS
    assert flow.terminal_states == {"closed", "withdrawn", "refused", "lapsed"}


@pytest.mark.parametrize("state", list(NEXT))
@pytest.mark.parametrize("action", [*ACTIONS, "submit", "delete"])
def test_every_pair_of_state_and_action(flow: Flow, state: str, action: str) -> None:
    target = NEXT[state].get(action)
    if target is None:
        with pytest.raises(IllegalActionError) as caught:
            flow.find(state=state, action=action)
        assert (caught.value.state, caught.value.action) == (state, action)
    else:
        assert flow.find(state=state, action=action).target_from(state) == target


@pytest.mark.parametrize("state", list(NEXT))
def test_available_lists_the_same_actions_and_narrows_by_side(flow: Flow, state: str) -> None:
    names = [row.name for row in flow.available(state)]
    assert sorted(names) == sorted(NEXT[state])
    assert names == [name for name in flow.actions if name in NEXT[state]], "not in table order"
    by_side = [row.name for side in ("firm", "staff", "system") for row in flow.available(state, side)]
    assert sorted(by_side) == sorted(names)
    firm = {row.name for row in flow.available(state, "firm")}
    assert firm == {"supplement", "withdraw", "rate", "urge", "append"} & set(names)


@pytest.mark.parametrize("state", list(NEXT))
def test_each_state_has_one_owner_and_a_clock_until_the_end(flow: Flow, state: str) -> None:
    row = flow.state(state)
    assert row.owner == ("lead" if state in OWNED_BY_LEAD else "intake")
    assert (row.clock is None) is row.terminal is (state in flow.terminal_states)


def test_the_handling_clock_runs_through_until_the_answer(flow: Flow) -> None:
    effects = {name: row.clock for name, row in flow.actions.items()}
    keeping = {name for name, effect in effects.items() if effect == "keep"}
    assert keeping == {
        *("redispatch", "start", "review", "decline", "append", "split", "remind_silent", "remind_rating"),
        *STAYS,
        *ASKS,
    }
    by_effect = {effect: {name for name, found in effects.items() if found == effect} for effect in EFFECTS}
    assert by_effect == EFFECTS


def test_only_reopening_leads_out_of_an_end(flow: Flow) -> None:
    assert {name for name, row in flow.actions.items() if row.reopens} == {"reopen", "reopen_visited"}
    assert [name for name, state in flow.states.items() if state.pauses] == ["suspended"]


def test_the_first_version_stays_for_the_cases_that_began_with_it() -> None:
    first = parse_flow(tomllib.loads((ROOT / "data/flows/case-1.toml").read_text(encoding="utf-8")))
    assert len(first.states) == 10
    assert len(first.actions) == 16
    assert first.terminal_states == {"closed", "withdrawn"}


def test_an_unknown_state_is_an_error(flow: Flow) -> None:
    with pytest.raises(KeyError):
        flow.state("lost")


def check(*arguments: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "zhitong.kernel.workflow", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_checks_files(tmp_path) -> None:
    whole = check(*FILES)
    assert (whole.returncode, whole.stderr) == (0, "")
    assert "10 states, 16 actions" in whole.stdout
    broken = tmp_path / "broken.toml"
    broken.write_text(
        FILES[0].read_text(encoding="utf-8").replace('owner = "lead"', 'owner = ""'), encoding="utf-8"
    )
    found = check(broken)
    assert found.returncode == 1
    assert "names nobody accountable" in found.stderr
