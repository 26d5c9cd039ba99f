"""`zhitong rules`: the policy engine's own command line, without Django."""

from __future__ import annotations

from zhitong.kernel.rules.commands import arguments, run

__all__ = ["arguments", "run"]
