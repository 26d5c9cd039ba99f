"""Taking replies in and refusing them; paper; two eyes."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.http import Http404

from tests.replies.test_links import LATER, WORDS, link_of, send
from tests.support.office import NOW, Office
from zhitong.cases.models import Assist, Case, Entry
from zhitong.core.errors import FasterError, FieldError, NotPermittedError, RefusedError
from zhitong.core.models import Upload
from zhitong.core.uploads.inspect import Inspected
from zhitong.replies import queries, services
from zhitong.replies.models import Reply
from zhitong.replies.panels import CasePanel, DeskPanel
from zhitong.replies.queries import Matter


def scan(tmp_path: Any) -> Inspected:
    """An examined scan."""
    path = tmp_path / "scan.jpg"
    path.write_bytes(b"scan")
    digest = hashlib.sha256(b"scan").hexdigest()
    return Inspected(
        kind="photo", mime="image/jpeg", extension="jpg", name="scan.jpg", size=4,
        sha256=digest, source_sha256=digest, path=path, thumbnail=None,
    )  # fmt: skip


def enter(office: Office, matter: Matter, by: str, files: list[Inspected]) -> Reply:
    return services.enter_reply(by=office.actor(by), now=NOW, files=files, **matter.given(), **WORDS)


def take(office: Office, reply: Reply, by: str = "district") -> Reply:
    return services.take_reply(by=office.actor(by), now=LATER, reply=reply)


def test_a_leads_reply_becomes_the_answer(office: Office, lead: Matter) -> None:
    done = take(office, send(link_of(office, lead)))
    case = Case.objects.get(pk=lead.case.pk)
    assert (done.state, done.decided_by, done.decided_at) == ("taken", office.users["district"], LATER)
    assert (case.state, case.answer, case.outcome) == ("reviewed", WORDS["text"], "solved")
    line = Entry.objects.filter(case=case).latest("id")
    assert (line.action, line.department, line.by_user) == (
        "answer_for",
        lead.department,
        office.users["district"],
    )


def test_a_helpers_reply_ends_its_part(office: Office, part: Matter) -> None:
    take(office, send(link_of(office, part, "handler")), "handler")
    assert Assist.objects.get(pk=part.pk).reply == WORDS["text"]


def test_a_reply_is_decided_once(office: Office, lead: Matter) -> None:
    reply = send(link_of(office, lead))
    take(office, reply)
    with pytest.raises(FasterError):
        take(office, Reply.objects.get(pk=reply.pk))
    with pytest.raises(FasterError):
        services.refuse_reply(by=office.actor("district"), now=LATER, reply=reply, reason="不完整")


def test_a_refused_reply_says_why_and_a_new_link_may_be_made(office: Office, lead: Matter) -> None:
    reply = send(link_of(office, lead))
    with pytest.raises(RefusedError, match="waits already"):
        link_of(office, lead)
    given = {"by": office.actor("district"), "now": LATER, "reply": reply}
    with pytest.raises(FieldError):
        services.refuse_reply(reason=" ", **given)
    assert services.refuse_reply(reason="请写明时间", **given).words == "请写明时间"
    assert Case.objects.get(pk=lead.case.pk).state == "dispatched"
    assert link_of(office, lead).pk


def test_nobody_else_decides(office: Office, lead: Matter) -> None:
    reply = send(link_of(office, lead))
    for name in ("dispatcher", "leader", "handler", "firm_a"):
        with pytest.raises(NotPermittedError):
            take(office, reply, name)
        with pytest.raises(NotPermittedError):
            services.refuse_reply(by=office.actor(name), now=LATER, reply=reply, reason="不")


def test_whoever_typed_a_leads_answer_in_does_not_take_it_in(
    office: Office, lead: Matter, tmp_path: Any
) -> None:
    reply = enter(office, lead, "district", [scan(tmp_path)])
    assert (reply.source, reply.entered_by) == ("paper", office.users["district"])
    with pytest.raises(RefusedError, match="yourself"):
        take(office, reply)
    assert Reply.objects.get(pk=reply.pk).state == "waiting"


def test_the_city_types_and_the_district_takes_in(office: Office, lead: Matter, tmp_path: Any) -> None:
    reply = enter(office, lead, "dispatcher", [scan(tmp_path)])
    assert take(office, reply).state == "taken"


def test_a_part_needs_one_pair_of_eyes(office: Office, part: Matter, tmp_path: Any) -> None:
    assert take(office, enter(office, part, "handler", [scan(tmp_path)]), "handler").state == "taken"


def test_paper_needs_its_scan_and_stops_the_link(office: Office, lead: Matter, tmp_path: Any) -> None:
    link = link_of(office, lead)
    with pytest.raises(FieldError, match="proof"):
        enter(office, lead, "dispatcher", [])
    enter(office, lead, "dispatcher", [scan(tmp_path)])
    with pytest.raises(RefusedError, match="does not work"):
        send(link)


def test_a_scan_is_read_by_those_who_see_the_case(office: Office, lead: Matter, tmp_path: Any) -> None:
    reply = enter(office, lead, "dispatcher", [scan(tmp_path)])
    assert Upload.objects.get(subject=f"replies.reply:{reply.pk}").visible_to_firm is False
    assert queries.get_reply(office.actor("district"), reply.pk) == reply
    for name in ("firm_a", "other", "worker"):
        with pytest.raises(Http404):
            queries.get_reply(office.actor(name), reply.pk)


def test_panels_show_what_the_reader_may_do(office: Office, lead: Matter) -> None:
    district, leader = office.actor("district"), office.actor("leader")
    (row,) = CasePanel().context(district, lead.case, NOW)["rows"]
    assert (row.may_link, row.may_enter, row.may_take, row.link, row.waiting) == (
        True,
        True,
        False,
        None,
        None,
    )
    assert DeskPanel().context(district, None, NOW) is None
    reply = send(link_of(office, lead))
    (row,) = CasePanel().context(district, lead.case, NOW)["rows"]
    assert (row.may_link, row.may_enter, row.may_take, row.waiting) == (False, False, True, reply)
    assert DeskPanel().context(district, None, NOW) == {"replies": [reply]}
    assert DeskPanel().context(leader, None, NOW) is None
    assert CasePanel().context(office.actor("firm_a"), lead.case, NOW) is None
