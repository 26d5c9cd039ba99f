"""What is paid when several policies fit: step by step over all entitlements, each step with its reason.

An entitlement is a row of firm, policy, amount in fen, whether it is certain, day of application and score.
The steps are: paid before; difference to lower tiers; highest of a group; caps; budgets. Policies that pay
amounts go through all of them first; then those that pay a share of these, of what is really paid; then
shares of shares.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from zhitong.kernel.ledger import by_score, first_come, pro_rata
from zhitong.kernel.rules.book.awards import Award, Budget

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ENTITLED = {
    "firm": pl.String, "policy": pl.String, "amount": pl.Int64, "sure": pl.Boolean, "applied": pl.Date,
    "score": pl.Int64,
}  # fmt: skip
PAID = {"firm": pl.String, "policy": pl.String, "family": pl.String, "tier": pl.Int64, "amount": pl.Int64}
WHY = ("paid before", "less lower tiers", "another is higher", "cap", "budget")
TERMS = {
    "policy": pl.String, "order": pl.Int64, "depth": pl.Int64, "once": pl.Boolean, "family": pl.String,
    "tier": pl.Int64, "group": pl.String, "cap": pl.String, "limit": pl.Int64,
}  # fmt: skip


def resolve(
    entitled: pl.DataFrame, awards: Mapping[str, Award], paid: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Return the entitlements with what is paid (fen) and the last step that lowered it.

    `entitled` and `paid` have the columns of `ENTITLED` and `PAID`; the order of `awards` is that of
    precedence. A share that is not certain pays nothing here. ValueError where a firm stands twice with one
    policy.
    """
    if entitled.select("firm", "policy").is_duplicated().any():
        message = "A firm stands twice with one policy; give each firm one key."
        raise ValueError(message)
    history = paid if paid is not None else pl.DataFrame(schema=PAID)
    whole = entitled.with_row_index("at").join(_terms(awards), on="policy", how="left", maintain_order="left")
    done: list[pl.DataFrame] = []
    for depth in range(1 + int(whole["depth"].max() or 0)):
        here = whole.filter(pl.col("depth") == depth).with_columns(
            pay=pl.col("amount").clip(0), why=pl.lit("")
        )
        before = pl.concat(done) if done else here.clear()
        if depth:
            here = _shares(here, before, awards)
        here = _highest(_upgrade(_once(here, history), history))
        done.append(_budgets(_capped(here, before), awards))
    return pl.concat(done).sort("at").select(*ENTITLED, "pay", "why") if done else entitled.clear()


