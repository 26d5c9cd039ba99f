"""Firms and facts for other programs: files there and back, the feed of changes, what a key may write."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.support.office import NOW, SEEDER, Office
from zhitong.core.errors import FieldError
from zhitong.enterprises import exchange, queries, services
from zhitong.enterprises.models import Enterprise, Fact
from zhitong.enterprises.services import FirmRecord

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 5)
NEW = "91350112MA0DEM048K"
FIRM = {"code": NEW, "name": "示例新厂", "region": "350111"}
FACT = {"code": NEW, "kind": "revenue", "period": "2025", "source": "tax", "value": 123_456}
FORMS = ["list.parquet", "list.arrows"]


def everything() -> dict[str, Any]:
    firms = {
        firm.code: exchange.firm_row(firm) for firm in Enterprise.objects.prefetch_related("products", "tags")
    }
    facts = Fact.objects.filter(replaced_at__isnull=True).select_related("enterprise").order_by("pk")
    return {"firms": firms, "facts": [exchange.fact_row(fact) for fact in facts]}


def bring(path: Path, make: Any) -> list[bool]:
    records = [make(row, TODAY) for row in exchange.read(path)]
    return [done.created for done in services.store(by=SEEDER, now=NOW, records=records)]


@pytest.mark.parametrize("name", FORMS)
def test_a_file_brings_back_what_it_was_written_from(office: Office, tmp_path: Path, name: str) -> None:
    firm = office.firms["a"]
    given = services.Particulars(
        firm.name, "350111", address="示例路1号", activity="C3985", founded_on=date(2015, 3, 2),
        capital=500_000_001, products=("变压器", "电机"), tags=("示例",), listing="sse", stock_code="600000",
    )  # fmt: skip
    services.change(by=office.actor("handler"), now=NOW, enterprise=firm, given=given)
    services.store(
        by=SEEDER, now=NOW, records=[FirmRecord(firm.code, facts=(
            ("revenue", "2025", 2**53 + 1, "tax", "报表第3页"), ("rd_spend", "2025", None, "firm", ""),
        ))],
    )  # fmt: skip
    before = everything()
    firms, facts = tmp_path / f"firms-{name}", tmp_path / f"facts-{name}"
    assert exchange.write(firms, exchange.firm_batches(Enterprise.objects.all()), exchange.FIRMS) == 2
    assert exchange.write(facts, exchange.fact_batches(Enterprise.objects.all()), exchange.FACTS) == 2
    assert bring(firms, exchange.firm_record) == [False, False]
    assert everything() == before, "the same file again changes nothing"
    Fact.objects.all().delete()
    for model in (firm.products, firm.tags, firm.former_names):
        model.all().delete()
    Enterprise.objects.all().update(
        name="x", address="", activity="", founded_on=None, capital=None, listing="", stock_code=""
    )
    bring(firms, exchange.firm_record)
    records = [exchange.fact_record(row, TODAY) for row in exchange.read(facts)]
    for record in records:  # a chunk names each firm once
        services.store(by=SEEDER, now=NOW, records=[record])
    assert everything() == before


def test_many_firms_are_written_in_groups(office: Office, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(exchange, "GROUP", 2)
    services.store(by=SEEDER, now=NOW, records=[exchange.firm_record(FIRM, TODAY)])
    path = tmp_path / "firms.parquet"
    groups = list(exchange.firm_batches(Enterprise.objects.all()))
    assert [group.num_rows for group in groups] == [2, 1]
    assert exchange.write(path, groups, exchange.FIRMS) == 3
    assert [row["code"] for row in exchange.read(path)] == [
        office.firms["a"].code,
        office.firms["b"].code,
        NEW,
    ]


def test_an_empty_table_can_be_read(db, tmp_path: Path) -> None:
    for name in FORMS:
        path = tmp_path / name
        assert exchange.write(path, exchange.firm_batches(Enterprise.objects.none()), exchange.FIRMS) == 0
        assert list(exchange.read(path)) == []


@pytest.mark.parametrize("name", FORMS)
def test_what_is_no_exchange_file_is_named(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"code,name\n1,2\n" * 20)
    with pytest.raises(ValueError, match="neither a Parquet file"):
        list(exchange.read(path))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": None}, "code"),
        ({"code": "91350112MA0DEM048X"}, "code"),
        ({"name": " "}, "name"),
        ({"name": 7}, "code"),
        ({"name": "长" * 121}, "name"),
        ({"address": "长" * 201}, "address"),
        ({"region": "火星"}, "region"),
        ({"region": "350111" * 3}, "region"),
        ({"activity": "C9999"}, "activity"),
        ({"founded_on": "2015-03-02"}, "code"),
        ({"founded_on": TODAY + timedelta(days=1)}, "founded_on"),
        ({"capital": "many"}, "code"),
        ({"capital": -1}, "capital"),
        ({"capital": 2**63}, "capital"),
        ({"listing": "nyse"}, "listing"),
        ({"stock_code": "600000"}, "listing"),
        ({"listing": "sse", "stock_code": "6" * 13}, "stock_code"),
        ({"street": "350105001"}, "street"),
        ({"tags": ["长" * 21]}, "tags"),
    ],
)
def test_a_wrong_row_of_firms_is_refused_by_its_field(db, change: dict[str, Any], field: str) -> None:
    assert exchange.firm_record(FIRM, TODAY).code == NEW
    with pytest.raises(FieldError) as caught:
        exchange.firm_record(FIRM | change, TODAY)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": ""}, "code"),
        ({"kind": "luck"}, "kind"),
        ({"period": "2026"}, "period"),
        ({"period": "last year"}, "period"),
        ({"source": "hearsay"}, "source"),
        ({"value": None}, "value"),
        ({"value": 5, "state": "not_applicable"}, "value"),
        ({"value": None, "state": "expired"}, "value"),
        ({"value": 2**63}, "value"),
        ({"value": "123"}, "value"),
        ({"value": 1.5}, "value"),
    ],
)
def test_a_wrong_row_of_facts_is_refused_by_its_field(db, change: dict[str, Any], field: str) -> None:
    assert exchange.fact_record(FACT, TODAY).facts == (("revenue", "2025", 123_456, "tax", ""),)
    with pytest.raises(FieldError) as caught:
        exchange.fact_record(FACT | change, TODAY)
    assert caught.value.field == field


def test_entries_merged_into_others_stay_out_of_files(office: Office, tmp_path: Path) -> None:
    services.merge(
        by=office.actor("dispatcher"), now=NOW, kept=office.firms["a"], dropped=office.firms["b"], reason="同"
    )
    path = tmp_path / "firms.parquet"
    exchange.write(path, exchange.firm_batches(queries.visible(SEEDER)), exchange.FIRMS)
    assert [row["code"] for row in exchange.read(path)] == [office.firms["a"].code]


def test_facts_of_a_merged_entry_go_out_under_the_code_of_the_kept_one(office: Office) -> None:
    services.state_fact(
        by=office.actor("handler"), now=NOW, enterprise=office.firms["b"], kind="people", period="2025",
        source="tax", value=7,
    )  # fmt: skip
    services.merge(
        by=office.actor("dispatcher"), now=NOW, kept=office.firms["a"], dropped=office.firms["b"], reason="同"
    )
    rows = pa.Table.from_batches(exchange.fact_batches(queries.visible(SEEDER))).to_pylist()
    assert [(row["code"], row["value"]) for row in rows] == [(office.firms["a"].code, 7)]
