"""What is paid when several policies fit: step by step over all entitlements, each step with its reason.

An entitlement is a row of firm, policy, amount in fen, day of application and score. The steps are: paid
before; difference to lower tiers; highest of a group; shares of what others pay; caps; budgets. Each step can
only lower an amount; shares come after the policy that they belong to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from zhitong.kernel.ledger import by_score, first_come, pro_rata
from zhitong.kernel.rules.book.awards import Award, Budget

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ENTITLED = {"firm": pl.String, "policy": pl.String, "amount": pl.Int64, "applied": pl.Date, "score": pl.Int64}
PAID = {"firm": pl.String, "policy": pl.String, "family": pl.String, "tier": pl.Int64, "amount": pl.Int64}
WHY = ("paid before", "less lower tiers", "another is higher", "share", "cap", "budget")


def resolve(
    entitled: pl.DataFrame, awards: Mapping[str, Award], paid: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Return the entitlements with what is paid (fen) and why it is less than the amount.

    `entitled` and `paid` have the columns of `ENTITLED` and `PAID`; `why` is the last step that lowered it.
    The order of `awards` is that of precedence.
    """
    history = paid if paid is not None else pl.DataFrame(schema=PAID)
    found = entitled.join(_terms(awards), on="policy", how="left", maintain_order="left").with_columns(
        pay=pl.col("amount"), why=pl.lit("")
    )
    for step in (_once, _upgrade):
        found = step(found, history)
    found = _highest(found)
    found = _shares(found, awards)
    found = _capped(found)
    found = _budgets(found, awards)
    return found.select(*ENTITLED, "pay", "why")


