"""Policies over a country: how many firm-rule evaluations a processor second, from memory and from Parquet.

    python -m benchmarks.rules                     1,000,000 firms, 200 and 300 rules, medians of 5
    python -m benchmarks.rules --firms 100000      a first look

Firms and rules are invented from a seed: 47 columns with gaps, 5 to 10 conditions a rule, some of them any or
at least two of several, regions among them. Types are exact: fen, whole numbers of four digits, days. What is
timed is processor time of this process, all threads together; building the plan is apart.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from zhitong.kernel.rules.facts.dictionary import Dictionary, Fact, Kind  # noqa: E402
from zhitong.kernel.rules.lang.source import Source  # noqa: E402
from zhitong.kernel.rules.policy.arrays import Arrays  # noqa: E402
from zhitong.kernel.rules.policy.check import condition  # noqa: E402
from zhitong.kernel.rules.policy.frames import Plan  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

RESULT = Path(__file__).with_name("results") / "rules.json"
SEED, RUNS, FIRMS = 7, 5, 1_000_000
TODAY = date(2026, 7, 1)
YUAN = "\u5143"
CITIES, COUNTIES = range(1, 22), range(1, 9)
LIMITS = {
    Kind.MONEY: [
        f"{number}{YUAN}" for number in (10**6, 2 * 10**6, 5 * 10**6, 10**7, 2 * 10**7, 5 * 10**7, 10**8)
    ],
    Kind.RATIO: ["3%", "5%", "6%", "10%", "15%", "20%", "30%"],
    Kind.COUNT: ["1", "3", "5", "10", "20", "50", "100", "300"],
}
CODES = {
    "industry": [f"C{number}" for number in range(13, 44)] + [f"I{number}" for number in (63, 64, 65)],
    "size": ["large", "medium", "small", "micro"],
    "ownership": ["state", "private", "foreign", "joint"],
    "listing": ["none", "main", "growth", "star", "north"],
    "credit": ["A", "B", "M", "C", "D"],
    "title": ["none", "innovative", "srdi", "giant", "champion"],
}
NATIONAL, OF_A_CITY = 0.25, 0.7  # so many rules are for the whole country, and for some cities
SHARED, ANY, AT_LEAST = 0.6, 0.12, 0.16  # parts of conditions: shared ones, "or", "at least two of four"
CODE_GAP = 0.03
GAPS = (0.05, 0.1, 0.2, 0.25, 0.3, 0.35, 0.4)


def dictionary() -> Dictionary:
    """Return the facts: 15 amounts, 9 shares, 7 counts, 6 codes, 6 flags, a day, city and county."""
    facts = [Fact(f"money{number}", Kind.MONEY, "money") for number in range(15)]
    facts += [Fact(f"share{number}", Kind.RATIO, digits=4) for number in range(9)]
    facts += [Fact(f"count{number}", Kind.COUNT, "piece") for number in range(7)]
    facts += [Fact(name, Kind.CODE, codes=tuple(codes)) for name, codes in CODES.items()]
    facts += [Fact(f"flag{number}", Kind.FLAG) for number in range(6)]
    facts += [Fact("founded", Kind.DAY), Fact("city", Kind.COUNT), Fact("county", Kind.COUNT)]
    return Dictionary.of(facts)


def firms(count: int) -> pl.DataFrame:
    """Return invented firms, as the dictionary keeps facts."""
    made = np.random.default_rng(SEED)
    columns: dict[str, pl.Series] = {"uscc": pl.Series(np.arange(count, dtype=np.int64))}

    def keep(name: str, values: Any, gap: float) -> None:
        column = pl.Series(name, values)
        columns[name] = column.set(pl.Series(made.random(count) < gap), None) if gap else column

    for number in range(15):
        keep(f"money{number}", (np.exp(made.normal(15, 2, count)) * 100).astype(np.int64), GAPS[number % 7])
    for number in range(9):
        keep(f"share{number}", (made.beta(2, 8, count) * 10_000).astype(np.int64), GAPS[1 + number % 4])
    for number in range(7):
        counts = np.minimum(np.exp(made.normal(2, 1.3, count)), 1e5).astype(np.int64)
        keep(f"count{number}", counts, GAPS[number % 3])
    for name, codes in CODES.items():
        weights = made.random(len(codes))
        chosen = made.choice(len(codes), count, p=weights / weights.sum()).astype(np.uint32)
        column = pl.Series(name, chosen).cast(pl.UInt32)
        named = pl.Series(name, codes, dtype=pl.Enum(codes)).gather(column)
        columns[name] = named.set(pl.Series(made.random(count) < CODE_GAP), None)
    for number in range(6):
        keep(
            f"flag{number}",
            made.random(count) < (0.1, 0.15, 0.02, 0.03, 0.01, 0.2)[number],
            (0, 0, 0.1, 0.2)[number % 4],
        )
    keep("founded", made.integers(9_000, 20_600, count), 0.01)
    city, county = made.integers(1, 22, count), made.integers(1, 9, count)
    columns["city"] = pl.Series((440_000 + city * 100).astype(np.int64))
    columns["county"] = pl.Series((440_000 + city * 100 + county).astype(np.int64))
    return pl.DataFrame(columns)


class Rules:
    """Writes invented rules; four of ten conditions are shared by many rules, as in real books."""

    def __init__(self, facts: Dictionary) -> None:
        self.random = random.Random(11)
        self.facts = [fact for fact in facts.facts if fact.name not in {"city", "county"}]
        self.common = [self._fresh() for _ in range(120)]

    def _fresh(self) -> str:
        fact = self.random.choice(self.facts)
        if fact.kind is Kind.CODE:
            some = self.random.sample(fact.codes, self.random.randint(2, max(2, len(fact.codes) - 1)))
            listed = ", ".join(f'"{code}"' for code in sorted(some))
            return f"{fact.name} in ({listed})"
        if fact.kind is Kind.FLAG:
            return self.random.choice([fact.name, f"not({fact.name})"])
        if fact.kind is Kind.DAY:
            return f'founded <= @"{2026 - self.random.choice([1, 2, 3, 5])}-01-01"'
        sign = self.random.choice([">=", ">=", ">=", "<"])
        return f"{fact.name} {sign} {self.random.choice(LIMITS[fact.kind])}"

    def atom(self) -> str:
        return self.random.choice(self.common) if self.random.random() < SHARED else self._fresh()

    def rule(self) -> str:
        parts = []
        place = self.random.random()
        if NATIONAL <= place < OF_A_CITY:
            cities = self.random.sample(CITIES, self.random.choice([1, 1, 1, 2, 9]))
            parts.append(f"city in ({', '.join(str(440_000 + city * 100) for city in sorted(cities))})")
        elif place >= OF_A_CITY:
            parts.append(
                f"county = {440_000 + self.random.choice(CITIES) * 100 + self.random.choice(COUNTIES)}"
            )
        wanted = self.random.randint(5, 10)
        while len(parts) < wanted:
            kind = self.random.random()
            if kind < ANY:
                several = [self.atom() for _ in range(self.random.randint(2, 4))]
                parts.append(f"({' or '.join(several)})")
            elif kind < AT_LEAST:
                parts.append(f"at least(2, [{', '.join(self.atom() for _ in range(4))}])")
            else:
                parts.append(self.atom())
        return " and ".join(parts)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def timed(do: Callable[[], Any], runs: int) -> dict[str, float]:
    """Return the median processor and wall seconds of some runs."""
    processor, wall = [], []
    for _ in range(runs):
        begin, clock = _cpu(), time.perf_counter()
        do()
        processor.append(_cpu() - begin)
        wall.append(time.perf_counter() - clock)
    return {"cpu_s": round(median(processor), 3), "wall_s": round(median(wall), 3)}


def _arrays(table: pl.DataFrame, facts: Dictionary) -> dict[str, tuple[Any, Any]]:
    found = {}
    for fact in facts.facts:
        column = table[fact.name]
        filled = (
            column.cast(pl.String).fill_null("")
            if fact.kind is Kind.CODE
            else column.fill_null(strategy="zero")
        )
        found[fact.name] = (filled.to_numpy(), column.is_not_null().to_numpy())
    return found


def measure(count: int, number: int, runs: int) -> dict[str, Any]:
    """Return what a number of rules over a number of firms costs, each way."""
    facts = dictionary()
    maker = Rules(facts)
    texts = [maker.rule() for _ in range(number)]
    begin = _cpu()
    tests = {f"r{at}": condition(Source(text), facts, TODAY).test for at, text in enumerate(texts)}
    checked = _cpu() - begin
    begin = _cpu()
    plan = Plan(tests)
    planned = _cpu() - begin
    table = firms(count)
    found: dict[str, Any] = {
        "firms": count,
        "rules": number,
        "distinct_tests": plan.atoms,
        "check_cpu_s": round(checked, 3),
        "plan_cpu_s": round(planned, 3),
    }
    answers = plan.run(table).collect()
    found["true"] = int(answers.select(pl.sum_horizontal(pl.all().sum())).item())
    found["unknown"] = int(answers.select(pl.sum_horizontal(pl.all().null_count())).item())
    del answers
    with tempfile.TemporaryDirectory(prefix="zhitong-rules-") as folder:
        path = Path(folder) / "firms.parquet"
        table.write_parquet(path, compression="zstd", row_group_size=122_880)
        found["parquet_mb"] = round(path.stat().st_size / 1e6, 1)
        ways: dict[str, Callable[[], Any]] = {
            "polars, from memory": lambda: plan.run(table).collect(),
            "polars, streaming from Parquet": lambda: plan.run(pl.scan_parquet(path)).select(
                pl.all().sum().name.suffix("_true"), pl.all().null_count().name.suffix("_unknown")
            ).collect(engine="streaming"),
        }  # fmt: skip
        columns = _arrays(table, facts)
        ways["numpy, from memory"] = lambda: [Arrays(columns, count).of(test) for test in tests.values()][:0]
        for name, do in ways.items():
            one = timed(do, runs)
            one["millions_a_cpu_s"] = round(count * number / one["cpu_s"] / 1e6, 1)
            found[name] = one
    return found


def main() -> None:
    """Measure and write the results down."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--firms", type=int, default=FIRMS)
    parser.add_argument("--runs", type=int, default=RUNS)
    options = parser.parse_args()
    found = {f"{number} rules": measure(options.firms, number, options.runs) for number in (200, 300)}
    if options.firms == FIRMS:
        RESULT.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(found, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
