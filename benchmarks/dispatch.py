"""How often a suggested class is right, beside the trivial answers.

`python -m benchmarks.dispatch FILE` reads a csv with the columns text_segmented and label: real messages
with the class of bureau that they belong to, which are no part of the project. The first seven tenths are
known, some of the others are asked for. Hit rates among the first and the first three: likeness as the
program uses it, beside the most frequent class and a drawn one.
"""

from __future__ import annotations

import csv
import json
import random
import statistics
import sys
import time
import tomllib
from collections import Counter
from pathlib import Path

from zhitong.kernel.text import Cleaning, Index

LIMITS = tomllib.loads(Path("data/duties/duties-1.toml").read_text(encoding="utf-8"))["similar"]
CLEANING = Path("data/texts/cleaning-1.toml")
RESULTS = Path(__file__).parent / "results" / "dispatch.json"
SHARE, SEED, TOP, ASKED = 0.7, 20211003, 3, 500
csv.field_size_limit(10**7)


def main(path: str) -> int:
    """Measure, print and keep the figures."""
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        rows = [(row["text_segmented"].replace(" ", ""), row["label"]) for row in csv.DictReader(file)]
    random.Random(SEED).shuffle(rows)
    cut = int(len(rows) * SHARE)
    known, asked = rows[:cut], rows[cut : cut + ASKED]
    figures = {
        "seed": SEED, "known": len(known), "asked": len(asked), "classes": len({label for _, label in rows}),
        "likeness": _likeness(known, asked, least=0.0),
        f"likeness_above_{LIMITS['least']}": _likeness(known, asked, least=LIMITS["least"]),
        "likeness_of_the_last_300": _likeness(known[-300:], asked, least=0.0),
        "most_frequent": _constant(known, asked),
        "drawn": _drawn(known, asked),
    }  # fmt: skip
    text = json.dumps(figures, ensure_ascii=False, indent=2)
    RESULTS.write_text(text + "\n", encoding="utf-8")
    print(text)
    return 0


def _likeness(
    known: list[tuple[str, str]], asked: list[tuple[str, str]], *, least: float
) -> dict[str, float]:
    """Percentages are of the texts for which anything is suggested."""
    began = time.process_time()
    index = Index(Cleaning.parse(tomllib.loads(CLEANING.read_text(encoding="utf-8"))))
    for place, (text, _label) in enumerate(known):
        index.add(place, text)
    index.refresh()
    built = time.process_time() - began
    hits, times = [], []
    for text, label in asked:
        began = time.process_time()
        near = index.nearest(text, LIMITS["nearest"], least=least)
        times.append(time.process_time() - began)
        votes: Counter[str] = Counter()
        for row in near:
            votes[known[row.key][1]] += 1
        if not votes:
            continue
        order = [name for name, _ in votes.most_common()]
        hits.append((order[:1] == [label], label in order[:TOP]))
    return {
        "suggested": len(hits),
        **_rates(hits),
        "build_ms": round(1000 * built, 1),
        "ask_ms_median": round(1000 * statistics.median(times), 2),
    }


def _constant(known: list[tuple[str, str]], asked: list[tuple[str, str]]) -> dict[str, float]:
    order = [label for label, _ in Counter(label for _, label in known).most_common(TOP)]
    return _rates([(order[0] == label, label in order) for _, label in asked])


def _drawn(known: list[tuple[str, str]], asked: list[tuple[str, str]]) -> dict[str, float]:
    draw = random.Random(SEED)
    labels = [label for _, label in known]
    hits = []
    for _, label in asked:
        order = [draw.choice(labels) for _ in range(TOP)]
        hits.append((order[0] == label, label in order))
    return _rates(hits)


def _rates(hits: list[tuple[bool, bool]]) -> dict[str, float]:
    first, three = (round(100 * statistics.mean(column), 1) for column in zip(*hits, strict=True))
    return {"first_percent": first, f"first_{TOP}_percent": three}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
