from __future__ import annotations

import pytest

from tests.support.office import NOW, Office
from zhitong.cases import services as case_services
from zhitong.cases.models import Case
from zhitong.core.errors import FasterError, FieldError, NotPermittedError
from zhitong.core.models import AuditEvent
from zhitong.feedback import queries, services
from zhitong.feedback.models import Rating


@pytest.mark.parametrize("stars", [3, 4, 5])
def test_a_rating_moves_the_case_to_its_return_visit(office: Office, stars: int) -> None:
    case = office.until("reviewed")
    rating = services.rate(by=office.actor("firm_a"), now=NOW, case=case, stars=stars, comment="很快")
    case.refresh_from_db()
    assert (case.state, case.accountable) == ("rated", office.units["district"])
    assert (rating.grade, rating.comment, rating.by_user, rating.at) == (
        stars,
        "很快",
        office.users["firm_a"],
        NOW,
    )
    assert queries.rating_of(case) == rating
    actions = AuditEvent.objects.order_by("-pk").values_list("action", flat=True)[:2]
    assert list(actions) == ["feedback.rate", "cases.rate"]


@pytest.mark.parametrize("stars", [1, 2])
def test_a_bad_rating_reopens_a_case_once(office: Office, stars: int) -> None:
    def answered_and_rated(case: Case) -> Case:
        services.rate(by=office.actor("firm_a"), now=NOW, case=case, stars=stars)
        return Case.objects.get(pk=case.pk)

    case = answered_and_rated(office.until("reviewed"))
    assert (case.state, case.reopened, case.accountable) == ("handling", 1, office.units["industry"])
    assert (case.clock, case.clock_started_at, case.person) == ("handle", NOW, office.users["handler"])
    given = {"now": NOW, "case": case, "text": "已更换。", "outcome": "partly"}
    case = case_services.answer(by=office.actor("handler"), **given)
    case = answered_and_rated(case_services.approve(by=office.actor("head"), now=NOW, case=case))
    assert (case.state, case.reopened) == ("rated", 1), "the second time is for people to look at"
    assert [row.round for row in Rating.objects.filter(case=case)] == [0, 1]
    assert queries.rating_of(case).round == 1


@pytest.mark.parametrize("stars", [0, 6, -1, None, "5", 2.5])
def test_other_numbers_are_refused(office: Office, stars: object) -> None:
    case = office.until("reviewed")
    with pytest.raises(FieldError) as caught:
        services.rate(by=office.actor("firm_a"), now=NOW, case=case, stars=stars)
    assert caught.value.field == "stars"
    case.refresh_from_db()
    assert (case.state, Rating.objects.count()) == ("reviewed", 0)


@pytest.mark.parametrize("by", ["firm_b", "admin_b", "district", "handler", "head", "sysadmin"])
def test_only_the_cases_firm_rates(office: Office, by: str) -> None:
    case = office.until("reviewed")
    with pytest.raises(NotPermittedError):
        services.rate(by=office.actor(by), now=NOW, case=case, stars=5)
    assert not Rating.objects.exists()


def test_a_case_is_rated_once(office: Office) -> None:
    case = office.until("reviewed")
    services.rate(by=office.actor("firm_a"), now=NOW, case=case, stars=5)
    for actor in ("firm_a", "admin_a"):
        with pytest.raises(FasterError):
            services.rate(by=office.actor(actor), now=NOW, case=case, stars=1)
    assert Rating.objects.get().grade == 5


@pytest.mark.parametrize("state", ["submitted", "accepted", "dispatched", "handling", "answered"])
def test_only_an_answered_case_is_rated(office: Office, state: str) -> None:
    case = office.until(state)
    with pytest.raises(FasterError):
        services.rate(by=office.actor("firm_a"), now=NOW, case=case, stars=5)
    assert not Rating.objects.exists()


def test_a_repeat_of_the_form_returns_the_same_rating(office: Office) -> None:
    case = office.until("reviewed")
    given = {"by": office.actor("firm_a"), "now": NOW, "case": case, "stars": 4, "key": "form"}
    assert services.rate(**given) == services.rate(**given)
    assert Rating.objects.count() == 1


def test_no_rating_is_ever_assumed(office: Office) -> None:
    case = office.until("reviewed")
    panel = queries.RatingPanel()
    assert queries.rating_of(case) is None
    assert panel.context(office.actor("head"), case, NOW) is None
    services.rate(by=office.actor("firm_a"), now=NOW, case=case, stars=2)
    assert len(panel.context(office.actor("head"), case, NOW)["stars"]) == 2
