"""The register's pages: what filters keep, what an export holds, whom a number is shown to."""

from __future__ import annotations

import functools
import io
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import translation

from tests.support.office import NOW, SEEDER, Office
from zhitong.core import search
from zhitong.core.models import AuditEvent
from zhitong.enterprises import columns, queries, services
from zhitong.enterprises.forms.register import FilterForm
from zhitong.enterprises.queries import register
from zhitong.enterprises.services import FirmRecord

pytest_plugins = ["tests.access.fixtures"]


def ask(world: Any, person: str, path: str, **given: Any) -> Any:
    return world.doors.ask(person, "POST" if given else "GET", path, given or None)


def many(office: Office, number: int) -> None:
    from zhitong.kernel.codes import check_sign

    firsts = [f"91350111MA0MNY{at:03d}" for at in range(number)]
    records = [
        FirmRecord(
            first + check_sign(first),
            columns={"name": f"福州榕{'晶' if at % 3 else '城'}{at}号光电有限公司", "region": "350111"},
            facts=[("people", "2025", 10 + at, "tax", "")],
        )
        for at, first in enumerate(firsts)
    ]
    services.store(by=SEEDER, now=NOW, records=records)


@pytest.mark.django_db
def test_a_list_goes_on_from_the_last_firm_shown(office: Office) -> None:
    many(office, 120)
    seen, before = [], None
    while True:
        firms, more = queries.page(queries.visible(office.actor("dispatcher")), before=before, limit=50)
        seen += [firm.pk for firm in firms]
        if not more:
            break
        before = firms[-1].pk
    assert len(seen) == len(set(seen)) == 122
    assert seen == sorted(seen, reverse=True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "number"), [("榕晶", 80), ("榕城", 40), ("晶榕", 0), ("光电 榕城", 40), ("榕", 120)]
)
def test_firms_are_found_by_two_signs_of_their_name(office: Office, words: str, number: int) -> None:
    many(office, 120)
    rows = queries.narrow(queries.visible(office.actor("dispatcher")), {"q": words}, NOW.date()).rows
    assert rows.count() == number


@pytest.mark.django_db
def test_what_is_lacking_is_found(office: Office) -> None:
    rows = queries.visible(office.actor("dispatcher"))

    def lacking(what: str) -> set[str]:
        return {firm.name for firm in queries.narrow(rows, {"lacks": what}, NOW.date()).rows}

    assert lacking("member") == set()
    assert lacking("facts") == {"示例一号厂", "示例二号厂"}
    services.state_fact(
        by=office.actor("handler"), now=NOW, enterprise=office.firms["a"], kind="people", period="2025",
        source="tax", value=1,
    )  # fmt: skip
    assert lacking("facts") == {"示例二号厂"}


def test_filters_stay_until_they_are_cleared(world) -> None:
    doors = world.doors
    assert doors.ask("dispatcher:own", "GET", "/firms/?q=KrFirmA").status == 200
    again = doors.ask("dispatcher:own", "GET", "/firms/")
    assert (again.status, again.location) == (302, "/firms/?q=KrFirmA")
    doors.ask("dispatcher:own", "GET", "/firms/?clear")
    assert doors.ask("dispatcher:own", "GET", "/firms/").status == 200


def test_an_export_holds_what_the_screen_shows(world) -> None:
    client: Client = world.doors.client("dispatcher:own")
    page = client.get("/firms/?q=KrFirmA&c=code&c=people")
    book = openpyxl.load_workbook(io.BytesIO(client.get("/firms/export/?q=KrFirmA&c=code&c=people").content))
    shown = [[row.firm.name, *(value for _column, value in row.cells)] for row in page.context["rows"]]
    told = [list(row) for row in book.active.iter_rows(values_only=True)]
    assert len(told[0]) == 3
    assert told[0][1:] == [str(columns.BY_KEY[name].label) for name in ("code", "people")]
    assert told[1:] == [[cell if cell != "" else None for cell in row] for row in shown]
    assert AuditEvent.objects.filter(action="enterprises.note_export").exists()


def test_one_tap_shows_a_number_to_who_has_the_case_in_hand(world) -> None:
    path = f"/firms/people/{world.rows['person:a'].pk}/phone/"
    assert "13800007777" in ask(world, "handler:own", path, reason="").text
    refused = ask(world, "leader:own", path, reason="")
    assert "13800007777" not in refused.text
    assert "13800007777" in ask(world, "leader:own", path, reason="to ask").text
    told = AuditEvent.objects.filter(action="enterprises.unmask", result="done").order_by("-id")[:2]
    assert ["running case" in event.payload for event in told] == [False, True]


def test_no_page_shows_a_number_in_full(world) -> None:
    firm = world.firms["a"].pk
    for person in ("handler:own", "dispatcher:own", "firm_admin:own"):
        for path in (f"/firms/{firm}/", f"/firms/{firm}/print/"):
            assert "13800007777" not in world.doors.ask(person, "GET", path).text


def test_an_old_address_of_a_merged_firm_leads_to_the_one_that_stands(world) -> None:
    dropped = world.rows["merge:a"].dropped_id
    answer = world.doors.ask("dispatcher:own", "GET", f"/firms/{dropped}/")
    assert (answer.status, answer.location) == (302, f"/firms/{world.firms['a'].pk}/")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("filters", "number", "longer"),
    [
        ({}, 122, False),
        ({"region": "350111"}, 100, True),
        ({"q": "榕城"}, 40, False),
        ({"q": "晶榕"}, 0, False),
    ],
)
def test_a_list_is_counted_as_far_as_it_helps(
    office: Office, monkeypatch, filters: dict, number: int, longer: bool
) -> None:
    monkeypatch.setattr(register, "NARROWED", 100)
    many(office, 120)
    found = queries.narrow(queries.visible(office.actor("dispatcher")), filters, NOW.date())
    look = queries.look(found, before=None, limit=50)
    assert (look.number, look.many) == (number, longer)
    assert (len(look.firms), look.more) == (min(number, 50), number > 50)
    assert [firm.pk for firm in look.firms] == list(
        found.rows.order_by("-id").values_list("pk", flat=True)[:50]
    )
    if look.more:
        further = queries.look(found, before=look.firms[-1].pk, limit=50)
        assert (further.number, further.many) == (number, longer), "a later page says the same number"
        assert not {firm.pk for firm in further.firms} & {firm.pk for firm in look.firms}


@pytest.mark.django_db
def test_a_common_word_is_counted_to_a_hundred(office: Office, monkeypatch) -> None:
    monkeypatch.setattr(register.search, "find", functools.partial(search.find, limit=30))
    many(office, 120)
    found = queries.narrow(queries.visible(office.actor("dispatcher")), {"q": "光电"}, NOW.date())
    assert found.bound == register.SCANNED
    look = queries.look(found, before=None, limit=50)
    assert (look.number, look.many, len(look.firms)) == (100, True, 50)


@pytest.mark.django_db
def test_a_select_that_is_remembered_knows_language_and_value(office: Office) -> None:
    def drawn(language: str, **chosen: str) -> str:
        with translation.override(language):
            return str(FilterForm(chosen, actor=office.actor("dispatcher"), today=NOW.date())["size"])

    assert "大型" in drawn("zh-hans")
    assert "大型" not in drawn("en")
    assert '<option value="small" selected>' in drawn("en", size="small")
    assert drawn("en", size="small") == drawn("en", size="small") != drawn("en", size="large")
