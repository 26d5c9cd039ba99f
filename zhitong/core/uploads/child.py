"""The process that reads what people send. Started by `inspect` as a script, one process a file.

It gets the file as standard input, two empty files as numbered handles, and its limits in an argument. It
answers with one line of JSON on standard output: `{"refused": code, "params": {...}}` or the fields of
Converted without the bytes. Anything else, a crash or an end by a signal, counts as unreadable.

What it gives up before the first byte is parsed stands in `zhitong.core.confined`.
"""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from pathlib import Path
from typing import Any

# what the parent passes: the file to write the content to, the one for the thumbnail, the limits
_ARGUMENTS = 3


def _write(handle: int, content: bytes) -> None:
    with os.fdopen(handle, "wb") as file:
        file.write(content)


def _answer(content_to: int, thumbnail_to: int, told: dict[str, Any]) -> dict[str, Any]:
    # the package is found only now, see main()
    from zhitong.core import confined  # noqa: PLC0415 - the package is found only now
    from zhitong.core.uploads import content, limits, reasons  # noqa: PLC0415 - after the limits are set

    bounds = limits.Limits(**told)
    data = sys.stdin.buffer.read(bounds.largest_mb() * limits.MB + 1)
    try:
        # with no handle left, neither files nor sockets can be opened
        found = content.convert(data, bounds, seal=confined.close_doors)
    except reasons.UploadRefused as refusal:
        return {"refused": refusal.code, "params": refusal.params}
    _write(content_to, found.content)
    _write(thumbnail_to, found.thumbnail)
    answer = dataclasses.asdict(found)
    del answer["content"], answer["thumbnail"]
    return answer


def main(arguments: list[str]) -> None:
    """Examine standard input under the limits given as JSON."""
    content_to, thumbnail_to, told = arguments[:_ARGUMENTS]
    limits = json.loads(told)
    # isolated mode knows only installed packages; behind them, so that nothing here shadows one
    sys.path.append(str(Path(__file__).resolve().parents[3]))
    from zhitong.core.confined import confine  # noqa: PLC0415 - the package is found only now

    confine(**{name: limits[name] for name in ("cpu_seconds", "memory_mb", "output_mb", "open_files")})
    sys.stdout.write(json.dumps(_answer(int(content_to), int(thumbnail_to), limits)))


if __name__ == "__main__":
    main(sys.argv[1:])
