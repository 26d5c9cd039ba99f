"""What people wait for with a book of policies: a whole country of them, one firm explained, a limit moved.

    python -m benchmarks.books                     1,000,000 firms; medians of 5
    python -m benchmarks.books --firms 100000      a first look

Firms and conditions are those of `benchmarks/rules.py`. A book of 5,000 policies has some for the country,
for each of 21 cities and for each of 168 counties: a firm is asked of those of its place. What is timed is
processor and wall time of this process.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.rules import CITIES, COUNTIES, FIRMS, RUNS, SEED, TODAY, Rules, dictionary, firms, timed  # noqa: E402
from zhitong.kernel.rules.book.awards import Award  # noqa: E402
from zhitong.kernel.rules.book.book import PolicyBook  # noqa: E402
from zhitong.kernel.rules.book.explaining import explain  # noqa: E402
from zhitong.kernel.rules.book.matching import Plans, matched  # noqa: E402
from zhitong.kernel.rules.book.policy import Clause, Level, Policy, Span, digest  # noqa: E402
from zhitong.kernel.rules.book.resolving import resolve  # noqa: E402
from zhitong.kernel.rules.book.running import Run  # noqa: E402
from zhitong.kernel.rules.book.simulating import Simulation  # noqa: E402
from zhitong.kernel.rules.lang.source import Source  # noqa: E402

RESULT = Path(__file__).with_name("results") / "books.json"
NATIONAL, A_CITY, A_COUNTY = 60, 80, 19  # 60 + 21 * 80 + 168 * 19 are 4,932; more of the country make 5,000
MANY, FEW, CHANGED, WHOLE = 5_000, 200, 1_000, 300
YUAN = "\u5143"


def book(number: int) -> PolicyBook:
    """Return a book of invented policies with five to ten conditions: of the country, cities and counties."""
    facts = dictionary()
    maker, made = Rules(facts), random.Random(SEED)
    counties = [city * 100 + county for city in CITIES for county in COUNTIES]
    places = [""] * NATIONAL
    places += [f"{440_000 + city * 100}" for city in CITIES for _ in range(A_CITY)]
    places += [f"{440_000 + county}" for county in counties for _ in range(A_COUNTY)]
    places += [""] * (MANY - len(places))
    if number < MANY:
        places = [""] * number
    policies = []
    for at, place in enumerate(places):
        texts = [maker.atom() for _ in range(made.randint(5, 10))]
        clauses = tuple(Clause(f"c{n}", f"a{n}", Source(text)) for n, text in enumerate(texts))
        amount = Source(f"{made.randint(1, 50)}0000{YUAN}")
        award = Award(amount=amount, group=f"g{at % 12}", cap="year", limit=10**9)
        level = Level.COUNTY if place else Level.NATION
        policy = Policy(f"p{at}", "t", "n", level, place, Span(), Span(), clauses, award=award)
        policies.append(replace(policy, digest=digest(policy, facts)))
    return PolicyBook(facts, tuple(policies))


def _peak_mb() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def country(table: pl.DataFrame, runs: int) -> dict[str, Any]:
    """Return what 5,000 policies over all firms cost, from a Parquet file, each firm asked of its place's."""
    whole = book(MANY)
    placed = table.with_columns(region=pl.col("county").cast(pl.String))
    place = f"{440_000 + 100 + 1}"
    asked = sum(policy.reaches(place) for policy in whole.policies)
    with tempfile.TemporaryDirectory(prefix="zhitong-books-") as folder:
        path = Path(folder) / "firms.parquet"
        placed.sort("county").write_parquet(path, row_group_size=122_880)
        regions = placed["region"].unique().to_list()
        plans = Plans(whole, TODAY)
        planning = timed(lambda: [plans.of(region) for region in regions], 1)
        before = _peak_mb()
        found: dict[str, Any] = {}

        def work() -> None:
            found["pairs"] = matched(plans, pl.scan_parquet(path), key="uscc", by="region").height

        cost = timed(work, runs)
    return {
        "policies": MANY,
        "of_each_firm": asked,
        "plans": len({id(plans.of(region)) for region in regions}),
        "planning": planning,
        "match": cost,
        "pairs": found["pairs"],
        "millions_a_cpu_s": round(table.height * asked / cost["cpu_s"] / 1e6, 1),
        "peak_mb_before": before,
        "peak_mb": _peak_mb(),
    }


def waiting(table: pl.DataFrame, runs: int) -> dict[str, Any]:
    """Return what people wait for: a firm explained, changes asked again, a limit moved."""
    few, many = book(FEW), book(WHOLE)
    explained, row = many.compile(TODAY), table.row(0, named=True)
    run = Run(few, table, TODAY, key="uscc")
    changed = table.sample(CHANGED, seed=SEED)
    other = replace(few.policies[0], clauses=few.policies[1].clauses)
    moved = replace(few, policies=(replace(other, digest=digest(other, few.dictionary)), *few.policies[1:]))
    chosen, clause = next(
        (policy, clause)
        for policy in few.policies
        for clause in policy.clauses
        if ">= " in clause.source.text and YUAN in clause.source.text
    )
    fact = clause.source.text.split(">=")[0]
    here = Simulation(few.compile(TODAY), chosen.key, table, key="uscc")
    here.set(clause.key, f"{fact} >= 2000000{YUAN}")  # what is not moved is worked out once

    def turn() -> None:  # there and back
        run.book_changed(moved)
        run.book_changed(few)

    twice = timed(turn, runs)
    return {
        "explain one firm, 300 policies": timed(lambda: explain(explained, row), runs),
        "the same with a way to each": timed(lambda: explain(explained, row, ways=True), runs),
        "1,000 changed firms, 200 policies": timed(lambda: run.firms_changed(changed), runs),
        "one changed policy, all firms": {name: value / 2 for name, value in twice.items()},
        "a limit moved, all firms": timed(lambda: here.set(clause.key, f"{fact} >= 3000000{YUAN}"), runs),
        "the curve of all limits": timed(lambda: here.curve(clause.key), runs),
    }


def paying(table: pl.DataFrame, runs: int) -> dict[str, Any]:
    """Return what the steps over all entitlements cost: the highest of twelve groups, and a cap a firm."""
    few = book(FEW)
    plan = few.compile(TODAY)
    entitled = plan.entitled(table, key="uscc")
    rows = entitled.filter(pl.col("sure")).select(
        "firm", "policy", amount="low", sure="sure", applied=pl.lit(TODAY), score=pl.lit(0, dtype=pl.Int64)
    )
    cost = timed(lambda: resolve(rows, plan.awards), runs)
    return {"entitlements": rows.height, **cost}


def main() -> None:
    """Measure and write the results down."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--firms", type=int, default=FIRMS)
    parser.add_argument("--runs", type=int, default=RUNS)
    options = parser.parse_args()
    table = firms(options.firms).with_columns(pl.col("uscc").cast(pl.String))
    named = [name for name, kind in table.schema.items() if isinstance(kind, pl.Enum)]
    table = table.with_columns(pl.col(named).cast(pl.String))
    found = {
        "firms": options.firms,
        "a country of policies": country(table, options.runs),
        "waiting": waiting(table, options.runs),
        "paying": paying(table, options.runs),
    }
    if options.firms == FIRMS:
        RESULT.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(found, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
