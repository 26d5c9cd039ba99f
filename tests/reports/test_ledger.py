"""The ledger: the same list on the screen, in Excel and in a template, by filters that stay."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from tests.feedback.test_visits import closed, visit
from tests.reports.templates import document
from tests.support.browsing import signed_in
from tests.support.office import NOW, Office
from zhitong.cases import finding
from zhitong.cases.models import Case
from zhitong.core.errors import FieldError
from zhitong.core.models import AuditEvent
from zhitong.reports import documents, exports, fields, ledger, services
from zhitong.reports.models import LedgerView, Made
from zhitong.reports.values import TELL

COLUMNS = (
    "seq", "number", "firm", "title", "state", "lead", "due", "closed_on", "overdue_days", "return_visit"
)  # fmt: skip
ATTACK = "=cmd|' /C calc'!A0"


@pytest.fixture
def some(office: Office) -> list[Case]:
    """Cases of two districts in several states, one with a title that would be a formula."""
    good = closed(office)
    visit(office, good)
    odd = office.until("handling")
    Case.objects.filter(pk=odd.pk).update(title=ATTACK, due_at=NOW - timedelta(days=3))
    finding.index([Case.objects.get(pk=odd.pk)])
    found = [good, odd, office.case(), office.until("reviewed", "b", lead="works")]
    return [Case.objects.get(pk=case.pk) for case in found]


@pytest.fixture
def browser(office: Office, monkeypatch: pytest.MonkeyPatch) -> Any:
    from zhitong.core import clock

    monkeypatch.setattr(clock, "now", lambda: NOW)

    return partial(signed_in, office)


def on_screen(client: Client, query: str) -> list[list[str]]:
    """The rows that the pages of the ledger show, from first to last."""
    found: list[list[str]] = []
    for page in range(1, 20):
        answer = client.get(f"{reverse('reports:ledger')}?{query}&page={page}")
        assert answer.status_code == 200
        found += [[cell.replace("<br>", "\n") for cell in row[1]] for row in answer.context["rows"]]
        if not answer.context["page_obj"].has_next():
            return found
    raise AssertionError


def in_excel(client: Client, query: str) -> list[list[str]]:
    answer = client.get(f"{reverse('reports:export')}?{query}")
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    return [[as_text(cell) for cell in row] for row in rows[2:]]


def as_text(cell: Any) -> str:
    return (f"{cell:%Y-%m-%d}" if hasattr(cell, "year") else str(cell)).removeprefix("'")


def template(office: Office, content: bytes, name: str = "台账", who: str = "dispatcher") -> Any:
    unit = {"dispatcher": "city", "district": "district", "head": "industry"}[who]
    file = SimpleUploadedFile("台账.docx", content)
    given = documents.receive(file)
    return services.add_template(
        by=office.actor(who), now=NOW, department=office.units[unit], name=name, given=given
    )


def of_template(client: Client, version: Any, query: str) -> Any:
    answer = client.post(f"{reverse('reports:fill')}?{query}", {"template": version.template_id})
    assert answer.status_code == 200, answer
    return answer


def a_document(change: Any = None) -> bytes:
    def table(made: Any) -> None:
        rows = made.add_table(2, len(COLUMNS))
        for number, key in enumerate(COLUMNS):
            rows.cell(1, number).text = f"{{{{ {fields.fields()[key].labels['zh']} }}}}"

    return document(table) if change is None else document(change)


QUERIES = [
    {"by": "received"}, {"standing": "running"}, {"standing": "overdue"}, {"standing": "ended"},
    {"state": "handling"}, {"kind": "normal"}, {"begin": "2026-06-05", "end": "2026-06-05"},
    {"by": "due", "begin": "2026-06-06", "end": "2026-12-31"}, {"q": "cmd"}, {"begin": "2027-01-01"},
]  # fmt: skip


@pytest.mark.parametrize("given", QUERIES, ids=urlencode)
def test_screen_excel_and_word_list_the_same(
    office: Office, some: list[Case], browser: Any, given: Any
) -> None:
    version = template(office, a_document())
    client = browser("dispatcher")
    query = urlencode([*given.items(), *(("c", key) for key in COLUMNS)])
    shown = on_screen(client, query)
    assert shown == in_excel(client, query)
    made = docx.Document(io.BytesIO(of_template(client, version, query).content))
    table = [[cell.text for cell in row.cells] for row in made.tables[1].rows[1:]]
    assert [row for row in table if any(cell != "—" for cell in row)] == shown
    wanted = {"standing=overdue": 1, "q=cmd": 1, "begin=2027-01-01": 0, "by=received": 4, "state=handling": 1}
    assert len(shown) == wanted.get(urlencode(given), len(shown))


def test_the_standard_ledger_comes_back_filled(office: Office, some: list[Case], browser: Any) -> None:
    version = template(office, exports.standard())
    assert not documents.unknown(version)
    client = browser("dispatcher")
    answer = of_template(client, version, "begin=2026-06-01&end=2026-06-30")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    titles = [sheet.cell(row, 1 + ledger.STANDARD.index("title")) for row in range(4, 8)]
    assert [cell.value for cell in titles] == [case.title for case in some]
    assert titles[1].value == ATTACK
    assert titles[1].data_type == "s"
    assert "2026-06-01" in sheet["A2"].value
    assert "4" in sheet["A2"].value
    assert [sheet.cell(row, 1).value for row in range(4, 8)] == [1, 2, 3, 4]
    made = Made.objects.get()
    assert (made.version, made.rows, made.by_user) == (version, 4, office.users["dispatcher"])
    event = AuditEvent.objects.filter(action="reports.note_document").latest("id")
    facts = json.loads(event.payload)
    assert facts["rows"] == 4
    assert "2026-06-01" in facts["query"]


def test_everybody_lists_what_they_see(office: Office, some: list[Case], browser: Any) -> None:
    counts = {
        who: len(on_screen(browser(who), "by=received"))
        for who in ("dispatcher", "district", "handler", "worker")
    }
    assert counts == {"dispatcher": 4, "district": 3, "handler": 2, "worker": 1}
    assert browser("firm_a").get(reverse("reports:ledger")).status_code == 403


def test_an_answer_is_told_only_when_the_firm_knows_it(office: Office) -> None:
    office.until("answered")
    client_rows = ledger.values(
        office.actor("dispatcher"),
        ledger.rows(office.actor("dispatcher"), {}, NOW),
        ["answer", "outcome", "answered_on"],
        NOW,
    )
    assert list(client_rows) == [[None, None, None]]


def test_a_protected_reporter_stays_unnamed(office: Office) -> None:
    case = office.until("handling")
    Case.objects.filter(pk=case.pk).update(confidential=True, protected=True)
    row = next(
        ledger.values(
            office.actor("handler"), ledger.rows(office.actor("handler"), {}, NOW), ["reporter"], NOW
        )
    )
    assert row == ["受保护的反映人"] or case.reporter not in row


def test_filters_and_columns_are_kept(office: Office, some: list[Case], browser: Any) -> None:
    client = browser("dispatcher")
    query = "standing=running&c=number&c=title"
    client.post(reverse("reports:keep"), {"query": query})
    assert LedgerView.objects.get().query == query
    answer = client.get(reverse("reports:ledger"))
    assert answer.url == f"{reverse('reports:ledger')}?{query}"
    page = client.get(answer.url)
    assert [field.key for field in page.context["columns"]] == ["number", "title"]
    assert client.get(f"{reverse('reports:ledger')}?by=received").status_code == 200


def test_every_field_of_a_case_is_told(office: Office, some: list[Case]) -> None:
    keys = list(fields.of_cases())
    assert set(keys) - {"seq"} == set(TELL)
    assert len(fields.fields()) >= 35
    for row in ledger.values(
        office.actor("dispatcher"), ledger.rows(office.actor("dispatcher"), {}, NOW), keys, NOW
    ):
        assert len(row) == len(keys)


def test_names_of_fields_are_names_of_one_field_only() -> None:
    from zhitong.core.sheets.heading import normalise_label

    seen: dict[str, str] = {}
    for key, field in fields.fields().items():
        for name in (key, *field.labels.values(), *field.also):
            assert seen.setdefault(normalise_label(name), key) == key, name


def test_a_new_upload_is_a_new_version_and_old_documents_keep_theirs(
    office: Office, some: Any, browser: Any
) -> None:
    first = template(office, a_document())
    client = browser("dispatcher")
    of_template(client, first, "by=received")
    second = template(office, a_document(lambda made: made.add_paragraph("{{ 编号 }}")))
    assert (first.template_id, second.number) == (second.template_id, 2)
    of_template(client, second, "by=received")
    assert list(Made.objects.order_by("id").values_list("version__number", flat=True)) == [1, 2]
    with pytest.raises(FieldError):
        template(office, exports.standard())


def test_unknown_names_are_told_with_the_nearest(office: Office, browser: Any) -> None:
    content = document(lambda made: made.add_paragraph("{{ 企业名 }} {{ ''.__class__ }} {{ 主办单为 }}"))
    version = template(office, content)
    nearest = {row.name: row.nearest and row.nearest.key for row in documents.unknown(version)}
    assert nearest == {"企业名": "firm", "''.__class__": None, "主办单为": "lead"}
    page = browser("dispatcher").get(reverse("reports:template", args=[version.template_id])).content.decode()
    assert "企业名" in page


def test_a_template_is_for_its_unit_and_those_below(office: Office, browser: Any) -> None:
    version = template(office, a_document(), who="district")
    path = reverse("reports:template", args=[version.template_id])
    assert browser("district").get(path).status_code == 200
    assert [browser(who).get(path).status_code for who in ("other", "dispatcher", "handler")] == [
        404,
        404,
        404,
    ]
    answer = browser("other").post(reverse("reports:fill"), {"template": version.template_id})
    assert answer.status_code == 302
    assert not Made.objects.exists()


def test_a_bad_template_comes_back_with_a_sentence(office: Office, browser: Any) -> None:
    file = SimpleUploadedFile("a.docx", document(lambda made: made.add_paragraph("{% for x in y %}")))
    answer = browser("dispatcher").post(
        reverse("reports:add"), {"department": office.units["city"].pk, "name": "a", "file": file}
    )
    assert answer.status_code == 200
    assert answer.context["form"].errors["file"]


def test_figures_fill_in_and_stay_dashes_without_a_period(office: Office, some: Any, browser: Any) -> None:
    labels = {key: fields.fields()[key].labels["zh"] for key in ("received", "solved_rate", "overdue")}
    line = "；".join(f"{{{{ {label} }}}}" for label in labels.values())
    version = template(office, a_document(lambda made: made.add_paragraph(line)))
    client = browser("dispatcher")
    text = [
        p.text
        for p in docx.Document(
            io.BytesIO(of_template(client, version, "begin=2026-06-01&end=2026-06-30").content)
        ).paragraphs
    ][-1]
    assert re.fullmatch(r"4；100\.0；1", text), text
    text = [
        p.text
        for p in docx.Document(io.BytesIO(of_template(client, version, "by=received").content)).paragraphs
    ][-1]
    assert text == "—；—；—"


def test_a_closed_case_tells_its_days(office: Office) -> None:
    closed(office)
    actor = office.actor("dispatcher")
    keys = ["accepted_on", "dispatched_on", "answered_on", "closed_on", "due", "overdue_days", "was_late"]
    row = next(ledger.values(actor, ledger.rows(actor, {}, NOW), keys, NOW))
    assert [str(value) for value in row[:3]] == ["2026-06-05"] * 3
    assert row[4:6] == [None, None]


def test_pages_parse(office: Office, some: Any, browser: Any) -> None:
    for name in ("reports:ledger", "reports:templates", "reports:add", "reports:list"):
        assert browser("dispatcher").get(reverse(name) + "?by=received").status_code == 200
