"""Commands about firms, and the demo city's register."""

from __future__ import annotations

import argparse
import csv
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.utils import timezone

from zhitong.config import demo_city, demo_register
from zhitong.config.commands import export_firms, import_firms, load_calendar, reindex
from zhitong.core import search
from zhitong.enterprises.models import Contact, Enterprise, Fact, Relation, Sponsorship, Title
from zhitong.kernel.codes import check_sign
from zhitong.orgs.models import Department

pytestmark = pytest.mark.django_db


def command(module: Any, *given: str) -> int:
    parser = argparse.ArgumentParser()
    module.arguments(parser)
    return module.run(parser.parse_args(given))


def code(number: int) -> str:
    first = f"91350111MA0CLX{number:03d}"
    return first + check_sign(first)


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["统一社会信用代码", "企业名称", "区县", "营业额"])
        writer.writerows([[code(1), "示例一号", "晋安区", "12"], ["x", "示例二号", "晋安区", ""]])
    return path


def test_a_list_comes_in_and_its_refused_rows_go_out(listed: Path, tmp_path: Path, capsys) -> None:
    refused = tmp_path / "refused.xlsx"
    column = ["--column", "营业额=fact:revenue:2025"]
    assert command(import_firms, str(listed), "--dry-run", *column) == 1
    assert not Enterprise.objects.exists()
    assert command(import_firms, str(listed), "--refused", str(refused), *column) == 1
    assert "1 new, 0 changed, 0 as before, 1 refused" in capsys.readouterr().out
    assert Fact.objects.get().value == 12_000_000
    rows = list(openpyxl.load_workbook(refused).active.iter_rows(values_only=True))
    assert (rows[1][0], rows[1][2:5]) == (3, ("x", "示例二号", "晋安区"))
    assert command(import_firms, str(listed), "--column", "no such=name") == 2
    assert command(import_firms, str(tmp_path / "absent.csv")) == 2


@pytest.mark.parametrize("ending", ["parquet", "arrow"])
def test_what_goes_out_comes_back_as_it_was(listed: Path, tmp_path: Path, ending: str, capsys) -> None:
    command(import_firms, str(listed), "--column", "营业额=fact:revenue:2025")
    firms, facts = tmp_path / f"firms.{ending}", tmp_path / f"facts.{ending}"
    assert command(export_firms, str(firms)) == command(export_firms, str(facts), "--facts") == 0
    before = (
        list(Enterprise.objects.values("code", "name", "region")),
        list(Fact.objects.values("kind", "value")),
    )
    Fact.objects.all().delete()
    Enterprise.objects.all().delete()
    assert command(import_firms, str(firms)) == command(import_firms, str(facts), "--facts") == 0
    after = (
        list(Enterprise.objects.values("code", "name", "region")),
        list(Fact.objects.values("kind", "value")),
    )
    assert after == before
    (tmp_path / f"broken.{ending}").write_bytes(b"nothing of the kind")
    assert command(import_firms, str(tmp_path / f"broken.{ending}")) == 2


def test_the_index_is_written_anew(listed: Path, capsys) -> None:
    command(import_firms, str(listed))
    search.drop("firms", list(Enterprise.objects.values_list("pk", flat=True)))
    assert search.find("firms", "一号") == []
    assert command(reindex) == 0
    assert search.find("firms", "一号") == [Enterprise.objects.get().pk]


def test_the_demo_has_a_register_to_look_at(capsys) -> None:
    now = timezone.now()
    load_calendar.load([now.year - 1, now.year])
    demo_city.build(now=now - timedelta(days=1))
    shown = Enterprise.objects.count()
    demo_register.build(now=now, count=300)
    assert Enterprise.objects.count() == shown + 300
    assert not Enterprise.objects.exclude(name__contains="示例").exists()
    assert Department.objects.filter(tier="park", firms_in_park__isnull=False).exists()
    for model in (Title, Contact, Relation, Sponsorship):
        assert model.objects.exists(), model
    ours = Enterprise.objects.filter(memberships__isnull=False).first()
    assert ours.facts.exists()
    assert set(Enterprise.objects.values_list("size", flat=True)) > {"micro", "small", "medium"}
