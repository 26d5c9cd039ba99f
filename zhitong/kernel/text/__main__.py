"""Which lines of a file are nearest to a text: `python -m zhitong.kernel.text FILE TEXT`."""

from __future__ import annotations

import sys
from pathlib import Path

from zhitong.kernel.text import Corpus

COUNT = 5


def main(arguments: list[str]) -> int:
    """Print the nearest lines with their likeness and the pairs that count; exit 2 on a wrong call."""
    if len(arguments) != len(("file", "text")):
        sys.stderr.write("usage: python -m zhitong.kernel.text FILE TEXT\n")
        return 2
    lines = Path(arguments[0]).read_text(encoding="utf-8").splitlines()
    for near in Corpus(lines).nearest(arguments[1], COUNT):
        print(f"{near.likeness:.2f}  {lines[near.place]}  ({' '.join(near.shared)})")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
