"""A match that is kept: when firms or policies change, only these are worked out again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from zhitong.kernel.rules.book.matching import Plans, matched

if TYPE_CHECKING:
    from datetime import date

    from zhitong.kernel.rules.book.book import PolicyBook


@dataclass(frozen=True, slots=True)
class Delta:
    """Pairs that are new, and pairs that are no more; a state that changed is among both."""

    came: pl.DataFrame
    gone: pl.DataFrame


class Run:
    """The firms and policies of a day, as `match` pairs them, kept up to date.

    `pairs` is what `match` would return for the firms and the book as they are now, in some order.
    """

    def __init__(
        self,
        book: PolicyBook,
        firms: pl.DataFrame,
        day: date,
        *,
        key: str,
        region: str = "",
        by: str = "",
    ) -> None:
        self.key, self.region, self.by = key, region, by
        self.plans = Plans(book, day)
        self._parts = [firms]  # what came later stands for its firms in what was there before
        self.pairs = self._match(self.plans, firms)

    @property
    def firms(self) -> pl.DataFrame:
        """The firms as they are now."""
        if len(self._parts) > 1:
            whole, *later = self._parts
            for part in later:
                whole = pl.concat([whole.filter(~self._among(part)), part], how="vertical_relaxed")
            self._parts = [whole]
        return self._parts[0]

    def firms_changed(self, changed: pl.DataFrame) -> Delta:
        """Work out anew the firms whose facts changed, or that are new: whole rows, one for each firm."""
        self._parts.append(changed.select(self._parts[0].columns))
        return self._replace(self._among(changed), self._match(self.plans, changed))

    def firms_left(self, keys: pl.Series) -> Delta:
        """Forget firms by their keys."""
        self._parts = [self.firms.filter(~pl.col(self.key).is_in(keys.implode()))]
        return self._replace(pl.col(self.key).is_in(keys.implode()), self.pairs.clear())

    def book_changed(self, book: PolicyBook) -> Delta:
        """Work out anew the versions of policies that the book before did not have, and drop those it had."""
        before = {policy.digest for policy in self.plans.book.policies}
        now = {policy.digest for policy in book.policies}
        fresh = tuple(policy for policy in book.policies if policy.digest not in before)
        day = self.plans.day
        added = self._match(Plans(replace(book, policies=fresh), day), self.firms)
        self.plans = Plans(book, day)
        return self._replace(pl.col("version").is_in(sorted(before - now)), added)

    def _match(self, plans: Plans, firms: pl.DataFrame) -> pl.DataFrame:
        return matched(plans, firms.lazy(), key=self.key, region=self.region, by=self.by)

    def _among(self, part: pl.DataFrame) -> pl.Expr:
        return pl.col(self.key).is_in(part[self.key].implode())

    def _replace(self, old: pl.Expr, new: pl.DataFrame) -> Delta:
        """Put pairs in the place of others; what is the same before and after is no change."""
        left = self.pairs.filter(old)
        self.pairs = pl.concat([self.pairs.filter(~old), new])
        columns = self.pairs.columns
        return Delta(new.join(left, on=columns, how="anti"), left.join(new, on=columns, how="anti"))
