"""The functions that FEEL has (DMN 1.5, 10.3.4), by name."""

from __future__ import annotations

from zhitong.kernel.rules.feel.builtins import (
    contexts,
    conversions,
    lists,
    moments,
    numbers,
    patterns,
    ranges,
    sorting,
    strings,
)
from zhitong.kernel.rules.feel.builtins.signatures import Builtin

BUILTINS: dict[str, Builtin] = {
    name: function
    for room in (conversions, numbers, strings, patterns, lists, sorting, moments, ranges, contexts)
    for name, function in room.TABLE.functions.items()
}
