"""Sheets and chats brought in from the command line: the same drafts as from the pages, with a receipt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.drafts.sheets import HEAD, xlsx
from tests.support import office as offices
from zhitong.config import cli
from zhitong.core.models import AuditEvent
from zhitong.drafts.models import Draft, Lot

GOOD = [
    1,
    "示例一号厂",
    "厂门口道路破损，货车进不来",
    "林女士",
    "13800001234",
    "2026-06-03",
    "",
    "A-1",
    "",
    "",
]
EMPTY = [2, "示例一号厂", "", "林女士", "13800001234", "2026-06-03", "", "A-2", "", ""]
AGAIN = [3, "示例一号厂", "厂门口道路破损，货车进不来", "林女士", "", "2026-06-03", "", "A-3", "", ""]


@pytest.fixture
def office(db: Any) -> offices.Office:
    return offices.build()


@pytest.fixture
def code(office: offices.Office) -> str:
    unit = office.units["district"]
    return unit.local_code or unit.name


def _sheet(tmp_path: Path, *rows: list[Any]) -> Path:
    path = tmp_path / "走访问题清单.xlsx"
    path.write_bytes(xlsx(*rows, head=HEAD).read())
    return path


def _drafts(*arguments: object) -> int:
    return cli.main(["drafts", *map(str, arguments)])


def test_a_sheet_becomes_drafts_with_a_receipt_by_row(office, code, tmp_path: Path, capsys) -> None:
    assert _drafts(_sheet(tmp_path, GOOD, EMPTY, AGAIN), "--unit", code) == 1
    said = capsys.readouterr().out
    assert "3 rows became 3 drafts" in said
    assert "1 to be mended first, 1 perhaps duplicates, 0 to be looked at; 3 with a firm" in said
    assert "row 4: To be mended first: It does not say what the trouble is." in said
    assert "row 5: Perhaps a duplicate: Row 3 says the same." in said
    lot = Lot.objects.get()
    assert (lot.source, lot.name, lot.made_by, lot.unread) == (
        "command",
        "走访问题清单.xlsx",
        None,
        ["序号", "备注"],
    )
    assert [draft.channel for draft in lot.drafts.all()] == ["visit"] * 3
    assert lot.drafts.get(line=3).firm == office.firms["a"]


def test_a_sheet_without_errors_ends_well_and_comes_in_once(office, code, tmp_path: Path, capsys) -> None:
    path = _sheet(tmp_path, GOOD)
    assert _drafts(path, "--unit", code, "--channel", "letter") == 0
    assert Draft.objects.get().channel == "letter"
    assert _drafts(path, "--unit", code) == 2
    assert "has come in already" in capsys.readouterr().err
    assert Draft.objects.count() == 1


def test_a_dry_run_keeps_nothing(office, code, tmp_path: Path, capsys) -> None:
    events = AuditEvent.objects.count()
    assert _drafts(_sheet(tmp_path, GOOD, EMPTY), "--unit", code, "--dry-run") == 1
    assert "2 rows would become 2 drafts" in capsys.readouterr().out
    assert (Lot.objects.count(), Draft.objects.count(), AuditEvent.objects.count()) == (0, 0, events)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_chat_saved_as_text_becomes_one_draft(office, code, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "chat.txt"
    path.write_text(
        "陈经理 2026/06/04 9:31\n我们是示例一号厂，今天上午又跳闸\n电话 13800001234", encoding=encoding
    )
    assert _drafts(path, "--unit", code) == 0
    draft = Draft.objects.get()
    assert (draft.firm, draft.contact, draft.channel) == (office.firms["a"], "陈经理", "chat")
    assert "13800001234" not in draft.raw


def test_somebody_who_takes_nothing_down_there_is_refused(office, code, tmp_path: Path, capsys) -> None:
    path = _sheet(tmp_path, GOOD)
    name = office.users["other"].username
    assert _drafts(path, "--unit", code, "--as", name) == 2
    assert Draft.objects.count() == 0
    assert _drafts(path, "--unit", code, "--as", office.users["district"].username) == 0
    assert Lot.objects.get().made_by == office.users["district"]


@pytest.mark.parametrize(
    ("name", "content", "extra", "said"),
    [
        ("a.txt", b"\xff\xfe\x00\x81", (), "is no text"),
        ("a.txt", b"  ", (), "is no text"),
        ("a.csv", b"a,b\n1,2\n", (), "No column holds the trouble"),
        ("a.txt", "停电".encode(), ("--as", "nobody-like-this"), "Nobody signs in as"),
        ("a.txt", "停电".encode(), ("--unit", "X9"), "units are called X9"),
        ("", b"", (), "No such file"),
    ],
)
def test_what_cannot_be_read_says_why(office, code, tmp_path, capsys, name, content, extra, said) -> None:  # noqa: PLR0917 - fixtures
    path = tmp_path / (name or "missing.txt")
    if name:
        path.write_bytes(content)
    assert _drafts(path, "--unit", code, *extra) == 2
    assert said in capsys.readouterr().err
    assert Draft.objects.count() == 0


def test_a_command_sees_no_more_firms_than_its_unit(office, code, tmp_path: Path, capsys) -> None:
    strange = [1, "示例二号厂", *GOOD[2:]]
    assert _drafts(_sheet(tmp_path, strange), "--unit", code) == 0
    assert Draft.objects.get().firm is None
    assert "No firm of the register is called" in capsys.readouterr().out
