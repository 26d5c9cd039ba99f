"""Checks organisation codes: `python -m zhitong.kernel.codes 91350102MA0TEXT12D …`."""

from __future__ import annotations

import argparse
import sys

from zhitong.kernel.codes import normalise, problem


def main() -> int:
    """Print what is wrong with each code; exit 1 if one is wrong."""
    parser = argparse.ArgumentParser(prog="python -m zhitong.kernel.codes", description=__doc__)
    parser.add_argument("codes", nargs="+")
    wrong = 0
    for text in parser.parse_args().codes:
        found = problem(text)
        if found is None:
            sys.stdout.write(f"{normalise(text)} is right\n")
            continue
        wrong += 1
        place = f" at place {found.place}" if found.place else ""
        hint = f" ({found.hint}?)" if found.hint else ""
        sys.stdout.write(f"{normalise(text)}: {found.fault}{place} {found.found}{hint}".rstrip() + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
