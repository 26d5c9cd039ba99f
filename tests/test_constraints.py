"""Every constraint of our models is broken once behind the services' back; the database itself must refuse."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from tests.cases.conftest import office, quick_passwords
from tests.enterprises import rows as register
from tests.replies import rows as replies
from tests.support import asides
from tests.support.office import NOW, Office
from zhitong.cases import services as case_services
from zhitong.cases.models import Alarm, Call, Case
from zhitong.core.actor import Role
from zhitong.core.models import (
    AuditEvent,
    AuditSeal,
    CalendarDay,
    IdempotencyKey,
    NumberSeries,
    OutboxMessage,
    ScheduleRun,
    Upload,
)
from zhitong.feedback import services as feedback_services
from zhitong.feedback.models import Effect, Exclusion, ReturnVisit, Thanks
from zhitong.orgs.models import Delegation, Duty, Notice
from zhitong.supervision import services as supervision_services
from zhitong.supervision.models import Check, Sample, WeekItem, WeekList

__all__ = ["office", "quick_passwords"]

HOUR = timedelta(hours=1)
Make = Callable[[Office], dict[str, Any]]
# A row that is sound and new, by model: what to change of an existing one so that it can be written again.
SOUND: dict[str, Make] = {
    **register.SOUND,
    **replies.SOUND,
    "cases.alarm": lambda _: {"overdue": 99},
    "cases.ask": lambda office: {"case": office.case("b")},
    "cases.assist": lambda office: {"department": office.units["district"]},
    "cases.call": lambda _: {"source": "another"},
    "cases.case": lambda _: {"number": "X-2026-000999"},
    "cases.stage": lambda _: {"seq": 99},
    "cases.stretch": lambda _: {"seq": 99},
    "core.auditevent": lambda _: {},
    "core.auditseal": lambda _: {"seq": 10**6, "event_id": 10**6},
    "core.calendarday": lambda _: {"date": date(2026, 6, 9)},
    "core.idempotencykey": lambda _: {"key": "another"},
    "core.numberseries": lambda _: {"name": "another"},
    "core.outboxmessage": lambda _: {},
    "core.schedulerun": lambda _: {"name": "another"},
    "core.upload": lambda _: {"id": uuid.uuid4()},
    "feedback.effect": lambda _: {"text": "another"},
    "feedback.thanks": lambda _: {"kind": "letter"},
    "feedback.rating": lambda _: {"round": 1},
    "feedback.returnvisit": lambda _: {"round": 1},
    "feedback.exclusion": lambda office: {"case": office.case("b")},
    "supervision.matter": lambda _: {"number": "D2026-9999"},
    "supervision.mattercase": lambda office: {"case": office.case("b")},
    "supervision.task": lambda office: {"department": office.units["district"]},
    "supervision.report": lambda _: {},
    "supervision.sample": lambda _: {"since": NOW.date() - timedelta(days=9)},
    "supervision.check": lambda office: {"case": office.case("b")},
    "supervision.weeklist": lambda _: {"monday": NOW.date()},
    "supervision.weekitem": lambda office: {"case": office.case("b")},
    "supervision.referral": lambda office: {"case": office.case("b")},
    "orgs.delegation": lambda _: {},
    "orgs.department": lambda _: {
        "local_code": "another",
        "path": "/another/",
        "region": "",
        "intake": False,
    },
    "orgs.duty": lambda office: {"user": office.users["handler"]},
    "orgs.notice": lambda _: {"source": "another"},
    "orgs.posting": lambda office: {"department": office.units["works"]},
    "orgs.user": lambda _: {"username": "another", "phone": None},
}
# The clock of a case that has ended.
ENDED = {"ended_at": NOW, "due_at": None, "clock": "", "clock_started_at": None}
# What breaks a constraint, on top of a sound row; an empty change repeats the fields of a unique one.
BROKEN: dict[str, list[Make]] = {
    **register.BROKEN,
    **replies.BROKEN,
    "cases.case.number": [],
    "cases.case.case_owner_is_intake_or_lead": [lambda office: {"accountable": office.units["works"]}],
    "cases.case.case_has_one_clock_until_it_ends": [
        lambda _: {"due_at": None},
        lambda _: {"clock": ""},
        lambda _: {"clock_started_at": None},
        lambda _: {"ended_at": NOW, "answer": "done"},
        lambda _: {"ended_at": NOW, "due_at": None, "clock": "", "answer": "done"},
        lambda _: {"due_at": None, "clock": "", "clock_started_at": None},
    ],
    "cases.case.case_clock_starts_after_the_case": [lambda _: {"clock_started_at": NOW - HOUR}],
    "cases.case.case_outcome_known": [lambda _: {"outcome": "miracle"}],
    "cases.case.case_has_a_title": [lambda _: {"title": ""}],
    "cases.case.case_ends_with_an_answer": [
        lambda _: ENDED | {"state": "closed"},
        lambda _: ENDED | {"state": "refused"},
    ],
    "cases.case.a_complaint_is_confidential": [lambda office: {"accused": office.units["works"]}],
    "cases.case.case_asks_only_while_handled": [lambda _: {"asking": "plan"}],
    "cases.case.planned_case_has_a_grade": [lambda _: {"state": "planned"}],
    "cases.case.a_protected_reporter_speaks_in_confidence": [lambda _: {"protected": True}],
    "cases.case.a_merged_case_names_its_main_case": [
        lambda _: {"state": "merged"},
        lambda office: {"state": "merged", "confidential": True, "merged_into": office.case()},
    ],
    "cases.case.no_case_is_merged_into_itself": [lambda _: {"id": 10**6, "merged_into": 10**6}],
    "cases.call.a_call_is_asked_for_once": [],
    "cases.call.a_call_is_open_until_it_ends": [lambda _: {"ended_at": NOW}, lambda _: {"state": "reached"}],
    "cases.call.call_state_known": [lambda _: {"state": "lost", "ended_at": NOW}],
    "cases.call.a_unit_that_is_called_has_a_name": [
        lambda _: {"whom": "unit"},
        lambda office: {"callee": office.units["works"]},
    ],
    "cases.alarm.a_clock_climbs_a_step_once": [],
    "cases.alarm.an_alarm_is_late": [lambda _: {"overdue": 0}],
    "cases.ask.one_open_request_a_case": [],
    "cases.ask.a_decided_request_has_its_day": [
        lambda _: {"decision": "granted"},
        lambda _: {"decided_at": NOW},
    ],
    "cases.ask.request_of_a_known_kind": [lambda _: {"kind": "holiday"}],
    "cases.ask.request_decided_in_a_known_way": [lambda _: {"decision": "perhaps", "decided_at": NOW}],
    "cases.assist.one_open_assist_a_department": [],
    "cases.assist.an_assist_runs_until_it_ends": [
        lambda _: {"state": "answered", "reply": "x"},
        lambda _: {"ended_at": NOW},
    ],
    "cases.assist.an_answered_assist_says_something": [lambda _: {"state": "answered", "ended_at": NOW}],
    "cases.assist.assist_state_known": [lambda _: {"state": "lost", "ended_at": NOW}],
    "cases.stage.stages_are_numbered": [],
    "cases.stage.a_stage_has_a_goal": [lambda _: {"goal": ""}],
    "cases.stretch.stretches_are_numbered": [],
    "cases.stretch.a_stretch_ends_after_it_began": [lambda _: {"until": NOW - HOUR}],
    "cases.stretch.a_stretch_has_a_clock": [lambda _: {"clock": ""}],
    "core.auditevent.audit_result_known": [lambda _: {"result": "perhaps"}],
    "core.auditseal.seq": [],
    "core.auditseal.event_id": [],
    "core.calendarday.calendar_one_entry_a_day": [],
    "core.calendarday.calendar_kind_fits_its_origin": [
        lambda _: {"kind": "local_off", "local": False},
        lambda _: {"kind": "holiday", "local": True},
        lambda _: {"kind": "weekend"},
    ],
    "core.idempotencykey.idempotency_once_a_principal": [],
    "core.numberseries.number_one_row_a_year": [],
    "core.outboxmessage.outbox_done_has_its_time": [
        lambda _: {"state": "done"},
        lambda _: {"state": "dead", "done_at": NOW},
        lambda _: {"state": "lost"},
    ],
    "core.schedulerun.schedule_once_a_due_time": [],
    "core.upload.upload_kind_known": [lambda _: {"kind": "program"}],
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
    "orgs.delegation.a_delegation_ends_after_it_began": [lambda _: {"until": NOW}],
    "orgs.delegation.nobody_stands_in_for_themselves": [lambda office: {"stand_in": office.users["head"]}],
    "orgs.department.local_code": [],
    "orgs.department.path": [],
    "orgs.department.one_intake_unit_a_region": [lambda _: {"region": "350111", "intake": True}],
    "orgs.department.intake_unit_has_a_region": [lambda _: {"intake": True}],
    "orgs.duty.a_turn_ends_after_it_began": [lambda _: {"until": NOW}],
    "orgs.duty.a_turn_stands_once_on_the_roster": [],
    "orgs.notice.a_notice_is_given_once": [],
    "orgs.posting.a_post_is_held_once": [],
    "orgs.posting.a_post_ends_after_it_began": [lambda _: {"until": NOW - HOUR}],
    "orgs.posting.a_post_has_a_staff_role": [lambda _: {"role": Role.FIRM_ADMIN}, lambda _: {"role": "king"}],
    "orgs.user.username": [],
    "orgs.user.phone": [lambda _: {"phone": "13800000001"}],
}


def ours() -> Iterator[type[models.Model]]:
    return (model for model in apps.get_models() if model.__module__.startswith("zhitong."))


def _reported(office: Office) -> dict[str, Any]:
    return {"reported_by": office.users["head"], "reported_at": NOW}


def constraints() -> Iterator[tuple[str, type[models.Model], tuple[str, ...]]]:
    """Yield each constraint's name, model and, of a unique one, the fields."""
    for model in ours():
        for row in model._meta.constraints:
            yield f"{model._meta.label_lower}.{row.name}", model, tuple(getattr(row, "fields", ()))
        for field in model._meta.concrete_fields:
            if field.unique and not (field.primary_key and (field.has_default() or field.auto_created)):
                yield f"{model._meta.label_lower}.{field.name}", model, (field.name,)


