"""Closed cases drawn by lot and checked again by somebody without a hand in them."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Any

import pytest
from django.http import Http404
from hypothesis import given
from hypothesis import strategies as st

from tests.support.office import NOW, SEEDER, Office
from zhitong.cases import services as case_services
from zhitong.cases.models import Case
from zhitong.core import outbox
from zhitong.core.actor import Role
from zhitong.core.clock import local_date
from zhitong.core.errors import FasterError, FieldError, NotPermittedError, RefusedError
from zhitong.feedback import services as feedback_services
from zhitong.orgs import services as org_services
from zhitong.orgs.models import Notice
from zhitong.supervision import drawing, queries, services
from zhitong.supervision.forms import DrawForm
from zhitong.supervision.models import Check, Sample
from zhitong.supervision.panels import CasePanel

TODAY = local_date(NOW)
TOMORROW = NOW + timedelta(days=1)
NUMBERS = st.lists(st.from_regex(r"[A-Z]{1,3}-[0-9]{1,6}", fullmatch=True), unique=True, max_size=40)


def closed(office: Office, firm: str = "a", *, outcome: str = "solved", **columns: Any) -> Case:
    case = office.until("reviewed", firm)
    feedback_services.rate(by=office.actor(f"firm_{firm}"), now=NOW, case=case, stars=5)
    intake = office.actor({"a": "district", "b": "other"}[firm])
    case = case_services.close(by=intake, now=NOW, case=Case.objects.get(pk=case.pk), outcome=outcome)
    Case.objects.filter(pk=case.pk).update(**columns)
    return case


def drawn(office: Office, by: str = "supervisor", *, unit: str = "city", **more: Any) -> Sample:
    given = {"since": TODAY, "until": TODAY, "seed": "a seed"} | more
    return services.draw(by=office.actor(by), now=TOMORROW, department=office.units[unit], **given)


def looked(office: Office, check: Check, by: str = "supervisor", **more: str) -> Check:
    said = {"how": "site", "finding": "false", "text": "现场未见整改。"} | more
    return services.check(by=office.actor(by), now=TOMORROW, check=check, **said)


@given(numbers=NUMBERS, seed=st.text(min_size=1, max_size=20), data=st.data())
def test_the_lot_depends_on_seed_and_numbers_alone(numbers: list[str], seed: str, data: Any) -> None:
    shuffled = data.draw(st.permutations(numbers))
    assert drawing.ordered(seed, numbers) == drawing.ordered(seed, shuffled)
    assert sorted(drawing.ordered(seed, numbers)) == sorted(numbers)
    assert drawing.digest(numbers) == drawing.digest(shuffled)
    for number in numbers:
        less = [other for other in numbers if other != number]
        assert drawing.ordered(seed, less) == [n for n in drawing.ordered(seed, numbers) if n != number]
        assert drawing.digest(less) != drawing.digest(numbers)


def test_the_lot_is_what_the_page_says() -> None:
    numbers = [f"X-{n}" for n in range(20)]
    by_hand = sorted(numbers, key=lambda number: hashlib.sha256(f"seed:{number}".encode()).hexdigest())
    assert drawing.ordered("seed", numbers) == by_hand
    assert drawing.ordered("seed", numbers) != drawing.ordered("seeds", numbers)


@pytest.mark.parametrize(("population", "expected"), [(0, 0), (1, 1), (20, 1), (21, 2), (100, 5), (9999, 50)])
def test_how_many_are_drawn(population: int, expected: int) -> None:
    assert drawing.size(population, percent=5, most=50) == expected


def test_only_cases_closed_with_a_result_in_the_period_and_below_the_unit_take_part(office: Office) -> None:
    wanted = {closed(office).number, closed(office, outcome="partly").number, closed(office, "b").number}
    closed(office, outcome="explained")
    closed(office, confidential=True)
    closed(office, ended_at=NOW - timedelta(days=1))
    office.until("reviewed")
    sample = drawn(office)
    assert set(sample.numbers) == wanted
    assert sample.digest == drawing.digest(wanted)
    assert [check.case.number for check in sample.checks.all()] == drawing.ordered("a seed", wanted)[:1]


def test_a_period_is_drawn_once_and_only_when_it_is_over(office: Office) -> None:
    closed(office)
    drawn(office)
    for days in (0, 1):
        with pytest.raises(RefusedError, match="drawn already"):
            drawn(office, seed="another", since=TODAY - timedelta(days=days))
    tomorrow = TODAY + timedelta(days=1)
    for wrong, field in (
        ({"until": TODAY - timedelta(days=1)}, "until"),
        ({"until": tomorrow}, "until"),
        ({"since": date(2020, 1, 1), "until": date(2020, 1, 2)}, "since"),
        ({"since": date(1, 1, 1)}, "since"),
        ({"seed": " "}, "seed"),
        ({"seed": "x" * 65}, "seed"),
    ):
        with pytest.raises(FieldError) as caught:
            drawn(office, **wrong)
        assert caught.value.field == field
    assert Sample.objects.count() == 1


@pytest.mark.parametrize("by", ["dispatcher", "leader", "handler", "district"])
def test_others_do_not_draw(office: Office, by: str) -> None:
    closed(office)
    with pytest.raises(NotPermittedError):
        drawn(office, by)


def test_a_false_closing_is_marked_and_told_and_nothing_is_reopened(office: Office) -> None:
    case = closed(office)
    check = looked(office, drawn(office).checks.get())
    assert (check.finding, check.checker, check.found_at) == ("false", office.users["supervisor"], TOMORROW)
    Notice.objects.all().delete()
    outbox.drain(now=TOMORROW)
    told = set(Notice.objects.filter(msgid__contains="falsely").values_list("user__username", flat=True))
    assert told == {"head", "chief", "district"}
    assert Case.objects.get(pk=case.pk).state == "closed"
    for name, shown in (("head", True), ("district", True), ("firm_a", False)):
        panel = CasePanel().context(office.actor(name), case, TOMORROW)
        assert bool(panel and panel["falsely_closed"]) is shown


def test_a_finding_that_is_true_tells_nobody(office: Office) -> None:
    closed(office)
    looked(office, drawn(office).checks.get(), finding="true")
    Notice.objects.all().delete()
    outbox.drain(now=TOMORROW)
    assert not Notice.objects.filter(msgid__contains="falsely").exists()


def test_who_had_a_hand_in_it_does_not_check_it(office: Office) -> None:
    case = closed(office)
    check = drawn(office).checks.get()
    Case.objects.filter(pk=case.pk).update(person=office.users["supervisor"])
    check.refresh_from_db()
    with pytest.raises(RefusedError, match="had a hand"):
        looked(office, check)
    with pytest.raises(NotPermittedError):
        looked(office, check, "head")
    Case.objects.filter(pk=case.pk).update(person=office.users["handler"])
    org_services.add_post(
        by=SEEDER, now=NOW, user=office.users["district"], department=office.units["city"],
        role=Role.SUPERVISOR,
    )  # fmt: skip
    with pytest.raises(RefusedError, match="had a hand"):
        looked(office, Check.objects.get(pk=check.pk), "district")  # whoever closed it
    assert looked(office, Check.objects.get(pk=check.pk)).finding == "false"


def test_nobody_types_the_whole_seed(office: Office) -> None:
    closed(office)
    form = DrawForm(
        {"department": office.units["city"].pk, "since": TODAY, "until": TODAY, "seed": "3"},
        actor=office.actor("supervisor"),
    )
    assert form.is_valid(), form.errors
    sample = form.perform(by=office.actor("supervisor"), now=TOMORROW)
    assert sample.seed.startswith("3:")
    assert len(sample.seed) == len("3:") + 32


def test_a_case_is_checked_once_and_in_words(office: Office) -> None:
    closed(office)
    check = drawn(office).checks.get()
    for wrong in ({"how": "dream"}, {"finding": "good"}, {"text": " "}):
        with pytest.raises(FieldError):
            looked(office, check, **wrong)
    stale = Check.objects.get(pk=check.pk)
    looked(office, check)
    with pytest.raises(FasterError):
        looked(office, stale, finding="true")
    assert Check.objects.get().finding == "false"


def test_who_sees_a_drawing(office: Office) -> None:
    closed(office)
    sample = drawn(office)
    for name in ("supervisor", "leader"):
        assert queries.get_sample(office.actor(name), sample.pk).drawn == 1
    for name in ("head", "district", "dispatcher", "firm_a", "auditor"):
        with pytest.raises(Http404):
            queries.get_sample(office.actor(name), sample.pk)


def test_a_case_that_became_confidential_is_not_shown(office: Office) -> None:
    case = closed(office)
    sample = drawn(office)
    Case.objects.filter(pk=case.pk).update(confidential=True)
    assert not queries.checks(office.actor("supervisor")).filter(sample=sample).exists()
    with pytest.raises(Http404):
        queries.get_check(office.actor("supervisor"), sample.checks.get().pk)
