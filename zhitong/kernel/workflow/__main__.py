"""Checks flow tables: `python -m zhitong.kernel.workflow data/flows/*.toml`."""

from __future__ import annotations

import argparse
import sys
import tomllib
from pathlib import Path

from zhitong.kernel.workflow import FlowError, parse_flow


def main() -> int:
    """Parse each file; print its size or its problems; exit 1 if one cannot work."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    faults = 0
    for file in parser.parse_args().files:
        try:
            flow = parse_flow(tomllib.loads(file.read_text(encoding="utf-8")))
        except FlowError as error:
            faults += 1
            sys.stderr.write("".join(f"{file}: {problem}\n" for problem in error.problems))
        else:
            sys.stdout.write(f"{file}: {len(flow.states)} states, {len(flow.actions)} actions\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
