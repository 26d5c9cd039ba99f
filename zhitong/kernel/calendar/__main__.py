"""Counts a deadline: `python -m zhitong.kernel.calendar --data data/calendar 2026-02-13 7`."""

from __future__ import annotations

import argparse
import sys
import tomllib
from datetime import date
from pathlib import Path

from zhitong.kernel.calendar import DayTable, add_workdays, parse_year


def main() -> int:
    """Print the due day with the days counted and stepped over."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("start", type=date.fromisoformat, help="the day after which counting begins")
    parser.add_argument("days", type=int, help="working days")
    parser.add_argument("--data", type=Path, required=True, help="folder of the years' tables")
    options = parser.parse_args()
    years = [
        parse_year(tomllib.loads(path.read_text(encoding="utf-8")))
        for path in sorted(options.data.glob("*.toml"))
    ]
    table = DayTable.build((entry for _, entries in years for entry in entries), (year for year, _ in years))
    deadline = add_workdays(options.start, options.days, table)
    sys.stdout.write(f"due {deadline.due}{' (provisional)' if deadline.provisional else ''}\n")
    sys.stdout.write(f"counted {', '.join(map(str, deadline.counted))}\n")
    for day, kind, name in deadline.skipped:
        sys.stdout.write(f"skipped {day} {kind} {name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
