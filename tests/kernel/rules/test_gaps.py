"""Gaps, overlaps and rows that never decide, beside all combinations of values tried one by one."""

from __future__ import annotations

import itertools
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.kernel.rules.test_models import decision, engine, given
from zhitong.kernel.rules import Engine
from zhitong.kernel.rules.__main__ import main
from zhitong.kernel.rules.dmn.gaps import Cut, _Steps, review, uncovered

OTHER = "\u0003"


def model(
    folder: Path, hit: str, columns: dict[str, str], rows: list[str], *, allowed: str = "", default: str = ""
) -> Engine:
    """A model with one table; a row is `test | test -> result`."""

    def said(tag: str, text: str) -> str:
        return f"<{tag}><text>{text.strip().replace('&', '&amp;').replace('<', '&lt;')}</text></{tag}>"

    inputs = "".join(
        f'<input><inputExpression typeRef="{kind}"><text>{name}</text></inputExpression>'
        f"{said('inputValues', allowed) if allowed else ''}</input>"
        for name, kind in columns.items()
    )
    rules = ""
    for row in rows:
        tests, result = row.split("->")
        cells = "".join(said("inputEntry", test) for test in tests.split("|"))
        rules += f"<rule>{cells}{said('outputEntry', result)}</rule>"
    output = f"<output>{said('defaultOutputEntry', default) if default else ''}</output>"
    logic = f'<decisionTable hitPolicy="{hit}">{inputs}{output}{rules}</decisionTable>'
    facts = "".join(given(name, kind) for name, kind in columns.items())
    return engine(folder, facts + decision("d", logic, facts=" ".join(columns)))


def told(made: Engine) -> list[str]:
    return [problem.message for problem in review(made)]


AGE = {"age": "number"}


@pytest.mark.parametrize(
    ("hit", "rows", "messages"),
    [
        ("UNIQUE", ["<18 -> 1", ">=18 -> 2"], []),
        ("UNIQUE", ["<18 -> 1", ">18 -> 2"], ["No row holds for age 18."]),
        ("UNIQUE", ["<=18 -> 1", ">=18 -> 2"], ["Rows 1 and 2 hold at once for age 18."]),
        ("UNIQUE", ["[1..5] -> 1", "-> 2"], ["Rows 1 and 2 hold at once for age 1 or between 1 and 5 or 5."]),
        ("ANY", ["<=18 -> 1", ">=18 -> 1"], []),
        ("ANY", ["<=18 -> 1", ">=18 -> 2"], ["Rows 1 and 2 hold at once for age 18."]),
        ("FIRST", ["<=18 -> 1", ">=18 -> 2"], []),
        ("FIRST", ["<20 -> 1", ">10 -> 2", "[12..15] -> 3"], ["Row 3 never decides: the rows before it hold wherever it does."]),
        ("FIRST", ["<20 -> 1", "not(<20) -> 2"], []),
        ("COLLECT", ["<=18 -> 1", ">=18 -> 2"], []),
        ("UNIQUE", ["[5..3] -> 1", "- -> 2"], ["Row 1 never holds."]),
        ("UNIQUE", ["age2 -> 1"], ["Gaps and overlaps were not looked for. A cell says more than a comparison with values that are written out."]),
    ],
)  # fmt: skip
def test_tables_of_one_column(tmp_path: Path, hit: str, rows: list[str], messages: list[str]) -> None:
    rows = [row if not row.startswith("->") else f"- {row}" for row in rows]
    assert told(model(tmp_path, hit, AGE, rows)) == messages


def test_a_default_leaves_no_gap_and_allowed_values_end_a_column(tmp_path: Path) -> None:
    assert told(model(tmp_path, "UNIQUE", AGE, ["<18 -> 1"], default="0")) == []
    assert told(model(tmp_path, "UNIQUE", {"size": "string"}, ['"a" -> 1'])) == [
        "No row holds for size any other text."
    ]
    rows = ['"a" -> 1', '"b" -> 2', '"c" -> 3']
    assert told(model(tmp_path, "UNIQUE", {"size": "string"}, rows, allowed='"a","b"')) == [
        "Row 3 never holds."
    ]


