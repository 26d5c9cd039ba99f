"""A simulated office: every case ends, and at no moment is one without owner and clock."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from django.utils import timezone

from tests.support import needs
from tests.support import office as offices
from tests.support.words import PlainWords
from zhitong.cases.models import Case, Stretch
from zhitong.cases.services import moves
from zhitong.config import importing
from zhitong.config.commands import import_messages, load_calendar
from zhitong.config.simulation import Arrival, Report, Simulation, watch
from zhitong.core import audit

SEED = 7


def _arrivals(office: offices.Office, count: int) -> list[Arrival]:
    rng = random.Random(SEED)
    moments = sorted(offices.NOW + timedelta(minutes=rng.randrange(60 * 24 * 40)) for _ in range(count))
    return [
        Arrival(at, partial(office.case, "ab"[number % 2], now=at, text=f"第{number}件:供电不稳。"))
        for number, at in enumerate(moments)
    ]


def _check(day: datetime) -> None:
    found = list(watch.faults())
    assert not found, (day, found[:5])


def _everything_ended(report: Report) -> None:
    assert report.ended == report.cases, "some cases never ended"
    closed = Case.objects.filter(state="closed")
    assert not closed.filter(answer="").exists()
    assert not closed.filter(outcome="").exists()
    audit.seal_pending()
    found = audit.verify()
    assert found.ok, found
    assert not found.unsealed


@pytest.mark.django_db
def test_an_office_of_two_months_ends_every_case() -> None:
    office = offices.build()
    report = Simulation(seed=SEED, words=PlainWords()).run(_arrivals(office, 25), watch=_check)
    _everything_ended(report)
    assert report.cases == 25
    assert {line.clock for line in report.clocks} >= {"accept", "dispatch", "handle", "review"}
    assert "handle" in report.table()


@pytest.mark.django_db
def test_the_same_seed_gives_the_same_past() -> None:
    from django.db import transaction

    tables = []
    for _ in range(2):
        with transaction.atomic():
            office = offices.build()
            tables.append(Simulation(seed=SEED, words=PlainWords()).run(_arrivals(office, 4)).table())
            transaction.set_rollback(True)
    assert tables[0] == tables[1]


def _lose_the_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    real = moves._after
    monkeypatch.setattr(
        moves, "_after", lambda *given: {**real(*given), "accountable_id": given[1].intake_id}
    )


def _lose_a_stretch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moves, "_append_stretch", lambda *_: None)


def _lose_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moves, "_clock", lambda *_: {})


@pytest.mark.django_db
@pytest.mark.parametrize("plant", [_lose_the_owner, _lose_a_stretch, _lose_the_clock])
def test_a_planted_fault_is_found(plant, monkeypatch: pytest.MonkeyPatch) -> None:
    office = offices.build()
    plant(monkeypatch)
    with pytest.raises(Exception, match=r"accountable|stretch|nobody|clock|CHECK|check"):
        Simulation(seed=SEED, words=PlainWords()).run(_arrivals(office, 4), watch=_check)


@pytest.mark.long
@pytest.mark.data
@pytest.mark.django_db
def test_real_messages_all_get_an_answer_and_an_outcome(
    effort: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Real messages go through the services at their own times to their end; the long run takes all of them."""
    offices.build(now=datetime(2010, 1, 1, tzinfo=timezone.get_default_timezone()), calendar=False)
    load_calendar.load()
    path = Path(needs.data()) / "text" / "messages_raw.csv"
    rows, columns = importing.read(path, {})
    now = datetime(2026, 1, 1, tzinfo=timezone.get_default_timezone())
    read = list(importing.messages(rows, columns, now=now, zone=timezone.get_default_timezone()))
    refused = [one for one in read if isinstance(one, importing.Refused)]
    assert not refused, refused[:3]
    arrivals = [
        Arrival(one.at, partial(import_messages.submit, path, one, region="350111", now=one.at))
        for one in read[:: 20 // effort]
    ]
    report = Simulation(seed=SEED, words=PlainWords(), leavers=False).run(arrivals)
    with capsys.disabled():
        print("\n" + report.table())
    assert len(rows) == 2163
    assert report.cases == len(arrivals) == -(-2163 * effort // 20)
    _check(now)
    _everything_ended(report)
    assert Stretch.objects.count() > 5 * report.cases
