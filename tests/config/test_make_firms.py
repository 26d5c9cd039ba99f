"""Synthetic firms are written to files that can be read back."""

from __future__ import annotations

import csv
import json

from tests.support.firms import TODAY, strongest
from zhitong.config import cli, synthetic
from zhitong.config.commands import make_firms


def made(path, *more: str) -> int:
    return cli.main(
        [
            "make-firms",
            "--count",
            "300",
            "--seed",
            "7",
            "--today",
            TODAY.isoformat(),
            "--out",
            str(path),
            *more,
        ]
    )


def test_a_list_is_written(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(make_firms, "PROGRESS", 100)
    assert made(tmp_path / "firms.csv") == 0
    with (tmp_path / "firms.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 300
    assert {"统一社会信用代码", "企业名称", "所属区县", "街道", "行业代码", "联系电话"} <= rows[0].keys()
    assert capsys.readouterr().err.splitlines() == ["100 of 300", "200 of 300", "300 of 300"]
    firms = list(synthetic.firms(count=300, seed=7, today=TODAY))
    for row, firm in zip(rows, firms, strict=True):
        assert (row["统一社会信用代码"], row["企业名称"]) == (firm.code, firm.name)
        revenue = strongest(firm).get(("revenue", "2024"))
        assert row["营业收入(万元) 2024"] == ("" if revenue is None else f"{revenue / 1_000_000:.2f}")
        assert row["街道"] in row["地址"]
        assert row["成立日期"] == firm.founded_on.isoformat()
        assert row["联系电话"] == firm.contacts[0].phone


def test_whole_records_are_written(tmp_path) -> None:
    assert made(tmp_path / "firms.jsonl") == 0
    lines = (tmp_path / "firms.jsonl").read_text(encoding="utf-8").splitlines()
    firms = list(synthetic.firms(count=300, seed=7, today=TODAY))
    assert len(lines) == 300
    for line, firm in zip(lines, firms, strict=True):
        read = json.loads(line)
        assert read["code"] == firm.code
        assert [one["value"] for one in read["facts"]] == [one.value for one in firm.facts]
        assert read["founded_on"] == firm.founded_on.isoformat()
        assert {one["kind"] for one in read["titles"]} == {one.kind for one in firm.titles}


def test_calls_without_sense_are_refused(tmp_path, capsys) -> None:
    assert made(tmp_path / "firms.xlsx") == 2
    assert made(tmp_path / "nowhere" / "firms.csv") == 2
    assert made(tmp_path / "firms.csv", "--count", "0") == 2
    assert not list(tmp_path.iterdir())
    assert "A city has" in capsys.readouterr().err
