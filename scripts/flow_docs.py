"""Writes docs/flow.md from data/flows and data/sla: `python scripts/flow_docs.py [--check]`."""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from zhitong.kernel.workflow import Action, Flow, parse_flow  # noqa: E402 - the path comes first

FLOWS = ROOT / "data" / "flows"
PROFILES = ROOT / "data" / "sla"
PAGE = ROOT / "docs" / "flow.md"
STATE_HEADS = ["state", "Chinese", "English", "owner", "clock", "firm's step", "leads on"]
ACTION_HEADS = [
    *("action", "Chinese", "English", "side", "from", "to"),
    *("permission", "clock", "asks for", "may take"),
]
HEAD = """\
# The flow of a case

<!-- Written by scripts/flow_docs.py from data/flows and data/sla. Change those files, then run it again. -->

Every state names who is accountable and which clock runs; every action names who may do it, what it asks
for and what becomes of the clock. The tables below are the files that the program runs, in words.
`python -m zhitong.kernel.workflow data/flows/*.toml` checks the files without the rest of the program.

- owner: `intake` is the unit that took the case in, `lead` the department charged with the answer
- clock of an action: `start` begins the clock of the next state, `keep` lets the running one run,
  `extend` gives it more days, `resume` takes up the earlier deadline of the next state's clock,
  `stop` ends it
- days in a state that pauses do not count for a clock that is resumed after it
- a case keeps for its whole life the versions with which it began
- a clock that runs out shows the case as overdue; only actions of the side `system` then follow by themselves
"""


def read(folder: Path) -> list[dict[str, Any]]:
    """Parse every table of a folder, by name and version."""
    tables = [tomllib.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.toml")]
    return sorted(tables, key=lambda table: (table["name"], table["version"]))


def table(heads: list[str], rows: list[list[str]]) -> Iterator[str]:
    """Yield the lines of a Markdown table."""
    yield from ("", f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}")
    yield from (f"| {' | '.join(row)} |" for row in rows)


def code(names: list[str] | tuple[str, ...], empty: str = "–") -> str:
    """Write names as code, or a dash."""
    return ", ".join(f"`{name}`" for name in names) or empty


def of_flow(flow: Flow) -> Iterator[str]:
    """Yield the section of one flow: where it comes from, its picture, its states, its actions."""
    yield f"\n## Flow `{flow.name}`, version {flow.version}\n"
    yield f"In force from {flow.in_force}. Source: {flow.source}. A case begins as `{flow.initial}`."
    yield from picture(flow)
    yield f"\n### States of `{flow.name}` {flow.version}"
    yield from table(STATE_HEADS, [state_row(flow, name) for name in flow.states])
    yield f"\n### Actions of `{flow.name}` {flow.version}"
    yield from table(ACTION_HEADS, [action_row(action) for action in flow.actions.values()])


def picture(flow: Flow) -> Iterator[str]:
    """Yield a diagram of the moves between states."""
    yield "\n```mermaid\nstateDiagram-v2"
    yield f"    [*] --> {flow.initial}"
    for action in flow.actions.values():
        moves = [source for source in action.sources if action.target_from(source) != source]
        yield from (f"    {source} --> {action.target}: {action.name}" for source in moves)
    yield from (f"    {name} --> [*]" for name in flow.states if name in flow.terminal_states)
    yield "```"


def state_row(flow: Flow, name: str) -> list[str]:
    """Return the cells of one state."""
    state = flow.state(name)
    actions = [action.name for action in flow.available(name) if action.target_from(name) != name]
    clock = f"`{state.clock}`" if state.clock else "ended"
    return [
        f"`{name}`",
        state.label["zh"],
        state.label["en"],
        f"`{state.owner}`",
        clock,
        str(state.firm_step),
        code(actions),
    ]


def action_row(action: Action) -> list[str]:
    """Return the cells of one action."""
    optional = [field.name for field in action.fields if not field.required]
    return [
        f"`{action.name}`",
        action.label["zh"],
        action.label["en"],
        action.side,
        code(action.sources),
        f"`{action.target}`" if action.target else "stays",
        f"`{action.permission}`",
        action.clock,
        code(action.required),
        code(optional),
    ]


def of_profile(profile: dict[str, Any]) -> Iterator[str]:
    """Yield the section of one set of deadlines."""
    yield f"\n## Deadlines `{profile['name']}`, version {profile['version']}\n"
    yield f"In force from {profile['in_force']}. Source: {profile['source']}."
    yield "A `workday` is a working day of the calendar (shifted weekends included), a `day` a calendar day."
    rows = [
        [f"`{name}`", row["label"]["zh"], row["label"]["en"], days(row), f"`{row['unit']}`"]
        for name, row in profile["clock"].items()
    ]
    yield from table(["clock", "Chinese", "English", "days", "unit"], rows)
    if "rule" in profile:
        yield "\nWithin a running clock:"
        yield from table(
            ["rule", "number"], [[f"`{name}`", str(number)] for name, number in profile["rule"].items()]
        )
    if "ladder" in profile:
        rows = [
            [str(row["overdue"]), f"`{row['role']}`", row["label"]["zh"], row["label"]["en"]]
            for row in profile["ladder"]
        ]
        yield "\nWho is told when so many working days have gone by after the deadline:"
        yield from table(["working days overdue", "role", "Chinese", "English"], rows)
    if "grade" in profile:
        grades = [
            [f"`{name}`", row["label"]["zh"], row["label"]["en"]] for name, row in profile["grade"].items()
        ]
        yield "\nClasses of what is put on the plan:"
        yield from table(["class", "Chinese", "English"], grades)
    kinds = [[f"`{name}`", row["label"]["zh"], row["label"]["en"]] for name, row in profile["kind"].items()]
    yield "\nKinds of matter, chosen when a case is accepted:"
    yield from table(["kind", "Chinese", "English"], kinds)


def days(row: dict[str, Any]) -> str:
    """Say how long a clock runs, for each kind of matter where that differs."""
    if "by_kind" in row:
        return ", ".join(f"{number} (`{kind}`)" for kind, number in row["by_kind"].items())
    return "given with the step" if row.get("given") else str(row["days"])


def page(flows: Path = FLOWS, profiles: Path = PROFILES) -> str:
    """Return the whole page as it should be."""
    lines = [HEAD.rstrip("\n")]
    for document in read(flows):
        lines += of_flow(parse_flow(document))
    for profile in read(profiles):
        lines += of_profile(profile)
    return "\n".join(lines) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Write the page, or with `--check` say whether it is what the tables say (exit 1 if not)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    wanted = page()
    if not parser.parse_args(arguments).check:
        PAGE.write_text(wanted, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == wanted:
        return 0
    print("docs/flow.md is not what the tables say: run `python scripts/flow_docs.py`.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
