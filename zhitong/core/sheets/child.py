"""The process that reads a table. Started by `reading` as a script, one process a file.

It gets the file as standard input, a handle to write the rows to, and its limits and the wanted sheet as
arguments, the last two as JSON. It answers with one line of JSON on standard output:
`{"refused": code, "params": {...}}` or `{"rows": n}`. Anything else, a crash or an end by a signal, counts
as unreadable.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

_ARGUMENTS = 3  # where the rows go, the limits, the sheet


def _answer(rows_to: int, told: dict[str, Any], sheet: str) -> dict[str, Any]:
    # the package is found only now, see main()
    from zhitong.core.confined import close_doors  # noqa: PLC0415 - after the limits are set
    from zhitong.core.sheets import parse, reasons  # noqa: PLC0415 - same
    from zhitong.core.sheets.limits import MB, SheetLimits  # noqa: PLC0415 - same

    limits = SheetLimits(**told)
    content = sys.stdin.buffer.read(limits.file_mb * MB + 1)
    with os.fdopen(rows_to, "w", encoding="utf-8") as out:
        close_doors()
        try:
            return {"rows": parse.convert(content, out, limits, sheet)}
        except reasons.SheetRefused as refusal:
            return {"refused": refusal.code, "params": refusal.params}


def main(arguments: list[str]) -> None:
    """Read standard input under the limits given as JSON."""
    rows_to, told, sheet = arguments[:_ARGUMENTS]
    limits = json.loads(told)
    sheet = json.loads(sheet)
    # isolated mode knows only installed packages; behind them, so that nothing here shadows one
    sys.path.append(str(Path(__file__).resolve().parents[3]))
    from zhitong.core.confined import confine  # noqa: PLC0415 - the package is found only now

    confine(**{name: limits[name] for name in ("cpu_seconds", "memory_mb", "output_mb", "open_files")})
    sys.stdout.write(json.dumps(_answer(int(rows_to), limits, sheet)))


if __name__ == "__main__":
    main(sys.argv[1:])
