"""Counts a deadline: `python -m zhitong.kernel.calendar --data data/calendar 2026-02-13 7`."""

from __future__ import annotations

import argparse
import sys
import tomllib
from datetime import date
from pathlib import Path

from zhitong.kernel.calendar import CalendarError, DayTable, add_workdays, parse_year


def main() -> int:
    """Print the due day with the days counted and stepped over; exit 2 if it cannot be counted."""
    parser = argparse.ArgumentParser(prog="python -m zhitong.kernel.calendar", description=__doc__)
    parser.add_argument("start", type=date.fromisoformat, help="the day after which counting begins")
    parser.add_argument("days", type=int, help="working days")
    parser.add_argument("--data", type=Path, required=True, help="folder of the years' tables")
    options = parser.parse_args()
    try:
        deadline = add_workdays(options.start, options.days, _read(options.data))
    except (CalendarError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        parser.error(str(error))
    sys.stdout.write(f"due {deadline.due}{' (provisional)' if deadline.provisional else ''}\n")
    special = {day: f"{kind} {name}" for day, kind, name in deadline.counted_reasons}
    for day in deadline.counted:
        sys.stdout.write(f"counted {day} {special.get(day, '')}".rstrip() + "\n")
    for day, kind, name in deadline.skipped:
        sys.stdout.write(f"skipped {day} {kind} {name}".rstrip() + "\n")
    return 0


def _read(folder: Path) -> DayTable:
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise CalendarError(f"There is no year's table in {folder}.")
    years = [parse_year(tomllib.loads(file.read_text(encoding="utf-8"))) for file in files]
    return DayTable.build((entry for _, entries in years for entry in entries), (year for year, _ in years))


if __name__ == "__main__":
    sys.exit(main())
