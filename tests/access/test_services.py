"""The wall behind the pages: every service asks itself who may, whatever page or program calls it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.access.commons import COMMONS
from tests.access.doors import untouched
from tests.access.draft_services import DRAFTS
from tests.access.house_services import HOUSE
from tests.access.notice_services import NOTICES
from tests.access.outside_services import OUTSIDE
from tests.access.paper import PAPER
from tests.access.people import ACCOUNTS
from tests.access.precedents import PRECEDENTS
from tests.access.programs import PROGRAMS
from tests.access.register_services import REGISTER
from tests.access.weekly_services import WEEKLY
from tests.access.world import NOW, SEEDER
from tests.mutants import catalogue
from tests.support import source
from zhitong.cases import services as cases
from zhitong.core.actor import ANONYMOUS
from zhitong.core.clock import local_date
from zhitong.core.errors import NotPermittedError, RefusedError
from zhitong.core.models import AuditEvent
from zhitong.feedback import services as feedback
from zhitong.orgs import services as orgs
from zhitong.orgs.models import Notice, Posting
from zhitong.supervision import services as supervision

pytest_plugins = ["tests.access.fixtures"]

Call = Callable[[Any], tuple[Callable[..., Any], dict[str, Any]]]
FIRM = "firm_member:own firm_admin:own"
INTAKE = "dispatcher:own"
REVIEW = "section_head:own leader_in_charge:own"
SYSTEM, SECURITY = "system_admin:own", "security_admin:own"
DISPATCHERS = "dispatcher:own dispatcher:other dispatcher:above"
HANDLERS = "handler:same handler:own handler:other handler:unproven"
HEADS = "section_head:own section_head:other"
# ask nobody: for a visitor, for oneself only, for whoever shows an invitation
BEHIND = {"signin.send_code", "orgs.read_notices", "orgs.unread_notices", "enterprises.join"}
# What only the system does by itself, or an administrator through another service.
INSIDE = {
    "cases.recompute_deadlines",
    "cases.hand_over_assist",
    "orgs.open_firm_account",
    "supervision.recompute_deadlines",
}
# Asked below: what a person may do depends on the units that they name.
BY_UNIT = {"supervision.instruct": "leader", "supervision.order": "supervisor"}
UNIT = "handler:same handler:own handler:unproven section_head:own leader_in_charge:own"
TODAY = local_date(NOW)
OFFICE = "supervisor:own supervisor:above"


def _case(service: Callable[..., Any], state: str, **more: Any) -> Call:
    return lambda world: (service, {"case": world.cases[state], **more})


def _effect(service: Callable[..., Any], state: str, **more: Any) -> Call:
    return lambda world: (service, {"effect": world.rows[f"effect:{state}"], **more})


def _part(service: Callable[..., Any], state: str, **more: Any) -> Call:
    return lambda world: (service, {"assist": world.rows[f"part:{state}"], **more})


def _dispatch(service: Callable[..., Any], state: str, **more: Any) -> Call:
    return lambda world: (service, {"case": world.cases[state], "lead": world.units["bureau_a"], **more})


def _task(service: Callable[..., Any], state: str, **more: Any) -> Call:
    return lambda world: (service, {"task": world.rows[f"task:{state}"], **more})


def _yesterday(world: Any) -> tuple[Callable[..., Any], dict[str, Any]]:
    """The drawing of what was closed the day before."""
    case = world.rows["check"].case
    type(case).objects.filter(pk=case.pk).update(ended_at=NOW - timedelta(days=1))
    day = local_date(NOW) - timedelta(days=1)
    given = {"department": world.units["district_a"], "since": day, "until": day, "seed": "thrown"}
    return supervision.draw, given


def _overdue(world: Any) -> Any:
    task = world.rows["task:issued"]
    type(task).objects.filter(pk=task.pk).update(due_at=NOW - timedelta(days=1))
    task.due_at = NOW - timedelta(days=1)
    return task


def _stray() -> Any:
    """A case of A's district that no firm stands behind yet."""
    draft = cases.Draft(text="路面破损。", reporter="王女士", region="350111", channel="import")
    return cases.submit(by=SEEDER, now=NOW, draft=draft)


