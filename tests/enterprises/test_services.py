from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.office import NOW, SEEDER, Office
from zhitong.core.actor import Role, Seat
from zhitong.core.errors import FieldError, NotPermittedError
from zhitong.enterprises import queries, services
from zhitong.enterprises.models import Enterprise, Membership

CODE = "91350102MA0TEXT12D"


def register(office: Office, by: str, code: str = CODE) -> Enterprise:
    return services.register(by=office.actor(by), now=NOW, code=code, name="示例三号厂", region="350102")


@pytest.mark.parametrize("by", ["dispatcher", "district", "handler"])
def test_dispatchers_and_handlers_register_firms(office: Office, by: str) -> None:
    assert register(office, by).code == CODE


@pytest.mark.parametrize("by", ["firm_a", "admin_a", "head", "sysadmin", "auditor"])
def test_nobody_else_registers_firms(office: Office, by: str) -> None:
    with pytest.raises(NotPermittedError):
        register(office, by)
    assert not Enterprise.objects.filter(code=CODE).exists()


def test_a_code_names_one_firm(office: Office) -> None:
    with pytest.raises(FieldError) as caught:
        register(office, "handler", office.firms["a"].code)
    assert caught.value.field == "code"


@pytest.mark.parametrize("text", ["91350102ma0text12d", " 9135 0102 MA0T EXT1 2D "])
def test_a_code_is_kept_in_one_writing(office: Office, text: str) -> None:
    assert register(office, "handler", text).code == CODE


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("91350102MA0TEXT12", "this one has 17"),
        ("9135O102MA0TEXT12D", "place 5 does not occur in these codes. Is it “0”?"),
        ("91350102MA0TEXT12示", "place 18 does not occur"),
        ("9135A102MA0TEXT12D", "“A” at place 5 is no digit"),
        ("91350102MA0TEXT12E", "Compare with the licence"),
        ("91350102MA0TXET12D", "is it 91350102MA0TEXT12D?"),
    ],
)
def test_a_wrong_code_is_refused_with_place_and_hint(office: Office, text: str, says: str) -> None:
    with pytest.raises(FieldError) as caught:
        register(office, "handler", text)
    assert caught.value.field == "code"
    assert says in str(caught.value)


def test_a_firms_administrator_seats_people_in_that_firm_only(office: Office) -> None:
    user = office.users["firm_b"]
    given = {"by": office.actor("admin_a"), "now": NOW, "user": user, "role": Role.FIRM_MEMBER}
    row = services.seat(**given, enterprise=office.firms["a"])
    assert (row.user, row.enterprise, row.since) == (user, office.firms["a"], NOW)
    user = office.users["firm_a"]
    with pytest.raises(NotPermittedError):
        services.seat(**given | {"user": user}, enterprise=office.firms["b"])


def test_a_member_seats_nobody(office: Office) -> None:
    with pytest.raises(NotPermittedError):
        services.seat(
            by=office.actor("firm_a"), now=NOW, enterprise=office.firms["a"],
            user=office.users["firm_b"], role=Role.FIRM_MEMBER,
        )  # fmt: skip


def test_a_seat_is_taken_once(office: Office) -> None:
    with pytest.raises(FieldError) as caught:
        services.seat(
            by=SEEDER,
            now=NOW,
            enterprise=office.firms["a"],
            user=office.users["firm_a"],
            role=Role.FIRM_ADMIN,
        )
    assert caught.value.field == "user"


def test_one_person_may_sit_in_several_firms(office: Office) -> None:
    services.seat(
        by=SEEDER, now=NOW, enterprise=office.firms["b"], user=office.users["firm_a"], role=Role.FIRM_ADMIN
    )
    actor = office.actor("firm_a")
    a, b = office.firms["a"].pk, office.firms["b"].pk
    assert set(actor.seats) == {Seat(Role.FIRM_MEMBER, a), Seat(Role.FIRM_ADMIN, b)}
    assert set(queries.own_firms(actor)) == {office.firms["a"], office.firms["b"]}


def test_a_seat_counts_from_its_beginning_until_it_ends(office: Office) -> None:
    assert office.actor("firm_a", NOW - timedelta(seconds=1)).seats == ()
    Membership.objects.filter(user=office.users["firm_a"]).update(until=NOW)
    assert office.actor("firm_a").seats == ()
    assert not queries.own_firms(office.actor("firm_a")).exists()


def test_members_are_those_who_sit_there_and_can_sign_in(office: Office) -> None:
    firm = office.firms["a"].pk
    users = office.users
    assert set(queries.member_ids(firm)) == {users["firm_a"].pk, users["admin_a"].pk}
    users["firm_a"].is_active = False
    users["firm_a"].save()
    assert queries.member_ids(firm) == [users["admin_a"].pk]
