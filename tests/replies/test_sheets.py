"""Sheets for units without accounts: handed out, brought back, looked at, entered row by row."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from openpyxl import Workbook, load_workbook

from tests.replies.test_links import LATER
from tests.support.office import NOW, Office
from zhitong.cases import services as case_services
from zhitong.cases.models import Case
from zhitong.core.errors import FasterError, FieldError, NotPermittedError, RefusedError
from zhitong.core.models import AuditEvent
from zhitong.replies import exports, queries, reading, services
from zhitong.replies.models import Reply, ReplyLink, ReplySheet
from zhitong.replies.queries import Matter
from zhitong.replies.services import links, sheets

HEAD = ["诉求编号", "答复内容", "办理结果", "答复人姓名职务"]
FILLED = ["已于今日办结退税。", "已解决", "示例科长"]


def xlsx(*rows: list[Any], head: list[str] = HEAD) -> SimpleUploadedFile:
    """A workbook with a row of headings."""
    book = Workbook()
    for row in (head, *rows):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile("replies.xlsx", file.getvalue())


def received(office: Office, unit: Any, *rows: list[Any], by: str = "district") -> ReplySheet:
    given = reading.read_sheet(xlsx(*rows))
    return services.receive_sheet(by=office.actor(by), now=NOW, department=unit, given=given)


def entered(office: Office, sheet: ReplySheet, by: str = "district") -> ReplySheet:
    return services.enter_sheet(by=office.actor(by), now=LATER, sheet=sheet)


def sentences(office: Office, sheet: ReplySheet) -> list[str]:
    return [row.msgid for row in services.judge(office.actor("district"), sheet)]


def test_what_is_handed_out_comes_back_filled_in(office: Office, lead: Matter, bureau: Any) -> None:
    district = office.actor("district")
    matters = services.give_sheet(by=district, now=NOW, department=bureau)
    book = load_workbook(io.BytesIO(exports.blank(bureau, matters, now=NOW).content))
    page = book.active
    heads = [cell.value for cell in page[2]]
    assert [cell.value for cell in page["A"]][2:] == [lead.case.number]
    assert lead.case.text in [cell.value for cell in page[3]]
    for key, value in zip(("text", "outcome", "name"), FILLED, strict=True):
        label = next(
            column["label"]["zh"] for column in reading.sheet_rules()["column"] if column["key"] == key
        )
        page.cell(3, heads.index(label) + 1, value)
    file = io.BytesIO()
    book.save(file)
    given = reading.read_sheet(SimpleUploadedFile("back.xlsx", file.getvalue()))
    assert given.rows == (services.SheetRow(3, lead.case.number, FILLED[0], "solved", FILLED[2]),)


def test_a_row_becomes_the_units_reply(office: Office, lead: Matter, bureau: Any) -> None:
    services.make_link(by=office.actor("district"), now=NOW, **lead.given())
    sheet = received(office, bureau, [lead.case.number, *FILLED])
    assert not Reply.objects.exists(), "nothing is entered before somebody has looked"
    done = entered(office, sheet)
    reply = Reply.objects.get()
    assert (reply.source, reply.sheet, reply.line, reply.state) == ("sheet", done, 2, "waiting")
    assert (reply.department, reply.text, reply.outcome) == (bureau, FILLED[0], "solved")
    assert (reply.entered_by, reply.entered_name) == (office.users["district"], FILLED[2])
    assert ReplyLink.objects.get().revoked_at == LATER
    event = AuditEvent.objects.get(action="replies.enter_row")
    assert event.actor == f"user:{office.users['district'].pk}"
    assert all(word in event.payload for word in (FILLED[2], '"source":"sheet"', f'"unit":{bureau.pk}'))


def test_a_leads_answer_is_taken_in_by_somebody_else(office: Office, lead: Matter, bureau: Any) -> None:
    entered(office, received(office, bureau, [lead.case.number, *FILLED]))
    with pytest.raises(RefusedError, match="yourself"):
        services.take_reply(by=office.actor("district"), now=LATER, reply=Reply.objects.get())
    assert Case.objects.get(pk=lead.case.pk).answer == ""


def test_each_row_that_cannot_be_entered_says_why(office: Office, lead: Matter, bureau: Any) -> None:
    number, foreign = lead.case.number, office.until("dispatched").number
    waits = case_services.dispatch(
        by=office.actor("district"), now=NOW, case=office.until("accepted"), lead=bureau
    )
    entered(office, received(office, bureau, [waits.number, *FILLED]))
    sheet = received(
        office,
        bureau,
        [foreign, *FILLED],
        ["X-2026-999999", *FILLED],
        [waits.number, *FILLED],
        [number, "", "已解决", "示例科长"],
        ["", "", "", ""],
        [number.lower().replace("-", "－"), *FILLED],
    )
    assert sentences(office, sheet) == [
        sheets.NOT_THERE,
        sheets.NOT_THERE,
        links.WAITS,
        sheets.TWICE,
        sheets.TWICE,
    ]
    done = entered(office, sheet)
    assert (done.replies.count(), len(done.refused)) == (0, 5)
    book = load_workbook(io.BytesIO(exports.refused(done, now=NOW).content))
    assert [row[0].value for row in book.active.iter_rows(min_row=2)] == [2, 3, 4, 5, 7]


@pytest.mark.parametrize(
    ("filled", "sentence"),
    [
        (["", "已解决", "示例科长"], "Please fill in this field."),
        (["done", "已解决", ""], "Please fill in this field."),
        (["done", "也许吧", "示例科长"], "Choose one of the outcomes in the list."),
        (["done", "", "示例科长"], "Choose one of the outcomes in the list."),
        (["done", "Solved", "示" * 61], "Use at most %(limit)d characters."),
        (["done", "Solved", "示例科长"], ""),
    ],
)
def test_a_row_is_checked_like_every_reply(
    office: Office, lead: Matter, bureau: Any, filled: list[str], sentence: str
) -> None:
    assert sentences(office, received(office, bureau, [lead.case.number, *filled])) == [sentence]


def test_a_part_needs_no_outcome(office: Office, part: Matter, bureau: Any) -> None:
    sheet = received(office, bureau, [part.case.number, "已核实。", "", "示例科长"], by="handler")
    entered(office, sheet, "handler")
    assert (Reply.objects.get().assist_id, Reply.objects.get().outcome) == (part.pk, "")


def test_a_case_that_moved_on_is_refused_at_the_last_moment(
    office: Office, lead: Matter, bureau: Any
) -> None:
    sheet = received(office, bureau, [lead.case.number, *FILLED])
    row = services.judge(office.actor("district"), sheet)[0]
    services.make_link(by=office.actor("district"), now=NOW, **lead.given())
    Case.objects.filter(pk=lead.case.pk).update(state="accepted", lead=None, accountable=lead.case.intake)
    assert sentences(office, sheet) == [sheets.NOT_THERE]
    stale = services.Judged(row.row, queries.matter_of(ReplyLink.objects.get()))
    with pytest.raises(RefusedError):
        services.enter_row(by=office.actor("district"), now=LATER, sheet=sheet, row=stale)
    assert not Reply.objects.exists()


def test_a_sheet_is_entered_once_and_by_whoever_brought_it(office: Office, lead: Matter, bureau: Any) -> None:
    sheet = received(office, bureau, [lead.case.number, *FILLED])
    with pytest.raises(NotPermittedError):
        entered(office, sheet, "dispatcher")
    with pytest.raises(Http404):
        queries.get_sheet(office.actor("dispatcher"), sheet.pk)
    entered(office, sheet)
    with pytest.raises(FasterError):
        entered(office, sheet)
    assert Reply.objects.count() == 1


def test_a_confidential_case_stands_in_no_sheet(office: Office, lead: Matter, bureau: Any) -> None:
    Case.objects.filter(pk=lead.case.pk).update(confidential=True)
    district = office.actor("district")
    assert services.give_sheet(by=district, now=NOW, department=bureau) == []
    assert sentences(office, received(office, bureau, [lead.case.number, *FILLED])) == [sheets.IN_PERSON]


def test_texts_are_never_formulas(office: Office, bureau: Any) -> None:
    text = "=HYPERLINK(1)"
    case = case_services.accept(
        by=office.actor("district"), now=NOW, case=office.case(text=text), kind="normal"
    )
    case_services.dispatch(by=office.actor("district"), now=NOW, case=case, lead=bureau)
    matters = services.answerable(office.actor("district"), bureau)
    book = load_workbook(io.BytesIO(exports.blank(bureau, matters, now=NOW).content))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert f"'{text}" in [cell.value for cell in cells]


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (SimpleUploadedFile("a.xlsx", b""), "list is empty"),
        (SimpleUploadedFile("a.xlsx", b"PK\x03\x04 nothing"), "damaged"),
        (SimpleUploadedFile("a.csv", "甲,乙\n1,2\n".encode()), "columns for case number"),
        (SimpleUploadedFile("a.csv", ("诉求编号,答复内容\n" + "X,y\n" * 301).encode()), "at most"),
    ],
)
def test_a_file_that_is_no_such_sheet_is_refused_in_a_sentence(
    office: Office, file: SimpleUploadedFile, sentence: str
) -> None:
    with pytest.raises(FieldError) as caught:
        reading.read_sheet(file)
    assert caught.value.field == "file"
    assert sentence in caught.value.msgid


def test_a_sheet_without_a_word_is_refused(office: Office, lead: Matter, bureau: Any) -> None:
    with pytest.raises(FieldError, match="Nothing is filled in"):
        received(office, bureau, [lead.case.number, "", "", ""])


def test_a_unit_out_of_sight_has_no_sheet(office: Office, lead: Matter, bureau: Any) -> None:
    assert queries.get_unit(office.actor("district"), bureau.pk) == bureau
    for person, unit in (("other", bureau), ("district", office.units["industry"])):
        with pytest.raises(Http404):
            queries.get_unit(office.actor(person), unit.pk)
