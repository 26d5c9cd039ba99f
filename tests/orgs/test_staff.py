from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.http import Http404
from django.urls import reverse

from tests.support.browsing import signed_in
from tests.support.office import NOW, Office
from zhitong.cases import queries as case_queries
from zhitong.cases import services as case_services
from zhitong.core.actor import ADMIN_ROLES, Role
from zhitong.core.errors import FieldError, NotPermittedError, RefusedError
from zhitong.orgs import queries, services
from zhitong.orgs.models import Delegation, Notice, Posting, User

HOUR = timedelta(hours=1)


def post(office: Office, who: str, unit: str, role: str, *, by: str = "secadmin") -> Posting:
    return services.add_post(
        by=office.actor(by), now=NOW, user=office.users[who], department=office.units[unit], role=role
    )


def end(office: Office, posting: Posting, successor: str | None = None) -> Posting:
    heir = office.users[successor] if successor else None
    return services.end_post(by=office.actor("secadmin"), now=NOW, posting=posting, successor=heir)


# ---------------------------------------------------------------- accounts and posts


def test_an_account_begins_without_posts_and_with_a_second_factor(office: Office) -> None:
    user = services.create_staff(by=office.actor("sysadmin"), now=NOW, username="new", name="新人")
    assert (user.needs_second_factor, user.has_usable_password(), user.phone) == (True, False, None)
    actor = queries.staff_actor(user, NOW)
    assert actor.posts == ()
    assert not case_queries.visible(actor).exists()
    assert user in queries.staff()


@pytest.mark.parametrize(
    ("columns", "field"),
    [({"username": "HANDLER"}, "username"), ({"username": "new", "phone": "13800000001"}, "phone")],
)
def test_names_and_numbers_belong_to_one_account(office: Office, columns: dict, field: str) -> None:
    User.objects.filter(username="head").update(phone="13800000001")
    with pytest.raises(FieldError) as caught:
        services.create_staff(by=office.actor("sysadmin"), now=NOW, name="新人", **columns)
    assert caught.value.field == field


def test_accounts_and_posts_are_two_administrators_work(office: Office) -> None:
    with pytest.raises(NotPermittedError):
        services.create_staff(by=office.actor("secadmin"), now=NOW, username="new", name="新人")
    with pytest.raises(NotPermittedError):
        services.set_password(
            by=office.actor("secadmin"), now=NOW, user=office.users["head"], password="another long one"
        )
    with pytest.raises(NotPermittedError):
        post(office, "handler", "works", Role.HANDLER, by="sysadmin")


@pytest.mark.parametrize("role", sorted(ADMIN_ROLES))
@pytest.mark.parametrize("who", ["sysadmin", "secadmin", "auditor"])
def test_three_administrators_are_three_persons(office: Office, who: str, role: Role) -> None:
    own = Posting.objects.get(user=office.users[who]).role
    if role == own:
        assert post(office, who, "works", role).role == role
    else:
        with pytest.raises(FieldError) as caught:
            post(office, who, "works", role)
        assert caught.value.field == "role"


def test_an_administrator_may_change_after_the_first_post_has_ended(office: Office) -> None:
    end(office, Posting.objects.get(user=office.users["auditor"]))
    assert post(office, "auditor", "city", Role.SECURITY_ADMIN).until is None


@pytest.mark.parametrize("role", [Role.FIRM_ADMIN, "king"])
def test_posts_are_staff_roles(office: Office, role: str) -> None:
    with pytest.raises(FieldError):
        post(office, "handler", "works", role)


def test_a_post_is_held_once(office: Office) -> None:
    with pytest.raises(FieldError):
        post(office, "handler", "industry", Role.HANDLER)


def test_posts_count_from_their_beginning_to_their_end(office: Office) -> None:
    user = office.users["handler"]
    assert not queries.staff_actor(user, NOW - HOUR).posts
    end(office, queries.posts_of(user).get())
    assert not queries.staff_actor(user, NOW).posts
    assert queries.staff_actor(user, NOW - timedelta(0)).roles == frozenset()


def test_ending_a_post_twice_keeps_the_first_end(office: Office) -> None:
    posting = queries.posts_of(office.users["handler"]).get()
    end(office, posting)
    services.end_post(by=office.actor("secadmin"), now=NOW + HOUR, posting=posting)
    posting.refresh_from_db()
    assert posting.until == NOW


# ---------------------------------------------------------------- leaving


def test_a_leavers_work_goes_to_the_successor(office: Office) -> None:
    case = office.until("handling")
    successor = office.users["colleague"]
    services.leave(by=office.actor("sysadmin"), now=NOW, user=office.users["handler"], successor=successor)
    case.refresh_from_db()
    assert (case.person, case.state, case.accountable) == (successor, "handling", office.units["industry"])
    case_services.answer(by=office.actor("colleague"), now=NOW, case=case, text="已修好。", outcome="solved")


