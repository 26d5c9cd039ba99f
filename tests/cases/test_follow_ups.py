"""What people and firms hear after turns of a case: requests, objections, groups, ladders without anybody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from tests.support import asides
from tests.support.browsing import signed_in
from tests.support.office import NOW, Office
from zhitong.cases import queries, services
from zhitong.cases.forms.intake import MergeForm, RefuseForm
from zhitong.cases.models import Alarm, Call, Case, Entry
from zhitong.cases.states import CallState
from zhitong.cases.tasks import Climb, Remind, RunOut
from zhitong.core import outbox, permissions
from zhitong.core.errors import FieldError, RefusedError
from zhitong.orgs.models import Notice, Posting

LATE = datetime(2026, 6, 25, 2, tzinfo=UTC)  # six working days after the day of a case dispatched on 06-05


def told(start: str, now: datetime = LATE) -> set[str]:
    """Who has a message that begins with some words."""
    outbox.drain(now=now)
    return set(Notice.objects.filter(msgid__startswith=start).values_list("user__username", flat=True))


def arrears(office: Office) -> Case:
    """Overdue payments in handling, with a request for an extension."""
    case = services.accept(by=office.actor("district"), now=NOW, case=office.case(), kind="arrears")
    given = {"lead": office.units["industry"], "person": office.users["handler"]}
    case = services.dispatch(by=office.actor("district"), now=NOW, case=case, **given)
    case = services.start(by=office.actor("handler"), now=NOW, case=case)
    return services.ask_extension(by=office.actor("handler"), now=NOW, case=case, days=9, reason="对账未完成")


def test_the_leads_head_hears_of_a_request_that_is_theirs(office: Office) -> None:
    case = arrears(office)
    heads, dispatchers = told("A request for an extension"), queries.to_do(office.actor("district"), NOW)
    assert heads == {"head", "chief"}
    assert case not in dispatchers
    assert case in queries.to_do(office.actor("head"), NOW)


def test_the_intake_unit_hears_of_every_other_request(office: Office) -> None:
    asked = asides.ask("extension", by=office.actor("handler"), now=NOW, case=office.until("handling"))
    assert told("A request for an extension") == {"district"}
    assert asked in queries.to_do(office.actor("district"), NOW)
    assert asked not in queries.to_do(office.actor("head"), NOW)


def test_an_upheld_objection_leaves_no_lead_and_is_told(office: Office) -> None:
    case = services.object_to(
        by=office.actor("handler"), now=NOW, case=office.until("dispatched"), reason="属城管"
    )
    freed = services.uphold(by=office.actor("district"), now=NOW, case=case, reason="确属城管")
    assert (freed.state, freed.lead, freed.contact_due_at) == ("accepted", None, None)
    assert told("Your objection was upheld") == {"handler"}
    assert freed not in queries.visible(office.actor("head"))


def test_a_ladder_says_when_nobody_is_there_to_be_told(office: Office) -> None:
    case = office.until("handling")
    Posting.objects.filter(role="supervisor").delete()
    Climb().run(LATE)
    assert told("Overdue and not moving") == {"chief"}
    assert Alarm.objects.filter(case=case).count() == 2
    lines = Entry.objects.filter(case=case, action__startswith="alarm").order_by("pk")
    assert list(lines.values_list("action", flat=True)) == ["alarm", "alarm_unheard"]


@pytest.mark.parametrize(("day", "reminded"), [(6, False), (7, False), (8, True)])
def test_firms_are_not_reminded_on_days_off(office: Office, day: int, reminded: bool) -> None:
    services.return_for_supplement(by=office.actor("district"), now=NOW, case=office.case(), reason="补照片")
    due = Case.objects.get().due_at
    friday = datetime(2026, 6, 5, 2, tzinfo=UTC)
    Case.objects.update(due_at=max(due.replace(month=6, day=9), friday))
    done = Remind("returned", "remind_silent").run(datetime(2026, 6, day, 2, tzinfo=UTC))
    assert bool(done) is reminded


def test_a_unit_is_not_rung_about_a_case_it_has_no_longer(office: Office) -> None:
    case = services.accept(by=office.actor("district"), now=NOW, case=office.case(), kind="urgent")
    case = services.dispatch(by=office.actor("district"), now=NOW, case=case, lead=office.units["industry"])
    outbox.drain(now=NOW)
    services.redispatch(
        by=office.actor("district"), now=NOW, case=case, lead=office.units["works"], reason="属供水"
    )
    outbox.drain(now=NOW)
    calls = Call.objects.filter(whom="unit").order_by("pk")
    assert [(row.callee, row.state) for row in calls] == [
        (office.units["industry"], CallState.NEEDLESS),
        (office.units["works"], CallState.OPEN),
    ]


def extended(office: Office) -> Case:
    """A case that was given more time and is rated badly after its answer."""
    asked = asides.ask("extension", by=office.actor("handler"), now=NOW, case=office.until("handling"))
    return services.grant_extension(by=office.actor("district"), now=NOW, case=asked, message="同意")


def test_more_time_is_given_once_and_once_more_after_a_reopening(office: Office) -> None:
    case = services.contact(
        by=office.actor("handler"), now=NOW, case=extended(office), way="call", text="已联系"
    )
    assert case.extended
    assert not permissions.may(office.actor("handler"), "cases.ask_extension", case)
    with pytest.raises(RefusedError, match="extended once"):
        asides.ask("extension", by=office.actor("handler"), now=NOW, case=case)
    answered = services.answer(
        by=office.actor("handler"), now=NOW, case=case, text="已修。", outcome="solved"
    )
    services.approve(by=office.actor("head"), now=NOW, case=answered)
    over = Case.objects.get().due_at + timedelta(minutes=1)
    RunOut("reviewed", "close_unrated").run(over)
    closed = Case.objects.get()
    again = services.reopen(by=office.actor("district"), now=over, case=closed, reason="又停水")
    assert (again.extended, again.contacted_at) == (False, None)
    assert again.contact_due_at > over
    assert permissions.may(office.actor("handler"), "cases.ask_extension", again)
    assert asides.ask("extension", by=office.actor("handler"), now=over, case=again).asking == "extension"


def test_a_firm_hears_that_its_suspension_is_over_by_itself(office: Office) -> None:
    asked = asides.ask("suspension", by=office.actor("handler"), now=NOW, case=office.until("handling"))
    services.grant_suspension(by=office.actor("district"), now=NOW, case=asked, message="等材料")
    over = Case.objects.get().due_at + timedelta(minutes=1)
    RunOut("suspended", "end_suspension").run(over)
    assert Case.objects.get().state == "handling"
    assert "firm_a" in told("The suspension of your case", over)


def test_a_firm_hears_that_its_plan_is_done(office: Office) -> None:
    asked = asides.ask("plan", by=office.actor("handler"), now=NOW, case=office.until("handling"))
    case = services.grant_plan(by=office.actor("district"), now=NOW, case=asked, message="列入")
    services.take_up(by=office.actor("handler"), now=NOW, case=case, reason="管道已铺")
    assert "firm_a" in told("The plan for your case")


def test_the_firms_of_a_group_hear_of_a_new_date(office: Office) -> None:
    main = office.until("handling")
    member = services.merge(
        by=office.actor("district"), now=NOW, case=office.case(), main=main, reason="同一事项"
    )
    assert told("The date for your case") == set()
    asked = asides.ask("extension", by=office.actor("handler"), now=NOW, case=main)
    granted = services.grant_extension(by=office.actor("district"), now=NOW, case=asked, message="同意")
    assert told("The date for your case") >= {"firm_a"}
    notice = Notice.objects.filter(msgid__startswith="The date for").first()
    assert notice.subject == f"case:{member.pk}"
    assert notice.params["due"] == granted.due_at.astimezone().date().isoformat()


def test_a_case_to_merge_into_is_chosen_from_few_or_named_by_its_number(office: Office) -> None:
    cases = [office.case(text=f"第{number}次漏水，车间{number}号。") for number in range(33)]
    case, last = cases[-1], cases[0]
    for row in cases[:-1]:
        services.accept(by=office.actor("district"), now=NOW, case=row, kind="normal")
    form = MergeForm(case=case, now=NOW)
    offered = [value for value, _ in form.fields["main"].choices if value]
    assert len(offered) == 30
    posted = {"main": "", "number": last.number, "reason": "同一事项", "version": case.version}
    form = MergeForm(posted, case=case, now=NOW)
    assert form.is_valid(), form.errors
    assert form.perform(by=office.actor("district"), now=NOW).merged_into == last
    assert "number" in MergeForm({**posted, "number": case.number}, case=case, now=NOW).errors


def test_a_repeated_matter_names_the_firms_earlier_case(office: Office) -> None:
    first, other = office.case(text="北侧道路积水严重。"), office.case("b", text="北侧道路积水严重。")
    again = office.case(text="北侧道路仍然积水。")
    given = {
        "by": office.actor("district"),
        "now": NOW,
        "case": again,
        "route": "repeated",
        "text": "已在办理",
    }
    for wrong, match in ((None, "Name the case"), (other, "same firm"), (again, "same firm")):
        with pytest.raises(FieldError, match=match) as caught:
            services.refuse(earlier=wrong, **given)
        assert caught.value.field == "earlier"
    offered = [value for value, _ in RefuseForm(case=again, now=NOW).fields["earlier"].choices if value]
    assert offered == [first.pk]
    refused = services.refuse(earlier=first, **given)
    assert (refused.state, refused.repeats, refused.outcome) == ("refused", first, "explained")
    page = signed_in(office, "firm_a").get(reverse("cases:detail", args=[again.pk])).content.decode()
    assert first.number in page


def test_another_reason_names_no_case(office: Office) -> None:
    first, again = office.case(), office.case()
    refused = services.refuse(
        by=office.actor("district"), now=NOW, case=again, route="legal", text="请走法定途径", earlier=first
    )
    assert refused.repeats is None