def between(
    entitled: pl.DataFrame, awards: Mapping[str, Award], paid: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Return what is paid at least and at most where facts are missing: entitlements with `low` and `high`.

    `entitled` has the least and the most of each amount as `low` and `high`. A sum that is certain can fall
    where another one comes about, so each row has the smaller and the larger of both outcomes.
    """
    rest = [name for name in ENTITLED if name not in {"amount", "sure"}]
    one = resolve(entitled.select(*rest, "sure", amount="low").select(*ENTITLED), awards, paid)
    most = entitled.select(*rest, amount="high", sure=pl.lit(value=True)).select(*ENTITLED)
    both = one.select("firm", "policy", one="pay").with_columns(other=resolve(most, awards, paid)["pay"])
    return both.select(
        "firm", "policy", low=pl.min_horizontal("one", "other"), high=pl.max_horizontal("one", "other")
    )


def depth_of(key: str, awards: Mapping[str, Award]) -> int:
    """Return how many shares lie between a policy and one that pays an amount."""
    steps, here = 0, awards.get(key)
    while here is not None and here.share_of and steps <= len(awards):
        steps, here = steps + 1, awards.get(here.share_of)
    return steps


def _terms(awards: Mapping[str, Award]) -> pl.DataFrame:
    rows = [
        (
            key,
            at,
            depth_of(key, awards),
            award.once,
            award.family,
            award.tier,
            award.group,
            award.cap,
            award.limit,
        )
        for at, (key, award) in enumerate(awards.items())
    ]
    return pl.DataFrame(rows, schema=TERMS, orient="row")


def _lowered(found: pl.DataFrame, pay: pl.Expr, why: str) -> pl.DataFrame:
    """Give rows another amount, and the reason where it is a lower one."""
    return found.with_columns(new=pay).with_columns(
        why=pl.when(pl.col("new") < pl.col("pay")).then(pl.lit(why)).otherwise("why"), pay="new"
    ).drop("new")  # fmt: skip


def _shares(found: pl.DataFrame, before: pl.DataFrame, awards: Mapping[str, Award]) -> pl.DataFrame:
    """A share is its part of what its parent is paid; one that is not certain is nothing."""
    terms = pl.DataFrame(
        [(key, one.share_of, one.ratio.numerator, one.ratio.denominator) for key, one in awards.items()],
        schema={"policy": pl.String, "of": pl.String, "times": pl.Int64, "by": pl.Int64},
        orient="row",
    )
    parents = before.select("firm", of="policy", parent="pay")
    joined = found.join(terms, on="policy", how="left", maintain_order="left").join(
        parents, on=["firm", "of"], how="left", maintain_order="left"
    )  # fmt: skip
    part = pl.col("parent").fill_null(0) * pl.col("times") // pl.col("by")
    paid = pl.when("sure").then(part).otherwise(0)
    return joined.with_columns(amount=part, pay=paid).drop("of", "times", "by", "parent")


def _once(found: pl.DataFrame, history: pl.DataFrame) -> pl.DataFrame:
    """What is paid once is not paid to whom it was paid before."""
    before = history.filter(pl.col("amount") > 0).select("firm", "policy").unique().with_columns(before=True)
    found = found.join(before, on=["firm", "policy"], how="left", maintain_order="left")
    barred = pl.col("once") & pl.col("before").fill_null(value=False)
    return _lowered(found, pl.when(barred).then(0).otherwise("pay"), WHY[0]).drop("before")


def _upgrade(found: pl.DataFrame, history: pl.DataFrame) -> pl.DataFrame:
    """Of a family, the difference to what was paid for lower tiers, before and now."""
    had = history.filter(pl.col("family") != "").select("firm", "family", "tier", "amount")
    for tier in sorted(found.filter(pl.col("family") != "")["tier"].unique().to_list()):
        now = found.filter(pl.col("family") != "").select("firm", "family", "tier", amount="pay")
        below = pl.concat([had, now]).filter(pl.col("tier") < tier)
        sums = below.group_by("firm", "family").agg(less=pl.col("amount").sum())
        found = found.join(sums, on=["firm", "family"], how="left", maintain_order="left")
        rest = (pl.col("pay") - pl.col("less").fill_null(0)).clip(0)
        mine = (pl.col("family") != "") & (pl.col("tier") == tier)
        found = _lowered(found, pl.when(mine).then(rest).otherwise("pay"), WHY[1]).drop("less")
    return found


def _highest(found: pl.DataFrame) -> pl.DataFrame:
    """Of a group, only the highest is paid; among equal ones the first in precedence."""
    place = pl.struct(-pl.col("pay"), "order").rank("ordinal").over("firm", "group")
    barred = (pl.col("group") != "") & (place > 1)
    return _lowered(found, pl.when(barred).then(0).otherwise("pay"), WHY[2])


def _capped(found: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """All of a cap group together reach its limit at most, in the order of precedence; shares come last."""
    used = before.filter(pl.col("cap") != "").group_by("firm", "cap").agg(used=pl.col("pay").sum())
    ordered = found.join(used, on=["firm", "cap"], how="left").sort("firm", "cap", "order", "at")
    earlier = pl.col("pay").cum_sum().over("firm", "cap") - pl.col("pay") + pl.col("used").fill_null(0)
    left = (pl.col("limit") - earlier).clip(0)
    capped = pl.when((pl.col("cap") != "") & pl.col("limit").is_not_null())
    lowered = _lowered(ordered, capped.then(pl.min_horizontal("pay", left)).otherwise("pay"), WHY[3])
    return lowered.sort("at").drop("used")


def _budgets(found: pl.DataFrame, awards: Mapping[str, Award]) -> pl.DataFrame:
    """What a budget does not reach for is divided by its rule; an application without a day comes last."""
    for key in found["policy"].unique(maintain_order=True):
        award = awards[key]
        if award.total is None:
            continue
        ordered = found.filter(pl.col("policy") == key).sort("applied", "firm", nulls_last=True)
        if ordered["pay"].sum() <= award.total:
            continue
        given = DIVIDED[award.rule](ordered, award)
        parts = ordered.select("at").with_columns(part=pl.Series(given, dtype=pl.Int64))
        found = found.join(parts, on="at", how="left", maintain_order="left")
        found = _lowered(found, pl.coalesce("part", "pay"), WHY[4]).drop("part")
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