# A year is its own key and is replaced when it is loaded again.
KNOWN = {"core.calendaryear.year"}
CONSTRAINTS = {name: (model, fields) for name, model, fields in constraints() if name not in KNOWN}


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


@pytest.fixture
def rows(office: Office) -> dict[str, models.Model]:
    """One sound row of each model that has a constraint."""
    rated = office.until("reviewed")
    running = office.until("dispatched")
    rating = feedback_services.rate(by=office.actor("firm_a"), now=NOW, case=rated, stars=5)
    users, units = office.users, office.units
    stage = asides.aside(
        "planned",
        case=office.until("handling"),
        now=NOW,
        intake=office.actor("district"),
        handler=office.actor("handler"),
    ).stages.first()
    helped = office.until("handling")
    case_services.ask_help(
        by=office.actor("handler"), now=NOW, case=helped, department=office.units["works"], text="查看管线"
    )
    asking = asides.ask("plan", by=office.actor("handler"), now=NOW, case=office.until("handling"))
    users["head"].phone = "13800000001"
    users["head"].save()
    made = [
        *register.rows(office),
        *replies.rows(running),
        helped.assists.get(),
        *supervised(office, running),
        *_drawn(office, running),
        Alarm.objects.create(
            case=running, clock=running.clock, clock_started_at=running.clock_started_at, overdue=3,
            role=Role.LEADER_IN_CHARGE, department=running.accountable, at=NOW,
        ),
        Call.objects.create(
            case=running, whom="firm", caller=running.intake, source="test", asked_at=NOW, due_at=NOW + HOUR
        ),
        ReturnVisit.objects.create(
            case=rated, way="call", reached=True, valid=True, contacted=True, solved=True, grade=5,
            by_user=users["district"], at=NOW,
        ),
        Exclusion.objects.create(
            case=rated, reason="routed", words="x", asked_by=users["district"], asked_at=NOW
        ),
        Thanks.objects.create(
            case=rated, kind="banner", text="锦旗", received_on=NOW.date(), by_unit=True,
            entered_by=users["handler"], entered_at=NOW,
        ),
        Effect.objects.create(
            case=rated, text="x", expected_by=NOW.date(), next_look=NOW.date(), entered_by=users["head"],
            entered_at=NOW,
        ),
        Duty.objects.create(department=units["industry"], user=users["head"], since=NOW, until=NOW + HOUR),
        stage, asking.asks.get(), rating, running, running.stretches.first(), users["head"], units["district"],
        users["handler"].postings.get(),
        AuditEvent.objects.first(), AuditSeal.objects.first() or AuditSeal.objects.create(seq=1, event_id=1, digest="0"),
        OutboxMessage.objects.first(), CalendarDay.objects.get(date=date(2026, 6, 19)), NumberSeries.objects.get(name="case"),
        Notice.objects.create(user=users["head"], msgid="New", source="test", created_at=NOW),
        Upload.objects.create(
            owner="user:1", kind="photo", mime="image/jpeg", name="a.jpg", size=1, sha256="0", path="a", created_at=NOW
        ),
        IdempotencyKey.objects.create(principal="user:1", key="form", action="test", fingerprint="0", at=NOW),
        ScheduleRun.objects.create(name="test", due_at=NOW, started_at=NOW),
        Delegation.objects.create(
            absentee=users["head"], stand_in=users["chief"], since=NOW, until=NOW + HOUR, reason="出差"
        ),
    ]  # fmt: skip
    return {row._meta.label_lower: row for row in made}


