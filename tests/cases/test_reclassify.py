"""A case turns out to be of another kind: its clock, its parts, its calls and its firm follow."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client

from tests.support.office import NOW, Office
from zhitong.cases import pages, services
from zhitong.cases.forms.kinds import ReclassifyForm
from zhitong.cases.models import Case
from zhitong.core import outbox
from zhitong.core.clock import local_date
from zhitong.core.errors import FieldError, RefusedError
from zhitong.core.models import AuditEvent
from zhitong.orgs.models import Notice

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BEGIN = NOW  # a Friday


def handled(office: Office, kind: str = "normal") -> Case:
    case = services.accept(by=office.actor("district"), now=BEGIN, case=office.case(now=BEGIN), kind=kind)
    given = {"lead": office.units["industry"], "person": office.users["handler"]}
    case = services.dispatch(by=office.actor("district"), now=BEGIN, case=case, **given)
    return services.start(by=office.actor("handler"), now=BEGIN, case=case)


def changed(office: Office, case: Case, kind: str, now: object = BEGIN, reason: str = "比想的复杂。") -> Case:
    return services.reclassify(by=office.actor("district", now), now=now, case=case, kind=kind, reason=reason)


def due(case: Case) -> str:
    return local_date(case.due_at).isoformat()


def test_more_time_is_counted_from_where_the_clock_began(office: Office) -> None:
    case = handled(office)
    assert due(case) == "2026-06-16"
    case = changed(office, case, "complex", BEGIN + 5 * DAY)
    assert (due(case), case.clock_started_at, case.state) == ("2026-06-29", BEGIN, "handling")
    assert case.deadline["start"] == local_date(BEGIN).isoformat()
    assert case.deadline["days"] == 15
    said = AuditEvent.objects.filter(action="cases.reclassify").order_by("pk").last()
    assert {"before": "normal", "after": "complex"}.items() <= json.loads(said.payload).items()


def test_less_time_is_counted_from_now_and_never_ends_later(office: Office) -> None:
    soon = changed(office, handled(office), "consult", BEGIN + 3 * DAY)
    assert due(soon) == "2026-06-11", "three working days from Monday"
    late = changed(office, handled(office), "consult", BEGIN + 10 * DAY)
    assert due(late) == "2026-06-16", "as before: three days from now would be later"
    assert due(changed(office, soon, "complex", BEGIN + 4 * DAY)) == "2026-06-29", "and back again"


def test_a_deadline_that_has_passed_gets_no_new_time(office: Office) -> None:
    case = handled(office)
    after = case.due_at + HOUR
    moved = changed(office, case, "complex", after)
    assert (moved.kind, moved.due_at) == ("complex", case.due_at)
    answer = services.answer(
        by=office.actor("handler", after), now=after, case=moved, text="已修好。", outcome="solved"
    )
    assert answer.stretches.get(clock="handle", clock_ended=True).late


def test_a_matter_that_turns_urgent_counts_hours_and_is_rung_about(office: Office) -> None:
    case = handled(office)
    given = {"by": office.actor("handler"), "now": BEGIN, "case": case}
    services.ask_help(**given, department=office.units["works"], text="请断路。")
    now = BEGIN + DAY
    outbox.drain(now=now)
    case = changed(office, Case.objects.get(pk=case.pk), "urgent", now)
    assert case.due_at == now + 24 * HOUR
    assert case.contact_due_at == now + HOUR
    assert case.assists.get().due_at == now + 12 * HOUR
    outbox.drain(now=now)
    assert [call.whom for call in case.calls.filter(ended_at__isnull=True)] == ["unit"]
    back = changed(office, case, "normal", now + HOUR)
    assert due(back) == "2026-06-16"
    assert not back.calls.filter(ended_at__isnull=True).exists()
    assert back.contact_due_at == case.contact_due_at, "the firm is not contacted later"


def test_members_of_a_group_get_its_time(office: Office) -> None:
    main = handled(office)
    member = office.case(now=BEGIN)
    member = services.merge(by=office.actor("district"), now=BEGIN, case=member, main=main, reason="同一事项")
    main = changed(office, Case.objects.get(pk=main.pk), "complex", BEGIN + HOUR)
    assert Case.objects.get(pk=member.pk).due_at == main.due_at


def test_what_is_refused(office: Office) -> None:
    case = handled(office)
    with pytest.raises(FieldError, match="of this kind already"):
        changed(office, case, "normal")
    with pytest.raises(FieldError, match="kinds in the list"):
        changed(office, case, "unheard-of")
    with pytest.raises(FieldError, match="fill in"):
        changed(office, case, "complex", reason="")
    given = {"by": office.actor("handler"), "now": BEGIN, "case": case}
    asked = services.ask_extension(**given, days=2, reason="等待部件")
    with pytest.raises(RefusedError, match="request on this case is open"):
        changed(office, asked, "complex")
    granted = services.grant_extension(by=office.actor("district"), now=BEGIN, case=asked, message="同意")
    with pytest.raises(RefusedError, match="more time for its kind"):
        changed(office, granted, "complex")


def test_firm_and_lead_are_told_and_the_timeline_names_the_kind(office: Office, client: Client) -> None:
    case = changed(office, handled(office), "complex", BEGIN + HOUR)
    outbox.drain(now=BEGIN + HOUR)
    told = {
        notice.user.username
        for notice in Notice.objects.filter(subject=f"case:{case.pk}")
        if "kind" in notice.msgid
    }
    assert {"firm_a", "handler"} <= told
    assert "district" not in told, "whoever changed it knows"
    firm = pages.timeline(office.actor("firm_a", BEGIN + HOUR), case)
    assert (firm[0].kind, firm[0].entry.text) == ("复杂事项", "比想的复杂。")


def test_each_choice_says_until_when_the_clock_would_run(office: Office) -> None:
    case = handled(office)
    form = ReclassifyForm(case=case, now=BEGIN + HOUR)
    choices = dict(form.fields["kind"].choices)
    assert "normal" not in choices
    assert choices["complex"].endswith("2026-06-29 23:59")
    for name in choices:
        now = BEGIN + HOUR
        assert services.due_as(case=case, kind=name, now=now) == _really(office, name, now)


def _really(office: Office, kind: str, now: object) -> object:
    return changed(office, handled(office), kind, now).due_at
