"""Sound rows of the tables of feedback, and what breaks their constraints."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models

from tests.support.office import NOW, Office
from zhitong.cases.models import Case
from zhitong.feedback import services
from zhitong.feedback.models import Effect, Exclusion, ReturnVisit, Thanks

Make = Callable[[Office], dict[str, Any]]


def rows(office: Office, case: Case) -> list[models.Model]:
    """What is rated, asked, left out, thanked for and followed once a case is answered."""
    users = office.users
    return [
        services.rate(by=office.actor("firm_a"), now=NOW, case=case, stars=5),
        ReturnVisit.objects.create(
            case=case, way="call", reached=True, valid=True, contacted=True, solved=True, grade=5,
            by_user=users["district"], at=NOW,
        ),
        Exclusion.objects.create(
            case=case, reason="routed", words="x", asked_by=users["district"], asked_at=NOW
        ),
        Thanks.objects.create(
            case=case, kind="banner", text="锦旗", received_on=NOW.date(), by_unit=True,
            entered_by=users["handler"], entered_at=NOW,
        ),
        Effect.objects.create(
            case=case, text="x", expected_by=NOW.date(), next_look=NOW.date(), entered_by=users["head"],
            entered_at=NOW,
        ),
    ]  # fmt: skip


SOUND: dict[str, Make] = {
    "feedback.effect": lambda _: {"text": "another"},
    "feedback.thanks": lambda _: {"kind": "letter"},
    "feedback.rating": lambda _: {"round": 1},
    "feedback.returnvisit": lambda _: {"round": 1},
    "feedback.exclusion": lambda office: {"case": office.case("b")},
}
BROKEN: dict[str, list[Make]] = {
    "feedback.thanks.a_case_is_thanked_for_once_a_kind": [],
    "feedback.thanks.a_kind_of_thanks_is_known": [lambda _: {"kind": "medal"}],
    "feedback.thanks.thanks_say_something": [lambda _: {"kind": "letter", "text": ""}],
    "feedback.thanks.withdrawn_thanks_have_a_reason": [
        lambda _: {"kind": "letter", "withdraw_reason": "x"},
        lambda _: {"withdrawn_at": NOW},
        lambda office: {"withdrawn_at": NOW, "withdrawn_by": office.users["handler"]},
    ],
    "feedback.effect.an_effect_is_expected_once": [],
    "feedback.effect.an_effect_says_what": [lambda _: {"text": ""}],
    "feedback.effect.an_expected_effect_is_looked_at": [
        lambda _: {"text": "y", "next_look": None},
        lambda office: {
            "text": "y",
            "state": "there",
            "said_at": NOW,
            "said_by": office.users["head"],
            "said_text": "z",
        },
    ],
    "feedback.effect.an_effect_is_there_when_said": [
        lambda _: {"text": "y", "state": "dream", "next_look": None},
        lambda _: {"text": "y", "state": "there", "next_look": None},
        lambda _: {"text": "y", "said_at": NOW},
    ],
    "feedback.effect.a_confirmed_effect_has_its_day": [lambda _: {"text": "y", "confirmed_at": NOW}],
    "feedback.effect.a_word_by_phone_has_its_reason": [
        lambda _: {"text": "y", "confirmed_by_phone": True},
        lambda _: {"text": "y", "phone_reason": "z"},
    ],
    "feedback.effect.a_dropped_effect_has_its_reason": [
        lambda _: {"text": "y", "state": "dropped", "next_look": None},
        lambda _: {"text": "y", "dropped_at": NOW},
    ],
    "feedback.rating.an_answer_is_rated_once": [],
    "feedback.rating.a_rating_has_1_to_5_stars": [lambda _: {"grade": 0}, lambda _: {"grade": 6}],
    "feedback.returnvisit.one_valid_visit_an_answer": [],
    "feedback.returnvisit.a_valid_visit_has_all_answers": [
        lambda _: {"solved": None},
        lambda _: {"grade": None},
        lambda _: {"contacted": None},
        lambda _: {"reached": False, "contacted": None, "solved": None, "grade": None},
    ],
    "feedback.returnvisit.nobody_reached_said_nothing": [lambda _: {"valid": False, "reached": False}],
    "feedback.returnvisit.a_visit_has_1_to_5_stars": [lambda _: {"grade": 0}, lambda _: {"grade": 6}],
    "feedback.returnvisit.visit_way_known": [lambda _: {"way": "dream"}],
    "feedback.exclusion.a_case_is_left_out_once": [],
    "feedback.exclusion.a_decided_exclusion_has_its_day": [
        lambda _: {"decision": "approved"},
        lambda _: {"decided_at": NOW},
    ],
    "feedback.exclusion.nobody_leaves_out_alone": [
        lambda office: {
            "decision": "approved",
            "decided_at": NOW,
            "asked_by": office.users["district"],
            "decided_by": office.users["district"],
        }
    ],
    "feedback.exclusion.exclusion_words_known": [lambda _: {"reason": "weather"}],
}