def test_days_and_flags(tmp_path: Path) -> None:
    columns = {"since": "date", "listed": "boolean"}
    rows = ['< @"2026-04-01" | - -> 1', '> @"2026-04-01" | true -> 2']
    assert told(model(tmp_path, "UNIQUE", columns, rows)) == [
        "No row holds for since 2026-04-01.",
        "No row holds for since above 2026-04-01, listed false.",
    ]
    rows = ['<= @"2026-04-01" | - -> 1', '>= @"2026-04-02" | - -> 2']
    assert told(model(tmp_path, "UNIQUE", columns, rows)) == [], (
        "no day lies between two that follow each other"
    )


def cell(made: random.Random, kind: str) -> str:
    if kind == "number":
        low, high = sorted(made.sample(range(6), 2))
        return made.choice(
            ["-", f"<{low}", f">={high}", f"[{low}..{high})", str(low), f"not({low})", f"{low},{high}"]
        )
    return made.choice(["-", '"a"', '"b"', '"a","b"', 'not("a")'])


VALUES: dict[str, list[Any]] = {
    "number": [Decimal(number) / 2 for number in range(-2, 13)],
    "string": ["a", "b", OTHER],
}


def test_beside_all_combinations(tmp_path: Path) -> None:
    """What is said to be a gap is one, all gaps are found, and rows are told by what the interpreter says of them."""
    made, gaps, overlaps = random.Random(20261201), 0, 0
    for turn in range(120):
        kinds = {f"x{number}": made.choice(["number", "string"]) for number in range(made.randint(1, 3))}
        rows = [
            " | ".join(cell(made, kind) for kind in kinds.values()) + f" -> {at}"
            for at in range(made.randint(1, 5))
        ]
        here = model(tmp_path, made.choice(["UNIQUE", "FIRST"]), kinds, rows)
        table = here.model.decisions["d"].logic
        cut = Cut(here, table)
        holding = {}
        for values in itertools.product(*(VALUES[kind] for kind in kinds.values())):
            facts = dict(zip(kinds, values, strict=True))
            run = here.run(facts)
            holding[values] = [
                at
                for at, rule in enumerate(table.rules)
                if all(
                    run.feel(test).passes(here.tree(test, cell=True), value, None) is True
                    for test, value in zip(rule.tests, values, strict=True)
                )
            ]
        messages = told(here)
        found = [message for message in messages if message.startswith("No row holds")]
        open_ones = [values for values, rows_here in holding.items() if not rows_here]
        assert bool(found) == bool(open_ones), (turn, rows)
        for box in uncovered(cut.rows, cut.whole, _Steps()):
            for indices in itertools.product(*([n for n in range(20) if bits >> n & 1] for bits in box)):
                value = tuple(cut.columns[at][n].value for at, n in enumerate(indices))
                assert not holding.get(value, []), (turn, rows)
        if table.hit == "U":
            twice = any(len(rows_here) > 1 for rows_here in holding.values())
            assert any("hold at once" in message for message in messages) == twice
            overlaps += twice
        else:
            first = {rows_here[0] for rows_here in holding.values() if rows_here}
            silent = {int(message.split()[1]) - 1 for message in messages if message.startswith("Row ")}
            assert silent == set(range(len(rows))) - first
        gaps += bool(open_ones)
    assert gaps > 20
    assert overlaps > 20


@pytest.mark.parametrize("hit", ["UNIQUE", "FIRST"])
def test_large_tables_are_left_alone(tmp_path: Path, hit: str) -> None:
    rows = [f"[{number}..{number + 1}) -> {number}" for number in range(10_000)]
    large = model(tmp_path, hit, AGE, rows)
    wide = model(
        tmp_path, hit, {f"x{n}": "number" for n in range(40)}, [" | ".join(["1"] * 40) + " -> 1"] * 60
    )
    assert told(large) == ["Gaps and overlaps were not looked for. It is too large to be gone through whole."]
    assert told(wide)


def test_the_command_checks_a_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model(tmp_path, "UNIQUE", AGE, ["<18 -> 1", ">18 -> 2"])
    assert main(["check", str(tmp_path / "m.dmn")]) == 0
    said = capsys.readouterr().out
    assert "warning: " in said
    assert "No row holds for age 18. [d] Add a row, or a default." in said
    assert "1 decisions" in said
