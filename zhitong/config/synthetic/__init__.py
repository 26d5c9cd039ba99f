"""Synthetic firms for demos and load tests: seeded, streamed, without Django, clock and database."""

from __future__ import annotations

from zhitong.config.synthetic.city import firm, firms
from zhitong.config.synthetic.records import Caller, Firm, Held, Mark, Patent, Standard, Stated

__all__ = ["Caller", "Firm", "Held", "Mark", "Patent", "Standard", "Stated", "firm", "firms"]
