"""Policies, expressions and the conformance kit: `python -m zhitong.kernel.rules --help`."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from zhitong.kernel.rules import commands

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """Do what is asked; exit 2 on a wrong call, 1 where a text is refused or an answer is wrong."""
    parser = argparse.ArgumentParser(prog="python -m zhitong.kernel.rules", description=__doc__)
    commands.arguments(parser)
    return commands.run(parser.parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
