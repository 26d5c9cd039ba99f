"""Lists put in order by a function."""

from __future__ import annotations

from functools import cmp_to_key
from typing import Any

from zhitong.kernel.rules.feel.builtins.signatures import Table
from zhitong.kernel.rules.feel.compare import order

TABLE = Table()


class NoOrderError(Exception):
    """Two items have no order."""


@TABLE.add("sort", "list: list", "precedes?: function?")
def _sort(feel: Any, items: list[Any], precedes: Any = None) -> list[Any] | None:
    """In the order of the function, which says whether one item comes before another; equal ones stay."""

    def compared(one: Any, other: Any) -> int:
        if precedes is None:
            place = order(one, other)
            if place is None:
                raise NoOrderError
            return place
        if feel.apply(precedes, one, other) is True:
            return -1
        return 1 if feel.apply(precedes, other, one) is True else 0

    if precedes is not None and len(getattr(precedes, "parameters", ("", ""))) != 2:  # noqa: PLR2004 - one and another
        return None
    try:
        return sorted(items, key=cmp_to_key(compared))
    except NoOrderError:
        return None
