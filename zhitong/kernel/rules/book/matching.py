"""A whole book over a whole table of firms, region by region."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from zhitong.kernel.rules.facts.dictionary import NUMERIC, Kind
from zhitong.kernel.rules.policy.check import FIRST_DAY, LAST_DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from zhitong.kernel.rules.book.book import PolicyBook
    from zhitong.kernel.rules.book.plans import BookPlan, Compiled
    from zhitong.kernel.rules.facts.dictionary import Dictionary, Fact

BATCH = 500_000  # firms at a time, so that memory stays flat


class ColumnsError(Exception):
    """A table whose columns are not as the dictionary keeps its facts."""


def dtype(fact: Fact) -> Any:
    """Return the type of a fact's column."""
    return {Kind.FLAG: pl.Boolean, Kind.CODE: pl.String}.get(fact.kind, pl.Int64)


def completed(firms: pl.LazyFrame, dictionary: Dictionary) -> tuple[pl.LazyFrame, list[str]]:
    """Return firms with a column for each fact, and the facts of which the table knows nothing: all missing.

    ColumnsError where a column is of another kind: amounts are whole fen, days count from 1970-01-01.
    """
    schema = firms.collect_schema()
    wrong, absent = [], []
    made: list[pl.Expr] = []
    for fact in dictionary.facts:
        if fact.name not in schema:
            absent.append(fact.name)
            made.append(pl.lit(None, dtype=dtype(fact)).alias(fact.name))
        elif fact.kind is Kind.DAY and schema[fact.name] == pl.Date:
            made.append(pl.col(fact.name).to_physical().cast(pl.Int64))
        elif _fits(schema[fact.name], fact):
            made.append(pl.col(fact.name).cast(dtype(fact)))
        else:
            wrong.append(f"{fact.name} is {schema[fact.name]}, not {dtype(fact)}")
    if wrong:
        message = f"These columns are not kept as the dictionary says: {'; '.join(wrong)}."
        raise ColumnsError(message)
    return firms.with_columns(made), absent


def check(firms: pl.DataFrame, dictionary: Dictionary) -> None:
    """Refuse values that the dictionary rules out: what is compiled relies on its bounds and its codes.

    ColumnsError with the facts and how many rows of each are wrong.
    """
    tests: list[pl.Expr] = []
    for fact in dictionary.facts:
        column = pl.col(fact.name)
        if fact.kind in NUMERIC:
            low, high = fact.bounds
            tests.append((~column.is_between(low, high)).sum().alias(fact.name))
        elif fact.kind is Kind.CODE:
            tests.append((~column.is_in(list(fact.codes))).sum().alias(fact.name))
        elif fact.kind is Kind.DAY:
            tests.append((~column.is_between(FIRST_DAY, LAST_DAY)).sum().alias(fact.name))
    counts = firms.select(tests).row(0, named=True) if tests else {}
    wrong = [f"{name} in {number} rows" for name, number in counts.items() if number]
    if wrong:
        message = f"These facts lie outside what the dictionary allows: {', '.join(wrong)}."
        raise ColumnsError(message)


def _fits(found: Any, fact: Fact) -> bool:
    wanted = dtype(fact)
    if wanted == pl.Int64:
        return bool(found.is_integer())
    return bool(found == wanted or (wanted == pl.String and isinstance(found, pl.Categorical)))


def match(
    book: PolicyBook,
    firms: pl.LazyFrame,
    day: date,
    *,
    key: str,
    region: str = "",
    by: str = "",
    told: Callable[[int], None] = lambda _done: None,
) -> pl.DataFrame:
    """Return firms and the policies that they fulfil, or may fulfil once their missing facts are known.

    Firms lie in `region`, or each in the region that its column `by` says; of a firm without one it is not
    known whether it fulfils what only some regions give. `told` is called with the number of firms that were
    gone through.
    """
    return matched(Plans(book, day), firms, key=key, region=region, by=by, told=told)


def matched(
    plans: Plans,
    firms: pl.LazyFrame,
    *,
    key: str,
    region: str = "",
    by: str = "",
    told: Callable[[int], None] = lambda _done: None,
) -> pl.DataFrame:
    """Return what `match` does, with plans that are at hand already."""
    dictionary = plans.book.dictionary
    whole, _absent = completed(firms, dictionary)
    found: list[pl.DataFrame] = []
    done = 0
    for part in batches(whole):
        check(part, dictionary)
        if not by:
            found.append(plans.of(region).pairs(part, key=key))
        else:
            found += [plans.pairs(code, piece, key=key) for code, piece in _regions(part, by)]
        done += part.height
        told(done)
    kept = [part for part in found if part.height]
    if kept or found:
        return pl.concat(kept) if kept else found[0]
    return plans.of(region).pairs(whole.limit(0), key=key)


def batches(firms: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    """Give the rows of a table in batches."""
    start = 0
    while (part := firms.slice(start, BATCH).collect(engine="streaming")).height:
        yield part
        if part.height < BATCH:
            return
        start += BATCH


def _regions(part: pl.DataFrame, by: str) -> list[tuple[str | None, pl.DataFrame]]:
    groups = part.group_by(by, maintain_order=True)
    return [(str(code) if code else None, piece) for (code,), piece in groups]


class Plans:
    """One plan for all regions in which the same policies hold."""

    def __init__(self, book: PolicyBook, day: date) -> None:
        self.book, self.day = book, day
        self._by_region: dict[str, BookPlan] = {}
        self._made: dict[str, Compiled] = {}
        self._by_policies: dict[tuple[str, ...], BookPlan] = {}

    def of(self, region: str) -> BookPlan:
        """Return the plan of a region."""
        if region not in self._by_region:
            chosen = tuple(row.digest for row in self.book.policies if row.applies(self.day, region))
            if chosen not in self._by_policies:
                self._by_policies[chosen] = self.book.compile(self.day, region=region, made=self._made)
            self._by_region[region] = self._by_policies[chosen]
        return self._by_region[region]

    def pairs(self, region: str | None, firms: pl.DataFrame, *, key: str) -> pl.DataFrame:
        """Return the pairs of firms of a region; without one, what only some regions give is not known."""
        if region is not None:
            return self.of(region).pairs(firms, key=key)
        found = self._anywhere.pairs(firms, key=key)
        placed = [one.policy.digest for one in self._anywhere.policies if not one.policy.reaches("")]
        doubtful = pl.col("version").is_in(placed)
        return found.with_columns(state=pl.when(doubtful).then(pl.lit("unknown")).otherwise("state"))

    @cached_property
    def _anywhere(self) -> BookPlan:
        """The policies of all regions on the day."""
        return self.book.compile(self.day, region=None, made=self._made)
