"""Messages of a file become cases once, with reasons for what cannot."""

from __future__ import annotations

import csv
import io
import subprocess
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.support import office as offices
from zhitong.cases.models import Case
from zhitong.config import cli
from zhitong.core.models import AuditEvent

HEADS = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情"]
ROWS = [
    ["1", "甲", "道路", "2026/5/6 20:00:00", "路面破损。"],
    ["2", "乙", "用电", "2026-05-07 08:30", "经常停电。"],
    ["3", "丙", "空白", "2026/5/8 09:00:00", "   "],
    ["4", "丁", "=1+1", "很久以前", "时间不清楚。"],
    ["5", "戊", "将来", "2096/1/1 00:00:00", "还没发生。"],
    ["1", "甲", "道路", "2026/5/6 20:00:00", "路面破损。"],
]


@pytest.fixture
def office(db) -> offices.Office:
    return offices.build()


def _csv(path: Path, encoding: str = "utf-8-sig", rows: list[list[str]] = ROWS) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([HEADS, *rows])
    return path


def _import(*arguments: object) -> int:
    return cli.main(["import-messages", *map(str, arguments)])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_good_rows_come_in_and_the_others_say_why(office, tmp_path: Path, encoding: str, capsys) -> None:
    refused = tmp_path / "refused.csv"
    code = _import(
        _csv(tmp_path / "m.csv", encoding), "--keep-times", "--region", "350111", "--refused", refused
    )
    assert code == 1
    assert "2 cases new" in capsys.readouterr().out
    first, second = Case.objects.order_by("created_at")
    assert (first.title, first.reporter, first.original_number, first.channel) == (
        "道路",
        "甲",
        "1",
        "import",
    )
    assert first.enterprise is None
    assert first.accountable == office.units["district"]
    assert first.created_at.isoformat().startswith("2026-05-06T12:00")
    assert second.due_at is not None
    lines = list(csv.DictReader(io.StringIO(refused.read_text(encoding="utf-8-sig"))))
    assert [line["line"] for line in lines] == ["4", "5", "6", "7"]
    assert "empty" in lines[0]["reason"]
    assert "cannot be read" in lines[1]["reason"]
    assert lines[1]["留言主题"] == "'=1+1", "a refused cell must not become a formula"
    assert "future" in lines[2]["reason"]
    assert "twice" in lines[3]["reason"]


def test_importing_twice_adds_nothing(office, tmp_path: Path, capsys) -> None:
    path = _csv(tmp_path / "m.csv", rows=ROWS[:2])
    assert _import(path, "--keep-times") == 0
    events = AuditEvent.objects.count()
    assert _import(path, "--keep-times") == 0
    assert "0 cases new, 2 known" in capsys.readouterr().out
    assert Case.objects.count() == 2
    assert AuditEvent.objects.count() == events


def test_a_dry_run_changes_nothing(office, tmp_path: Path, capsys) -> None:
    assert _import(_csv(tmp_path / "m.csv"), "--dry-run") == 1
    assert "2 messages would come in, 4 rows are refused" in capsys.readouterr().out
    assert not Case.objects.exists()


def test_a_workbook_is_read_like_a_text_file(office, tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["编号", "内容"])
    book.active.append([7, "需要停车位。"])
    book.save(tmp_path / "m.xlsx")
    assert _import(tmp_path / "m.xlsx") == 0
    case = Case.objects.get()
    assert (case.original_number, case.text) == ("7", "需要停车位。")


def test_columns_can_be_named(office, tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text("a,b\n1,something\n", encoding="utf-8")
    assert _import(path) == 2
    assert _import(path, "--text", "b") == 0
    assert Case.objects.get().text == "something"


def test_a_file_of_another_kind_is_refused_with_a_sentence(office, tmp_path: Path, capsys) -> None:
    path = tmp_path / "m.csv"
    path.write_bytes(b"\xff\xfe\x00\xff" * 100)
    assert _import(path) == 2
    assert "UTF-8" in capsys.readouterr().err
    assert _import(tmp_path / "absent.csv") == 2


def test_the_command_says_what_it_takes() -> None:
    import sys

    from tests.support import source

    command = [sys.executable, "-m", "zhitong", "import-messages", "--help"]
    shown = subprocess.run(command, cwd=source.ROOT, capture_output=True, text=True, check=True).stdout
    for option in ("--text", "--keep-times", "--refused", "--dry-run"):
        assert option in shown
