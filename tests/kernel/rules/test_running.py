"""A kept match says after every change what a match from the start says; a firm without a place is not ruled out."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from tests.kernel.rules.books import firms, frame
from tests.kernel.rules.test_book import DAY, random_book
from zhitong.kernel.rules.book.book import PolicyBook
from zhitong.kernel.rules.book.matching import match
from zhitong.kernel.rules.book.running import Delta, Run

REGIONS = ["350102", "350203", "110000", None]


def table(seed: int, count: int, *, first: int = 0) -> pl.DataFrame:
    rows: list[dict[str, Any]] = firms(seed, count)
    made = random.Random(seed)
    return frame(rows).with_columns(
        uscc=pl.Series([f"f{first + number}" for number in range(count)]),
        region=pl.Series([made.choice(REGIONS) for _ in range(count)]),
    )


def pairs(found: pl.DataFrame) -> set[tuple[str, ...]]:
    rows = found.rows()
    assert len(set(rows)) == len(rows)
    return set(rows)


def same(
    run: Run, book: PolicyBook, everybody: pl.DataFrame, before: set[tuple[str, ...]], delta: Delta
) -> None:
    now = pairs(match(book, everybody.lazy(), DAY, key="uscc", by="region"))
    assert pairs(run.pairs) == now
    assert pairs(delta.came) == now - before
    assert pairs(delta.gone) == before - now


def test_a_kept_match_follows_every_change(tmp_path: Path) -> None:
    whole = random_book(tmp_path, 11, 20)
    book = replace(whole, policies=whole.policies[:14])
    everybody = table(3, 120)
    run = Run(book, everybody, DAY, key="uscc", by="region")
    before = pairs(run.pairs)
    assert len(before) > 50
    changed = pl.concat([table(4, 15, first=10), table(5, 10, first=120)])
    delta = run.firms_changed(changed)
    kept = everybody.filter(~pl.col("uscc").is_in(changed["uscc"].implode()))
    everybody = pl.concat([kept, changed], how="vertical_relaxed")
    assert delta.came.height
    assert delta.gone.height
    same(run, book, everybody, before, delta)

    before = pairs(run.pairs)
    book = replace(whole, policies=whole.policies[3:])
    delta = run.book_changed(book)
    assert delta.came.height
    assert delta.gone.height
    same(run, book, everybody, before, delta)

    before = pairs(run.pairs)
    left = everybody["uscc"].head(30)
    delta = run.firms_left(left)
    everybody = everybody.filter(~pl.col("uscc").is_in(left.implode()))
    same(run, book, everybody, before, delta)
    assert pairs(run.firms_changed(everybody.head(20)).came) == set(), "nothing of them changed"


def test_nothing_is_no_special_case(tmp_path: Path) -> None:
    book = random_book(tmp_path, 11, 6)
    run = Run(book, table(3, 40).clear(), DAY, key="uscc", by="region")
    assert run.pairs.columns == ["uscc", "policy", "version", "state"]
    assert run.pairs.is_empty()
    delta = run.firms_changed(table(3, 40))
    assert delta.came.height == run.pairs.height > 0
    assert run.book_changed(replace(book, policies=())).gone.height == delta.came.height
    assert run.pairs.is_empty()


def test_what_only_some_regions_give_is_unknown_of_a_firm_without_one(tmp_path: Path) -> None:
    book = random_book(tmp_path, 5, 24)
    rows = table(5, 60).with_columns(region=pl.lit(None, dtype=pl.String))
    found = match(book, rows.lazy(), DAY, key="uscc", by="region")
    states = {(row["uscc"], row["version"]): row["state"] for row in found.iter_rows(named=True)}
    facts = rows.drop("uscc", "region").rows(named=True)
    everywhere = book.compile(DAY, region=None)
    wanted: dict[tuple[str, str], str] = {}
    for number, row in enumerate(facts):
        for one in everywhere.policies:
            state = everywhere.of_firm(row)[one.policy.digest]
            if state is not False:
                certain = state and not one.policy.region
                wanted[f"f{number}", one.policy.digest] = "yes" if certain else "unknown"
    assert states == wanted
    assert set(wanted.values()) == {"yes", "unknown"}
