"""The process that reads what people send. Started by `inspect` as a script, one process a file.

It gets the file as standard input, two empty files as numbered handles, and its limits in an argument. It
answers with one line of JSON on standard output: `{"refused": code, "params": {...}}` or the fields of
Converted without the bytes. Anything else, a crash or an end by a signal, counts as unreadable.

Before the first byte is parsed it has given up memory, processor time, children, core dumps, and the right to
open any more files or sockets. It is no container: where the system offers user namespaces or bubblewrap,
running the web server inside one adds to this. For root there is no limit of children, and root may raise the
others again: the server belongs under an account of its own.
"""

from __future__ import annotations

import dataclasses
import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

_MB = 1024 * 1024
# what the parent passes: the file to write the content to, the one for the thumbnail, the limits
_ARGUMENTS = 3


def _limit(which: int, value: int) -> None:
    # a hard limit that is already lower stays; only root could raise it
    hard = resource.getrlimit(which)[1]
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(which, (value, value))


def confine(*, cpu_seconds: int, memory_mb: int, output_mb: int, open_files: int) -> None:
    """Give up, for good, what the examination must not use."""
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, cpu_seconds)
    _limit(resource.RLIMIT_AS, memory_mb * _MB)
    _limit(resource.RLIMIT_FSIZE, output_mb * _MB)
    _limit(resource.RLIMIT_NOFILE, open_files)
    _limit(resource.RLIMIT_NPROC, 0)


def _write(handle: int, content: bytes) -> None:
    with os.fdopen(handle, "wb") as file:
        file.write(content)


def _answer(content_to: int, thumbnail_to: int, told: dict[str, Any]) -> dict[str, Any]:
    # the package is found only now, see main()
    from zhitong.core.uploads import content, limits, reasons  # noqa: PLC0415 - after the limits are set

    bounds = limits.Limits(**told)
    data = sys.stdin.buffer.read(bounds.largest_mb() * _MB + 1)
    try:
        # with no handle left, neither files nor sockets can be opened
        found = content.convert(data, bounds, seal=lambda: _limit(resource.RLIMIT_NOFILE, 0))
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
    confine(**{name: limits[name] for name in ("cpu_seconds", "memory_mb", "output_mb", "open_files")})
    # isolated mode knows only installed packages; behind them, so that nothing here shadows one
    sys.path.append(str(Path(__file__).resolve().parents[3]))
    sys.stdout.write(json.dumps(_answer(int(content_to), int(thumbnail_to), limits)))


if __name__ == "__main__":
    main(sys.argv[1:])
