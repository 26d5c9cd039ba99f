"""Dated data files: flows, deadlines, calendars and the like, read once and picked by version or day."""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import get_language

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


@cache
def read(folder: str, stem: str) -> dict[str, Any]:
    """Return the parsed table `data/<folder>/<stem>.toml`."""
    path = settings.DATA_DIR / folder / f"{stem}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def stems(folder: str) -> tuple[str, ...]:
    """List the tables of a folder, by name."""
    return tuple(sorted(path.stem for path in (settings.DATA_DIR / folder).glob("*.toml")))


@lru_cache(maxsize=4096)  # a list asks for the same few days at every row
def version_on(folder: str, name: str, day: date) -> int:
    """Return the newest version of the table `name` that is in force on `day`."""
    tables = [read(folder, stem) for stem in stems(folder) if stem.rsplit("-", 1)[0] == name]
    in_force = [table for table in tables if str(table["in_force"]) <= day.isoformat()]
    chosen = max(in_force, key=lambda table: table["version"], default=None)
    # Matters older than the first version (imported history) begin with that first version.
    return int((chosen or min(tables, key=lambda table: table["version"]))["version"])


def label(texts: Mapping[str, str]) -> str:
    """Pick the text in the reader's language from a zh/en pair."""
    language = (get_language() or "zh")[:2]
    return texts.get(language) or texts["zh"]
