"""A server process knows the words of cases before anybody asks, and starts also where it cannot read them."""

from __future__ import annotations

import gc
import logging
from typing import Any

import pytest
from django.db import OperationalError

from tests.support.office import NOW, build
from zhitong.cases import alike
from zhitong.config import warming
from zhitong.core import clock


@pytest.fixture(autouse=True)
def kept_connection(monkeypatch) -> None:
    """The test's own connection stays open."""
    monkeypatch.setattr(warming, "connection", type("Kept", (), {"close": staticmethod(lambda: None)}))
    monkeypatch.setattr(clock, "now", lambda: NOW)


def test_the_first_question_reads_nothing_more(db, django_assert_num_queries) -> None:
    case = build().case()
    warming.warm()
    with django_assert_num_queries(1):  # what came since
        found = alike.remembered.nearest(alike.words_of(case), 3, least=0.3, now=NOW)
    assert list(found) == [case.pk]
    assert len(alike.remembered._index) == 1


def test_a_database_that_cannot_be_read_is_no_reason_not_to_start(db, monkeypatch, caplog) -> None:
    def fail(*_given: Any) -> None:
        raise OperationalError("no such table: cases_case")

    monkeypatch.setattr(alike.remembered, "catch_up", fail)
    with caplog.at_level(logging.WARNING, logger=warming.__name__):
        warming.warm()
    assert "no such table" in caplog.text


def test_a_settled_process_collects_circles_more_rarely_but_collects_them() -> None:
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    try:
        warming.settle()
        assert gc.get_freeze_count() > frozen
        assert gc.get_threshold()[0] > before[0]
        circle: list[Any] = []
        circle.append(circle)
        del circle
        assert gc.collect() >= 1
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
