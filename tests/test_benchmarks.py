"""The city of the speed bench is a whole one: keys, chain, clocks and words stand for every copied case."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import IntegrityError, connection, transaction

from benchmarks import day, loader, table
from tests.support import office as offices
from zhitong.cases import queries
from zhitong.cases import services as case_services
from zhitong.cases.models import Case, Stretch
from zhitong.cases.services import reindex
from zhitong.core import audit, search
from zhitong.core.actor import system
from zhitong.kernel.calendar import Deadline

COUNT = 300


@pytest.fixture
def city(db) -> offices.Office:
    office = offices.build()
    office.until("handling")
    for firm in "ab":  # somebody to stand beside the one that sends very much
        taken_back = office.until("dispatched", firm)
        case_services.withdraw(
            by=office.actor(f"firm_{firm}"), now=offices.NOW, case=taken_back, reason="已解决"
        )
    office.case(now=offices.NOW)
    return office


@pytest.fixture
def copied(city) -> offices.Office:
    loader.multiply(COUNT, now=offices.NOW)
    return city


def test_copies_are_whole(copied) -> None:
    found = loader.check()
    assert found["cases"] == COUNT
    assert found["lines"] > COUNT
    assert 1 <= found["running"] < COUNT / 4
    assert audit.verify().ok


def test_every_running_case_has_one_clock_that_says_when_it_ends(copied) -> None:
    running = Case.objects.filter(ended_at__isnull=True, number__startswith="BENCH")
    assert running.values("due_at").distinct().count() > 1
    for case in running:
        deadline = Deadline.from_json(case.deadline)
        assert deadline.ends == case.due_at or deadline.due == offices_day(case.due_at)


def offices_day(moment) -> object:
    from zhitong.core.clock import local_date

    return local_date(moment)


def test_the_deadline_of_an_ended_stretch_moved_with_it(copied) -> None:
    stretch = Stretch.objects.filter(case__number__startswith="BENCH").order_by("pk").first()
    assert stretch.deadline["start"] == str(offices_day(stretch.clock_started_at))


def test_words_find_the_same_as_an_index_written_by_the_services(copied) -> None:
    rows = queries.visible(system("bench")).order_by("-id")

    def found() -> list[list[int]]:
        asked = ("BENCH", loader.RARE, Case.objects.order_by("pk")[0].text[:6])
        return [
            list(queries.by_words(system("bench"), rows, words).rows.values_list("pk", flat=True))
            for words in asked
        ]

    before = found()
    reindex(by=system("zhitong-reindex"), now=offices.NOW)
    assert before == found()
    assert len(before[0]) > COUNT / 2


def test_numbers_of_new_rows_go_on_after_the_copies(copied) -> None:
    newest = Case.objects.order_by("-pk")[0].pk
    assert copied.case(now=offices.NOW).pk > newest
    audit.seal_pending()
    assert audit.verify().ok


def test_checks_stay_on_and_the_look_sees_what_is_missing(copied) -> None:
    case = Case.objects.filter(ended_at__isnull=True).order_by("-pk")[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(clock="")
    search.drop("cases", [case.pk])
    with pytest.raises(AssertionError, match="not in the index"):
        loader.check()


def test_one_firm_may_send_ten_times_its_share(city) -> None:
    loader._firms(offices.NOW, 2)
    loader.multiply(COUNT, now=offices.NOW, heavy=True)
    region = city.firms["a"].region
    sent = Counter(Case.objects.filter(enterprise__region=region).values_list("enterprise", flat=True))
    (_firm, most), *others = sent.most_common()
    assert len(others) == 2
    usual = sum(number for _firm, number in others) / len(others)
    assert 5 * usual < most < 15 * usual


def test_an_empty_answer_is_an_error_and_no_time(db) -> None:
    with pytest.raises(AssertionError, match="is empty"):
        day.measure({"list": lambda _turn: 0}, 1)
    found = day.measure({"list": lambda _turn: 7}, 3)
    assert found["list"]["rows"] == 7
    assert found["list"]["queries"] == 0


def test_processor_time_of_the_database_is_counted(db) -> None:
    cpu = day.Cpu()
    assert (cpu.path is not None) == (connection.vendor == "postgresql")
    if cpu.path is not None:
        before = cpu._backend()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM generate_series(1, 500000)")
        assert cpu._backend() > before


def test_the_table_shows_every_part() -> None:
    taken = {"p50_ms": 1.0, "p95_ms": 2.0, "best_ms": 1.0, "queries": 1, "rows": 50}
    city = {"version": "SQLite", "loaded": {"cases": 5}, "tasks": {"handler: list": taken}}
    peer = {"version": "other 1", "count": 5, "database": "SQLite", "tasks": {"list": taken}}
    text = table.of({"sqlite 5": city, "sqlite 5 heavy": city, "peers": {"other": peer}}, day.TARGETS)
    assert "| handler: list | 30 | 1.0 / 2.0 |" in text
    assert "| handler: list | 1.0 | 1.0 | 1.0 |" in text
    assert "| other 1: list | 1.0 / 2.0 | 50 |" in text