def supervised(office: Office, case: models.Model) -> list[models.Model]:
    """An instruction about a case, its task and a report on it."""
    word = supervision_services.Word(
        departments=(office.units["industry"],), text="请尽快办理。", days=3, cases=(case,)
    )
    matter = supervision_services.instruct(by=office.actor("leader"), now=NOW, word=word)
    handler = office.actor("handler")
    task = supervision_services.sign(by=handler, now=NOW, task=matter.tasks.get())
    task = supervision_services.report(by=handler, now=NOW, task=task, text="已到现场。")
    referral = supervision_services.propose(
        by=office.actor("district"), now=NOW, case=case, to_department=office.units["city"],
        brief=supervision_services.Brief("缺口", "资金", "各方同意", "开会"),
    )  # fmt: skip
    return [matter, matter.links.get(), task, task.reports.get(), referral]


def write(row: models.Model, changes: dict[str, Any]) -> None:
    """Insert a copy of a row with some columns changed, past every service and every validation."""
    model = type(row)
    named = {
        field.name: getattr(row, field.attname)
        for field in model._meta.concrete_fields
        if not field.auto_created
    }
    columns = named | {name: getattr(value, "pk", value) for name, value in changes.items()}
    model(**{model._meta.get_field(name).attname: value for name, value in columns.items()}).save(
        force_insert=True
    )


