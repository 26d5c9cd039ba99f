"""Similar lines, common problems, learning and asking: `python -m zhitong.kernel.text --help`."""

from __future__ import annotations

import argparse
import csv
import sys
import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from zhitong.kernel.text import PLAIN, Cleaning, Gazetteer, Index, Message, Model, Rules, groups
from zhitong.kernel.text.baselines import whole_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from zhitong.kernel.text.training import Report

COUNT = 5
WHOLE = 0.15
COLUMNS = ("key", "sender", "time", "title", "text")  # of a table of messages; how they are named is data
LONGEST_FIELD = 10**7
EXTRA = "Learning needs the extra `train`: pip install 'zhitong[train]'."


def main(arguments: Sequence[str]) -> int:
    """Do what is asked; exit 2 on a wrong call, 1 where a file cannot be used."""
    asked = _parser().parse_args(arguments)
    try:
        return asked.do(asked)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m zhitong.kernel.text", description=__doc__)
    ways = parser.add_subparsers(required=True, metavar="near | common | evaluate | train | suggest")

    def way(name: str, do: Callable[[argparse.Namespace], int], about: str) -> argparse.ArgumentParser:
        made = ways.add_parser(name, help=about, description=about)
        made.set_defaults(do=do)
        return made

    near = way("near", _near, "show the lines of a file that are nearest to a text, and the runs that count")
    near.add_argument("file", type=Path)
    near.add_argument("text")
    _add_cleaning(near)
    common = way(
        "common", _common, "show what several senders say within some days, beside whole texts alike"
    )
    common.add_argument("file", type=Path, help="a csv with headings, in UTF-8")
    common.add_argument("--entities", type=Path, default=Path("data/commons/entities-1.toml"))
    common.add_argument("--days", type=int, help="instead of what the table says; 0: whenever")
    common.add_argument("--whole", type=float, default=WHOLE, help=f"likeness of whole texts ({WHOLE})")
    common.add_argument("--top", type=int, default=20)
    _add_cleaning(common)
    evaluate = way(
        "evaluate", _evaluate, "say how well labels can be learnt from a table, beside trivial answers"
    )
    _add_table(evaluate)
    train = way("train", _train, "learn labels from a table and write the model")
    _add_table(train)
    train.add_argument("--out", type=Path, required=True, help="the file of the model (.npz)")
    train.add_argument(
        "--precision", type=float, default=0.95, help="how much of what is shown has to be right (0.95)"
    )
    suggest = way("suggest", _suggest, "show what a model suggests for a text")
    suggest.add_argument("model", type=Path)
    suggest.add_argument("text")
    return parser


def _add_cleaning(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--cleaning", type=Path, help="a table like data/texts/cleaning-1.toml; without it: none"
    )


def _add_table(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="a csv with headings, in UTF-8")
    parser.add_argument("--text", required=True, metavar="COLUMN")
    parser.add_argument("--label", required=True, metavar="COLUMN")
    parser.add_argument("--seed", type=int, default=0)
    _add_cleaning(parser)


def _cleaning(asked: argparse.Namespace) -> Cleaning:
    if asked.cleaning is None:
        return PLAIN
    return Cleaning.parse(tomllib.loads(asked.cleaning.read_text(encoding="utf-8")))


def _table(asked: argparse.Namespace) -> tuple[list[str], list[str]]:
    """Return texts and labels of the rows that have a label."""
    csv.field_size_limit(LONGEST_FIELD)
    with asked.file.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = {asked.text, asked.label} - set(reader.fieldnames or ())
        if missing:
            raise ValueError(f"{asked.file.name} has no column {', '.join(sorted(missing))}.")
        rows = [(row[asked.text] or "", (row[asked.label] or "").strip()) for row in reader]
    rows = [row for row in rows if row[1]]
    return [text for text, _ in rows], [label for _, label in rows]


def _near(asked: argparse.Namespace) -> int:
    index = Index(_cleaning(asked))
    lines = asked.file.read_text(encoding="utf-8").splitlines()
    for place, line in enumerate(lines):
        index.add(place, line)
    for found in index.nearest(asked.text, COUNT):
        print(f"{found.likeness:.2f}  {lines[found.key]}  ({' '.join(found.shared)})")
    return 0