def between(
    low: pl.DataFrame, high: pl.DataFrame, awards: Mapping[str, Award], paid: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Return what is paid at least and at most where facts are missing: entitlements with `low` and `high`.

    `low` and `high` are the same rows with the least and the most that each amounts to. A sum that is certain
    can fall where another one comes about, so each row has the smaller and the larger of both outcomes.
    """
    one, other = resolve(low, awards, paid), resolve(high, awards, paid)
    both = one.select("firm", "policy", one="pay").with_columns(other=other["pay"])
    return both.select(
        "firm", "policy", low=pl.min_horizontal("one", "other"), high=pl.max_horizontal("one", "other")
    )


def _terms(awards: Mapping[str, Award]) -> pl.DataFrame:
    rows = [
        (key, at, award.once, award.family, award.tier, award.group, award.cap, award.limit)
        for at, (key, award) in enumerate(awards.items())
    ]
    schema = {
        "policy": pl.String, "order": pl.Int64, "once": pl.Boolean, "family": pl.String, "tier": pl.Int64,
        "group": pl.String, "cap": pl.String, "limit": pl.Int64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def _lowered(found: pl.DataFrame, pay: pl.Expr, why: str) -> pl.DataFrame:
    """Give rows another amount, and the reason where it is a lower one."""
    return found.with_columns(new=pay).with_columns(
        why=pl.when(pl.col("new") < pl.col("pay")).then(pl.lit(why)).otherwise("why"), pay="new"
    ).drop("new")  # fmt: skip


def _once(found: pl.DataFrame, history: pl.DataFrame) -> pl.DataFrame:
    """What is paid once is not paid to whom it was paid before."""
    before = history.filter(pl.col("amount") > 0).select("firm", "policy").unique().with_columns(before=True)
    found = found.join(before, on=["firm", "policy"], how="left", maintain_order="left")
    barred = pl.col("once") & pl.col("before").fill_null(value=False)
    return _lowered(found, pl.when(barred).then(0).otherwise("pay"), WHY[0]).drop("before")


def _upgrade(found: pl.DataFrame, history: pl.DataFrame) -> pl.DataFrame:
    """Of a family, the difference to what was paid for lower tiers."""
    rows = history.filter(pl.col("family") != "").select("firm", "family", below="tier", had="amount")
    joined = found.with_row_index("at").join(rows, on=["firm", "family"], how="inner").filter(
        pl.col("below") < pl.col("tier")
    )  # fmt: skip
    sums = joined.group_by("at").agg(pl.col("had").sum())
    found = found.with_row_index("at").join(sums, on="at", how="left", maintain_order="left")
    rest = (pl.col("pay") - pl.col("had").fill_null(0)).clip(lower_bound=0)
    return _lowered(found, rest, WHY[1]).drop("at", "had")


def _highest(found: pl.DataFrame) -> pl.DataFrame:
    """Of a group, only the highest is paid; among equal ones the first in precedence."""
    place = pl.struct(-pl.col("pay"), "order").rank("ordinal").over("firm", "group")
    barred = (pl.col("group") != "") & (place > 1)
    return _lowered(found, pl.when(barred).then(0).otherwise("pay"), WHY[2])


def _shares(found: pl.DataFrame, awards: Mapping[str, Award]) -> pl.DataFrame:
    """A share follows what its parent pays; parents come before their shares."""
    for key, award in _by_depth(awards):
        parents = found.filter(pl.col("policy") == award.share_of).select("firm", parent="pay")
        found = found.join(parents, on="firm", how="left", maintain_order="left")
        ratio = award.ratio
        part = pl.col("parent").fill_null(0) * ratio.numerator // ratio.denominator
        mine = pl.col("policy") == key
        found = found.with_columns(
            amount=pl.when(mine).then(part).otherwise("amount"),
            pay=pl.when(mine & (pl.col("why") != WHY[0])).then(part).otherwise("pay"),
            why=pl.when(mine & (pl.col("why") == "")).then(pl.lit(WHY[3])).otherwise("why"),
        ).drop("parent")
    return found


def _by_depth(awards: Mapping[str, Award]) -> list[tuple[str, Award]]:
    """The shares, each after the one that it is a share of."""

    def depth(key: str) -> int:
        steps, here = 0, awards.get(key)
        while here is not None and here.share_of and steps <= len(awards):
            steps, here = steps + 1, awards.get(here.share_of)
        return steps

    shares = [(key, award) for key, award in awards.items() if award.share_of]
    return sorted(shares, key=lambda pair: depth(pair[0]))


def _capped(found: pl.DataFrame) -> pl.DataFrame:
    """All of a cap group together reach its limit at most, in the order of precedence."""
    ordered = found.with_row_index("at").sort("firm", "cap", "order", "at")
    limit = pl.col("limit").min().over("firm", "cap")
    before = pl.col("pay").cum_sum().over("firm", "cap") - pl.col("pay")
    left = (limit - before).clip(lower_bound=0)
    capped = (
        pl.when((pl.col("cap") != "") & limit.is_not_null())
        .then(pl.min_horizontal("pay", left))
        .otherwise("pay")
    )
    return _lowered(ordered, capped, WHY[4]).sort("at").drop("at")


def _budgets(found: pl.DataFrame, awards: Mapping[str, Award]) -> pl.DataFrame:
    """What a budget does not reach for is divided by its rule."""
    for key, award in awards.items():
        if award.total is None:
            continue
        ordered = found.with_row_index("at").filter(pl.col("policy") == key).sort("applied", "firm")
        if ordered["pay"].sum() <= award.total:
            continue
        given = DIVIDED[award.rule](ordered, award)
        parts = ordered.select("at").with_columns(part=pl.Series(given, dtype=pl.Int64))
        found = found.with_row_index("at").join(parts, on="at", how="left", maintain_order="left")
        found = _lowered(found, pl.coalesce("part", "pay"), WHY[5]).drop("at", "part")
    return found


DIVIDED: dict[Budget, Callable[[pl.DataFrame, Award], list[int]]] = {
    Budget.PRO_RATA: lambda rows, award: pro_rata(rows["pay"].to_list(), award.total or 0, unit=award.unit),
    Budget.FIRST_COME: lambda rows, award: first_come(
        rows["pay"].to_list(), award.total or 0, partly=award.partly
    ),
    Budget.SCORE: lambda rows, award: by_score(
        rows["pay"].to_list(), rows["score"].fill_null(0).to_list(), award.total or 0, partly=award.partly
    ),
}
