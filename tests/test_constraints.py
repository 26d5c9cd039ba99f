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
from tests.commons import rows as commons
from tests.drafts import rows as drafts
from tests.enterprises import rows as register
from tests.feedback import rows as feedback
from tests.insight import rows as insight
from tests.notices import rows as notices
from tests.replies import rows as replies
from tests.reports import rows as reports
from tests.supervision import rows as supervision
from tests.support import asides
from tests.support.office import NOW, Office
from tests.webhooks import rows as webhooks
from zhitong.cases import services as case_services
from zhitong.cases.models import Alarm, Assist, Call, CategoryChoice, Presence
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
from zhitong.orgs.models import Delegation, Duty, Notice, SavedView

__all__ = ["office", "quick_passwords"]

HOUR = timedelta(hours=1)


def _part_told(office: Office) -> dict[str, Any]:
    """What names a part and a step of which somebody was told before."""
    case_services.ask_help(
        by=office.actor("handler"), now=NOW, case=office.until("handling"), department=office.units["works"],
        text="请查看。",
    )  # fmt: skip
    assist = Assist.objects.latest("pk")
    told = {"assist": assist, "clock": "assist", "overdue": 98}
    Alarm.objects.create(
        case=assist.case, clock_started_at=NOW, role="supervisor",
        department=assist.department, at=NOW, **told,
    )  # fmt: skip
    return told


def _sounded(office: Office) -> dict[str, Any]:
    """The columns of an answered question."""
    return {"answer": "ours", "answered_at": NOW, "answered_by": office.users["worker"], "ended_at": NOW}


Make = Callable[[Office], dict[str, Any]]
# A row that is sound and new, by model: what to change of an existing one so that it can be written again.
SOUND: dict[str, Make] = {
    **register.SOUND,
    **replies.SOUND,
    **commons.SOUND,
    **drafts.SOUND,
    **reports.SOUND,
    **feedback.SOUND,
    **notices.SOUND,
    **supervision.SOUND,
    **insight.SOUND,
    **webhooks.SOUND,
    "cases.alarm": lambda _: {"overdue": 99},
    "cases.ask": lambda office: {"case": office.case("b")},
    "cases.assist": lambda office: {"department": office.units["district"]},
    "cases.call": lambda _: {"source": "another"},
    "cases.categorychoice": lambda _: {},
    "cases.charge": lambda office: {"case": office.case("b"), "ended_at": None, "taken": False},
    "cases.case": lambda _: {"number": "X-2026-000999"},
    "cases.presence": lambda office: {"user": office.users["head"]},
    "cases.sounding": lambda office: {"department": office.units["district"]},
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
    "orgs.savedview": lambda _: {"name": "another"},
    "orgs.user": lambda _: {"username": "another", "phone": None},
}
# The clock of a case that has ended.
ENDED = {"ended_at": NOW, "due_at": None, "clock": "", "clock_started_at": None}
# What breaks a constraint, on top of a sound row; an empty change repeats the fields of a unique one.
BROKEN: dict[str, list[Make]] = {
    **register.BROKEN,
    **replies.BROKEN,
    **commons.BROKEN,
    **drafts.BROKEN,
    **reports.BROKEN,
    **feedback.BROKEN,
    **notices.BROKEN,
    **supervision.BROKEN,
    **insight.BROKEN,
    **webhooks.BROKEN,
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
    "cases.categorychoice.a_choice_changes_the_category": [lambda _: {"before": "roads"}],
    "cases.charge.one_unit_is_charged_with_a_case": [],
    "cases.charge.a_charge_ends_after_it_began": [
        lambda _: {"ended_at": NOW - HOUR},
        lambda _: {"taken": True},
    ],
    "cases.call.a_call_is_asked_for_once": [],
    "cases.call.a_call_is_open_until_it_ends": [lambda _: {"ended_at": NOW}, lambda _: {"state": "reached"}],
    "cases.call.call_state_known": [lambda _: {"state": "lost", "ended_at": NOW}],
    "cases.call.a_unit_that_is_called_has_a_name": [
        lambda _: {"whom": "unit"},
        lambda office: {"callee": office.units["works"]},
    ],
    "cases.alarm.a_clock_climbs_a_step_once": [],
    "cases.alarm.a_part_climbs_a_step_once": [_part_told],
    "cases.case.a_case_repeats_another_one_when_refused": [
        lambda office: {"repeats": office.case()},
        lambda _: {"id": 10**6, "repeats": 10**6, "route": "repeated"},
    ],
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
    "cases.assist.only_a_reply_is_entered_for_a_unit": [lambda _: {"entered_for": True}],
    "cases.presence.somebody_is_here_once": [],
    "cases.assist.an_objection_is_decided_by_a_day": [
        lambda _: {"state": "returned"},
        lambda _: {"decide_due_at": NOW},
    ],
    "cases.sounding.one_open_sounding_a_department": [],
    "cases.sounding.a_sounding_asks_something": [lambda _: {"question": ""}],
    "cases.sounding.an_answered_sounding_has_ended": [
        lambda _: {"answer": "ours"},
        lambda _: {"answered_at": NOW},
        lambda office: {**_sounded(office), "ended_at": None},
        lambda office: {**_sounded(office), "answer": "perhaps"},
    ],
    "cases.sounding.not_ours_names_its_basis": [lambda office: {**_sounded(office), "answer": "not_ours"}],
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
    "orgs.savedview.a_saved_view_has_its_own_name": [],
    "orgs.user.username": [],
    "orgs.user.phone": [lambda _: {"phone": "13800000001"}],
}


def ours() -> Iterator[type[models.Model]]:
    return (model for model in apps.get_models() if model.__module__.startswith("zhitong."))


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


def _asked(office: Office) -> models.Model:
    """A unit that was asked before the dispatch and has not answered yet."""
    case = case_services.sound(
        by=office.actor("district"), now=NOW, case=office.until("accepted"), question="是否属你单位职责？",
        departments=[office.units["works"]],
    )  # fmt: skip
    return case.soundings.get()


@pytest.fixture
def rows(office: Office) -> dict[str, models.Model]:
    """One sound row of each model that has a constraint."""
    running = office.until("dispatched")
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
        *commons.rows(office, running),
        *drafts.rows(office),
        *notices.rows(office),
        *reports.rows(running.lead),
        helped.assists.get(),
        _asked(office),
        *supervision.rows(office, running),
        *insight.rows(office, running),
        *webhooks.rows(running),
        Alarm.objects.create(
            case=running, clock=running.clock, clock_started_at=running.clock_started_at, overdue=3,
            role=Role.LEADER_IN_CHARGE, department=running.accountable, at=NOW,
        ),
        Presence.objects.create(user=users["handler"], case=running, since=NOW, seen_at=NOW),
        SavedView.objects.create(user=users["handler"], place="cases", name="n", saved_at=NOW),
        CategoryChoice.objects.create(case=running, at=NOW, category="roads", tree=1),
        Call.objects.create(
            case=running, whom="firm", caller=running.intake, source="test", asked_at=NOW, due_at=NOW + HOUR
        ),
        *feedback.rows(office, office.until("reviewed")),
        Duty.objects.create(department=units["industry"], user=users["head"], since=NOW, until=NOW + HOUR),
        stage, asking.asks.get(), running, running.stretches.first(), running.charges.get(), users["head"], units["district"],
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