@pytest.mark.parametrize("name", sorted(CONSTRAINTS))
def test_the_database_refuses(rows, office: Office, name: str) -> None:
    model, fields = CONSTRAINTS[name]
    row = rows[model._meta.label_lower]
    sound = SOUND[model._meta.label_lower](office)
    with transaction.atomic():
        write(row, sound)
        transaction.set_rollback(True)
    repeated = {field: value for field, value in sound.items() if field not in fields}
    for changes in BROKEN[name] or [lambda _: {}]:
        with pytest.raises(IntegrityError) as caught, transaction.atomic():
            write(row, (repeated if fields else sound) | changes(office))
        assert concerns(str(caught.value), name, model, fields), f"another constraint refused: {caught.value}"


def concerns(sentence: str, name: str, model: type[models.Model], fields: tuple[str, ...]) -> bool:
    """Whether the database speaks of this constraint; SQLite names the columns of a unique one."""
    columns = [model._meta.get_field(field).column for field in fields]
    if connection.vendor == "sqlite" and fields:
        return sentence.startswith("UNIQUE") and all(f".{column}" in sentence for column in columns)
    last = name.rpartition(".")[2]
    return last in sentence or (bool(columns) and f"({', '.join(columns)})" in sentence)


def test_the_owner_of_a_case_without_lead_is_its_intake_unit(rows, office: Office) -> None:
    sound = SOUND["cases.case"](office) | {"lead": None}
    with pytest.raises(IntegrityError, match="case_owner_is_intake_or_lead"), transaction.atomic():
        write(rows["cases.case"], sound | {"accountable": office.units["works"]})


def test_every_constraint_has_an_example_and_every_example_a_constraint() -> None:
    assert set(BROKEN) == set(CONSTRAINTS)


@pytest.mark.parametrize("statement", ["INSERT", "UPDATE"])
def test_rows_name_rows_that_exist(rows, office: Office, statement: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():  # noqa: PT012 - the savepoint belongs to it
        if statement == "INSERT":
            write(rows["cases.case"], SOUND["cases.case"](office) | {"enterprise": 10**9})
        else:
            type(rows["cases.case"]).objects.update(person=10**9)
        connection.check_constraints()
