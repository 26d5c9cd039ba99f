"""Requests of programs at the same time: one effect, one answer, one count."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cases.conftest import quick_passwords
from tests.core.threads import at_once
from tests.support import office as offices
from tests.support.office import NOW
from tests.support.programs import ask, key
from zhitong.cases.models import Case
from zhitong.core import clock
from zhitong.enterprises import services
from zhitong.enterprises.models import ApiToken

__all__ = ["quick_passwords"]
SENT = {"text": "Trucks cannot pass.", "original_number": "12345-7", "region": "350111"}


@pytest.fixture
def secret(committed_db: Any, quick_passwords: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """The key of a program, in a database in which commits are real."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return key(offices.build())


def test_a_case_sent_four_times_at_once_is_one_case(secret: str) -> None:
    with_key = at_once(4, lambda _: ask(secret, "/cases", SENT, once="the-same"))
    assert {answer.status_code for answer in with_key} == {201}, [answer.content for answer in with_key]
    assert len({answer.content for answer in with_key}) == 1
    without = at_once(4, lambda _: ask(secret, "/cases", SENT | {"original_number": "8"}))
    assert {answer.status_code for answer in without} == {201}
    assert len({answer.content for answer in without}) == 1, "the number of the platform holds them together"
    other = at_once(4, lambda at: ask(secret, "/cases", SENT | {"original_number": f"9{at}"}, once="one"))
    assert sorted(answer.status_code for answer in other) == [201, 409, 409, 409]
    assert Case.objects.count() == 3


def test_no_request_slips_past_the_limit(secret: str) -> None:
    token = ApiToken.objects.get().pk
    for _ in range(2):
        ApiToken.objects.update(minute=None, asked=0)
        waits = at_once(8, lambda _: services.count_request(token=token, most=5, now=NOW))
        assert sum(wait == 0 for wait in waits) == 5, waits
