from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404

from tests.support.office import NOW, Office
from zhitong.cases import queries as case_queries
from zhitong.cases import services as case_services
from zhitong.core.actor import Role
from zhitong.core.errors import FieldError, NotPermittedError
from zhitong.orgs import queries, services
from zhitong.orgs.models import Delegation

DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)


def delegate(office: Office, who: str, stand_in: str, *, by: str = "", **given: Any) -> Delegation:
    times = {"since": NOW + DAY, "until": NOW + 3 * DAY, "reason": "年休假"} | given
    return services.delegate(
        by=office.actor(by or who),
        now=NOW,
        absentee=office.users[who],
        stand_in=office.users[stand_in],
        **times,
    )


def roles(office: Office, who: str, moment: Any) -> set[tuple[Role, int | None]]:
    return {(post.role, post.for_user) for post in office.actor(who, moment).posts}


def test_the_posts_are_lent_only_for_the_time(office: Office) -> None:
    delegate(office, "head", "colleague")
    own = (Role.HANDLER, None)
    lent = (Role.SECTION_HEAD, office.users["head"].pk)
    moments = [NOW + DAY - INSTANT, NOW + DAY, NOW + 3 * DAY - INSTANT, NOW + 3 * DAY]
    found = [roles(office, "colleague", moment) for moment in moments]
    assert found == [{own}, {own, lent}, {own, lent}, {own}]


def test_only_posts_in_shared_departments_are_lent(office: Office) -> None:
    services.add_post(
        by=office.actor("secadmin"), now=NOW, user=office.users["head"],
        department=office.units["works"], role=Role.SECTION_HEAD,
    )  # fmt: skip
    delegate(office, "head", "colleague")
    actor = office.actor("colleague", NOW + DAY)
    assert actor.departments(Role.SECTION_HEAD) == {office.units["industry"].pk}


def test_a_stand_in_reviews_in_the_absentees_place(office: Office) -> None:
    case = office.until("answered")
    delegate(office, "head", "colleague")
    with pytest.raises(NotPermittedError):
        case_services.approve(by=office.actor("colleague"), now=NOW, case=case)
    moment = NOW + DAY
    case = case_services.approve(by=office.actor("colleague", moment), now=moment, case=case)
    assert case.state == "reviewed"


def test_a_stand_in_does_not_review_the_absentees_answer(office: Office) -> None:
    """Whoever acts for the author is the author's hand, however many posts they hold."""
    case = office.until("answered")
    delegate(office, "handler", "head", since=NOW)
    with pytest.raises(NotPermittedError):
        case_services.approve(by=office.actor("head"), now=NOW, case=case)
    assert case not in case_queries.to_do(office.actor("head"), NOW)
    assert case in case_queries.to_do(office.actor("chief"), NOW)


def test_a_stand_in_works_on_the_absentees_cases(office: Office) -> None:
    case = office.until("handling")
    delegate(office, "handler", "colleague", since=NOW)
    assert case in case_queries.to_do(office.actor("colleague"), NOW)
    case_services.answer(by=office.actor("colleague"), now=NOW, case=case, text="已修好。", outcome="solved")


def test_a_stand_in_does_not_lend_on(office: Office) -> None:
    delegate(office, "head", "colleague", since=NOW)
    delegate(office, "colleague", "handler", since=NOW)
    assert Role.SECTION_HEAD not in office.actor("handler").roles


def test_leaving_the_department_ends_the_lending(office: Office) -> None:
    delegate(office, "head", "colleague", since=NOW)
    posting = queries.posts_of(office.users["colleague"]).get()
    services.end_post(by=office.actor("secadmin"), now=NOW, posting=posting)
    assert not office.actor("colleague").posts


@pytest.mark.parametrize(
    ("stand_in", "times", "field"),
    [
        ("head", {}, "stand_in"),
        ("worker", {}, "stand_in"),
        ("firm_a", {}, "stand_in"),
        ("colleague", {"until": NOW + DAY}, "until"),
        ("colleague", {"until": NOW}, "until"),
    ],
)
def test_a_delegation_that_makes_no_sense_is_refused(
    office: Office, stand_in: str, times: dict, field: str
) -> None:
    with pytest.raises(FieldError) as caught:
        delegate(office, "head", stand_in, **times)
    assert caught.value.field == field
    assert not Delegation.objects.exists()


@pytest.mark.parametrize(("by", "may"), [("secadmin", True), ("sysadmin", False), ("colleague", False)])
def test_the_absentee_or_a_security_administrator_delegates(office: Office, by: str, may: bool) -> None:
    if may:
        assert delegate(office, "head", "colleague", by=by).absentee == office.users["head"]
    else:
        with pytest.raises(NotPermittedError):
            delegate(office, "head", "colleague", by=by)


def test_a_delegation_ends_before_its_time(office: Office) -> None:
    row = delegate(office, "head", "colleague", since=NOW)
    with pytest.raises(NotPermittedError):
        services.end_delegation(by=office.actor("colleague"), now=NOW, delegation=row)
    services.end_delegation(by=office.actor("head"), now=NOW, delegation=row)
    assert roles(office, "colleague", NOW) == {(Role.HANDLER, None)}
    assert not queries.active_delegations(NOW).exists()


def test_a_delegation_is_read_by_the_absentee_and_security_administrators(office: Office) -> None:
    row = delegate(office, "head", "colleague")
    for who in ("head", "secadmin"):
        assert queries.get_delegation(office.actor(who), row.pk) == row
    for who in ("colleague", "sysadmin", "firm_a"):
        with pytest.raises(Http404):
            queries.get_delegation(office.actor(who), row.pk)
    assert list(queries.delegations_of(office.users["head"])) == [row]
