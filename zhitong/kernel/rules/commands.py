"""What the command line does: one function for each way, each with its own arguments."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from zhitong.kernel.rules import tck
from zhitong.kernel.rules.book import sheets
from zhitong.kernel.rules.book.awards import FEN
from zhitong.kernel.rules.book.book import UNDATED, PolicyBook
from zhitong.kernel.rules.book.explaining import deciding, explain
from zhitong.kernel.rules.book.loading import FACTS, WORKBOOK
from zhitong.kernel.rules.book.matching import ColumnsError, check, completed, match
from zhitong.kernel.rules.book.reviewing import review
from zhitong.kernel.rules.book.simulating import Simulation, SimulationError
from zhitong.kernel.rules.book.telling import LANGUAGES, tell, tell_deciding
from zhitong.kernel.rules.book.writing import as_yaml
from zhitong.kernel.rules.dmn import gaps
from zhitong.kernel.rules.dmn.evaluate import Engine
from zhitong.kernel.rules.dmn.reading import read
from zhitong.kernel.rules.facts.writing import kept
from zhitong.kernel.rules.feel.evaluate import evaluate
from zhitong.kernel.rules.feel.writing import written
from zhitong.kernel.rules.policy.check import condition
from zhitong.kernel.rules.policy.modes import differences
from zhitong.kernel.rules.problems import RulesError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from zhitong.kernel.rules.book.policy import Policy

SHOWN = 50
MODEL = ".dmn"
REFUSED = (
    RulesError,
    ColumnsError,
    SimulationError,
    OSError,
    ValueError,
    pl.exceptions.PolarsError,
)
WORDS = {"yes": "+", "no": "-", "unknown": "?"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the ways and their options."""
    ways = parser.add_subparsers(required=True, metavar=" | ".join(WAYS))
    for name, (about, declare, do) in WAYS.items():
        made = ways.add_parser(name, help=about, description=about)
        declare(made)
        made.set_defaults(do=do)


def run(asked: argparse.Namespace) -> int:
    """Do what is asked; 1 where a text is refused, a file cannot be used or an answer is wrong."""
    try:
        return int(asked.do(asked))
    except REFUSED as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _book_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("book", type=Path, help="a folder of policies, or one file of them")
    parser.add_argument(
        "--facts", type=Path, help=f"the dictionary of facts; {FACTS} beside the policies if not given"
    )


def _day_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as-of", type=date.fromisoformat, required=True, metavar="DATE", help="such as 2026-07-01"
    )
    parser.add_argument(
        "--region", default="", help="where the firms lie (six digits); policies above it count"
    )


def _book(asked: argparse.Namespace) -> PolicyBook:
    beside = (asked.book if asked.book.is_dir() else asked.book.parent) / FACTS
    return PolicyBook.load(asked.book, dictionary=asked.facts or beside)


# ---------------------------------------------------------------- one expression


def _feel_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("expression")
    parser.add_argument(
        "--fact", action="append", default=[], metavar="NAME=VALUE", help="a fact, its value written in FEEL"
    )


def _pairs(given: list[str]) -> dict[str, str]:
    found = {}
    for one in given:
        name, sign, value = one.partition("=")
        if not sign:
            message = f"Write a fact as NAME=VALUE, not {one}."
            raise ValueError(message)
        found[name.strip()] = value
    return found


def _feel(asked: argparse.Namespace) -> int:
    facts = {name: evaluate(value).value for name, value in _pairs(asked.fact).items()}
    answer = evaluate(asked.expression, facts)
    for note in answer.notes:
        sys.stderr.write(f"{note}\n")
    print(written(answer.value))
    return 0


# ---------------------------------------------------------------- a book


def _check_arguments(parser: argparse.ArgumentParser) -> None:
    _book_arguments(parser)
    parser.add_argument(
        "--modes", action="store_true", help="warn where the standard's null rules would give another answer"
    )


