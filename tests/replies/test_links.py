"""Links that work once: who makes them, what stops them, what two at once come to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404

from tests.core.threads import at_once
from tests.support import office as offices
from tests.support.office import NOW, SEEDER, Office
from zhitong.cases import services as case_services
from zhitong.cases.models import Case
from zhitong.core import outbox
from zhitong.core.actor import outside
from zhitong.core.errors import FasterError, FieldError, NotPermittedError, RefusedError
from zhitong.core.models import AuditEvent
from zhitong.orgs import services as org_services
from zhitong.orgs.models import Notice
from zhitong.replies import queries, services
from zhitong.replies.models import Reply, ReplyLink
from zhitong.replies.permissions import scope
from zhitong.replies.queries import Matter
from zhitong.replies.tasks import RemindMaker

LATER = NOW + timedelta(hours=2)
WORDS = {"text": "税款已核实。", "name": "示例王科长", "outcome": "solved"}


def link_of(office: Office, matter: Matter, by: str = "district") -> ReplyLink:
    return services.make_link(by=office.actor(by), now=NOW, **matter.given()).row


def send(link: ReplyLink, *, now: Any = LATER, key: str = "", **more: Any) -> Reply:
    """Reply as the unit that holds the link."""
    unit = outside(link.department.name, scope(link.pk))
    return services.reply_by_link(by=unit, now=now, key=key, link=link, **WORDS | more)


def test_of_a_token_only_the_hash_is_kept(office: Office, lead: Matter) -> None:
    made = services.make_link(by=office.actor("district"), now=NOW, **lead.given())
    assert len(made.token) == 43
    assert made.row.token_hash == queries.digest(made.token)
    kept = str(ReplyLink.objects.values().get(pk=made.row.pk)) + str(list(AuditEvent.objects.values()))
    assert made.token not in kept


def test_a_reply_is_the_units_act_and_names_who_replied(office: Office, lead: Matter) -> None:
    reply = send(link_of(office, lead))
    assert (reply.source, reply.state, reply.entered_by, reply.outcome) == ("link", "waiting", None, "solved")
    event = AuditEvent.objects.filter(action="replies.reply_by_link").get()
    assert (event.actor, event.actor_label) == ("outside:示例税务局", "示例税务局")
    assert "示例王科长" in event.payload
    assert Case.objects.get(pk=lead.case.pk).state == "dispatched"


def test_a_used_link_is_used_up(office: Office, lead: Matter) -> None:
    link = link_of(office, lead)
    send(link)
    with pytest.raises(RefusedError, match="does not work"):
        send(link, text="再答一次。")
    assert Reply.objects.count() == 1


def test_a_form_sent_twice_has_one_reply(office: Office, lead: Matter) -> None:
    link = link_of(office, lead)
    first = send(link, key="form-1")
    assert send(link, key="form-1") == first


def test_a_link_that_expires_during_the_form_is_refused(office: Office, lead: Matter) -> None:
    link = link_of(office, lead)
    with pytest.raises(RefusedError, match="does not work"):
        send(link, now=link.expires_at)
    assert send(link, now=link.expires_at - timedelta(microseconds=1)).pk


def test_a_new_link_stops_the_old_one(office: Office, lead: Matter) -> None:
    old, new = link_of(office, lead), link_of(office, lead)
    with pytest.raises(RefusedError, match="does not work"):
        send(old)
    assert send(new).link == new


def test_a_revoked_link_does_not_work(office: Office, lead: Matter) -> None:
    link = link_of(office, lead)
    services.revoke_link(by=office.actor("district"), now=NOW, link=link)
    with pytest.raises(RefusedError, match="does not work"):
        send(link)
    with pytest.raises(FasterError):
        services.revoke_link(by=office.actor("district"), now=NOW, link=link)


def test_a_link_is_good_for_its_own_matter_only(office: Office, lead: Matter, part: Matter) -> None:
    mine, other = link_of(office, lead), link_of(office, part, "handler")
    with pytest.raises(NotPermittedError):
        services.reply_by_link(
            by=outside("示例税务局", scope(mine.pk)), now=LATER, link=other, text="越界", name="示例"
        )


def test_a_case_that_has_moved_on_takes_no_reply(office: Office, lead: Matter) -> None:
    link = link_of(office, lead)
    case_services.withdraw(by=office.actor("firm_a"), now=NOW, case=lead.case, reason="已解决")
    assert not queries.works(ReplyLink.objects.get(pk=link.pk), LATER)
    with pytest.raises(RefusedError, match="does not work"):
        send(link)


def test_a_confidential_case_has_no_link(office: Office, lead: Matter) -> None:
    link = link_of(office, lead)
    Case.objects.filter(pk=lead.case.pk).update(confidential=True)
    matter = queries.get_matter(office.actor("district"), "lead", lead.pk)
    with pytest.raises(RefusedError, match="in person"):
        services.make_link(by=office.actor("district"), now=NOW, **matter.given())
    with pytest.raises(RefusedError, match="does not work"):
        send(link)


def test_who_makes_links(office: Office, lead: Matter, part: Matter) -> None:
    for name in ("dispatcher", "handler", "leader"):
        with pytest.raises(NotPermittedError):
            link_of(office, lead, name)
    with pytest.raises(NotPermittedError):
        link_of(office, part, "worker")
    assert link_of(office, part, "handler").assist == part.assist
    with pytest.raises(Http404):
        queries.get_matter(office.actor("worker"), "part", part.pk)
    with pytest.raises(Http404):
        queries.get_matter(office.actor("firm_a"), "lead", lead.pk)


def test_no_link_for_a_unit_whose_people_can(office: Office) -> None:
    case = office.until("dispatched")
    matter = queries.get_matter(office.actor("district"), "lead", case.pk)
    with pytest.raises(RefusedError, match="accounts of its own"):
        link_of(office, matter)


@pytest.mark.parametrize(
    ("field", "value"),
    [("text", " "), ("text", "字" * 2001), ("name", ""), ("name", "字" * 61), ("outcome", "none")],
)
def test_what_is_missing_or_too_long_keeps_the_link(
    office: Office, lead: Matter, field: str, value: str
) -> None:
    link = link_of(office, lead)
    with pytest.raises(FieldError) as caught:
        send(link, **{field: value})
    assert caught.value.field == field
    assert send(link).pk


def test_those_who_take_it_in_are_told(office: Office, part: Matter) -> None:
    send(link_of(office, part, "handler"))
    outbox.drain(now=LATER)
    told = Notice.objects.filter(msgid__contains="has replied").values_list("user__username", flat=True)
    assert set(told) == {"handler", "district"}


def test_whoever_made_the_link_is_reminded_once_the_working_day_before(office: Office, part: Matter) -> None:
    link_of(office, part, "handler")  # due on Wednesday 2026-06-10
    for day, count in ((3, 0), (4, 1), (4, 1), (5, 1)):
        RemindMaker().run(NOW + timedelta(days=day))
        assert Notice.objects.filter(msgid__contains="has not replied").count() == count, day
    assert Notice.objects.get(msgid__contains="has not replied").user == office.users["handler"]


def test_of_two_posts_at_once_one_wins(committed_db) -> None:
    office = offices.build()
    district = office.actor("district")
    unit = org_services.create_department(
        by=SEEDER, now=NOW, name="示例税务局", name_en="Tax Bureau", tier="city", local_code="tax",
        parent=office.units["city"], region="", intake=False,
    )  # fmt: skip
    case = case_services.dispatch(by=district, now=NOW, case=office.until("accepted"), lead=unit)
    link = link_of(office, queries.get_matter(district, "lead", case.pk))
    found = at_once(2, lambda place: send(link, text=f"第{place}次答复。"))
    assert sorted(type(one).__name__ for one in found) == ["RefusedError", "Reply"]
    assert Reply.objects.count() == 1
