"""Kinds of matter with clocks of their own: urgent ones by the hour, overdue payments by the law."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.office import NOW, Office
from zhitong.cases import pages, services
from zhitong.cases.models import Alarm, Case
from zhitong.cases.tasks import Climb
from zhitong.core import permissions
from zhitong.core.clock import local_date
from zhitong.core.errors import NotPermittedError, RefusedError

HOUR = timedelta(hours=1)
SATURDAY_NIGHT = datetime(2026, 6, 6, 15, 30, tzinfo=UTC)  # 23:30 in the city


def urgent(office: Office, now: datetime = SATURDAY_NIGHT) -> Case:
    """A case that a firm has just called urgent."""
    draft = services.Draft(text="全厂停电，生产线停了。", urgent=True)
    return services.submit(by=office.actor("firm_a", now), now=now, draft=draft, firm=office.firms["a"])


def led(office: Office, case: Case, kind: str, now: datetime) -> Case:
    """The case as its lead has it in hand."""
    case = services.accept(by=office.actor("district", now), now=now, case=case, kind=kind)
    given = {"lead": office.units["industry"], "person": office.users["handler"]}
    case = services.dispatch(by=office.actor("district", now), now=now, case=case, **given)
    return services.start(by=office.actor("handler", now), now=now, case=case)


def test_an_urgent_case_counts_hours_at_night_and_at_weekends(office: Office) -> None:
    case = urgent(office)
    assert (case.kind, case.clock, case.due_at) == ("urgent", "accept", SATURDAY_NIGHT + HOUR)
    case = led(office, case, "urgent", SATURDAY_NIGHT + HOUR / 2)
    assert case.due_at == SATURDAY_NIGHT + HOUR / 2 + 24 * HOUR
    assert case.contact_due_at == SATURDAY_NIGHT + 1.5 * HOUR
    given = {"by": office.actor("handler"), "now": SATURDAY_NIGHT + HOUR, "case": case}
    answered = services.answer(**given, text="已抢修恢复供电。", outcome="solved")
    assert answered.due_at == SATURDAY_NIGHT + 3 * HOUR, "two hours for the signature"


def test_the_clock_says_its_hours(office: Office) -> None:
    case = urgent(office)
    assert pages.clock(case, SATURDAY_NIGHT + HOUR / 2).left == "一小时内到期"
    late = pages.clock(case, SATURDAY_NIGHT + 4 * HOUR)
    assert (late.tone, late.left) == ("danger", "逾期 3 小时")
    case = led(office, case, "urgent", SATURDAY_NIGHT)
    assert pages.clock(case, SATURDAY_NIGHT).tone == "success"
    assert pages.clock(case, SATURDAY_NIGHT + 20 * HOUR).tone == "warning"


def test_the_dispatcher_may_find_it_not_urgent(office: Office) -> None:
    case = led(office, urgent(office), "normal", SATURDAY_NIGHT)
    assert local_date(case.due_at).isoformat() == "2026-06-16"


def test_a_helper_of_an_urgent_case_has_hours_too(office: Office) -> None:
    case = led(office, urgent(office), "urgent", SATURDAY_NIGHT)
    services.ask_help(
        by=office.actor("handler"),
        now=SATURDAY_NIGHT,
        case=case,
        department=office.units["works"],
        text="请断路",
    )
    assert case.assists.get().due_at == SATURDAY_NIGHT + 12 * HOUR


def test_an_urgent_case_climbs_by_hours_day_and_night(office: Office) -> None:
    case = urgent(office)
    normal = office.until("submitted", now=SATURDAY_NIGHT)
    due = case.due_at
    assert Climb().run(due + HOUR - timedelta(minutes=1)) == ""
    assert Climb().run(due + HOUR + timedelta(minutes=1)) == "1 told to the next level"
    assert Climb().run(due + 2 * HOUR) == ""
    assert Climb().run(due + 3 * HOUR + timedelta(minutes=1)) == "1 told to the next level"
    steps = Alarm.objects.order_by("pk").values_list("case", "overdue", "role")
    assert list(steps) == [(case.pk, 1, "leader_in_charge"), (case.pk, 3, "supervisor")]
    assert not Alarm.objects.filter(case=normal).exists()


def test_an_urgent_case_is_not_extended(office: Office) -> None:
    case = led(office, urgent(office), "urgent", SATURDAY_NIGHT)
    with pytest.raises(RefusedError, match="gets no extension"):
        services.ask_extension(
            by=office.actor("handler"), now=SATURDAY_NIGHT, case=case, days=1, reason="等待部件"
        )


def test_overdue_payments_follow_their_law(office: Office) -> None:
    case = office.case(text="某单位拖欠货款已经半年。")
    case = services.accept(by=office.actor("district"), now=NOW, case=case, kind="arrears")
    assert local_date(case.due_at).isoformat() == "2026-06-22", "passed on within 10 working days"
    given = {"lead": office.units["industry"], "person": office.users["handler"]}
    case = services.dispatch(by=office.actor("district"), now=NOW, case=case, **given)
    assert local_date(case.due_at).isoformat() == "2026-07-05", "30 days, a Sunday among them"
    case = services.start(by=office.actor("handler"), now=NOW, case=case)
    asked = services.ask_extension(
        by=office.actor("handler"), now=NOW, case=case, days=60, reason="对账未完成"
    )
    assert pages.request_of(asked).wanted == "延长 60 天"
    with pytest.raises(NotPermittedError):
        services.grant_extension(by=office.actor("district"), now=NOW, case=asked, message="同意")
    assert not permissions.may(office.actor("district"), "cases.decline", asked)
    granted = services.grant_extension(by=office.actor("head"), now=NOW, case=asked, message="同意")
    assert local_date(granted.due_at).isoformat() == "2026-09-03", "90 days in all"


def test_the_intake_unit_still_decides_on_a_suspension_of_overdue_payments(office: Office) -> None:
    case = services.accept(by=office.actor("district"), now=NOW, case=office.case(), kind="arrears")
    given = {"lead": office.units["industry"], "person": office.users["handler"]}
    case = services.dispatch(by=office.actor("district"), now=NOW, case=case, **given)
    case = services.start(by=office.actor("handler"), now=NOW, case=case)
    until = local_date(NOW) + timedelta(days=9)
    asked = services.ask_suspension(
        by=office.actor("handler"), now=NOW, case=case, until=until, reason="等待"
    )
    with pytest.raises(NotPermittedError):
        services.grant_suspension(by=office.actor("head"), now=NOW, case=asked, message="同意")
    assert services.grant_suspension(by=office.actor("district"), now=NOW, case=asked, message="同意")
