"""`zhitong learn-categories`: learn from the city's own cases what a new one is about, and say how well."""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from zhitong.cases import categories, learnt, queries
from zhitong.cases.alike import words_of
from zhitong.cases.services import learn_categories
from zhitong.core import clock, data
from zhitong.core.actor import system
from zhitong.core.clock import local_date
from zhitong.kernel.text import Cleaning, Model
from zhitong.kernel.text.__main__ import EXTRA, lines

if TYPE_CHECKING:
    from datetime import date

NAME = "learn-categories"
HEADINGS = ("text", "category")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--precision", type=float, default=0.95, help="how much of what is shown has to be right (0.95)"
    )
    parser.add_argument("--seed", type=int, default=0)
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument("--dry-run", action="store_true", help="only say how good a model would be")
    ways.add_argument(
        "--export", type=Path, metavar="CSV", help="write texts and categories, to learn on another machine"
    )
    ways.add_argument("--use", type=Path, metavar="NPZ", help="take a model that was learnt elsewhere")
    ways.add_argument("--forget", action="store_true", help="let words alone suggest again")


def run(options: argparse.Namespace) -> int:
    """Learn, or do what an option says; 1 where that is not possible."""
    try:
        if options.forget:
            return _forget()
        if options.use:
            return _put(Model.load(options.use))
        texts, labels = _labelled()
        if options.export:
            return _export(options.export, texts, labels)
        return _learn(options, texts, labels)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _labelled() -> tuple[list[str], list[str]]:
    rows = [(words_of(case), case.category) for case in queries.labelled().only("title", "text", "category")]
    return [text for text, _ in rows], [label for _, label in rows]


def _learn(options: argparse.Namespace, texts: list[str], labels: list[str]) -> int:
    try:
        from zhitong.kernel.text import training  # noqa: PLC0415 - needs the extra
    except ImportError:
        raise ValueError(f"{EXTRA} Or --export the cases and learn on another machine.") from None
    cleaning = Cleaning.parse(data.read("texts", "cleaning-1"))
    report = training.evaluate(texts, labels, seed=options.seed, cleaning=cleaning)
    print("\n".join(lines(report)))
    print(_words_alone(texts, labels, local_date(clock.now())))
    if options.dry_run:
        return 0
    return _put(
        training.train(texts, labels, seed=options.seed, precision=options.precision, cleaning=cleaning)
    )


def _words_alone(texts: list[str], labels: list[str], day: date) -> str:
    """Say how good the words of the tree are on the same texts: what the city has without a model."""
    rows = dict(zip(texts, labels, strict=True))
    found = {text: categories.suggest(text, day) for text in rows}
    shown = [text for text, suggestion in found.items() if suggestion]
    right = sum(found[text].key == rows[text] for text in shown)
    share = f", {right / len(shown):.1%} of it right" if shown else ""
    return f"the words of the tree alone: something for {len(shown) / len(rows):.1%} of texts{share}"


def _put(model: Model) -> int:
    strange = [label for label in model.labels if not categories.is_known(label)]
    if strange:
        raise ValueError(f"The model knows categories that this city has not: {', '.join(strange)}.")
    name = learn_categories(by=system(NAME), now=clock.now(), model=model)
    sys.stdout.write(
        f"{learnt.path().relative_to(settings.HOME)}: model {name}, {len(model.labels)} categories; "
        f"something is shown for {model.coverage:.1%} of held-out texts, "
        f"{model.precision:.0%} or more of it right\n"
    )
    return 0


def _export(file: Path, texts: list[str], labels: list[str]) -> int:
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(HEADINGS)
        writer.writerows(zip(texts, labels, strict=True))
    sys.stdout.write(f"{len(texts)} texts. They are what firms said: keep the file as you keep them.\n")
    return 0


def _forget() -> int:
    learn_categories(by=system(NAME), now=clock.now(), model=None)
    sys.stdout.write("Words alone suggest again.\n")
    return 0
