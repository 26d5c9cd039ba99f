"""How large a test becomes as an expression over columns, where some pieces are written more than once."""

from __future__ import annotations

from math import comb

from zhitong.kernel.rules.policy import ir

MOST_WEIGHT = 20_000
MOST_SUBSETS = 64  # so many conjunctions stand for "at least so many of"; beyond, they are counted
TWICE = 2  # as often a test that chooses is written once more, and a number of which the largest is taken


def weight(piece: ir.Piece, known: dict[ir.Piece, int] | None = None) -> int:
    """Return the number of pieces of an expression; each piece is weighed once."""
    known = {} if known is None else known
    if piece not in known:
        below = [weight(part, known) for part in ir.pieces(piece)]
        total = 1 + sum(below)
        if isinstance(piece, ir.Extreme):
            total *= TWICE
        elif isinstance(piece, (ir.Chosen, ir.Switch)):
            total += TWICE * below[0]
        elif isinstance(piece, ir.AtLeast):
            many = comb(len(piece.tests), max(0, min(piece.number, len(piece.tests))))
            total *= TWICE if many > MOST_SUBSETS else many
        known[piece] = min(total, 10 * MOST_WEIGHT)
    return known[piece]
