"""Taken up, contacted and asked in time; what was carried over: worked examples, and sums that always hold."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.feedback.test_visits import closed, decide, exclude, visit
from tests.support.office import NOW, Office
from zhitong.cases import queries as case_queries
from zhitong.cases import services
from zhitong.cases.models import Case, Charge
from zhitong.feedback.figures import ALL, FIGURES, GROUPS, Period, cells, table
from zhitong.feedback.rates import percent, share

if TYPE_CHECKING:
    from datetime import datetime

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONDAY, TUESDAY, WEDNESDAY, THURSDAY = (NOW + DAY * days for days in (3, 4, 5, 6))  # NOW is a Friday morning
JUNE = Period(date(2026, 6, 1), date(2026, 6, 30))
FRIDAY, WEEKEND = Period(date(2026, 6, 5), date(2026, 6, 5)), Period(date(2026, 6, 6), date(2026, 6, 7))


def of(case: Any) -> Case:
    return Case.objects.select_related("enterprise", "accountable", "person", "lead", "intake").get(
        pk=case.pk
    )


def start(office: Office, case: Any, now: datetime, who: str = "handler") -> Case:
    return services.start(by=office.actor(who, now), now=now, case=of(case))


def redispatch(office: Office, case: Any, now: datetime) -> Case:
    return services.redispatch(
        by=office.actor("district", now), now=now, case=of(case), lead=office.units["works"], reason="归口。"
    )


def counts(office: Office, now: datetime, key: str = ALL, period: Period = JUNE) -> dict[str, int]:
    found = {row.key: row.counts for row in table(office.actor("leader", now), period, "department", now=now)}
    return found.get(key, dict.fromkeys(FIGURES, 0))


def pair(office: Office, now: datetime, whole: str, part: str, key: str = ALL) -> tuple[int, int]:
    found = counts(office, now, key)
    return found[part], found[whole]


def taken(office: Office, now: datetime, unit: str = "") -> tuple[int, int]:
    return pair(office, now, "charged", "taken_up", str(office.units[unit].pk) if unit else ALL)


def contacted(office: Office, now: datetime) -> tuple[int, int]:
    return pair(office, now, "to_contact", "first_contact")


def test_a_bulletin_of_167_closed_cases_150_of_them_in_time() -> None:
    assert percent(share(150, 167)) == "89.8"


def test_a_unit_has_a_working_day_to_take_a_case_up(office: Office) -> None:
    early, late, never = (office.until("dispatched") for _ in range(3))
    start(office, early, MONDAY + 8 * HOUR)
    assert taken(office, MONDAY + 9 * HOUR) == (0, 0), "the time of none of them is over"
    assert taken(office, TUESDAY) == (1, 3)
    start(office, late, TUESDAY)
    assert taken(office, WEDNESDAY) == (1, 3)
    assert counts(office, WEDNESDAY, period=WEEKEND)["charged"] == 0, "they were charged on Friday"
    found = cells(office.actor("leader"), JUNE, "department", now=WEDNESDAY, listed=True)[ALL].cases
    assert sorted(found["charged"]) == sorted(case.pk for case in (early, late, never))
    assert found["taken_up"] == [early.pk]


def test_another_person_is_no_other_charge(office: Office) -> None:
    case = office.until("dispatched")
    colleague = office.users["colleague"]
    services.assign(by=office.actor("head", MONDAY), now=MONDAY, case=of(case), person=colleague)
    start(office, case, TUESDAY, "colleague")
    assert taken(office, WEDNESDAY) == (0, 1), "the time runs from the charge"
    assert Charge.objects.filter(case=case).count() == 1


def test_a_charge_counts_for_the_unit_that_had_it(office: Office) -> None:
    quick, slow = office.until("dispatched"), office.until("dispatched")
    redispatch(office, quick, MONDAY)
    redispatch(office, slow, TUESDAY)
    for case in (quick, slow):
        start(office, case, TUESDAY + HOUR, "worker")
    assert taken(office, THURSDAY, "industry") == (0, 1), "the slow one; the quick one was gone in time"
    assert taken(office, THURSDAY, "works") == (2, 2)


def test_an_objection_in_time_is_no_miss(office: Office) -> None:
    case = office.until("dispatched")
    services.object_to(by=office.actor("handler", MONDAY), now=MONDAY, case=of(case), reason="非本局职责。")
    assert taken(office, WEDNESDAY) == (0, 0)
    overruled = {"by": office.actor("district", WEDNESDAY), "now": WEDNESDAY, "case": of(case)}
    services.overrule(**overruled, reason="属贵局职责。")
    start(office, case, THURSDAY)
    assert taken(office, THURSDAY + DAY) == (1, 1), "charged anew by the decision"


def test_a_case_taken_back_in_time_was_nobodys_to_take_up(office: Office) -> None:
    case = office.until("dispatched")
    withdraw(office, case, MONDAY)
    assert taken(office, WEDNESDAY) == (0, 0)
    assert contacted(office, WEDNESDAY) == (0, 0)


def withdraw(office: Office, case: Any, now: datetime) -> None:
    services.withdraw(by=office.actor("firm_a", now), now=now, case=of(case), reason="已解决。")


def test_units_without_accounts_take_nothing_up(office: Office) -> None:
    office.until("dispatched")
    Charge.objects.update(department=office.units["works"])
    assert taken(office, WEDNESDAY, "works") == (0, 1)
    office.users["worker"].postings.all().delete()
    office.users["workhead"].postings.all().delete()
    assert taken(office, WEDNESDAY, "works") == (0, 0)


def test_a_firm_is_contacted_within_a_working_day(office: Office) -> None:
    good, late, never = (office.until("handling") for _ in range(3))
    for case, now in ((good, MONDAY), (late, TUESDAY)):
        services.contact(by=office.actor("handler", now), now=now, case=of(case), way="call", text="已联系。")
        assert contacted(office, MONDAY + HOUR) == (0, 0), "the time of none of them is over"
    assert contacted(office, WEDNESDAY) == (1, 3)
    assert counts(office, WEDNESDAY, period=WEEKEND)["to_contact"] == 0, "their time ended on Monday"
    assert of(never).contacted_at is None


def test_a_case_answered_before_that_time_is_no_miss(office: Office) -> None:
    office.until("reviewed")
    assert contacted(office, WEDNESDAY) == (0, 0)


def test_a_miss_stays_one_when_the_case_is_closed(office: Office) -> None:
    case = office.until("handling")
    answer = {"by": office.actor("handler", WEDNESDAY), "now": WEDNESDAY, "case": of(case)}
    services.answer(**answer, text="已修好。", outcome="solved")
    assert contacted(office, THURSDAY) == (0, 1)


def test_firms_are_asked_within_two_working_days_of_the_end(office: Office) -> None:
    asked, unasked, out = (closed(office) for _ in range(3))
    visit(office, asked)
    decide(office, exclude(office, out))
    assert pair(office, TUESDAY, "to_visit", "visited") == (0, 0)
    assert pair(office, WEDNESDAY, "to_visit", "visited") == (1, 2), "the one left out counts in neither"
    assert of(unasked).state == "closed"


def test_nothing_counted_is_a_dash(office: Office) -> None:
    office.until("dispatched")
    [whole, *_] = table(office.actor("leader"), JUNE, "department", now=NOW)
    assert whole.shown() == [""] * 9


def test_what_is_carried_over_by_hand(office: Office) -> None:
    """Two open on Friday evening; on the weekend one ends, one comes in, one comes and ends."""
    kept, ends = office.until("handling"), office.until("handling")
    saturday = NOW + DAY
    withdraw(office, ends, saturday)
    came, gone = office.case(now=saturday), office.case(now=saturday)
    withdraw(office, gone, saturday + HOUR)
    found = counts(office, THURSDAY, period=WEEKEND)
    assert [found[name] for name in ("open_before", "came", "left", "open_after")] == [2, 2, 2, 2]
    cases = cells(office.actor("leader"), WEEKEND, "department", now=THURSDAY, listed=True)[ALL].cases
    assert cases["open_before"] == [kept.pk, ends.pk]
    assert cases["open_after"] == [kept.pk, came.pk]


def test_a_case_taken_up_again_comes_in_again(office: Office) -> None:
    case = closed(office)
    services.reopen(by=office.actor("district", MONDAY), now=MONDAY, case=of(case), reason="又坏了。")
    names = ("open_before", "came", "left", "open_after")

    def stock(first: date, last: date) -> list[int]:
        found = counts(office, THURSDAY, period=Period(first, last))
        return [found[name] for name in names]

    assert stock(date(2026, 6, 5), date(2026, 6, 5)) == [0, 1, 1, 0]
    assert stock(date(2026, 6, 6), date(2026, 6, 7)) == [0, 0, 0, 0]
    assert stock(date(2026, 6, 8), date(2026, 6, 8)) == [0, 1, 0, 1]
    assert stock(date(2026, 6, 5), date(2026, 6, 9)) == [0, 1, 0, 1], "ended and taken up again: still open"
    assert stock(date(2026, 6, 9), date(2026, 6, 9)) == [1, 0, 0, 1]


class Walk:
    """Cases that go anywhere they can at random moments, and when each was open."""

    def __init__(self, office: Office, seed: int) -> None:
        self.office, self.rng, self.now = office, random.Random(seed), NOW
        self.spans: dict[int, list[list[datetime | None]]] = {}

    def step(self) -> None:
        self.now += self.rng.randint(1, 40) * HOUR + self.rng.randint(0, 59) * timedelta(minutes=1)
        cases = list(Case.objects.select_related("enterprise", "accountable", "person", "lead", "intake"))
        case = self.rng.choice(cases) if cases and (len(cases) > FEW or self.rng.random() > NEW) else None
        if case is None:
            self.office.case(self.rng.choice("ab"), now=self.now)
        else:
            names = WAYS.get(case.state, [])
            if names:
                getattr(self, f"_{self.rng.choice(names)}")(case)
        self._look()

    def _look(self) -> None:
        for case in Case.objects.all():
            spans = self.spans.setdefault(case.pk, [[case.created_at, None]])
            if case.ended_at is not None and spans[-1][1] is None:
                spans[-1][1] = self.now
            elif case.ended_at is None and spans[-1][1] is not None:
                spans.append([self.now, None])

    def open_at(self, pk: int, moment: datetime) -> bool:
        return any(since < moment and (until is None or until >= moment) for since, until in self.spans[pk])

    def was_open(self, pk: int, begin: datetime, after: datetime) -> bool:
        return any(since < after and (until is None or until >= begin) for since, until in self.spans[pk])

    def _do(self, who: str, service: Any, case: Case, **given: Any) -> None:
        service(by=self.office.actor(who, self.now), now=self.now, case=case, **given)

    def _intake(self, case: Case) -> str:
        return {"district": "district", "other": "other"}[case.intake.local_code]

    def _handler(self, case: Case) -> str:
        return {"industry": "handler", "works": "worker"}[case.lead.local_code]

    def _accept(self, case: Case) -> None:
        self._do(self._intake(case), services.accept, case, kind=self.rng.choice(["normal", "urgent"]))

    def _refuse(self, case: Case) -> None:
        self._do(self._intake(case), services.refuse, case, route="legal", text="请走法定渠道。")

    def _withdraw(self, case: Case) -> None:
        firm = "firm_a" if case.intake.local_code == "district" else "firm_b"
        self._do(firm, services.withdraw, case, reason="已解决。")

    def _merge(self, case: Case) -> None:
        main = case_queries.mergeable(case).order_by("pk").first()
        if main is not None and not case.members.exists():
            self._do(self._intake(case), services.merge, case, main=main, reason="同一件事。")

    def _separate(self, case: Case) -> None:
        self._do(self._intake(case), services.separate, case, reason="不是一件事。")

    def _dispatch(self, case: Case) -> None:
        lead = self.office.units[self.rng.choice(["industry", "works"])]
        self._do(self._intake(case), services.dispatch, case, lead=lead)

    def _redispatch(self, case: Case) -> None:
        lead = self.office.units["works" if case.lead.local_code == "industry" else "industry"]
        self._do(self._intake(case), services.redispatch, case, lead=lead, reason="归口。")

    def _start(self, case: Case) -> None:
        self._do(self._handler(case), services.start, case)

    def _answer(self, case: Case) -> None:
        head = {"industry": "head", "works": "workhead"}[case.lead.local_code]
        self._do(self._person(case), services.answer, case, text="已修好。", outcome="solved")
        self._do(head, services.approve, of(case))

    def _person(self, case: Case) -> str:
        return next(name for name, user in self.office.users.items() if user.pk == case.person_id)

    def _rate(self, case: Case) -> None:
        firm = "firm_a" if case.intake.local_code == "district" else "firm_b"
        self._do(firm, services.rate, case, stars=5)

    def _close(self, case: Case) -> None:
        self._do(self._intake(case), services.close, case, outcome="solved")

    def _reopen(self, case: Case) -> None:
        self._do(self._intake(case), services.reopen, case, reason="又坏了。")


FEW, NEW = 5, 0.3  # so many cases at most, and how often one more comes in
WAYS = {
    "submitted": ["accept", "accept", "accept", "accept", "refuse", "withdraw", "merge"],
    "accepted": ["dispatch", "dispatch", "dispatch", "withdraw", "merge"],
    "merged": ["separate", "withdraw"],
    "dispatched": ["start", "start", "start", "redispatch", "withdraw"],
    "handling": ["answer", "answer", "answer", "answer", "redispatch", "withdraw"],
    "reviewed": ["rate"],
    "rated": ["close"],
    "closed": ["reopen"],
}


@pytest.mark.parametrize("seed", range(3))
def test_what_is_carried_over_always_adds_up(office: Office, seed: int) -> None:
    walk = Walk(office, seed)
    for _ in range(70):
        walk.step()
    leader, days = office.actor("leader", walk.now), (walk.now - NOW).days
    for _ in range(6):
        first = walk.rng.randint(0, days)
        last = walk.rng.randint(first, days + 3)
        period = Period((NOW + DAY * first).date(), (NOW + DAY * last).date())
        for group in GROUPS:
            found = cells(leader, period, group, now=walk.now)
            listed = cells(leader, period, group, now=walk.now, listed=True)
            for key, cell in listed.items():
                numbers = {name: cell.counts[name] for name in FIGURES}
                assert numbers == {name: found[key].counts[name] for name in FIGURES}
                assert numbers == {name: len(cell.cases[name]) for name in FIGURES}
                assert numbers["open_before"] + numbers["came"] == numbers["left"] + numbers["open_after"]
        _as_they_were(walk, period, listed[ALL].cases)
    assert Case.objects.filter(once_ended=True).exists(), "the walk takes cases up again"


def _as_they_were(walk: Walk, period: Period, cases: dict[str, list[int]]) -> None:
    """The cases behind each figure are those that were open then, as the walk itself saw them."""
    begin, after = period.moments()
    opened = {pk for pk in walk.spans if walk.open_at(pk, begin)}
    end = {pk for pk in walk.spans if walk.open_at(pk, after)}
    ever = {pk for pk in walk.spans if walk.was_open(pk, begin, after)} | opened
    assert set(cases["open_before"]) == opened
    assert set(cases["open_after"]) == end
    assert set(cases["came"]) == ever - opened
    assert set(cases["left"]) == ever - end
