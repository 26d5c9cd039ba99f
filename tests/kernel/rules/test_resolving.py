"""What is paid when several policies fit, by the worked examples and by a plain second way."""

from __future__ import annotations

import random
from datetime import date
from fractions import Fraction

import polars as pl
import pytest

from zhitong.kernel.ledger import by_score, first_come, pro_rata
from zhitong.kernel.rules.book.awards import Award, Budget
from zhitong.kernel.rules.book.resolving import ENTITLED, PAID, resolve

WAN = 1_000_000  # fen
DAY = date(2026, 7, 1)
Row = tuple[str, str, int]
Before = tuple[str, str, str, int, int]


def paid(rows: list[Row], awards: dict[str, Award], history: list[Before] | None = None) -> pl.DataFrame:
    entitled = pl.DataFrame([(*row, True, DAY, 0) for row in rows], schema=ENTITLED, orient="row")
    return resolve(entitled, awards, pl.DataFrame(history or [], schema=PAID, orient="row"))


def amounts(*given: object) -> list[int]:
    return paid(*given)["pay"].to_list()  # type: ignore[arg-type]


CHAMPIONS = {
    "省级": Award(family="单项冠军", tier=1),
    "国家级": Award(family="单项冠军", tier=2),
}


def test_an_upgrade_pays_the_difference() -> None:
    """A firm got 25 for the provincial title and now holds the national one, worth 50: it gets 25."""
    history = [("甲", "省级", "单项冠军", 1, 25 * WAN)]
    found = paid([("甲", "国家级", 50 * WAN), ("乙", "国家级", 50 * WAN)], CHAMPIONS, history)
    assert found["pay"].to_list() == [25 * WAN, 50 * WAN]
    assert found["why"].to_list() == ["less lower tiers", ""]
    assert amounts([("甲", "国家级", 50 * WAN)], {"国家级": Award()}, history) == [50 * WAN]


def test_a_budget_that_does_not_reach_gives_each_the_same_part() -> None:
    awards = {"奖": Award(total=200 * WAN, unit=100)}
    found = paid([(f"企业{number}", "奖", 10 * WAN) for number in range(25)], awards)
    assert found["pay"].to_list() == [8 * WAN] * 25
    assert set(found["why"]) == {"budget"}


def test_of_one_cause_the_higher_is_paid_once() -> None:
    awards = {"市": Award(group="合同"), "区": Award(group="合同")}
    assert amounts([("甲", "区", 30 * WAN), ("甲", "市", 50 * WAN), ("乙", "区", 30 * WAN)], awards) == [
        0,
        50 * WAN,
        30 * WAN,
    ]


def test_province_and_city_pay_side_by_side() -> None:
    """Fifty from the province and half of it from the city: two payers, two rows."""
    awards = {"省": Award(), "市": Award(share_of="省", ratio=Fraction(1, 2))}
    found = paid([("甲", "省", 50 * WAN), ("甲", "市", 0)], awards)
    assert found["pay"].to_list() == [50 * WAN, 25 * WAN]


def test_what_is_paid_once_is_not_paid_for_a_review() -> None:
    awards = {"小巨人": Award(once=True)}
    found = paid([("甲", "小巨人", 25 * WAN)], awards, [("甲", "小巨人", "", 0, 25 * WAN)])
    assert found.select("pay", "why").rows() == [(0, "paid before")]