def _leaver(world: Any) -> int:
    """Somebody who has open cases, but no post any more."""
    posting = world.rows["posting"]
    Posting.objects.filter(pk=posting.pk).update(until=NOW)
    return posting.user_id


SERVICES: dict[str, tuple[str, Call]] = {
    "cases.submit": (
        "firm_member:own firm_member:other firm_admin:own firm_admin:other",
        lambda _: (cases.submit, {"draft": cases.Draft(text="路面破损。"), "firm": None}),
    ),
    "cases.supplement": (FIRM, _case(cases.supplement, "returned", text="here")),
    "cases.withdraw": (FIRM, _case(cases.withdraw, "submitted", reason="solved")),
    "cases.rate": (FIRM, _case(cases.rate, "reviewed", stars=4)),
    "feedback.rate": (FIRM, _case(feedback.rate, "reviewed", stars=4, comment="")),
    "cases.link_firm": (
        INTAKE,
        lambda world: (cases.link_firm, {"case": _stray(), "firm": world.firms["a"]}),
    ),
    "cases.accept": (INTAKE, _case(cases.accept, "submitted", kind="normal")),
    "cases.return": (INTAKE, _case(cases.return_for_supplement, "submitted", reason="which gate")),
    "cases.dispatch": (INTAKE, _dispatch(cases.dispatch, "accepted")),
    "cases.redispatch": (INTAKE, _dispatch(cases.redispatch, "handling", reason="better")),
    "cases.reclassify": (INTAKE, _case(cases.reclassify, "handling", kind="complex", reason="more")),
    "cases.categorise": (
        f"handler:own {INTAKE} {REVIEW}",
        _case(cases.categorise, "handling", category="roads"),
    ),
    "cases.close": (INTAKE, _case(cases.close, "rated", outcome="solved")),
    "cases.close_unrated": ("", _case(cases.close_unrated, "reviewed")),
    "cases.assign": (
        f"{INTAKE} {REVIEW}",
        lambda world: (
            cases.assign,
            {"case": world.cases["handling"], "person": world.users["handler:same"]},
        ),
    ),
    "cases.start": ("handler:same handler:own handler:unproven", _case(cases.start, "unassigned")),
    "cases.note": (f"handler:own {INTAKE} {REVIEW}", _case(cases.note, "handling", text="called")),
    "cases.answer": ("handler:own", _case(cases.answer, "handling", text="mended", outcome="solved")),
    "cases.answer_for": (INTAKE, _case(cases.answer_for, "outside", text="mended", outcome="solved")),
    "cases.answer_assist_for": (
        f"handler:own {INTAKE} {REVIEW}",
        _part(cases.answer_assist_for, "outside", text="done"),
    ),
    **OUTSIDE,
    **COMMONS,
    **DRAFTS,
    **HOUSE,
    **NOTICES,
    **PAPER,
    **PRECEDENTS,
    "cases.approve": (REVIEW, _case(cases.approve, "answered")),
    "cases.reject": (REVIEW, _case(cases.reject, "answered", reason="say when")),
    "cases.take_back_answer": ("handler:own", _case(cases.take_back_answer, "answered")),
    "cases.take_back_dispatch": (INTAKE, _case(cases.take_back_dispatch, "dispatched")),
    "cases.take_back_category": (
        INTAKE,
        _case(cases.take_back_category, "rated", category="roads"),
    ),
    "cases.urge": (FIRM, _case(cases.urge, "handling")),
    "cases.append": (FIRM, _case(cases.append, "closed", text="again")),
    "cases.refuse": (INTAKE, _case(cases.refuse, "submitted", route="legal", text="go to court")),
    "cases.overrule": (INTAKE, _case(cases.overrule, "objected", reason="yours")),
    "cases.uphold": (INTAKE, _case(cases.uphold, "objected", reason="theirs")),
    "cases.grant_extension": (INTAKE, _case(cases.grant_extension, "ask_extension", message="yes")),
    "cases.grant_suspension": (INTAKE, _case(cases.grant_suspension, "ask_suspension", message="yes")),
    "cases.grant_plan": (INTAKE, _case(cases.grant_plan, "ask_plan", message="yes")),
    "cases.decline": (INTAKE, _case(cases.decline, "ask_plan", reason="no")),
    "cases.remind": (
        f"dispatcher:own dispatcher:above supervisor:own supervisor:above leader:own leader:above {REVIEW}",
        _case(cases.remind, "handling", reason="move on"),
    ),
    "cases.reopen": (INTAKE, _case(cases.reopen, "closed", reason="again")),
    "cases.reopen_rated": ("", _case(cases.reopen_rated, "rated")),
    "cases.close_silent": ("", _case(cases.close_silent, "returned")),
    "cases.end_suspension": ("", _case(cases.end_suspension, "suspended")),
    "cases.raise_alarm": ("", _case(cases.raise_alarm, "handling", overdue=3)),
    "cases.raise_assist_alarm": ("", _part(cases.raise_assist_alarm, "sent", overdue=3)),
    "cases.raise_call_alarm": ("", lambda world: (cases.raise_call_alarm, {"call": world.rows["call"]})),
    "cases.object": (f"handler:own {REVIEW}", _case(cases.object_to, "dispatched", reason="not ours")),
    "cases.transfer": (
        REVIEW,
        lambda world: (
            cases.transfer,
            {"case": world.cases["handling"], "lead": world.units["station_a"], "reason": "near it"},
        ),
    ),
    "cases.contact": (
        f"handler:own {REVIEW}",
        _case(cases.contact, "handling", way="call", text="they want a date"),
    ),
    "cases.ask_extension": ("handler:own", _case(cases.ask_extension, "handling", days=5, reason="parts")),
    "cases.ask_suspension": (
        "handler:own",
        _case(cases.ask_suspension, "handling", until=date(2026, 7, 1), reason="laboratory"),
    ),
    "cases.ask_plan": (
        "handler:own",
        _case(
            cases.ask_plan,
            "handling",
            grade="B",
            stages=[cases.Goal("design", date(2026, 7, 1))],
            reason="next year",
        ),
    ),
    "cases.ask_help": (
        f"handler:own {INTAKE} {REVIEW}",
        lambda world: (
            cases.ask_help,
            {"case": world.cases["handling"], "department": world.units["station_a"], "text": "look"},
        ),
    ),
    "feedback.visit_back": (
        INTAKE,
        lambda world: (
            feedback.visit_back,
            {
                "case": world.cases["closed"],
                "way": "call",
                "reached": True,
                "said": feedback.Said(contacted=True, solved=True, grade=5),
            },
        ),
    ),
    "feedback.give_thanks": (
        f"{UNIT} {INTAKE} {FIRM}",
        _case(feedback.give_thanks, "closed", kind="letter", text="thank you", received_on=NOW.date()),
    ),
    "feedback.withdraw_thanks": (
        f"handler:own {INTAKE}",
        lambda world: (feedback.withdraw_thanks, {"thanks": world.rows["thanks"], "reason": "another"}),
    ),
    "feedback.expect_effect": (
        f"{UNIT} {INTAKE}",
        _case(feedback.expect_effect, "closed", text="it runs", expected_by=NOW.date() + timedelta(days=9)),
    ),
    "feedback.say_effect_there": (
        f"{UNIT} {FIRM}",
        _effect(feedback.say_effect_there, "expected", text="seen"),
    ),
    "feedback.confirm_effect": (
        f"{FIRM} {INTAKE}",
        _effect(feedback.confirm_effect, "there", reason="by phone"),
    ),
    "feedback.deny_effect": (FIRM, _effect(feedback.deny_effect, "there", text="no")),
    "feedback.look_again": (UNIT, _effect(feedback.look_again, "expected", text="no")),
    "feedback.drop_effect": (f"{REVIEW} {INTAKE}", _effect(feedback.drop_effect, "expected", reason="gone")),
    "feedback.ask_exclusion": (
        INTAKE,
        lambda world: (
            feedback.ask_exclusion,
            {"case": world.cases["closed"], "reason": "routed", "words": "at court"},
        ),
    ),
    "feedback.decide_exclusion": (
        "supervisor:own supervisor:above leader:own leader:above",
        lambda world: (
            feedback.decide_exclusion,
            {"exclusion": world.rows["exclusion"], "approved": False, "answer": "ours"},
        ),
    ),
    "cases.remind_rating": ("", _case(cases.remind_rating, "reviewed")),
    "cases.reopen_visited": ("", _case(cases.reopen_visited, "closed")),
    "cases.merge": (
        INTAKE,
        lambda world: (
            cases.merge,
            {"case": world.cases["submitted"], "main": world.cases["handling"], "reason": "the same"},
        ),
    ),
    "cases.separate": (INTAKE, _case(cases.separate, "merged", reason="another")),
    "cases.split": (INTAKE, _case(cases.split, "submitted", text="and the school")),
    "cases.pass_up": (INTAKE, _case(cases.pass_up, "submitted", reason="seen")),
    "cases.remind_silent": ("", _case(cases.remind_silent, "returned")),
    "cases.ask_to_call": (
        "",
        lambda world: (
            cases.ask_to_call,
            {"case": world.rows["call"].case, "whom": "firm", "source": "another"},
        ),
    ),
    "cases.log_call": (
        INTAKE,
        lambda world: (cases.log_call, {"call": world.rows["call"], "reached": False}),
    ),
    "cases.take_assist": ("handler:same", _part(cases.take_assist, "sent")),
    "cases.answer_assist": ("handler:same", _part(cases.answer_assist, "sent", text="done")),
    "cases.return_assist": ("handler:same", _part(cases.return_assist, "sent", reason="not ours")),
    "cases.assign_assist": (
        "section_head:own",
        lambda world: (
            cases.assign_assist,
            {"assist": world.rows["part:sent"], "person": world.users["handler:same"]},
        ),
    ),
    "cases.insist_assist": (
        f"handler:own {INTAKE} {REVIEW}",
        _part(cases.insist_assist, "returned", reason="yours"),
    ),
    "cases.cancel_assist": (
        f"handler:own {INTAKE} {REVIEW}",
        _part(cases.cancel_assist, "sent", reason="not needed"),
    ),
    "cases.sound": (
        INTAKE,
        lambda world: (
            cases.sound,
            {"case": world.cases["accepted"], "departments": [world.units["station_a"]], "question": "?"},
        ),
    ),
    "cases.answer_sounding": (
        "handler:same section_head:own",
        lambda world: (cases.answer_sounding, {"sounding": world.rows["sounding"], "answer": "ours"}),
    ),
    "cases.sounding_over": (
        "",
        lambda world: (cases.sounding_over, {"case": world.rows["sounding"].case}),
    ),
    "cases.resume": (f"handler:own {INTAKE}", _case(cases.resume, "suspended", reason="it is here")),
    "cases.stage": ("handler:own", _case(cases.stage, "planned", text="designed")),
    "cases.take_up": ("handler:own", _case(cases.take_up, "planned", reason="built")),
    "cases.review": ("section_head:own", _case(cases.review, "signed")),
    "cases.reindex": ("", lambda _: (cases.reindex, {})),
    "cases.learn_categories": ("", lambda _: (cases.learn_categories, {"model": None})),
    "cases.hand_over": (
        f"{SYSTEM} {SECURITY}",
        lambda world: (cases.hand_over, {"user": _leaver(world), "to": None}),
    ),
    "supervision.transcribe": (
        OFFICE,
        lambda world: (supervision.transcribe, {"matter": world.rows["spoken"], "text": "mend it"}),
    ),
    "supervision.propose": (
        f"{INTAKE} {REVIEW} {OFFICE}",
        lambda world: (
            supervision.propose,
            {
                "case": world.cases["dispatched"],
                "to_department": world.units["district_a"],
                "brief": supervision.Brief("stuck", "money", "both", "meet"),
            },
        ),
    ),
    "supervision.withdraw_referral": (
        f"{INTAKE} {REVIEW} {OFFICE}",
        lambda world: (supervision.withdraw_referral, {"referral": world.rows["referral"], "reason": "no"}),
    ),
    "supervision.decide": (
        "leader:own leader:above",
        lambda world: (supervision.decide, {"referral": world.rows["referral"], "words": "meet"}),
    ),
    "supervision.draw": ("supervisor:own", _yesterday),
    "supervision.check": (
        OFFICE,
        lambda world: (
            supervision.check,
            {"check": world.rows["check"], "how": "site", "finding": "false", "text": "nothing there"},
        ),
    ),
    **WEEKLY,
    "supervision.sign": (UNIT, _task(supervision.sign, "issued")),
    "supervision.report": (UNIT, _task(supervision.report, "signed", text="we were there")),
    "supervision.close_report": (UNIT, _task(supervision.close_report, "signed", text="done")),
    "supervision.send_back": (
        f"leader:own {OFFICE}",
        _task(supervision.send_back, "reported", reason="no photo"),
    ),
    "supervision.clear": (OFFICE, _task(supervision.clear, "reported")),
    "supervision.cancel": (f"leader:own {OFFICE}", _task(supervision.cancel, "issued", reason="no need")),
    "supervision.remind": (
        f"leader:own leader:above {OFFICE}",
        _task(supervision.remind, "issued", reason="move on"),
    ),
    "supervision.talk": (
        OFFICE,
        _task(supervision.talk, "refused", given=supervision.Talk(TODAY, "x", "x", "x", "x")),
    ),
    "supervision.circular": (
        OFFICE,
        _task(supervision.circular, "talked", given=supervision.Circular(TODAY, "x")),
    ),
    "supervision.hand_over": (
        f"{SYSTEM} {SECURITY}",
        lambda world: (supervision.hand_over, {"user": _leaver(world), "to": None}),
    ),
    "supervision.tell_overdue": ("", lambda world: (supervision.tell_overdue, {"task": _overdue(world)})),
    **REGISTER,
    **PROGRAMS,
}


