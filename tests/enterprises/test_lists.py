"""Lists as offices make them: read, brought in, gone on with, taken back."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.support.office import NOW, SEEDER, Office
from zhitong.core.errors import FasterError, FieldError
from zhitong.enterprises import queries, running, services
from zhitong.enterprises.lists import cells
from zhitong.enterprises.models import Enterprise, Fact, FormerName, ImportBatch
from zhitong.kernel.codes import check_sign

pytestmark = pytest.mark.django_db
HEAD = "统一社会信用代码,企业名称,所属区县,营业收入2025(万元),从业人员,联系电话"


def code(number: int) -> str:
    first = f"91350111MA0LXT{number:03d}"
    return first + check_sign(first)


def line(number: int, **more: str) -> str:
    cells = {"code": code(number), "name": f"示例{number}号厂", "region": "晋安区", "revenue": "1,200.5",
             "people": "30", "phone": f"1390000{number:04d}"} | more  # fmt: skip
    return ",".join(f'"{cell}"' for cell in cells.values())


def drop(
    office: Office, content: bytes | list[str], *, name: str = "list.csv", source: str = "月报"
) -> ImportBatch:
    if isinstance(content, list):
        content = "\n".join([HEAD, *content]).encode("gb18030")
    file = SimpleUploadedFile(name, content)
    return running.receive(file, by=office.actor("handler"), now=NOW, source=source)


def bring(office: Office, batch: ImportBatch, **more: Any) -> ImportBatch:
    batch = services.start_import(
        by=office.actor("handler"), now=NOW, batch=batch, columns=batch.columns, **more
    )
    return running.run(batch, by=SEEDER, now=lambda: NOW)


def outcome(batch: ImportBatch) -> tuple[int, int, int, int]:
    return batch.created, batch.changed, batch.same, batch.refused


def test_a_list_is_new_then_the_same_then_changed(office: Office) -> None:
    rows = [line(1), line(2)]
    assert outcome(bring(office, drop(office, rows))) == (2, 0, 0, 0)
    firm = Enterprise.objects.get(code=code(1))
    facts = {fact.kind: fact.value for fact in firm.facts.all()}
    assert facts == {"revenue": 1_200_500_000, "people": 30}
    assert (firm.region, firm.contact_people.get().phone_mask) == ("350111", "139****0001")
    assert outcome(bring(office, drop(office, rows))) == (0, 0, 2, 0)
    changed = [line(1, name="示例改名厂", revenue="2000"), line(2)]
    assert outcome(bring(office, drop(office, changed))) == (0, 1, 1, 0)
    firm.refresh_from_db()
    assert firm.name == "示例改名厂"
    assert FormerName.objects.get(enterprise=firm).name == "示例1号厂"
    assert firm.facts.filter(kind="revenue", replaced_at__isnull=True).get().value == 2_000_000_000


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"code": "91350111MA0LXT001X"}, "sign"),
        ({"code": ""}, "no unified"),
        ({"name": ""}, "no name"),
        ({"region": "火星区"}, "no district"),
        ({"revenue": "很多"}, "no number"),
        ({"people": "3.5"}, "finer"),
        ({"people": "-3"}, "cannot be right"),
        ({"phone": "12"}, "no telephone"),
        ({"code": code(1)}, "stands in row 2"),
    ],
)
def test_a_row_that_cannot_be_right_comes_back_with_its_reason(
    office: Office, wrong: dict[str, str], says: str
) -> None:
    batch = bring(office, drop(office, [line(1), line(2, **wrong)]))
    assert outcome(batch) == (1, 0, 0, 1)
    row = batch.refusals.get()
    assert row.line == 3
    assert says in (row.msgid % row.params if row.params else row.msgid)
    assert row.cells[0] == wrong.get("code", code(2))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("晋安区", "350111"),
        ("晋安", "350111"),
        ("福州市晋安区", "350111"),
        ("350111", "350111"),
        ("平潭综合实验区", "350128"),
        ("福清", "350181"),
        ("高新区", ""),
        ("福州高新区", "FZ-GXQ"),
        ("厦门市", ""),
        ("福州市", ""),
    ],
)
def test_a_district_is_known_however_it_is_written(text: str, found: str) -> None:
    assert cells.region(text) == found


def test_an_empty_cell_says_nothing_and_erases_nothing(office: Office) -> None:
    bring(office, drop(office, [line(1)]))
    assert outcome(bring(office, drop(office, [line(1, revenue="—", people="", phone="无")]))) == (0, 0, 1, 0)
    assert Fact.objects.filter(replaced_at__isnull=True).count() == 2
    bring(office, drop(office, [line(1, revenue="不适用")]))
    assert Fact.objects.get(kind="revenue", replaced_at__isnull=True).state == "not_applicable"


def workbook() -> bytes:
    """A title over all columns, a unit for the whole sheet, headings over two rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"], sheet["A2"] = "晋安区企业名单", "单位:亿元"
    sheet.merge_cells("A1:F1")
    for place, text in enumerate(["信用代码", "单位名称", "营业收入", None, "从业人员", "成立时间"], start=1):
        sheet.cell(3, place, text)
    sheet.merge_cells("C3:D3")
    sheet["C4"], sheet["D4"] = "2024年", "2025年"
    sheet.append([code(1), "示例一号", 1.5, 2, 300, "2015年3月2日"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_workbook_as_officials_make_it(office: Office) -> None:
    batch = bring(office, drop(office, workbook(), name="list.xlsx"), region="350111")
    assert outcome(batch) == (1, 0, 0, 0)
    firm = Enterprise.objects.get(code=code(1))
    facts = {(fact.kind, fact.period): fact.value for fact in firm.facts.all()}
    assert facts == {
        ("revenue", "2024"): 15_000_000_000,
        ("revenue", "2025"): 20_000_000_000,
        ("people", "2025"): 300,
    }
    assert firm.founded_on.isoformat() == "2015-03-02"


def test_what_columns_meant_is_remembered_for_the_source(office: Office) -> None:
    text = f"代号,全称\n{code(1)},示例一号\n".encode()
    batch = drop(office, text, source="街道台账")
    assert batch.columns == {}
    services.start_import(
        by=office.actor("handler"), now=NOW, batch=batch, columns={"0": "code", "1": "name"}, region="350111"
    )
    assert drop(office, text, source="街道台账").columns == {"0": "code", "1": "name"}
    assert drop(office, text, source="另一来源").columns == {}


def test_columns_that_mean_nothing_or_the_same_are_refused(office: Office) -> None:
    batch = drop(office, [line(1)])
    for columns in ({"1": "name"}, {"0": "code"}, {"0": "code", "1": "name", "2": "name"}):
        with pytest.raises(FieldError):
            services.start_import(by=office.actor("handler"), now=NOW, batch=batch, columns=columns)


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "CHUNK", 3)


def test_an_import_goes_on_where_it_stopped(office: Office, small_chunks, monkeypatch) -> None:
    batch = drop(office, [line(at) for at in range(10)])
    batch = services.start_import(by=office.actor("handler"), now=NOW, batch=batch, columns=batch.columns)

    class Killed(Exception):  # noqa: N818 - what happens to a worker
        pass

    def kill(done: ImportBatch) -> None:
        if done.created == 6:
            raise Killed

    with pytest.raises(Killed):
        running.run(batch, by=SEEDER, now=lambda: NOW, told=kill)
    batch.refresh_from_db()
    assert (batch.state, batch.created, batch.line) == ("running", 6, 7)
    assert outcome(running.run(batch, by=SEEDER, now=lambda: NOW)) == (10, 0, 0, 0)


def test_two_workers_bring_no_row_in_twice(office: Office, small_chunks) -> None:
    batch = drop(office, [line(at) for at in range(6)])
    batch = services.start_import(by=office.actor("handler"), now=NOW, batch=batch, columns=batch.columns)
    stale = ImportBatch.objects.get(pk=batch.pk)
    done = running.run(batch, by=SEEDER, now=lambda: NOW)
    with pytest.raises(FasterError):
        services.import_chunk(by=SEEDER, now=NOW, batch=stale, rows=[running.Refused(2, "x", {}, [])])
    assert outcome(running.run(stale, by=SEEDER, now=lambda: NOW)) == outcome(done) == (6, 0, 0, 0)


def take_back(office: Office, batch: ImportBatch) -> ImportBatch:
    batch = services.undo_import(by=office.actor("handler"), now=NOW, batch=batch)
    return running.take_back(batch, by=SEEDER, now=lambda: NOW)


def test_a_whole_import_is_taken_back(office: Office) -> None:
    bring(office, drop(office, [line(1)]))
    before = list(Enterprise.objects.order_by("id").values("name", "region", "size"))
    facts = list(Fact.objects.filter(replaced_at__isnull=True).order_by("id").values("kind", "value"))
    batch = bring(office, drop(office, [line(1, name="示例改名厂", revenue="7"), line(2), line(3)]))
    assert outcome(batch) == (2, 1, 0, 0)
    batch = take_back(office, batch)
    assert (batch.state, batch.kept) == ("undone", 0)
    assert list(Enterprise.objects.order_by("id").values("name", "region", "size")) == before
    assert list(Fact.objects.filter(replaced_at__isnull=True).order_by("id").values("kind", "value")) == facts
    assert not FormerName.objects.exists()


def test_what_somebody_built_on_stays(office: Office) -> None:
    batch = bring(office, drop(office, [line(1), line(2), line(3)]))
    one, two = (Enterprise.objects.get(code=code(at)) for at in (1, 2))
    given = services.Particulars("示例改过", "350111")
    services.change(by=office.actor("handler"), now=NOW, enterprise=one, given=given)
    services.seat(by=SEEDER, now=NOW, enterprise=two, user=office.users["firm_a"], role="firm_member")
    batch = take_back(office, batch)
    assert (batch.state, batch.kept) == ("undone", 2)
    kept = set(Enterprise.objects.filter(code__startswith="91350111MA0LXT").values_list("code", flat=True))
    assert kept == {code(1), code(2)}
    assert two.facts.count() == 2, "a firm that stays keeps what it was brought in with"


def test_a_district_brings_in_no_firm_of_another(office: Office) -> None:
    rows = [line(1), line(2, region="马尾区"), line(3).replace(code(3), "91350105MA0DEM021P")]
    file = SimpleUploadedFile("a.csv", "\n".join([HEAD, *rows]).encode())
    by = office.actor("district")
    batch = running.receive(file, by=by, now=NOW, source="s")
    batch = services.start_import(by=by, now=NOW, batch=batch, columns=batch.columns)
    batch = running.run(batch, by=SEEDER, now=lambda: NOW)
    assert outcome(batch) == (1, 0, 0, 2)
    assert {row.line for row in batch.refusals.all()} == {3, 4}
    assert Enterprise.objects.get(code="91350105MA0DEM021P").name == "示例二号厂"


def test_an_import_that_cannot_go_on_ends_with_its_reason(office: Office, monkeypatch) -> None:
    from zhitong.enterprises import tasks

    batch = drop(office, [line(1)])
    batch = services.start_import(by=office.actor("handler"), now=NOW, batch=batch, columns=batch.columns)
    monkeypatch.setattr(running, "_rows", lambda *_: 1 / 0)
    tasks.work_through.func(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.error) == ("failed", "ZeroDivisionError: division by zero")


def test_an_import_that_stands_still_is_queued_again(office: Office) -> None:
    from zhitong.enterprises.tasks import ResumeImports

    batch = drop(office, [line(1)])
    services.start_import(by=office.actor("handler"), now=NOW, batch=batch, columns=batch.columns)
    assert ResumeImports().run(NOW) == ""
    assert ResumeImports().run(NOW + timedelta(minutes=6)) == "1 resumed"


def test_a_size_follows_from_what_came_in(office: Office) -> None:
    rows = [line(1, revenue="50000", people="1200")]
    text = "\n".join([f"{HEAD},行业代码", rows[0] + ",C3985"]).encode()
    bring(office, drop(office, text))
    firm = Enterprise.objects.get(code=code(1))
    assert (firm.size, firm.scale, firm.sized_for) == ("large", "above", "2025")
    assert queries.size_of(firm, "2025", NOW.date()).size.size == firm.size
