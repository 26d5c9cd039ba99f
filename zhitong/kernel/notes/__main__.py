"""What a file's note says: `python -m zhitong.kernel.notes WORDS.toml NOTE.txt 2026-11-20`."""

from __future__ import annotations

import sys
import tomllib
from dataclasses import asdict
from datetime import date
from pathlib import Path

from zhitong.kernel.notes import Words, read


def main(arguments: list[str]) -> int:
    """Print what was found, a line each; exit 2 on a wrong call."""
    if len(arguments) != len(("words", "note", "day")):
        sys.stderr.write("usage: python -m zhitong.kernel.notes WORDS.toml NOTE.txt DAY\n")
        return 2
    words = Words.parse(tomllib.loads(Path(arguments[0]).read_text(encoding="utf-8")))
    note = read(Path(arguments[1]).read_text(encoding="utf-8"), words, today=date.fromisoformat(arguments[2]))
    for name, value in asdict(note).items():
        print(f"{name}: {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
