from __future__ import annotations

import tomllib

import pytest

from tests.support import source
from zhitong.kernel.calendar import DayTable, parse_year

FOLDER = source.ROOT / "data" / "calendar"


@pytest.fixture(scope="session")
def gazetted() -> dict:
    """The entries of each delivered year up to 2026; later files do not change what is expected here."""
    files = [FOLDER / f"cn-{year}.toml" for year in range(2018, 2027)]
    return dict(parse_year(tomllib.loads(file.read_text(encoding="utf-8"))) for file in files)


@pytest.fixture(scope="session")
def table(gazetted) -> DayTable:
    """The gazetted days of 2018 to 2026, without 2027 and without local exceptions."""
    return DayTable.build((entry for entries in gazetted.values() for entry in entries), gazetted)


@pytest.fixture(scope="session")
def with_local(gazetted):
    """Build the same table with local exceptions."""
    entries = [entry for year in gazetted.values() for entry in year]
    return lambda *local: DayTable.build([*entries, *local], gazetted)