def _common(asked: argparse.Namespace) -> int:
    table = tomllib.loads(asked.entities.read_text(encoding="utf-8"))
    rules = Rules.parse(table)
    rules = rules if asked.days is None else replace(rules, days=asked.days)
    messages = list(_messages(asked, [table["columns"][name] for name in COLUMNS]))
    titles = {message.key: message.title for message in messages}
    found = groups(messages, Gazetteer.parse(table), rules, cleaning=_cleaning(asked))
    print(f"{len(messages)} messages, {len(found)} groups by entity")
    for place, group in enumerate(found[: asked.top], start=1):
        when = f"{group.since:%Y-%m-%d} - {group.until:%Y-%m-%d}"
        print(f"{place}. {group.entity.name}: {group.heat} senders, {when} ({' '.join(group.shared)})")
        for key, likeness in zip(group.members, group.alike, strict=True):
            print(f"   {likeness:.2f}  {key}  {titles[key]}")
    whole = whole_texts(
        messages, least=asked.whole, days=rules.days, least_firms=rules.least_firms, cleaning=_cleaning(asked)
    )
    print(f"\n{len(whole)} groups by whole texts alike by {asked.whole}")
    for place, members in enumerate(whole[: asked.top], start=1):
        print(f"{place}. {len(members)} messages")
        for message in members:
            print(f"   {message.key}  {message.title}")
    return 0


def _messages(asked: argparse.Namespace, columns: Sequence[str]) -> Iterator[Message]:
    csv.field_size_limit(LONGEST_FIELD)
    with asked.file.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = {*columns} - set(reader.fieldnames or ())
        if missing:
            raise ValueError(f"{asked.file.name} has no column {', '.join(sorted(missing))}.")
        for row in reader:
            key, sender, time, title, text = ((row[column] or "").strip() for column in columns)
            yield Message(key, sender, _moment(time), title, text)


def _moment(text: str) -> datetime:
    for form in ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d", "%Y/%m/%d"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise ValueError(f"{text!r} is no moment like 2026-06-05 09:00:00.")


def _evaluate(asked: argparse.Namespace) -> int:
    try:
        from zhitong.kernel.text import training  # noqa: PLC0415 - needs the extra
    except ImportError:
        raise ValueError(EXTRA) from None
    texts, labels = _table(asked)
    for line in lines(training.evaluate(texts, labels, seed=asked.seed, cleaning=_cleaning(asked))):
        print(line)
    return 0


def lines(report: Report) -> list[str]:
    """Say in words what a report holds, one figure a line."""
    told = [
        f"texts: {report.texts} ({report.duplicates} empty or the same as another left out before the split)",
        "labels: " + ", ".join(f"{name} {count}" for name, count in report.labels.items()),
        *[f"too rare to learn: {name} {count}" for name, count in report.too_rare.items()],
        f"macro-F1: {report.macro_f1:.4f} (deviation of the folds {report.spread:.4f})",
        f"  always the most frequent label: {report.majority_f1:.4f}",
        f"  twenty telling pairs a label: {report.keywords_f1:.4f}",
        f"accuracy: {report.accuracy:.4f}",
        f"calibration error: {report.calibration_error:.4f}",
    ]
    for row in report.shown:
        if row.precision is None:
            told.append(f"shown so that {row.target:.0%} are right: nothing, there are too few texts")
        else:
            told.append(
                f"shown so that {row.target:.0%} are right: "
                f"{row.coverage:.1%} of texts, {row.precision:.1%} right"
            )
    return told


def _train(asked: argparse.Namespace) -> int:
    try:
        from zhitong.kernel.text import training  # noqa: PLC0415 - needs the extra
    except ImportError:
        raise ValueError(EXTRA) from None
    texts, labels = _table(asked)
    model = training.train(
        texts, labels, seed=asked.seed, precision=asked.precision, cleaning=_cleaning(asked)
    )
    model.save(asked.out)
    print(
        f"{asked.out}: {len(model.labels)} labels, {len(model.codes)} runs, "
        f"shown from {model.threshold:.3f} on"
    )
    print(
        f"something is shown for {model.coverage:.1%} of held-out texts, {model.precision:.0%} or more right"
    )
    return 0


def _suggest(asked: argparse.Namespace) -> int:
    model = Model.load(asked.model)
    found = model.suggest(asked.text)
    if found is None:
        print("nothing is suggested")
    else:
        print(f"{found.label}  {found.probability:.2f}  ({' '.join(found.because)})")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
