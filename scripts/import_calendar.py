"""Writes data/calendar/cn-YYYY.toml from the package chinesecalendar: `python scripts/import_calendar.py`."""

from __future__ import annotations

import datetime as dt
import sys
from importlib.metadata import version
from pathlib import Path

from chinese_calendar import constants

FOLDER = Path(__file__).resolve().parents[1] / "data" / "calendar"
FIRST = 2018


def main() -> None:
    """Write one file a year, the same bytes at every run with the same package."""
    release = version("chinesecalendar")
    days = {day: ("holiday", holiday) for day, holiday in constants.holidays.items()}
    days |= {day: ("makeup", holiday) for day, holiday in constants.workdays.items()}
    last = max(day.year for day in days)
    for year in range(FIRST, last + 1):
        of_year = {day: days[day] for day in sorted(days) if day.year == year}
        text = _table(year, of_year, release, last)
        (FOLDER / f"cn-{year}.toml").write_text(text, encoding="utf-8", newline="\n")
        sys.stdout.write(f"{year}: {len(of_year)} days\n")


def _table(year: int, days: dict[dt.date, tuple[str, str]], release: str, last: int) -> str:
    lines = [
        f"# Holidays and working weekends of {year}, written by scripts/import_calendar.py.",
        f"# {last} is the last year that chinesecalendar {release} knows.",
        f"year = {year}",
        f'source = "State Council notice on the holidays of {year}, by way of chinesecalendar {release}"',
        "",
    ]
    for day, (kind, name) in days.items():
        chinese = constants.Holiday(name).chinese
        # The package names compensation days of neighbouring holidays by the holiday they belong to.
        lines += [
            "[[day]]",
            f"date = {day}",
            f'kind = "{kind}"',
            f'name = {{ zh = "{chinese}", en = "{name}" }}',
            "",
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