def _everybody(world: Any) -> dict[str, Any]:
    return {"anonymous": ANONYMOUS} | {person.key: world.actor(person.key) for person in ACCOUNTS}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_does_it_for_those_who_may_and_for_nobody_else(world, name: str) -> None:
    may, call = SERVICES[name]
    done = []
    for key, actor in _everybody(world).items():
        service, given = call(world)
        newest = AuditEvent.objects.latest("id").pk
        with untouched() as written:
            try:
                service(by=actor, now=NOW, **given)
            except NotPermittedError:
                tables = {table for table in written.tables if not table.startswith("core_audit")}
                assert not tables, f"{name} refused {key} and wrote to {tables}"
                left = AuditEvent.objects.filter(id__gt=newest).values_list("actor", "result")
                assert list(left) == [(actor.principal, "refused")], f"{name} refused {key}: {list(left)}"
            except RefusedError as refusal:
                pytest.fail(f"{name} was not tried by {key}: {refusal!r}")
            else:
                done.append(key)
    assert sorted(done) == sorted(may.split())


def test_every_service_is_in_the_table() -> None:
    named = {name for module in source.modules() for name in catalogue.services(module).values()}
    assert named == SERVICES.keys() | BEHIND | INSIDE | BY_UNIT.keys()


def test_what_is_behind_the_table_is_for_oneself_only(world) -> None:
    before = Notice.objects.filter(read_at__isnull=True).count()
    reader = world.actor("handler:own")
    mine = Notice.objects.filter(user=reader.user, read_at__isnull=True).count()
    assert mine
    with untouched():
        orgs.read_notices(by=reader, now=NOW)
        assert Notice.objects.filter(read_at__isnull=True).count() == before - mine


@pytest.mark.parametrize("name", BY_UNIT)
def test_a_matter_is_given_by_those_who_hold_the_role(world, name: str) -> None:
    service = getattr(supervision, name.partition(".")[2])
    done = []
    for key, actor in _everybody(world).items():
        unit = world.units["bureau_b" if key.endswith(":other") else "bureau_a"]
        word = supervision.Word(departments=(unit,), text="mend it", days=3)
        with untouched() as written:
            try:
                service(by=actor, now=NOW, word=word)
            except NotPermittedError:
                assert not [table for table in written.tables if not table.startswith("core_audit")]
            else:
                done.append(key)
    assert sorted(done) == [f"{BY_UNIT[name]}:{which}" for which in ("above", "other", "own")]
