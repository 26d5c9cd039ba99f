"""`zhitong load-calendar`: load the working-day tables of the data folder."""

from __future__ import annotations

import argparse
import sys

from zhitong.core import clock, data, services
from zhitong.core.actor import system
from zhitong.core.models import CalendarYear


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "years", nargs="*", type=int, help="years to load; all that are not loaded if none is named"
    )


def run(options: argparse.Namespace) -> int:
    """Load each year through the calendar's service, so that deadlines move with it."""
    loaded = load(options.years)
    sys.stdout.write(f"{len(loaded)} years loaded: {', '.join(map(str, loaded)) or 'none'}.\n")
    return 0


def load(years: list[int] | None = None) -> list[int]:
    """Load the named years, or all of the data folder that the database does not have; return them."""
    present = set(CalendarYear.objects.values_list("year", flat=True))
    loaded = []
    for stem in data.stems("calendar"):
        document = data.read("calendar", stem)
        wanted = document["year"] in years if years else document["year"] not in present
        if wanted:
            services.load_year(by=system("load-calendar"), now=clock.now(), document=document)
            loaded.append(document["year"])
    return loaded