def _check(asked: argparse.Namespace) -> int:
    if asked.book.suffix == MODEL:
        return _check_model(asked.book)
    book = _book(asked)
    examples = sum(len(policy.examples) for policy in book.policies)
    clauses = sum(len(policy.clauses) for policy in book.policies)
    for problem in review(book):
        print(f"warning: {problem}")
    for policy in book.policies:
        if asked.modes:
            _tell_modes(policy, book)
        print(f"{policy.key}  {policy.digest[:12]}  {policy.number}  {policy.title}")
    print(f"{len(book.policies)} policies, {clauses} conditions, {examples} examples come out as written")
    return 0


def _check_model(path: Path) -> int:
    """Read a decision model and say what its tables leave open or say twice."""
    engine = Engine(read(path))
    for problem in engine.problems:
        sys.stderr.write(f"{problem}\n")
    for problem in gaps.review(engine):
        print(f"warning: {problem}")
    print(f"{path}: {len(engine.model.decisions)} decisions")
    return 1 if engine.problems else 0


def _tell_modes(policy: Policy, book: PolicyBook) -> None:
    """Warn where the standard's mode would answer and a policy does not."""
    day = policy.effective.begin or UNDATED
    for clause in policy.clauses:
        tree = condition(clause.source, book.dictionary, day).tree
        for problem in differences(tree, clause.source, book.dictionary):
            print(f"warning: {problem}")


def _match_arguments(parser: argparse.ArgumentParser) -> None:
    _book_arguments(parser)
    parser.add_argument("firms", type=Path, help="a Parquet file with a row for each firm")
    _day_arguments(parser)
    parser.add_argument("--by", default="", metavar="COLUMN", help="the column of each firm's own region")
    parser.add_argument("--key", default="uscc", metavar="COLUMN", help="the column that names a firm (uscc)")
    parser.add_argument("--out", type=Path, required=True, help="the Parquet file to write")


def _match(asked: argparse.Namespace) -> int:
    book = _book(asked)
    firms = pl.scan_parquet(asked.firms)
    _whole, absent = completed(firms, book.dictionary)
    if absent:
        sys.stderr.write(f"Unknown of all firms, since the file has no such column: {', '.join(absent)}.\n")

    def told(done: int) -> None:
        sys.stderr.write(f"{done} firms\n")

    found = match(book, firms, asked.as_of, key=asked.key, region=asked.region, by=asked.by, told=told)
    found.write_parquet(asked.out)
    counts = found["state"].value_counts().rows_by_key("state") if found.height else {}
    said = ", ".join(f"{state}: {number[0]}" for state, (number, *_rest) in sorted(counts.items()))
    print(f"{asked.out}: {found.height} pairs{f' ({said})' if said else ''}")
    return 0


def _explain_arguments(parser: argparse.ArgumentParser) -> None:
    _book_arguments(parser)
    _day_arguments(parser)
    parser.add_argument(
        "--fact",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a fact as people write it, with its unit",
    )
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="of the sentences (en)")
    parser.add_argument("--json", action="store_true", help="everything as JSON")


def _explain(asked: argparse.Namespace) -> int:
    book = _book(asked)
    facts = {}
    for name, value in _pairs(asked.fact).items():
        fact = book.dictionary.find(name)
        if fact is None:
            message = f"No fact is called {name}."
            raise ValueError(message)
        facts[fact.name] = kept(fact, value)
    found = explain(book.compile(asked.as_of, region=asked.region), facts, ways=True)
    if asked.json:
        json.dump([asdict(one) for one in found], sys.stdout, ensure_ascii=False, indent=1, default=float)
        return 0
    for one in found:
        signs = [WORDS[one.state], *(f"    {WORDS[row.state]}" for row in one.asked), "    >"]
        for sign, sentence in zip(signs, tell(one, asked.language), strict=False):
            print(f"{sign} {sentence}")
    for sentence in tell_deciding(deciding(found), asked.language):
        print(sentence)
    return 0


def _convert_arguments(parser: argparse.ArgumentParser) -> None:
    _book_arguments(parser)
    parser.add_argument("--out", type=Path, required=True, help="the file to write: .xlsx or .yaml")
    parser.add_argument("--language", choices=LANGUAGES, default="zh", help="of the headings (zh)")


