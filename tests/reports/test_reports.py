"""Reports: made with one click, every figure opens its rows, Word and Excel say the same, kept as they were."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from typing import Any

import docx
import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from tests.feedback.test_visits import BITTER, closed, decide, exclude, visit
from tests.reports.test_ledger import browser
from tests.support.office import NOW, Office
from zhitong.cases import services as case_services
from zhitong.cases.models import Case
from zhitong.core.clock import local_date
from zhitong.core.errors import FieldError, NotPermittedError
from zhitong.feedback.services import Said
from zhitong.reports import fields, figures, pages, queries, services
from zhitong.reports.models import Report
from zhitong.supervision import services as supervision_services

__all__ = ["browser"]

LINK = re.compile(r'<a href="([^"]+)" data-figure="(\d+)"')
COUNT, HIDDEN = re.compile(r'data-count="(\d+)"'), re.compile(r'data-hidden="(\d+)"')


@pytest.fixture
def week(office: Office) -> dict[str, Case]:
    """A week: solved, fairly so, bad, left out, overdue, confidential and overdue, one of another district, a matter."""
    found = {name: closed(office) for name in ("good", "fair", "bad", "out")}
    visit(office, found["good"])
    visit(office, found["fair"], Said(contacted=False, solved=True, grade=3))
    visit(office, found["bad"], BITTER)
    visit(office, found["out"], Said(contacted=True, solved=True, grade=4))
    decide(office, exclude(office, found["out"]))
    found["late"], found["secret"] = office.until("handling"), office.until("handling")
    found["elsewhere"] = office.until("handling", "b", lead="works")
    Case.objects.filter(pk=found["secret"].pk).update(confidential=True, title="机密的标题")
    late = [found["late"].pk, found["secret"].pk]
    Case.objects.filter(pk__in=late).update(due_at=NOW - timedelta(days=4))
    word = supervision_services.Word(
        departments=(office.units["industry"],), title="修路", text="请办理。", days=3
    )
    supervision_services.order(by=office.actor("supervisor"), now=NOW, word=word)
    return found


def made(office: Office, who: str = "dispatcher", unit: str = "city", **more: Any) -> Report:
    given = {"kind": "week", "begin": date(2026, 6, 1), "end": date(2026, 6, 7), **more}
    return services.make_report(by=office.actor(who), now=NOW, department=office.units[unit], **given)


def opened(client: Client, report: Report) -> list[tuple[str, int, int, int]]:
    """Every figure of the page: its address, what it says, how many cases open, how many are only counted."""
    page = client.get(reverse("reports:report", args=[report.pk])).content.decode()
    found = []
    for url, value in LINK.findall(page):
        answer = client.get(url.replace("&amp;", "&"))
        assert answer.status_code == 200
        text = answer.content.decode()
        hidden = HIDDEN.search(text)
        found.append((url, int(value), int(COUNT.search(text)[1]), int(hidden[1]) if hidden else 0))
    return found


def as_text(cell: Any) -> str:
    """A cell as a number if it is one, whatever its kind."""
    text = str(cell)
    return str(float(text)) if text.replace(".", "", 1).isdigit() else text


@pytest.mark.parametrize(
    ("who", "unit"),
    [("dispatcher", "city"), ("supervisor", "city"), ("head", "industry"), ("district", "district")],
)
def test_every_figure_opens_exactly_its_rows(
    office: Office, week: Any, browser: Any, who: str, unit: str
) -> None:
    found = opened(browser(who), made(office, who, unit))
    assert len(found) > 10
    for url, value, shown, hidden in found:
        assert shown + hidden == value, url


def test_a_confidential_case_is_counted_and_not_listed(office: Office, week: Any, browser: Any) -> None:
    report = made(office, "supervisor")
    found = opened(browser("supervisor"), report)
    assert any(hidden for *_, hidden in found)
    for name in ("reports:report", "reports:word", "reports:excel"):
        content = browser("supervisor").get(reverse(name, args=[report.pk])).content
        assert "机密的标题" not in text_of(content)
    shown = pages.show(office.actor("supervisor"), report, NOW)
    assert {row.case.pk for row in shown.attention} == {week["late"].pk, week["bad"].pk}
    assert shown.hidden == 1
    assert shown.whole.figures["overdue"].value == 2


def text_of(content: bytes) -> str:
    """All text of a page, a document or a workbook."""
    if not content.startswith(b"PK"):
        return content.decode()
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as box:
        return "\n".join(box.read(name).decode(errors="replace") for name in box.namelist())


def test_the_figures_are_those_of_the_week(office: Office, week: Any) -> None:
    shown = pages.show(office.actor("dispatcher"), made(office), NOW)
    values = {name: figure.value for name, figure in shown.whole.figures.items()}
    assert values == {
        "received": 7, "ended": 3, "on_time": 3, "running": 4, "overdue": 2, "valid": 3, "contacted": 2, "solved": 2,
        "satisfied": 1, "fair": 1, "dissatisfied": 1, "silent": 0, "excluded": 1,
    }  # fmt: skip
    assert pages.numbers_behind(shown.whole) == ["66.7 (2/3)", "66.7 (2/3)", "63.3 (1/1/1)"]
    assert (shown.tasks, shown.hidden_tasks) == ([], 1)
    seen = pages.show(office.actor("supervisor"), made(office, "supervisor"), NOW)
    assert [row.task.matter.title for row in seen.tasks] == ["修路"]


def test_templates_may_show_what_was_in_time_and_carried_over(office: Office, week: Any) -> None:
    begin, end = figures.span("week", local_date(NOW), back=0)
    found = figures.single(office.actor("dispatcher"), None, begin, end, NOW + timedelta(days=30))
    known = {key for key, field in fields.fields().items() if field.group == fields.FIGURE}
    assert set(found) == known, "every figure of the catalogue has its value"
    assert found["open_before"] + found["came"] == found["left"] + found["open_after"]
    assert found["taken_up_rate"] == pytest.approx(100 * found["taken_up"] / found["charged"], abs=0.05)


def test_units_stand_in_the_order_of_their_directory(office: Office, week: Any) -> None:
    shown = pages.show(office.actor("dispatcher"), made(office), NOW)
    from zhitong.orgs import queries as org_queries

    order = [str(unit.pk) for unit in org_queries.departments(active=False)]
    keys = [line.key for line in shown.lines]
    assert keys[0] == "all"
    assert keys[1:] == [key for key in order if key in keys]


def test_nothing_to_count_is_a_dash(office: Office) -> None:
    office.case()
    shown = pages.show(office.actor("dispatcher"), made(office), NOW)
    assert shown.whole.three() == ["—", "—", "—"]
    assert shown.compared[0].cells == ["1", "—", "0", "—", "—", "—", "—", "—"]


def test_the_period_before_stands_beside_it(office: Office, week: Any) -> None:
    later = made(office, begin=date(2026, 6, 8), end=date(2026, 6, 14))
    shown = pages.show(office.actor("dispatcher"), later, NOW)
    assert shown.before == (date(2026, 6, 1), date(2026, 6, 7))
    assert shown.compared[0].cells[:5] == ["0", "7", "0", "3", "—"]


def test_periods_follow_the_calendar() -> None:
    friday = date(2026, 6, 5)
    assert figures.span("week", friday) == (date(2026, 6, 1), date(2026, 6, 7))
    assert figures.span("week", friday, back=1) == (date(2026, 5, 25), date(2026, 5, 31))
    assert figures.span("month", friday) == (date(2026, 6, 1), date(2026, 6, 30))
    assert figures.span("month", date(2026, 1, 15), back=1) == (date(2025, 12, 1), date(2025, 12, 31))
    assert figures.before(date(2026, 3, 1), date(2026, 3, 31)) == (date(2026, 2, 1), date(2026, 2, 28))
    assert figures.before(date(2026, 6, 3), date(2026, 6, 4)) == (date(2026, 6, 1), date(2026, 6, 2))


def test_page_word_and_excel_say_the_same(office: Office, week: Any, browser: Any) -> None:
    report, client = made(office), browser("dispatcher")
    tables = pages.tables(pages.show(office.actor("dispatcher"), report, NOW))
    word = docx.Document(io.BytesIO(client.get(reverse("reports:word", args=[report.pk])).content))
    in_word = [[[cell.text for cell in row.cells] for row in table.rows] for table in word.tables]
    wanted = [
        [heads, *([str(cell) for cell in row] for row in rows)] for _title, heads, rows in tables if rows
    ]
    assert in_word == wanted
    book = load_workbook(io.BytesIO(client.get(reverse("reports:excel", args=[report.pk])).content))
    assert book.sheetnames == [title[:31] for title, *_ in tables]
    for sheet, (_title, heads, rows) in zip(book.worksheets, tables, strict=True):
        values = list(sheet.iter_rows(values_only=True))
        assert "2026-06-01" in values[0][0]
        assert list(values[1]) == heads
        assert [[as_text(cell) for cell in row] for row in values[2:]] == [
            [as_text(cell) for cell in row] for row in rows
        ]
    page = client.get(reverse("reports:report", args=[report.pk])).content.decode()
    for line in pages.show(office.actor("dispatcher"), report, NOW).lines:
        assert line.label in page


def test_the_document_is_plain_word(office: Office, week: Any, browser: Any) -> None:
    report = made(office)
    made_ = docx.Document(
        io.BytesIO(browser("dispatcher").get(reverse("reports:word", args=[report.pk])).content)
    )
    styles = [paragraph.style.name for paragraph in made_.paragraphs]
    assert styles.count("Heading 1") == 6
    assert styles[0] == "Title"
    assert "PAGE" in made_.sections[0].footer._element.xml
    assert "仿宋_GB2312" in made_.styles["Normal"].element.xml
    assert made_.tables[0].rows[0]._tr.xpath(".//w:tblHeader")


def test_a_report_stays_as_it_was_made(office: Office, week: Any, browser: Any) -> None:
    report, client = made(office), browser("dispatcher")
    before = pages.tables(pages.show(office.actor("dispatcher"), report, NOW))[:3]
    office.case()
    case_services.withdraw(by=office.actor("firm_a"), now=NOW, case=office.case(), reason="好了")
    shown = pages.show(
        office.actor("dispatcher"), queries.get_report(office.actor("dispatcher"), report.pk), NOW
    )
    assert pages.tables(shown)[:3] == before
    assert (shown.whole.figures["received"].value, shown.whole.figures["received"].now) == (7, 9)
    assert shown.changed
    assert "（现为 9）" in client.get(reverse("reports:report", args=[report.pk])).content.decode()


def test_one_click_makes_this_weeks_report(office: Office, week: Any, browser: Any) -> None:
    client = browser("district")
    form = client.get(reverse("reports:list")).context["form"]
    sent = {name: form[name].value() for name in ("department", "kind", "span") if form[name].value()}
    sent = {"kind": "week", "span": "week", **sent}
    answer = client.post(reverse("reports:list"), sent)
    report = Report.objects.get()
    assert answer.url == reverse("reports:report", args=[report.pk])
    assert (report.begin, report.end, report.department) == (
        date(2026, 6, 1),
        date(2026, 6, 7),
        office.units["district"],
    )


def test_whose_report_it_is(office: Office, week: Any) -> None:
    of_city, of_bureau = made(office), made(office, "head", "industry")
    of_district = made(office, "district", "district")
    sight = {
        who: {report.pk for report in queries.reports(office.actor(who))}
        for who in (
            "dispatcher",
            "leader",
            "head",
            "chief",
            "workhead",
            "district",
            "other",
            "handler",
            "sysadmin",
        )
    }
    everything = {of_city.pk, of_bureau.pk, of_district.pk}
    assert sight == {
        "dispatcher": everything, "leader": everything, "head": {of_bureau.pk}, "chief": {of_bureau.pk},
        "workhead": set(), "district": {of_district.pk}, "other": set(), "handler": set(), "sysadmin": set(),
    }  # fmt: skip
    with pytest.raises(NotPermittedError):
        made(office, "head", "city")
    with pytest.raises(FieldError):
        made(office, begin=date(2026, 6, 8))


def test_a_case_about_ones_own_unit_is_not_counted(office: Office, week: Any) -> None:
    Case.objects.filter(pk=week["secret"].pk).update(accused=office.units["industry"])
    shown = pages.show(office.actor("head"), made(office, "head", "industry"), NOW)
    assert shown.whole.figures["running"].value == 2
    assert shown.hidden == 0
