"""The search of texts alone, at 20,000 and at 1,000,000 rows: writing, finding rare and common words.

    python benchmarks/search.py [--rows 20000 1000000] [--database URL]

The rows are sentences of the demo's troubles, put together anew, with a made-up name and a number each. What
is asked is answered by the index and nothing else; a list of cases adds its own filters (see cases.py).
Processor time is taken on SQLite; on PostgreSQL, which works in another process, the time that
passes.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
RESULTS = Path(__file__).with_name("results") / "search.json"
SEED, RUNS, BATCH, NAMES = 2026, 21, 1_000, 4_000


def main() -> None:
    """Measure at each size, print it and write it down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[20_000, 1_000_000])
    parser.add_argument("--database", default="")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="zhitong-bench-") as home:
        os.environ |= {"ZHITONG_HOME": home, "ZHITONG_DEMO": "1"}
        os.environ |= {"DJANGO_SETTINGS_MODULE": "zhitong.config.settings"}
        if options.database:
            os.environ["ZHITONG_DATABASE_URL"] = options.database
        found = _measured(options.rows)
    known = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {"seed": SEED}
    known[found["database"]] = found
    text = json.dumps(known, ensure_ascii=False, indent=2, sort_keys=True)
    RESULTS.write_text(text + "\n", encoding="utf-8")
    print(text)


def _measured(sizes: list[int]) -> dict[str, Any]:
    import django  # noqa: PLC0415 - settings come from the environment set above

    django.setup()
    from django.db import connection  # noqa: PLC0415 - same

    from zhitong.core import search  # noqa: PLC0415 - same

    search.install()
    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    found: dict[str, Any] = {"database": connection.vendor}
    for size in sizes:
        search.clear("cases")
        begin = clock()
        words = _fill(size)
        found[f"{size}"] = {"write_ms_a_row": round(1000 * (clock() - begin) / size, 3)}
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        found[f"{size}"] |= {name: _asked(query, clock) for name, query in words.items()}
    return found


def _fill(size: int) -> dict[str, str]:
    """Write the rows; return what is asked for."""
    from django.db import transaction  # noqa: PLC0415 - Django is up only now

    from zhitong.core import data  # noqa: PLC0415 - same
    from zhitong.core.search import texts  # noqa: PLC0415 - same

    chance = random.Random(SEED)
    pieces = [piece for row in data.read("demo", "texts")["trouble"] for piece in _pieces(row["text"])]
    names = [f"{chr(0x4E00 + chance.randrange(20_000))}{chr(0x4E00 + at)}" for at in range(NAMES)]
    for start in range(0, size, BATCH):
        rows = []
        for pk in range(start + 1, min(start + BATCH, size) + 1):
            said = "\uff0c".join([*chance.sample(pieces, 4), "\u5e0c\u671b\u5c3d\u5feb\u89e3\u51b3"])
            rows.append((pk, {"said": f"ZT-2026-{pk:06d} {said}", "whose": chance.choice(names)}))
        with transaction.atomic():
            texts.put("cases", rows)
    middle = pieces[0][:2]
    return {
        "rare name": names[0],
        "number": f"{size // 2:06d}",
        "one sentence": pieces[0],
        "a word": middle,
        "a word and a name": f"{middle} {names[0]}",
        "common word": "\u5e0c\u671b",
        "common words": "\u5e0c\u671b\u5c3d\u5feb\u89e3\u51b3",
        "common word and a name": f"\u5e0c\u671b {names[0]}",
        "no such word": "\u4e02\u4e04",
    }


def _pieces(text: str) -> list[str]:
    return [piece for piece in text.replace("\u3002", "\uff0c").split("\uff0c") if len(piece) > 1]


def _asked(query: str, clock: Any) -> dict[str, Any]:
    from zhitong.core.search import tables, texts  # noqa: PLC0415 - Django is up only now

    last, taken = tables.newest("cases"), []
    for _ in range(RUNS):
        begin = clock()
        found = texts.find("cases", query, among=lambda most: list(range(last, max(0, last - most), -1)))
        taken.append(1000 * (clock() - begin))
    return {
        "ms": round(median(taken), 2),
        "best_ms": round(min(taken), 2),
        "hits": len(found.ids),
        "common": len(found.common),
        "among": found.among,
    }


if __name__ == "__main__":
    main()
