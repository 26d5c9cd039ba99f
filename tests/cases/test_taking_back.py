"""Taking back what was just done: while nobody has gone on from it, with the old deadline and both lines kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from tests.support.browsing import signed_in
from tests.support.office import NOW, Office
from zhitong.cases import queries, services
from zhitong.cases.models import Case, CategoryChoice
from zhitong.core import clock, outbox
from zhitong.core.errors import FasterError, RefusedError
from zhitong.core.undo import offered
from zhitong.orgs.models import Notice

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def offer(page: Any) -> dict[str, Any]:
    form = offered(next(iter(page.context["messages"])).extra_tags)
    assert form is not None
    return form


def test_a_dispatch_taken_back_gives_the_clock_what_it_had(office: Office) -> None:
    accepted = office.until("accepted")
    by = office.actor("district")
    sent = services.dispatch(by=by, now=NOW + HOUR, case=accepted, lead=office.units["industry"])
    back = services.take_back_dispatch(by=by, now=NOW + 2 * HOUR, case=sent)
    assert (back.state, back.lead, back.person, back.contact_due_at) == ("accepted", None, None, None)
    assert (back.clock, back.clock_started_at, back.due_at) == (
        "dispatch",
        accepted.clock_started_at,
        accepted.due_at,
    )
    assert list(back.entries.values_list("action", flat=True))[-2:] == ["dispatch", "take_back_dispatch"]


def test_the_unit_is_told(office: Office) -> None:
    sent = office.until("dispatched")
    services.take_back_dispatch(by=office.actor("district"), now=NOW + HOUR, case=sent)
    outbox.drain(now=NOW + HOUR)
    told = Notice.objects.filter(event="cases.take_back_dispatch")
    assert office.users["handler"].pk in set(told.values_list("user", flat=True))


def test_the_unit_that_had_a_confidential_case_is_told_though_it_no_longer_sees_it(office: Office) -> None:
    draft = services.Draft(text="投诉收费", confidential=True)
    case = services.submit(by=office.actor("firm_a"), now=NOW, draft=draft, firm=office.firms["a"])
    by = office.actor("district")
    case = services.accept(by=by, now=NOW, case=case, kind="normal")
    given = {"lead": office.units["industry"], "person": office.users["handler"]}
    case = services.dispatch(by=by, now=NOW, case=case, **given)
    services.take_back_dispatch(by=by, now=NOW + HOUR, case=case)
    outbox.drain(now=NOW + HOUR)
    assert not queries.sees(office.actor("handler"), case)
    told = Notice.objects.filter(event="cases.take_back_dispatch")
    assert list(told.values_list("user", flat=True)) == [office.users["handler"].pk]


@pytest.mark.parametrize("step", ["assign", "ask_help", "redispatch"])
def test_a_unit_that_has_begun_keeps_the_case(office: Office, step: str) -> None:
    sent = office.until("dispatched")
    by = office.actor("district")
    more = {
        "assign": {"person": office.users["colleague"]},
        "ask_help": {"department": office.units["works"], "text": "请查看。"},
        "redispatch": {"lead": office.units["works"], "reason": "职责不符"},
    }[step]
    getattr(services, step)(by=by, now=NOW, case=sent, **more)
    with pytest.raises(RefusedError):
        services.take_back_dispatch(by=by, now=NOW + HOUR, case=Case.objects.get(pk=sent.pk))


def test_an_old_flow_does_not_know_it(office: Office) -> None:
    sent = office.until("dispatched")
    Case.objects.filter(pk=sent.pk).update(flow_version=2)
    with pytest.raises(FasterError):
        services.take_back_dispatch(by=office.actor("district"), now=NOW, case=Case.objects.get(pk=sent.pk))


def test_an_answer_taken_back_has_the_old_deadline_and_waits_for_its_author(office: Office) -> None:
    handling = office.until("handling")
    by = office.actor("handler")
    given = {"text": "已修好。", "outcome": "solved"}
    answered = services.answer(by=by, now=NOW + HOUR, case=handling, **given)
    back = services.take_back_answer(by=by, now=NOW + 2 * HOUR, case=answered)
    assert (back.state, back.clock, back.due_at) == ("handling", "handle", handling.due_at)
    assert back.answer == "已修好。"
    again = services.answer(by=by, now=NOW + 3 * HOUR, case=back, **given)
    assert again.state == "answered"


def test_undo_stands_where_a_dispatch_is_said_to_be_done(office: Office) -> None:
    case = office.until("accepted")
    client = signed_in(office, "district")
    address = reverse("cases:dispatch", args=[case.pk])
    given = {"lead": office.units["industry"].pk, "version": case.version, "person": "", "message": ""}
    page = client.post(address, given, follow=True)
    form = offer(page)
    assert form["url"] == reverse("cases:take_back_dispatch", args=[case.pk])
    assert "data-undo" in page.content.decode()
    client.post(form["url"], form["fields"])
    assert Case.objects.get(pk=case.pk).state == "accepted"


def test_a_batch_is_taken_back_but_for_what_was_begun(office: Office) -> None:
    cases = [office.until("accepted") for _ in range(2)]
    client = signed_in(office, "district")
    given = {"step": "dispatch", "lead": office.units["industry"].pk, "message": ""}
    chosen = [f"{case.pk}:{case.version}" for case in cases]
    page = client.post(reverse("cases:many"), {**given, "case": chosen})
    back = page.context["back"]
    assert back["step"] == "take_back_dispatch"
    begun = Case.objects.get(pk=cases[0].pk)
    services.start(by=office.actor("handler"), now=clock.now(), case=begun)
    sent = [f"{case.pk}:{case.version}" for case in back["cases"]]
    receipt = client.post(reverse("cases:many"), {"step": back["step"], "case": sent}).context["receipt"]
    assert {row.case.pk: row.done for row in receipt} == {cases[0].pk: False, cases[1].pk: True}
    assert next(row for row in receipt if not row.done).sentence


def test_a_category_taken_back_is_what_it_was_and_not_counted(office: Office) -> None:
    case = office.until("accepted")
    by = office.actor("district")
    case = services.categorise(by=by, now=NOW, case=case, category="roads")
    back = services.take_back_category(by=by, now=NOW + HOUR, case=case, category="roads")
    assert back.category == ""
    assert list(back.category_choices.values_list("before", "category")) == [("", "roads"), ("roads", "")]
    suggested = {"case": back, "at": NOW, "tree": 1}
    CategoryChoice.objects.create(**suggested, category="gas", suggested="gas")
    counted = queries.category_choices(Case.objects.filter(pk=back.pk), NOW, NOW + HOUR)
    assert counted.count() == 1
    CategoryChoice.objects.create(**suggested, before="gas", category="")
    assert not counted.all().exists()
    with pytest.raises(FasterError):
        services.take_back_category(by=by, now=NOW + HOUR, case=back, category="roads")