def _convert(asked: argparse.Namespace) -> int:
    book = _book(asked)
    if asked.out.suffix == WORKBOOK:
        sheets.write(book.policies, book.dictionary, asked.out, language=asked.language)
    elif asked.out.suffix == ".yaml":
        asked.out.write_text(as_yaml(book.policies, book.dictionary), encoding="utf-8")
    else:
        message = f"{asked.out}: write a file that ends with {WORKBOOK} or .yaml."
        raise ValueError(message)
    print(f"{asked.out}: {len(book.policies)} policies")
    return 0


def _simulate_arguments(parser: argparse.ArgumentParser) -> None:
    _book_arguments(parser)
    parser.add_argument("firms", type=Path, help="a Parquet file with a row for each firm")
    _day_arguments(parser)
    parser.add_argument("--key", default="uscc", metavar="COLUMN", help="the column that names a firm (uscc)")
    parser.add_argument("--policy", required=True, metavar="KEY")
    parser.add_argument("--set", metavar="CLAUSE=CONDITION", help="another text of a condition")
    parser.add_argument("--pay", metavar="AMOUNT", help="another amount")
    parser.add_argument("--curve", metavar="CLAUSE", help="firms and budget for every limit of a condition")


def _simulate(asked: argparse.Namespace) -> int:
    book = _book(asked)
    whole, _absent = completed(pl.scan_parquet(asked.firms), book.dictionary)
    plan = book.compile(asked.as_of, region=asked.region)
    firms = whole.collect()
    check(firms, book.dictionary)
    here = Simulation(plan, asked.policy, firms, key=asked.key)
    if asked.curve:
        for limit, firms, budget in here.curve(asked.curve).select("said", "firms", "budget").iter_rows():
            print(f"{limit}\t{firms}\t{budget / FEN:.2f}")
        return 0
    if asked.set:
        clause, _sign, text = asked.set.partition("=")
        change = here.set(clause.strip(), text)
    else:
        change = here.pay(asked.pay) if asked.pay else None
    outcomes = [("now", here.now())] + ([("then", change.after)] if change is not None else [])
    for name, one in outcomes:
        cost = f"{one.least / FEN:.2f} to {one.most / FEN:.2f} yuan"
        print(f"{name}: {one.firms} firms, {one.possible} possible, {cost}")
    if change is not None:
        print(f"{len(change.winners)} come to it, {len(change.losers)} lose it")
    return 0


# ---------------------------------------------------------------- the kit


def _tck_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", type=Path, help="the folder of its test cases, or one below it")
    parser.add_argument("--json", action="store_true", help="all results as JSON")


def _tck(asked: argparse.Namespace) -> int:
    if not asked.path.is_dir():
        message = f"{asked.path} is no folder."
        raise ValueError(message)
    report = tck.run(asked.path)
    if asked.json:
        json.dump([asdict(result) for result in report.results], sys.stdout, ensure_ascii=False, indent=1)
    else:
        _print_report(report)
    total = report.total()
    return 1 if total[tck.WRONG] or total[tck.UNREAD] or not report.results else 0


def _print_report(report: tck.Report) -> None:
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


Way = tuple[str, "Callable[[argparse.ArgumentParser], None]", "Callable[[argparse.Namespace], int]"]
WAYS: dict[str, Way] = {
    "check": ("check a book of policies, or a DMN model (.dmn)", _check_arguments, _check),
    "match": ("find the policies of all firms of a file", _match_arguments, _match),
    "explain": ("say of one firm why it fulfils each policy or not", _explain_arguments, _explain),
    "convert": ("write a book as a workbook or as YAML", _convert_arguments, _convert),
    "simulate": ("move a condition or an amount and see what changes", _simulate_arguments, _simulate),
    "feel": ("work out one expression", _feel_arguments, _feel),
    "tck": ("run OMG's DMN conformance kit and count what passed, by group", _tck_arguments, _tck),
}
