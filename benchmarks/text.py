"""Similar texts among 100,000, and suggested labels, beside simpler ways.

`python -m benchmarks.text FILE` reads a csv with the columns text_segmented and label: real messages, which
are no part of the project. The index is filled with pieces of them (25 to 59 signs, each overlapping the next
by half, which makes finding the right one harder); questions are pieces of which 5 to 20 in 100 signs were
changed, left out or put in. Processor seconds are taken, since the machine is shared.
"""

from __future__ import annotations

import argparse
import csv
import gc
import json
import random
import resource
import sys
import time
import tomllib
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhitong.kernel.text import Cleaning, Corpus, Index, training

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CLEANING = Cleaning.parse(tomllib.loads(Path("data/texts/cleaning-1.toml").read_text(encoding="utf-8")))
RESULTS = Path(__file__).parent / "results" / "text.json"
SEED, STEP, SHORTEST, LONGEST = 20211003, 20, 25, 59
ASKED, OTHERWISE, MIXED, NEAREST = 2_000, 20, 2_000, 5
MB = 1024 * 1024
csv.field_size_limit(10**7)


def main() -> int:
    """Measure, print and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--texts", type=int, default=100_000)
    options = parser.parse_args()
    with options.file.open(encoding="utf-8-sig", newline="") as file:
        rows = [(row["text_segmented"], row["label"]) for row in csv.DictReader(file)]
    texts = _pieces([CLEANING(text).replace(" ", "") for text, _ in rows], options.texts)
    figures = {"seed": SEED, "texts": len(texts), "signs": round(sum(map(len, texts)) / len(texts), 1)}
    figures["index"] = _index(texts)
    figures["simple"] = _simple(texts)
    figures["labels"] = _labels(*map(list, zip(*rows, strict=True)))
    text = json.dumps(figures, ensure_ascii=False, indent=2)
    RESULTS.write_text(text + "\n", encoding="utf-8")
    print(text)
    return 0


def _pieces(messages: list[str], count: int) -> list[str]:
    draw = random.Random(SEED)
    found = [
        text[at : at + draw.randint(SHORTEST, LONGEST)]
        for text in messages
        for at in range(0, len(text) - SHORTEST, STEP)
    ]
    draw.shuffle(found)
    return found[:count]


def _changed(texts: list[str], count: int) -> Iterator[tuple[int, str]]:
    draw = random.Random(SEED + 1)
    for place in draw.sample(range(len(texts)), count):
        signs = list(texts[place])
        for _ in range(max(1, round(len(signs) * draw.uniform(0.05, 0.2)))):
            at = draw.randrange(len(signs))
            other = draw.choice(draw.choice(texts))
            signs[at] = draw.choice(("", other, signs[at] + other))
        yield place, "".join(signs)


def _index(texts: list[str]) -> dict[str, Any]:
    gc.collect()
    before = _resident()
    index = Index(CLEANING)
    added = _seconds(lambda: [index.add(place, text) for place, text in enumerate(texts)])
    counted = _seconds(index.refresh)
    gc.collect()
    figures: dict[str, Any] = {
        "added_a_second": round(len(texts) / (added + counted)),
        "refresh_seconds": round(counted, 2),
        "resident_mb": round(_resident() - before),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before),
        **_asked(lambda text: [row.key for row in index.nearest(text, NEAREST)], texts, ASKED),
    }
    fresh = list(_changed(texts, MIXED))

    def mixed() -> None:
        for number, (_, text) in enumerate(fresh):
            index.add(("new", number), text)
            index.nearest(text, NEAREST)

    figures["added_and_asked_a_second"] = round(MIXED / _seconds(mixed))
    return figures


def _simple(texts: list[str]) -> dict[str, Any]:
    """Measure plain dictionaries over pairs of signs, built once: what the program used before."""
    made: list[Corpus] = []
    built = _seconds(lambda: made.append(Corpus(texts)))
    figures = _asked(lambda text: [row.place for row in made[0].nearest(text, NEAREST)], texts, OTHERWISE)
    return {"added_a_second": round(len(texts) / built), **figures}


def _asked(nearest: Callable[[str], list[int]], texts: list[str], count: int) -> dict[str, float]:
    questions = list(_changed(texts, count))
    found: list[list[int]] = []
    took = _seconds(lambda: found.extend(nearest(text) for _, text in questions))
    first = sum(keys[:1] == [place] for (place, _), keys in zip(questions, found, strict=True))
    among = sum(place in keys for (place, _), keys in zip(questions, found, strict=True))
    return {
        "asked": count,
        "asked_a_second": round(count / took, 1),
        "found_first_percent": round(100 * first / count, 2),
        f"found_among_{NEAREST}_percent": round(100 * among / count, 2),
    }


def _labels(texts: list[str], labels: list[str]) -> dict[str, Any]:
    reports: list[training.Report] = []
    took = _seconds(lambda: reports.append(training.evaluate(texts, labels, seed=SEED, cleaning=CLEANING)))
    models: list[Any] = []
    learnt = _seconds(lambda: models.append(training.train(texts, labels, seed=SEED, cleaning=CLEANING)))
    suggested = _seconds(lambda: [models[0].suggest(text) for text in texts[:ASKED]])
    figures = {
        name: round(value, 4) if isinstance(value, float) else value
        for name, value in asdict(reports[0]).items()
        if name != "shown"
    }
    # How many texts each label has, without its name: the messages are not ours to quote.
    figures["labels"] = sorted(reports[0].labels.values())
    figures["shown"] = [
        {name: round(value, 4) for name, value in asdict(row).items() if value is not None}
        for row in reports[0].shown
    ]
    return figures | {
        "evaluate_seconds": round(took, 1),
        "train_seconds": round(learnt, 1),
        "suggested_a_second": round(ASKED / suggested),
        "runs": len(models[0].codes),
    }


def _seconds(what: Callable[[], object]) -> float:
    began = time.process_time()
    what()
    return time.process_time() - began


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / MB


if __name__ == "__main__":
    sys.exit(main())
