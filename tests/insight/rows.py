"""Sound rows of the tables of precedents and canned answers, and what breaks their constraints."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import models

from tests.support.office import NOW, Office
from zhitong.cases.models import Case
from zhitong.insight.models import CannedAnswer, Precedent, Use

Make = Callable[[Office], dict[str, Any]]


def _reviewed(office: Office) -> dict[str, Any]:
    return {"reviewer": office.users["head"], "reviewed_at": NOW, "nobody_named": True}


def _withdrawn(office: Office) -> dict[str, Any]:
    given = {"withdrawn_by": office.users["head"], "withdrawn_at": NOW, "words": "过时"}
    return {"state": "withdrawn", **given}


def rows(office: Office, running: Case) -> list[models.Model]:
    """One sound row of each table."""
    precedent = Precedent.objects.create(
        case=running, department=office.units["industry"], title="一", question="二", answer="三",
        valid_until=NOW.date() + timedelta(days=9), author=office.users["handler"], made_at=NOW, changed_at=NOW,
    )  # fmt: skip
    use = Use.objects.create(precedent=precedent, case=running, by_user=office.users["handler"], at=NOW)
    canned = CannedAnswer.objects.create(
        department=office.units["industry"], title="一", text="二", changed_by=office.users["handler"],
        changed_at=NOW,
    )  # fmt: skip
    return [precedent, use, canned]


SOUND: dict[str, Make] = {
    "insight.precedent": lambda office: {"case": office.case("b")},
    "insight.use": lambda office: {"case": office.case("b")},
    "insight.cannedanswer": lambda _: {"title": "二"},
}
BROKEN: dict[str, list[Make]] = {
    "insight.precedent.a_case_has_one_live_precedent": [],
    "insight.precedent.precedent_state_known": [lambda _: {"state": "lost"}],
    "insight.precedent.a_precedent_says_three_things": [
        lambda _: {"title": ""},
        lambda _: {"question": ""},
        lambda _: {"answer": ""},
    ],
    "insight.precedent.nobody_reviews_their_own_precedent": [
        lambda office: {"state": "published", **_reviewed(office), "reviewer": office.users["handler"]}
    ],
    "insight.precedent.a_published_precedent_was_reviewed": [
        lambda _: {"state": "published"},
        lambda office: {"state": "published", **_reviewed(office), "nobody_named": False},
        lambda office: {"state": "published", **_reviewed(office), "reviewed_at": None},
    ],
    "insight.precedent.a_precedent_is_withdrawn_with_a_reason": [
        lambda office: {**_withdrawn(office), "words": ""},
        lambda office: {**_withdrawn(office), "withdrawn_by": None},
        lambda office: {**_withdrawn(office), "state": "draft"},
    ],
    "insight.use.a_precedent_is_used_once_a_case": [],
    "insight.cannedanswer.a_canned_answer_has_its_own_title": [],
    "insight.cannedanswer.a_canned_answer_says_something": [
        lambda _: {"title": ""},
        lambda _: {"text": ""},
    ],
}