def test_shares_follow_what_is_really_paid_and_stand_in_their_own_order() -> None:
    awards = {
        "县": Award(share_of="市", ratio=Fraction(1, 3)),
        "市": Award(share_of="省", ratio=Fraction(1, 2)),
        "省": Award(once=True),
    }
    rows = [("甲", "县", 0), ("甲", "市", 0), ("甲", "省", 50 * WAN)]
    assert amounts(rows, awards) == [25 * WAN // 3, 25 * WAN, 50 * WAN]
    assert amounts(rows, awards, [("甲", "省", "", 0, 1)]) == [0, 0, 0]
    capped = awards | {"省": Award(cap="年", limit=20 * WAN)}
    assert amounts(rows, capped) == [10 * WAN // 3, 10 * WAN, 20 * WAN]
    budget = awards | {"省": Award(total=20 * WAN)}
    assert amounts(rows, budget) == [10 * WAN // 3, 10 * WAN, 20 * WAN]
    paid_before = awards | {"市": Award(share_of="省", ratio=Fraction(1, 2), once=True)}
    found = paid(rows, paid_before, [("甲", "市", "", 0, 25 * WAN)])
    assert found.select("pay", "why").rows() == [(0, ""), (0, "paid before"), (50 * WAN, "")]


def test_a_share_uses_a_cap_after_the_policy_it_belongs_to() -> None:
    awards = {
        "市": Award(share_of="省", ratio=Fraction(1, 2), cap="年", limit=60 * WAN),
        "省": Award(cap="年", limit=60 * WAN),
    }
    found = paid([("甲", "市", 0), ("甲", "省", 50 * WAN)], awards)
    assert found.select("pay", "why").rows() == [(10 * WAN, "cap"), (50 * WAN, "")]


def test_two_tiers_at_once_come_to_the_higher_one() -> None:
    rows = [("甲", "国家级", 50 * WAN), ("甲", "省级", 25 * WAN)]
    assert amounts(rows, CHAMPIONS) == [25 * WAN, 25 * WAN]


def test_what_cannot_be_is_refused_and_nothing_is_below_zero() -> None:
    with pytest.raises(ValueError, match="stands twice"):
        paid([("甲", "奖", 1), ("甲", "奖", 2)], {"奖": Award()})
    assert amounts([("甲", "奖", -5)], {"奖": Award()}) == [0]


def test_an_application_without_a_day_comes_last() -> None:
    rows = [("a", "奖", 5, True, None, 0), ("b", "奖", 4, True, DAY, 0)]
    awards = {"奖": Award(total=8, rule=Budget.FIRST_COME)}
    found = resolve(pl.DataFrame(rows, schema=ENTITLED, orient="row"), awards)
    assert found["pay"].to_list() == [0, 4]


def test_a_cap_is_used_up_in_the_order_of_precedence() -> None:
    awards = {name: Award(cap="年度", limit=60 * WAN) for name in "一二三"}
    found = paid(
        [("甲", "三", 10 * WAN), ("甲", "一", 40 * WAN), ("甲", "二", 40 * WAN), ("乙", "二", 70 * WAN)],
        awards,
    )
    assert found["pay"].to_list() == [0, 40 * WAN, 20 * WAN, 60 * WAN]


@pytest.mark.parametrize(
    ("rule", "partly", "pays"),
    [
        (Budget.FIRST_COME, False, [5, 0, 0]),
        (Budget.FIRST_COME, True, [5, 3, 0]),
        (Budget.SCORE, False, [0, 4, 3]),
        (Budget.SCORE, True, [1, 4, 3]),
    ],
)
def test_budgets_by_day_and_by_score(rule: Budget, *, partly: bool, pays: list[int]) -> None:
    rows = [
        ("c", "奖", 3, True, date(2026, 7, 3), 9),
        ("a", "奖", 5, True, date(2026, 7, 1), 1),
        ("b", "奖", 4, True, date(2026, 7, 2), 9),
    ]
    awards = {"奖": Award(total=8, rule=rule, partly=partly)}
    found = resolve(pl.DataFrame(rows, schema=ENTITLED, orient="row"), awards).sort("firm")
    assert found["pay"].to_list() == pays


class Plainly:
    """The same in plain loops, firm by firm."""

    def __init__(self, rows: list[Row], awards: dict[str, Award], history: list[Before]) -> None:
        self.rows, self.awards, self.history = rows, awards, history
        self.order = {key: at for at, key in enumerate(awards)}
        self.pay = [amount for _firm, _policy, amount in rows]

    def award(self, at: int) -> Award:
        return self.awards[self.rows[at][1]]

    def run(self) -> list[int]:
        tiers = sorted(range(len(self.rows)), key=lambda at: self.award(at).tier)
        for at in tiers:
            self.by_history(at)
        for firm in {row[0] for row in self.rows}:
            mine = [at for at, row in enumerate(self.rows) if row[0] == firm]
            self.groups(mine)
            self.caps(mine)
        for policy, award in self.awards.items():
            if not award.share_of:
                self.budget(policy, award)
        self.shares()
        return self.pay

    def shares(self) -> None:
        """Each its part of what the parent is paid at the end."""
        final = {(firm, policy): self.pay[at] for at, (firm, policy, _amount) in enumerate(self.rows)}
        for at, (firm, _policy, _amount) in enumerate(self.rows):
            award = self.award(at)
            if award.share_of:
                self.pay[at] = int(final.get((firm, award.share_of), 0) * award.ratio)
                self.by_history(at)
        for policy, award in self.awards.items():
            if award.share_of:
                self.budget(policy, award)

    def by_history(self, at: int) -> None:
        firm, policy, _amount = self.rows[at]
        award = self.award(at)
        mine = [row for row in self.history if row[0] == firm]
        if award.once and any(row[1] == policy and row[4] for row in mine):
            self.pay[at] = 0
        if award.family:
            below = [row[4] for row in mine if row[2] == award.family and row[3] < award.tier]
            now = [
                self.pay[other]
                for other, row in enumerate(self.rows)
                if row[0] == firm
                and (self.award(other).family, self.award(other).tier < award.tier) == (award.family, True)
            ]
            self.pay[at] = max(0, self.pay[at] - sum(below) - sum(now))

    def groups(self, mine: list[int]) -> None:
        for group in {self.award(at).group for at in mine} - {""}:
            rivals = [at for at in mine if self.award(at).group == group]
            best = min(rivals, key=lambda at: (-self.pay[at], self.order[self.rows[at][1]]))
            for at in set(rivals) - {best}:
                self.pay[at] = 0

    def caps(self, mine: list[int]) -> None:
        for cap in {self.award(at).cap for at in mine} - {""}:
            capped = [at for at in mine if self.award(at).cap == cap]
            left = self.award(capped[0]).limit or 0
            for at in sorted(capped, key=lambda at: self.order[self.rows[at][1]]):
                self.pay[at] = min(self.pay[at], left)
                left -= self.pay[at]

    def budget(self, policy: str, award: Award) -> None:
        mine = sorted(
            (at for at, row in enumerate(self.rows) if row[1] == policy), key=lambda at: self.rows[at][0]
        )
        claims = [self.pay[at] for at in mine]
        if award.total is None or sum(claims) <= award.total:
            return
        if award.rule is Budget.PRO_RATA:
            parts = pro_rata(claims, award.total, unit=award.unit)
        elif award.rule is Budget.FIRST_COME:
            parts = first_come(claims, award.total, partly=award.partly)
        else:
            parts = by_score(claims, [0] * len(claims), award.total, partly=award.partly)
        for at, part in zip(mine, parts, strict=True):
            self.pay[at] = part


@pytest.mark.parametrize("seed", range(25))
def test_by_columns_and_by_plain_loops_the_same_is_paid(seed: int) -> None:
    made = random.Random(seed)
    awards = {}
    for number in range(8):
        cap = made.choice(["", "", "年"])
        awards[f"p{number}"] = Award(
            once=made.random() < 0.3,
            family=made.choice(["", "冠军"]),
            tier=made.randint(0, 3),
            group=made.choice(["", "甲", "乙"]),
            cap=cap,
            limit=700 if cap else None,
            total=made.choice([None, None, 2_000]),
            rule=made.choice(list(Budget)),
            unit=made.choice([1, 10]),
            partly=made.random() < 0.5,
        )
    for number in range(3):
        parent = made.choice(["p0", "p1", "p2", "p3"])
        awards[f"s{number}"] = Award(
            share_of=parent,
            ratio=Fraction(made.randint(1, 3), 4),
            once=made.random() < 0.3,
            total=made.choice([None, 500]),
        )
    every = [(f"f{number:02}", policy) for number in range(20) for policy in awards]
    rows = [(firm, policy, made.choice([100, 250, 500])) for firm, policy in made.sample(every, 90)]
    history = [
        (firm, policy, awards[policy].family, awards[policy].tier, made.choice([0, 50, 300]))
        for firm, policy in made.sample(every, 25)
    ]
    found = paid(rows, awards, history)
    assert found["pay"].to_list() == Plainly(rows, awards, history).run()
    lowered = found.filter(pl.col("pay") < pl.col("amount"))
    assert lowered.height
    assert (lowered["why"] != "").all(), "each that is lower says why"
    assert found.filter(pl.col("policy").str.starts_with("s") & (pl.col("pay") > 0)).height
