"""Telephone calls of urgent cases, the duty roster behind them, and the word to a firm that stays silent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.office import NOW, Office
from zhitong.cases import calls, queries, services
from zhitong.cases.models import Call, Case
from zhitong.cases.panels import CallsPanel
from zhitong.cases.tasks import Remind
from zhitong.core import outbox
from zhitong.core.actor import system
from zhitong.core.errors import FasterError, FieldError, NotPermittedError
from zhitong.orgs import queries as org_queries
from zhitong.orgs import services as org_services
from zhitong.orgs.models import Notice

HOUR = timedelta(hours=1)
NIGHT = datetime(2026, 6, 6, 15, 30, tzinfo=UTC)


def urgent(office: Office) -> Case:
    """An urgent case, its messages delivered."""
    draft = services.Draft(text="全厂停电。", urgent=True)
    case = services.submit(by=office.actor("firm_a", NIGHT), now=NIGHT, draft=draft, firm=office.firms["a"])
    outbox.drain(now=NIGHT)
    return case


def dispatched(office: Office, case: Case) -> Case:
    case = services.accept(by=office.actor("district", NIGHT), now=NIGHT, case=case, kind="urgent")
    given = {"lead": office.units["industry"], "person": office.users["handler"]}
    case = services.dispatch(by=office.actor("district", NIGHT), now=NIGHT, case=case, **given)
    outbox.drain(now=NIGHT)
    return case


def turn(office: Office, user: str, unit: str, **given: Any) -> Any:
    start = given.pop("since", NIGHT - HOUR)
    until = given.pop("until", NIGHT + 8 * HOUR)
    by = office.actor(given.pop("by", "secadmin"), NIGHT)
    return org_services.add_duty(
        by=by, now=NIGHT, department=office.units[unit], user=office.users[user], since=start, until=until
    )


def test_an_urgent_case_makes_the_intake_unit_ring_the_firm(office: Office) -> None:
    case = urgent(office)
    call = Call.objects.get(case=case)
    assert (call.whom, call.caller, call.callee) == ("firm", office.units["district"], None)
    assert call.due_at == NIGHT + timedelta(minutes=30)
    told = Notice.objects.filter(
        user=office.users["district"], msgid__startswith="Urgent: please ring the firm"
    )
    assert told.count() == 0, "the message about the call is delivered next"
    outbox.drain(now=NIGHT + timedelta(seconds=30))
    assert told.count() == 1


def test_an_ordinary_case_rings_nobody(office: Office) -> None:
    office.until("dispatched")
    outbox.drain(now=NOW)
    assert not Call.objects.exists()


def test_after_the_dispatch_the_lead_is_rung_until_it_takes_up(office: Office) -> None:
    case = dispatched(office, urgent(office))
    call = Call.objects.get(case=case, whom="unit")
    assert call.callee == office.units["industry"]
    services.start(by=office.actor("handler", NIGHT), now=NIGHT + HOUR, case=case)
    call.refresh_from_db()
    assert (call.state, call.ended_at) == ("needless", NIGHT + HOUR)


def test_a_message_delivered_twice_asks_for_one_call(office: Office) -> None:
    case = urgent(office)
    source = Call.objects.get(case=case).source
    again = services.ask_to_call(by=system("outbox"), now=NIGHT, case=case, whom="firm", source=source)
    assert Call.objects.filter(case=case).count() == 1
    assert again.source == source


def test_a_call_that_nobody_answers_is_tried_again_and_then_goes_above(office: Office) -> None:
    call = Call.objects.get(case=urgent(office))
    given: dict[str, Any] = {"by": office.actor("district", NIGHT), "reached": False}
    for number in (1, 2, 3):
        moment = NIGHT + number * HOUR
        call = services.log_call(now=moment, call=call, **given)
        assert (call.state, call.attempts, call.due_at) == ("open", number, moment + timedelta(minutes=15))
    call = services.log_call(now=NIGHT + 4 * HOUR, call=call, **given)
    assert (call.state, call.attempts) == ("missed", 4)
    with pytest.raises(FasterError):
        services.log_call(now=NIGHT + 5 * HOUR, call=call, **given)
    assert call.case.entries.filter(action="call_missed", visibility="internal").count() == 4


def test_who_was_reached_and_what_was_agreed_is_written_down(office: Office) -> None:
    call = Call.objects.get(case=urgent(office))
    by = office.actor("district", NIGHT)
    with pytest.raises(FieldError) as caught:
        services.log_call(by=by, now=NIGHT, call=call, reached=True, words=" ")
    assert caught.value.field == "words"
    call = services.log_call(by=by, now=NIGHT, call=call, reached=True, words="已通知供电所抢修。")
    assert (call.state, call.by_user) == ("reached", office.users["district"])


@pytest.mark.parametrize("who", ["handler", "other", "dispatcher", "firm_a", "leader"])
def test_only_the_calling_unit_logs_its_calls(office: Office, who: str) -> None:
    call = Call.objects.get(case=urgent(office))
    with pytest.raises(NotPermittedError):
        services.log_call(by=office.actor(who, NIGHT), now=NIGHT, call=call, reached=False)
    assert not queries.calls(office.actor(who, NIGHT)).exists()


def test_an_ended_case_rings_nobody_any_more(office: Office) -> None:
    case = urgent(office)
    services.withdraw(by=office.actor("firm_a", NIGHT), now=NIGHT, case=case, reason="来电了")
    assert Call.objects.get(case=case).state == "needless"
    assert CallsPanel().context(office.actor("district", NIGHT), None, NIGHT) is None


def test_the_roster_says_whom_to_ring(office: Office) -> None:
    case = dispatched(office, urgent(office))
    call = Call.objects.filter(case=case, whom="unit")
    row = calls.rows(call, NIGHT)[0]
    assert ({user.username for user in row.people}, row.on_duty) == ({"head", "chief"}, False)
    turn(office, "colleague", "industry")
    row = calls.rows(call, NIGHT)[0]
    assert ([user.username for user in row.people], row.on_duty, row.late) == (["colleague"], True, False)
    assert calls.rows(call, NIGHT + HOUR)[0].late
    assert not calls.rows(call, NIGHT + 9 * HOUR)[0].on_duty


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"until": NIGHT - 2 * HOUR}, "until"),
        ({"since": NIGHT - 9 * HOUR, "until": NIGHT - HOUR}, "until"),
        ({"until": NIGHT + 24 * 8 * HOUR}, "until"),
    ],
)
def test_a_turn_that_makes_no_sense_is_refused(office: Office, given: dict, field: str) -> None:
    with pytest.raises(FieldError) as caught:
        turn(office, "handler", "industry", **given)
    assert caught.value.field == field


def test_a_turn_is_for_people_of_the_unit_and_stands_once(office: Office) -> None:
    for user, unit in (("worker", "industry"), ("sysadmin", "city")):
        with pytest.raises(FieldError, match="works in this unit"):
            turn(office, user, unit)
    duty = turn(office, "handler", "industry", by="head")
    with pytest.raises(FieldError, match="already"):
        turn(office, "handler", "industry", since=NIGHT + HOUR)
    org_services.remove_duty(by=office.actor("head", NIGHT), now=NIGHT, duty=duty)
    assert not org_queries.on_duty(office.units["industry"].pk, NIGHT).exists()


@pytest.mark.parametrize("who", ["handler", "workhead", "sysadmin", "auditor", "firm_a"])
def test_others_do_not_keep_the_roster(office: Office, who: str) -> None:
    with pytest.raises(NotPermittedError):
        turn(office, "handler", "industry", by=who)


def test_a_silent_firm_is_reminded_once_before_the_time_is_over(office: Office) -> None:
    case = services.return_for_supplement(
        by=office.actor("district"), now=NOW, case=office.case(), reason="请补充照片"
    )  # five working days end on Friday 2026-06-12
    remind = Remind("returned", "remind_silent")
    assert remind.run(datetime(2026, 6, 10, 2, 0, tzinfo=UTC)) == ""
    assert remind.run(datetime(2026, 6, 11, 13, 0, tzinfo=UTC)) == "", "not in the evening"
    assert remind.run(datetime(2026, 6, 11, 2, 0, tzinfo=UTC)) == "1 times remind_silent"
    assert remind.run(datetime(2026, 6, 12, 2, 0, tzinfo=UTC)) == ""
    outbox.drain(now=datetime(2026, 6, 11, 2, 1, tzinfo=UTC))
    told = Notice.objects.filter(user=office.users["firm_a"], msgid__contains="waits for your supplement")
    assert told.count() == 1
    assert case.entries.get(action="remind_silent").visibility == "firm"