@pytest.mark.parametrize("successor", [None, "worker", "head"])
def test_without_a_fit_successor_the_work_goes_back_to_the_department(
    office: Office, successor: str | None
) -> None:
    case = office.until("handling")
    heir = office.users[successor] if successor else None
    services.leave(by=office.actor("sysadmin"), now=NOW, user=office.users["handler"], successor=heir)
    case.refresh_from_db()
    assert (case.person, case.accountable) == (None, office.units["industry"])
    assert case in case_queries.to_do(office.actor("colleague"), NOW)


def test_a_leaver_is_out(office: Office) -> None:
    user = office.users["handler"]
    services.delegate(
        by=office.actor("handler"), now=NOW, absentee=user, stand_in=office.users["colleague"],
        since=NOW, until=NOW + HOUR, reason="出差",
    )  # fmt: skip
    services.leave(by=office.actor("sysadmin"), now=NOW, user=user)
    user.refresh_from_db()
    assert not user.is_active
    assert not queries.posts_of(user).exists()
    assert not Delegation.objects.filter(ended=False).exists()
    assert office.actor("colleague").persons == {office.users["colleague"].pk}


def test_nobody_closes_the_own_account(office: Office) -> None:
    with pytest.raises(RefusedError, match="your own account"):
        services.leave(by=office.actor("sysadmin"), now=NOW, user=office.users["sysadmin"])


def test_a_second_handling_post_elsewhere_does_not_keep_the_work(office: Office) -> None:
    case = office.until("handling")
    post(office, "handler", "works", Role.HANDLER)
    end(office, Posting.objects.get(user=office.users["handler"], department=office.units["industry"]))
    case.refresh_from_db()
    assert case.person is None


# ---------------------------------------------------------------- reading


@pytest.mark.parametrize(
    ("who", "sees"),
    [("sysadmin", True), ("secadmin", True), ("head", True), ("handler", False), ("auditor", False)],
)
def test_a_staff_page_is_for_administrators_and_the_person(office: Office, who: str, sees: bool) -> None:
    head = office.users["head"]
    if sees:
        assert queries.get_staff(office.actor(who), head.pk) == head
    else:
        with pytest.raises(Http404):
            queries.get_staff(office.actor(who), head.pk)


def test_a_posting_is_for_security_administrators_while_it_runs(office: Office) -> None:
    posting = queries.posts_of(office.users["handler"]).get()
    assert queries.get_posting(office.actor("secadmin"), posting.pk) == posting
    with pytest.raises(Http404):
        queries.get_posting(office.actor("sysadmin"), posting.pk)
    end(office, posting)
    with pytest.raises(Http404):
        queries.get_posting(office.actor("secadmin"), posting.pk)


def test_colleagues_share_a_department(office: Office) -> None:
    names = {user.username for user in queries.colleagues(office.users["handler"], NOW)}
    assert names == {"colleague", "head", "chief"}


def test_a_notice_is_given_once_and_read_once(office: Office) -> None:
    users = [office.users[name].pk for name in ("handler", "head", "handler")]
    for _ in range(2):
        services.notify(users=users, msgid="New", params={}, subject="case:1", source="outbox:1", now=NOW)
    assert Notice.objects.count() == 2
    actor = office.actor("handler")
    assert queries.unread_count(actor) == 1
    services.read_notices(by=actor, now=NOW)
    assert queries.unread_count(actor) == 0
    assert queries.unread_count(office.actor("head")) == 1
    assert queries.notices(actor).get().read_at == NOW


def test_what_came_after_the_page_was_made_stays_unread(office: Office) -> None:
    told = {"users": [office.users["handler"].pk], "msgid": "New", "params": {}, "subject": "case:1"}
    for number in (0, 1):
        services.notify(**told, source=f"outbox:{number}", now=NOW + number * HOUR)
    actor = office.actor("handler")
    services.read_notices(by=actor, now=NOW + 2 * HOUR, seen=NOW + HOUR / 2)
    assert queries.unread_count(actor) == 1
    page = signed_in(office, "handler")
    shown = page.get(reverse("workbench:notices")).content.decode()
    seen = shown.partition('name="seen" value="')[2].partition('"')[0]
    services.notify(**told, source="outbox:2", now=datetime.fromisoformat(seen) + HOUR)
    page.post(reverse("workbench:notices"), {"seen": seen})
    assert queries.unread_count(actor) == 1
    page.post(reverse("workbench:notices"), {"seen": "2026-13-01T00:00:00+00:00"})
    assert queries.unread_count(actor) == 1, "it lies ahead"
