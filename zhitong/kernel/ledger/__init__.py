"""Money as whole fen: dividing it so that nothing is lost and nothing is made."""

from __future__ import annotations

from zhitong.kernel.ledger.sharing import by_score, first_come, pro_rata, shares

__all__ = ["by_score", "first_come", "pro_rata", "shares"]
