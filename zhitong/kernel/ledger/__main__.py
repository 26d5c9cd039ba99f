"""Divides a budget among claims: `python -m zhitong.kernel.ledger pro-rata 2000000 1000000 1500000`."""

from __future__ import annotations

import argparse
import sys
from decimal import Decimal
from typing import TYPE_CHECKING

from zhitong.kernel.ledger import first_come, pro_rata

if TYPE_CHECKING:
    from collections.abc import Sequence

FEN = 100
MOST = 10**18


def _fen(text: str) -> int:
    """Return an amount in yuan as whole fen."""
    try:
        amount = Decimal(text) * FEN
    except ArithmeticError:
        amount = Decimal("NaN")
    if not amount.is_finite() or abs(amount) > MOST or amount % 1 or amount < 0:
        message = f"{text} is no amount in yuan and fen"
        raise argparse.ArgumentTypeError(message)
    return int(amount)


def main(arguments: Sequence[str]) -> int:
    """Print what each claim gets, in yuan, and what is left of the budget."""
    parser = argparse.ArgumentParser(prog="python -m zhitong.kernel.ledger", description=__doc__)
    parser.add_argument("rule", choices=["pro-rata", "first-come"])
    parser.add_argument("budget", type=_fen, help="in yuan")
    parser.add_argument("claims", type=_fen, nargs="+", help="in yuan, in their order")
    parser.add_argument(
        "--unit", type=_fen, default=1, metavar="YUAN", help="each part is a multiple of it (0.01)"
    )
    asked = parser.parse_args(arguments)
    if not asked.unit:
        parser.error("--unit is more than nothing")
    divide = {
        "pro-rata": lambda: pro_rata(asked.claims, asked.budget, unit=asked.unit),
        "first-come": lambda: first_come(asked.claims, asked.budget, partly=True),
    }
    parts = divide[asked.rule]()
    for part in parts:
        sys.stdout.write(f"{Decimal(part) / FEN:.2f}\n")
    sys.stdout.write(f"left: {Decimal(asked.budget - sum(parts)) / FEN:.2f}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
