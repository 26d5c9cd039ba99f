"""Figures: counted from rows that open, by unit, kind and channel, in the reader's scope."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from tests.feedback.test_visits import BITTER, closed, decide, exclude, visit
from tests.support.browsing import signed_in
from tests.support.office import NOW, Office
from zhitong.cases import services as case_services
from zhitong.cases.models import Case
from zhitong.cases.tasks import RunOut
from zhitong.feedback import exports, figures
from zhitong.feedback.figures import ALL, FIGURES, GROUPS, Period, rows, table
from zhitong.feedback.services import Said

JUNE = Period(date(2026, 6, 1), date(2026, 6, 30))
LATER = NOW + timedelta(days=60)


@pytest.fixture
def month(office: Office) -> dict[str, Case]:
    """A month: one solved, one fairly so, one bad, one silent, one left out, one of another district."""
    found = {name: closed(office) for name in ("good", "fair", "bad", "out")}
    visit(office, found["good"])
    visit(office, found["fair"], Said(contacted=False, solved=True, grade=3))
    visit(office, found["bad"], BITTER)
    visit(office, found["out"], Said(contacted=True, solved=True, grade=4))
    decide(office, exclude(office, found["out"]))
    found["silent"] = office.until("reviewed")
    RunOut("reviewed", "close_unrated").run(NOW + timedelta(days=9))
    found["elsewhere"] = office.until("handling", "b", lead="works")
    return found


def line(office: Office, who: str, group: str = "department", key: str = ALL) -> figures.Line:
    return next(row for row in table(office.actor(who), JUNE, group, now=LATER) if row.key == key)


def test_the_whole_counts_what_happened(office: Office, month: dict[str, Case]) -> None:
    whole = line(office, "supervisor")
    wanted = {"received": 6, "valid": 3, "contacted": 2, "solved": 2, "satisfied": 1, "fair": 1}
    wanted |= {"dissatisfied": 1, "silent": 1, "excluded": 1}
    assert {name: whole.counts[name] for name in wanted} == wanted
    assert whole.rates["satisfied"] == pytest.approx((100 + 90) / 3)


def test_every_figure_opens_exactly_its_rows(office: Office, month: dict[str, Case]) -> None:
    for group in GROUPS:
        for row in table(office.actor("leader"), JUNE, group, now=LATER):
            for figure in FIGURES:
                found, hidden = rows(office.actor("leader"), JUNE, group, row.key, figure, now=LATER)
                assert found.count() + hidden == row.counts[figure], (group, row.label, figure)


def test_the_units_stand_in_the_order_of_their_tree(office: Office, month: dict[str, Case]) -> None:
    labels = [row.label for row in table(office.actor("supervisor"), JUNE, "department", now=LATER)]
    assert labels == ["合计", "示例市工信局", "示例市城管委"]
    assert [row.label for row in table(office.actor("supervisor"), JUNE, "district", now=LATER)] == [
        "合计",
        "示例区",
        "另一区",
    ]


def test_categories_stand_in_their_order_with_what_nobody_determined(
    office: Office, month: dict[str, Case]
) -> None:
    for name, category in (("good", "roads"), ("fair", "drainage"), ("bad", "power")):
        case = Case.objects.get(pk=month[name].pk)
        case_services.categorise(by=office.actor("district"), now=NOW, case=case, category=category)
    lines = {row.label: row.counts for row in table(office.actor("supervisor"), JUNE, "category", now=LATER)}
    assert list(lines) == ["合计", "水电气能源", "园区配套与市政", "尚未确定"]
    assert [row["received"] for row in lines.values()] == [6, 1, 2, 3]
    assert (lines["园区配套与市政"]["solved"], lines["水电气能源"]["dissatisfied"]) == (2, 1)
    detail = [row.label for row in table(office.actor("supervisor"), JUNE, "subcategory", now=LATER)]
    assert detail == [
        "合计",
        "水电气能源 · 用电",
        "园区配套与市政 · 道路与照明",
        "园区配套与市政 · 排水与防汛",
        "尚未确定",
    ]


def test_it_is_counted_how_often_a_suggested_category_was_taken(office: Office) -> None:
    for text, category in (("变压器跳闸。", "power"), ("变压器老跳闸。", "roads"), ("请联系。", "roads")):
        case = office.case(text=text)
        case_services.categorise(by=office.actor("district"), now=NOW, case=case, category=category)
    actor = office.actor("supervisor")
    whole = figures.cells(actor, JUNE, "category", now=LATER, listed=True)[ALL].cases
    assert (len(whole["suggested"]), len(whole["taken"])) == (2, 1)
    for figure in ("suggested", "taken"):
        assert rows(actor, JUNE, "category", ALL, figure, now=LATER)[0].count() == len(whole[figure])
    page = signed_in(office, "supervisor")
    june = {"begin": "2026-06-01", "end": "2026-06-30", "group": "category"}
    shown = page.get(reverse("feedback:figures"), june).content.decode()
    assert "figure=suggested" in shown
    assert page.get(reverse("feedback:rows"), june | {"figure": "taken"}).status_code == 200
    assert page.get(reverse("feedback:rows"), june | {"figure": "taken", "group": "kind"}).status_code == 404


def test_each_reader_counts_their_own_scope(office: Office, month: dict[str, Case]) -> None:
    assert line(office, "district").counts["received"] == 5
    assert line(office, "other").counts["received"] == 1
    assert line(office, "workhead").counts["received"] == 1
    assert line(office, "head").counts["received"] == 5


def test_without_a_visit_there_is_no_rate_and_no_zero(office: Office, month: dict[str, Case]) -> None:
    row = line(office, "other")
    assert row.counts["valid"] == 0
    visits = ("visited", "contacted", "solved", "satisfied", "combined", "plain")
    assert {name: row.rate(name) for name in visits} == dict.fromkeys(visits, "")


def test_another_period_counts_nothing(office: Office, month: dict[str, Case]) -> None:
    [whole] = table(
        office.actor("supervisor"), Period(date(2026, 5, 1), date(2026, 5, 31)), "kind", now=LATER
    )
    assert set(whole.counts.values()) == {0}


def test_a_confidential_case_is_counted_but_not_listed(office: Office) -> None:
    draft = case_services.Draft(text="保密反映。", confidential=True)
    case_services.submit(by=office.actor("firm_a"), now=NOW, draft=draft, firm=office.firms["a"])
    found, hidden = rows(office.actor("leader"), JUNE, "channel", ALL, "received", now=LATER)
    assert (list(found), hidden) == ([], 1)
    about = case_services.Draft(text="反映本市。", accused=office.units["district"])
    case_services.submit(by=office.actor("firm_a"), now=NOW, draft=about, firm=office.firms["a"])
    assert line(office, "district").counts["received"] == 1, "nobody counts what is about themselves"


def test_the_export_holds_the_same_table(office: Office, month: dict[str, Case]) -> None:
    lines = table(office.actor("supervisor"), JUNE, "department", now=LATER)
    sheet = load_workbook(io.BytesIO(exports.workbook(lines, JUNE).content)).active
    cells = list(sheet.iter_rows(values_only=True))
    assert cells[0][0] == "2026-06-01 - 2026-06-30"
    assert len(cells) == 2 + len(lines)
    assert cells[2][0] == "合计"
    assert list(cells[2][1 : 1 + len(FIGURES)]) == [lines[0].counts[figure] for figure in FIGURES]


def test_more_cases_ask_no_more_queries(office: Office, month: dict[str, Case]) -> None:
    actor = office.actor("supervisor")

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            for group in GROUPS:
                table(actor, JUNE, group, now=LATER)
        return len(captured)

    before = asked()
    for _ in range(3):
        case = closed(office)
        case_services.categorise(by=office.actor("district"), now=NOW, case=case, category="roads")
        visit(office, Case.objects.get(pk=case.pk))
    assert asked() == before
