"""The delivered tables, compared with the package they come from, and the command that counts with them."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from datetime import date, timedelta

import chinese_calendar
import pytest

from scripts import import_calendar
from tests.support import source

FOLDER = source.ROOT / "data" / "calendar"
YEARS = range(2018, 2027)


@pytest.mark.parametrize("year", YEARS)
def test_each_day_is_what_the_package_says(table, year) -> None:
    day = date(year, 1, 1)
    while day.year == year:
        assert table.is_workday(day) == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)


@pytest.mark.parametrize("year", YEARS)
def test_a_file_names_its_days_in_both_languages_and_its_source(year) -> None:
    document = tomllib.loads((FOLDER / f"cn-{year}.toml").read_text(encoding="utf-8"))
    assert document["year"] == year
    assert "chinesecalendar" in document["source"]
    dates = [row["date"] for row in document["day"]]
    assert dates == sorted(set(dates))
    for row in document["day"]:
        assert row["kind"] in {"holiday", "makeup"}
        assert row["name"]["en"].isascii()
        assert row["name"]["zh"]
        assert not row["name"]["zh"].isascii()


def test_the_import_writes_the_delivered_files(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(import_calendar, "FOLDER", tmp_path)
    import_calendar.main()
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert {f"cn-{year}.toml" for year in YEARS} <= written.keys()
    for name, content in written.items():
        assert content == (FOLDER / name).read_bytes(), f"{name}: run scripts/import_calendar.py"
    import_calendar.main()
    assert written == {path.name: path.read_bytes() for path in tmp_path.iterdir()}


def command(*arguments) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "zhitong.kernel.calendar", *map(str, arguments)],
        cwd=source.ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PYTHONIOENCODING": "utf-8"},
        check=False,
    )


def test_the_command_counts_and_explains() -> None:
    done = command("--data", FOLDER, "2026-02-13", 7)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "due 2026-03-02"
    assert lines[1] == "counted 2026-02-14 makeup 春节"
    assert lines[2] == "counted 2026-02-24"
    assert lines[8] == "skipped 2026-02-15 holiday 春节"
    assert lines[-1] == "skipped 2026-03-01 weekend"


def test_the_command_marks_what_is_provisional(tmp_path) -> None:
    (tmp_path / "year.toml").write_text('year = 2026\nsource = "x"\nday = []\n', encoding="utf-8")
    assert command("--data", tmp_path, "2026-12-31", 1).stdout.startswith("due 2027-01-01 (provisional)\n")


@pytest.mark.parametrize(
    ("content", "days", "says"),
    [
        (None, 1, "There is no year's table in"),
        ("year = 2026", 1, "needs a year, a source and a list of days"),
        ("year =", 1, "Invalid value"),
        ('year = 2026\nsource = "x"\nday = []', -1, "0 or more"),
    ],
)
def test_the_command_says_what_is_wrong(tmp_path, content, days, says) -> None:
    if content is not None:
        (tmp_path / "year.toml").write_text(content, encoding="utf-8")
    done = command("--data", tmp_path, "2026-02-13", days)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
