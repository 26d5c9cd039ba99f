"""What some tests need from the machine: found, skipped by name, or failed where ZHITONG_REQUIRE insists."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.support import postgres, source


class Need(NamedTuple):
    """A marker, where the thing is (None if absent), and how to get it."""

    find: Callable[[], Path | None]
    remedy: str


def chromium() -> Path | None:
    """Find the system's Chromium or Chrome."""
    chosen = os.environ.get("ZHITONG_CHROMIUM")
    if chosen:
        return Path(chosen)
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        found = shutil.which(name)
        if found:
            return Path(found)
    return None


def data() -> Path | None:
    """Find the folder of large public data sets: ZHITONG_DATA, or where it stands beside the project."""
    folder = Path(os.environ.get("ZHITONG_DATA") or source.ROOT.parent / "shared" / "data")
    return folder if folder.is_dir() else None


NEEDS = {
    "browser": Need(chromium, "install chromium, or name it in ZHITONG_CHROMIUM"),
    "postgres": Need(postgres.programs, "install the PostgreSQL server programs (initdb, postgres)"),
    "data": Need(data, "name the folder of the public data sets in ZHITONG_DATA"),
}


def required() -> frozenset[str]:
    """Return the markers whose absence is a failure, from ZHITONG_REQUIRE (comma-separated)."""
    names = frozenset(
        word.strip() for word in os.environ.get("ZHITONG_REQUIRE", "").split(",") if word.strip()
    )
    unknown = names - NEEDS.keys()
    if unknown:
        raise ValueError(f"ZHITONG_REQUIRE knows {', '.join(NEEDS)}, not {', '.join(sorted(unknown))}")
    return names


def missing(marker: str) -> str | None:
    """Return why a test with this marker cannot run here, or None if it can."""
    need = NEEDS[marker]
    if need.find() is not None:
        return None
    return f"{marker}: not found here; {need.remedy}"
