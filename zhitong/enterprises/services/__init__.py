"""Everything that changes firms, their seats and their facts; one function a verb."""

from __future__ import annotations

from zhitong.enterprises.services.facts import confirm_fact, state_fact
from zhitong.enterprises.services.firms import change, register, seat

__all__ = ["change", "confirm_fact", "register", "seat", "state_fact"]
