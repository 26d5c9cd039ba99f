"""The dictionary of facts: what a name stands for, in which unit, of which period."""

from __future__ import annotations

from zhitong.kernel.rules.facts.dictionary import Dictionary, Fact, Kind
from zhitong.kernel.rules.facts.loading import load

__all__ = ["Dictionary", "Fact", "Kind", "load"]
