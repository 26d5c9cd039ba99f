"""Sound rows of the tables of supervision, and what breaks their constraints."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import models

from tests.support.office import NOW, Office
from zhitong.cases.models import Case
from zhitong.supervision import services
from zhitong.supervision.models import Check, Measure, Sample, WeekItem, WeekList

Make = Callable[[Office], dict[str, Any]]


def _reported(office: Office) -> dict[str, Any]:
    return {"reported_by": office.users["head"], "reported_at": NOW}


def _instructed(office: Office, case: models.Model) -> list[models.Model]:
    """An instruction about a case, its task and a report on it."""
    word = services.Word(departments=(office.units["industry"],), text="请尽快办理。", days=3, cases=(case,))
    matter = services.instruct(by=office.actor("leader"), now=NOW, word=word)
    handler = office.actor("handler")
    task = services.sign(by=handler, now=NOW, task=matter.tasks.get())
    task = services.report(by=handler, now=NOW, task=task, text="已到现场。")
    referral = services.propose(
        by=office.actor("district"), now=NOW, case=case, to_department=office.units["city"],
        brief=services.Brief("缺口", "资金", "各方同意", "开会"),
    )  # fmt: skip
    circular = Measure.objects.create(
        task=task,
        step="circular",
        day=NOW.date(),
        text="予以通报。",
        by_user=office.users["supervisor"],
        at=NOW,
    )
    return [matter, matter.links.get(), task, task.reports.get(), referral, circular]


def _drawn(office: Office, case: Case) -> list[models.Model]:
    """A drawing and a case of it that nobody has checked yet; a weekly list and a case on it."""
    sample = Sample.objects.create(
        department=office.units["city"], since=NOW.date(), until=NOW.date(), seed="a", numbers=[], digest="a",
        percent=5, most=50, drawn_by=office.users["supervisor"], drawn_at=NOW,
    )  # fmt: skip
    return [sample, Check.objects.create(sample=sample, case=case, place=1), *_listed(office, case)]


def _listed(office: Office, case: Case) -> list[models.Model]:
    """A list of a week, and a case that stands on it."""
    week = WeekList.objects.create(
        department=office.units["district"], monday=NOW.date() - timedelta(days=4), made_at=NOW,
        ends_at=NOW + timedelta(days=3),
    )  # fmt: skip
    return [week, WeekItem.objects.create(week=week, case=case, why="due")]


def rows(office: Office, running: Case) -> list[models.Model]:
    """One sound row of each table about a running case."""
    return [*_instructed(office, running), *_drawn(office, running)]


SOUND: dict[str, Make] = {
    "supervision.matter": lambda _: {"number": "D2026-9999"},
    "supervision.mattercase": lambda office: {"case": office.case("b")},
    "supervision.task": lambda office: {"department": office.units["district"]},
    "supervision.report": lambda _: {},
    "supervision.measure": lambda _: {"step": "talk", "people": "x", "place": "x", "result": "x"},
    "supervision.sample": lambda _: {"since": NOW.date() - timedelta(days=9)},
    "supervision.check": lambda office: {"case": office.case("b")},
    "supervision.weeklist": lambda _: {"monday": NOW.date()},
    "supervision.weekitem": lambda office: {"case": office.case("b")},
    "supervision.referral": lambda office: {"case": office.case("b")},
}
BROKEN: dict[str, list[Make]] = {
    "supervision.matter.number": [],
    "supervision.matter.a_written_matter_says_something": [lambda _: {"text": ""}],
    "supervision.matter.a_matter_with_a_text_has_a_title": [lambda _: {"title": ""}],
    "supervision.matter.matter_kind_known": [lambda _: {"kind": "rumour"}],
    "supervision.matter.matter_medium_known": [lambda _: {"medium": "song"}],
    "supervision.mattercase.a_case_is_linked_once_a_matter": [],
    "supervision.task.one_open_task_a_unit": [],
    "supervision.task.an_ended_task_has_its_day": [
        lambda _: {"state": "cancelled"},
        lambda _: {"ended_at": NOW},
    ],
    "supervision.task.task_state_known": [lambda _: {"state": "lost", "ended_at": NOW}],
    "supervision.task.a_closed_task_was_reported": [
        lambda _: {"state": "reported"},
        lambda office: {"state": "reported", "reported_by": office.users["head"]},
    ],
    "supervision.task.a_cleared_task_names_who_cleared_it": [
        lambda office: {"cleared_by": office.users["head"]},
        lambda office: {"state": "cleared", "ended_at": NOW, **_reported(office)},
    ],
    "supervision.task.nobody_clears_their_own_report": [
        lambda office: {
            "state": "cleared",
            "ended_at": NOW,
            "cleared_by": office.users["head"],
            **_reported(office),
        }
    ],
    "supervision.measure.a_measure_is_taken_once": [],
    "supervision.measure.measure_step_known": [lambda _: {"step": "hint"}],
    "supervision.measure.a_measure_says_something": [lambda _: {"text": ""}],
    "supervision.measure.a_talk_is_written_down_whole": [
        lambda _: {"people": ""},
        lambda _: {"place": ""},
        lambda _: {"result": ""},
        lambda _: {"number": "1"},
    ],
    "supervision.referral.one_open_referral_a_case": [],
    "supervision.referral.referral_state_known": [
        lambda office: {"state": "lost", "decided_by": office.users["leader"], "decided_at": NOW}
    ],
    "supervision.referral.a_referral_says_four_things": [
        lambda _: {"problem": ""},
        lambda _: {"sticking_point": ""},
        lambda _: {"views": ""},
        lambda _: {"proposal": ""},
    ],
    "supervision.referral.a_referral_is_open_until_its_day": [
        lambda _: {"decided_at": NOW},
        lambda _: {"state": "withdrawn"},
    ],
    "supervision.referral.a_decision_says_something": [
        lambda office: {"state": "decided", "decided_by": office.users["leader"], "decided_at": NOW}
    ],
    "supervision.sample.a_period_of_a_unit_is_drawn_once": [],
    "supervision.sample.a_sample_has_a_period": [lambda _: {"until": NOW.date() - timedelta(days=10)}],
    "supervision.sample.a_sample_can_be_drawn_again": [lambda _: {"seed": ""}, lambda _: {"digest": ""}],
    "supervision.check.a_case_is_drawn_once": [],
    "supervision.check.a_check_is_whole_or_open": [
        lambda _: {"finding": "true"},
        lambda _: {"found_at": NOW},
        lambda office: {"checker": office.users["supervisor"]},
    ],
    "supervision.weeklist.a_week_of_a_unit_has_one_list": [],
    "supervision.weeklist.a_list_is_made_in_its_week": [lambda _: {"ends_at": NOW - timedelta(days=1)}],
    "supervision.weekitem.a_case_stands_once_on_a_list": [],
    "supervision.weekitem.a_reason_to_clear_is_known": [lambda _: {"why": "rumour"}],
    "supervision.weekitem.an_added_case_has_its_reason": [
        lambda _: {"why": "added"},
        lambda _: {"added_text": "x"},
        lambda office: {"added_by": office.users["district"]},
        lambda office: {"why": "added", "added_by": office.users["district"]},
    ],
    "supervision.weekitem.a_listed_case_counts_its_week": [lambda _: {"weeks": 0}],
    "supervision.weekitem.a_word_on_a_listed_case_is_whole": [
        lambda _: {"said_text": "x"},
        lambda _: {"next_day": NOW.date()},
        lambda _: {"said_at": NOW},
        lambda office: {"said_at": NOW, "said_by": office.users["handler"], "next_day": NOW.date()},
        lambda office: {"said_at": NOW, "said_by": office.users["handler"], "said_text": "x"},
    ],
    "supervision.weekitem.taken_off_a_list_with_a_reason": [
        lambda _: {"off_text": "x"},
        lambda _: {"off_at": NOW},
        lambda office: {"off_at": NOW, "off_by": office.users["district"]},
    ],
    "supervision.report.a_report_says_something": [lambda _: {"text": ""}],
}
