"""Expressions and the conformance kit: `python -m zhitong.kernel.rules --help`."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from zhitong.kernel.rules import RulesError, evaluate, tck
from zhitong.kernel.rules.feel.writing import written

if TYPE_CHECKING:
    from collections.abc import Sequence

SHOWN = 50


def main(arguments: Sequence[str]) -> int:
    """Do what is asked; exit 2 on a wrong call, 1 where a text is refused or an answer is wrong."""
    asked = _parser().parse_args(arguments)
    try:
        return asked.do(asked)
    except (RulesError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m zhitong.kernel.rules", description=__doc__)
    ways = parser.add_subparsers(required=True, metavar="feel | tck")
    feel = ways.add_parser("feel", help="work out one expression")
    feel.add_argument("expression")
    feel.add_argument(
        "--fact", action="append", default=[], metavar="NAME=VALUE", help="a fact, its value written in FEEL"
    )
    feel.set_defaults(do=_feel)
    kit = ways.add_parser("tck", help="run OMG's DMN conformance kit and count what passed, by group")
    kit.add_argument("path", type=Path, help="the folder of its test cases, or one below it")
    kit.add_argument("--json", action="store_true", help="all results as JSON")
    kit.set_defaults(do=_tck)
    return parser


def _feel(asked: argparse.Namespace) -> int:
    facts = {}
    for given in asked.fact:
        name, found, value = given.partition("=")
        if not found:
            sys.stderr.write(f"Write a fact as NAME=VALUE, not {given}.\n")
            return 2
        facts[name.strip()] = evaluate(value).value
    answer = evaluate(asked.expression, facts)
    for note in answer.notes:
        sys.stderr.write(f"{note}\n")
    print(written(answer.value))
    return 0


def _tck(asked: argparse.Namespace) -> int:
    if not asked.path.is_dir():
        sys.stderr.write(f"{asked.path} is no folder.\n")
        return 1
    report = tck.run(asked.path)
    if asked.json:
        json.dump([asdict(result) for result in report.results], sys.stdout, ensure_ascii=False, indent=1)
    else:
        _print(report)
    total = report.total()
    return 1 if total[tck.WRONG] or total[tck.UNREAD] or not report.results else 0


def _print(report: tck.Report) -> None:
    outcomes = (tck.PASSED, tck.REFUSED, tck.WRONG, tck.UNREAD)
    print(f"{'group':60}" + "".join(f"{name:>22}" for name in outcomes))
    for group, counts in report.counts().items():
        print(f"{group[:60]:60}" + "".join(f"{counts[name]:22}" for name in outcomes))
    total = report.total()
    print(f"{'all':60}" + "".join(f"{total[name]:22}" for name in outcomes))
    faults = [result for result in report.results if result.outcome in {tck.WRONG, tck.UNREAD}]
    for result in faults[:SHOWN]:
        print(
            f"{result.outcome}: {result.group} {result.case} {result.node}: expected {result.expected}, "
            f"answered {result.answered}. {result.reason}"
        )
    if len(faults) > SHOWN:
        print(f"... and {len(faults) - SHOWN} more; --json lists all")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
