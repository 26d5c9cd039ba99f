from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kernel.text.matters import messages
from tests.support.source import ROOT

CLEANING = ["--cleaning", "data/texts/cleaning-1.toml"]
WITHOUT = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"sklearn", "scipy", "joblib"}:
            raise ImportError(name)
sys.meta_path.insert(0, Absent())
from zhitong.kernel.text.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


def run(
    *arguments: object, how: tuple[str, ...] = ("-m", "zhitong.kernel.text")
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *how, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "messages.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["content", "kind"])
        writer.writerows(zip(*messages(400), strict=True))
        writer.writerow(["没有类别的一行", ""])
    return file


@pytest.mark.parametrize(
    "arguments", [[], ["nowhere"], ["near"], ["train", "x.csv", "--text", "a", "--label", "b"]]
)
def test_a_wrong_call_says_how_it_is_called(arguments: list[str]) -> None:
    found = run(*arguments)
    assert (found.returncode, "usage" in found.stderr) == (2, True)


def test_the_nearest_lines_are_shown(tmp_path: Path) -> None:
    file = tmp_path / "lines.txt"
    file.write_text("厂区停电，生产线停产\n门前道路破损\n", encoding="utf-8")
    found = run("near", file, "您好！车间停电", *CLEANING)
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.splitlines()[0].endswith("厂区停电，生产线停产  (停电)")
    assert len(found.stdout.splitlines()) == 1


def test_figures_are_printed(table: Path) -> None:
    found = run("evaluate", table, "--text", "content", "--label", "kind", *CLEANING)
    assert (found.returncode, found.stderr) == (0, "")
    for part in ("texts: 4", "macro-F1: 0.", "always the most frequent label: 0.", "twenty telling pairs a label: 0.",
                 "calibration error: 0.", "shown so that 95% are right"):  # fmt: skip
        assert part in found.stdout


def test_a_model_is_written_and_asked_without_the_extra(table: Path, tmp_path: Path) -> None:
    out = tmp_path / "model.npz"
    made = run(
        "train", table, "--text", "content", "--label", "kind", "--out", out, "--precision", "0.8", *CLEANING
    )
    assert (made.returncode, made.stderr) == (0, "")
    assert "3 labels" in made.stdout
    asked = run("suggest", out, "车间最近停电影响生产变压器", how=("-c", WITHOUT))
    assert asked.stdout.startswith("power  "), asked.stderr
    assert run("suggest", out, "天气很好").stdout == "nothing is suggested\n"
    refused = run("evaluate", table, "--text", "content", "--label", "kind", how=("-c", WITHOUT))
    assert (refused.returncode, "extra `train`" in refused.stderr) == (1, True)


def test_what_cannot_be_used_is_named(table: Path, tmp_path: Path) -> None:
    for arguments, says in (
        (("evaluate", table, "--text", "content", "--label", "class"), "has no column class"),
        (("suggest", table, "停电"), "messages.csv"),
        (("suggest", tmp_path / "none.npz", "停电"), "none.npz"),
    ):
        found = run(*arguments)
        assert (found.returncode, says in found.stderr) == (1, True), found.stderr
        assert "Traceback" not in found.stderr
