"""Lists ask the database as often for many rows as for few."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.access.doors import outcome
from tests.access.world import NOW, SEEDER

pytest_plugins = ["tests.access.fixtures"]

FEW = 4


def _cases(world: Any, number: int) -> None:
    """Cases in different hands: each brings a firm, a unit and a person along."""
    from tests.access.world import _case

    for at in range(number):
        _case(world, "a", ("submitted", "dispatched", "handling", "answered", "reviewed", "closed")[at % 6])


def _departments(world: Any, number: int) -> None:
    from zhitong.orgs import services
    from zhitong.orgs.models import Department

    start = Department.objects.count()
    for at in range(start, start + number):
        services.create_department(
            by=SEEDER, now=NOW, name=f"示例{at}", name_en=f"Example {at}", tier="county",
            local_code=f"more-{at}", parent=world.units["city"],
        )  # fmt: skip


def _staff(world: Any, number: int) -> None:
    from zhitong.orgs import services
    from zhitong.orgs.models import User

    start = User.objects.count()
    for at in range(start, start + number):
        user = services.create_staff(by=SEEDER, now=NOW, username=f"more-{at}", name=f"示例{at}")
        for unit in ("bureau_a", "bureau_b"):
            services.add_post(by=SEEDER, now=NOW, user=user, department=world.units[unit], role="handler")


def _notices(world: Any, number: int) -> None:
    from zhitong.orgs import services
    from zhitong.orgs.models import Notice

    start = Notice.objects.count()
    for at in range(start, start + number):
        for person in ("handler:own", "firm_member:own"):
            services.notify(
                users=[world.users[person].pk], msgid="New case to accept: “%(title)s”.", params={"title": str(at)},
                subject=f"case:{world.cases['handling'].pk}", source=f"more:{at}", now=NOW,
            )  # fmt: skip


def _deliveries(world: Any, number: int) -> None:
    from zhitong.notices.models import Delivery, Preference
    from zhitong.orgs.models import Notice, User

    start = User.objects.count()
    for at in range(start, start + number):
        user = User.objects.create(
            username=f"told-{at}", name=f"示例{at}", phone=f"138{at:08d}", created_at=NOW
        )
        Preference.objects.create(user=user)
        notice = Notice.objects.create(user=user, msgid="x", source="x", created_at=NOW)
        for channel in ("sms", "email"):
            Delivery.objects.create(notice=notice, channel=channel, group="work", since=NOW, due_at=NOW)


def _events(world: Any, number: int) -> None:
    from zhitong.core import audit

    for at in range(number):
        audit.append(by=world.actor("handler:own"), now=NOW, action="test", target=f"x:{at}")


def _days(_world: Any, number: int) -> None:
    from zhitong.core.models import CalendarDay

    start = CalendarDay.objects.filter(local=True).count()
    for at in range(start, start + number):
        CalendarDay.objects.create(
            date=date(2026, 11, 1) + timedelta(days=at), kind="local_off", name_zh="x", source="x", local=True
        )


def _entries(world: Any, number: int) -> None:
    from zhitong.cases import services
    from zhitong.cases.models import Case

    by = world.actor("handler:own")
    for at in range(number):
        case = Case.objects.select_related("lead", "accountable", "intake").get(pk=world.cases["handling"].pk)
        services.note(by=by, now=NOW, case=case, text=f"word {at}", visibility="firm")


def _delegations(world: Any, number: int) -> None:
    from zhitong.orgs import services

    for at in range(number):
        services.delegate(
            by=SEEDER, now=NOW, absentee=world.users["handler:own"], stand_in=world.users["handler:same"],
            since=NOW + timedelta(days=at), until=NOW + timedelta(days=at + 1), reason="leave",
        )  # fmt: skip


def _firms(world: Any, number: int) -> None:
    """Firms of A with all that the register's columns show."""
    from zhitong.enterprises import services
    from zhitong.enterprises.models import Enterprise
    from zhitong.kernel.codes import check_sign

    start = Enterprise.objects.count()
    firsts = [f"91350111MA0QNT{start + at:03d}" for at in range(number)]
    records = [
        services.FirmRecord(
            first + check_sign(first), columns={"name": f"KrFirmA {first}", "region": "350111"},
            facts=[("revenue", "2025", 1, "tax", ""), ("people", "2025", 1, "firm", "")],
            titles=[("srdi", "", NOW.date() - timedelta(days=9), None)], products=["p"], tags=["t"],
            contacts=[("n", "d", "13911112222")],
        )
        for first in firsts
    ]  # fmt: skip
    for done in services.store(by=SEEDER, now=NOW, records=records):
        firm = Enterprise.objects.get(pk=done.firm)
        services.sponsor(by=SEEDER, now=NOW, enterprise=firm, user=world.users["handler:own"], duty="team")


def _of_one_firm(world: Any, number: int) -> None:
    """What hangs on A's firm: facts, titles, people, contacts, merged entries."""
    from zhitong.enterprises import services
    from zhitong.enterprises.models import ContactPerson, Enterprise

    firm = Enterprise.objects.get(pk=world.firms["a"].pk)
    start = ContactPerson.objects.count()
    unit = world.units["bureau_a"]
    for at in range(start, start + number):
        services.add_contact_person(
            by=SEEDER, now=NOW, enterprise=firm, name=f"n{at}", phone=f"1390000{at:04d}"
        )
        services.grant_title(
            by=SEEDER,
            now=NOW,
            enterprise=firm,
            kind="hightech",
            granted_on=NOW.date() - timedelta(days=at + 1),
        )
        services.state_fact(
            by=SEEDER, now=NOW, enterprise=firm, kind="profit", period=f"{2000 + at}", source="tax", value=at
        )
        services.record_contact(
            by=world.actor("handler:own"), now=NOW, enterprise=firm,
            coming=services.Coming("call", "why", NOW.date() - timedelta(days=at), unit),
        )  # fmt: skip


def _batches(world: Any, number: int) -> None:
    from zhitong.enterprises import services

    given = services.ReceivedList("f.csv", "0" * 64, "none.jsonl", {"labels": [], "last": 1, "units": {}}, 1)
    for _ in range(number):
        services.receive_list(by=world.actor("dispatcher:own"), now=NOW, given=given, source="s", columns={})


def _twins(world: Any, number: int) -> None:
    from zhitong.enterprises.models import Enterprise, LikelyTwin

    _firms(world, number)
    firm = world.firms["a"]
    for other in Enterprise.objects.filter(code__contains="QNT"):
        LikelyTwin.objects.get_or_create(first=firm, second=other, likeness=80, defaults={"found_at": NOW})


def _matters(world: Any, number: int) -> None:
    """Matters about new cases, some reported done, with tasks of two units each."""
    from tests.access.supervised import tell
    from tests.access.world import _case
    from zhitong.supervision import services

    for at in range(number):
        matter = tell(world, "a", cases=(_case(world, "a", "handling"), world.cases["handling"]))
        if at % 2:
            given = {"by": world.actor("handler:own"), "now": NOW}
            task = services.sign(task=matter.tasks.get(), **given)
            services.close_report(task=task, text="done", **given)


def _commons(world: Any, number: int) -> None:
    """Proposals about new cases, half of them confirmed."""
    from tests.access import commons
    from zhitong.commons import services

    for at in range(number):
        cases = [commons._fresh(world, state) for state in ("dispatched", "handling")]
        problem = commons._proposed(world, cases)
        if at % 2:
            keys = [case.pk for case in cases]
            decided = services.Decided("a", world.units["bureau_a"], cases[0], keys)
            services.confirm(by=world.actor("dispatcher:own"), now=NOW, problem=problem, decided=decided)


def _members(world: Any, number: int) -> None:
    """Newcomers of a confirmed problem."""
    from tests.access import commons
    from zhitong.commons import services
    from zhitong.core.actor import system

    members = {commons._fresh(world, "handling").pk: 0.4 for _ in range(number)}
    services.add(by=system("tick"), now=NOW, problem=world.rows["common:running"], members=members)


def _referrals(world: Any, number: int) -> None:
    from tests.access.world import _case
    from zhitong.supervision import services

    for _ in range(number):
        services.propose(
            by=world.actor("dispatcher:own"), now=NOW, case=_case(world, "a", "handling"),
            to_department=world.units["district_a"], brief=services.Brief("a", "b", "c", "d"),
        )  # fmt: skip


def _listed(world: Any, number: int) -> None:
    """New cases on this week's list, half of them with a word."""
    from tests.access.world import _case
    from zhitong.supervision import services

    for at in range(number):
        case = _case(world, "a", "handling")
        given = {"week": world.rows["week"], "number": case.number, "text": "now"}
        item = services.add_to_week(by=world.actor("dispatcher:own"), now=NOW, **given)
        if at % 2:
            day = NOW.date() + timedelta(days=9)
            services.say_why(
                by=world.actor("handler:own"), now=NOW, item=item, text="a part is missing", next_day=day
            )


# (address, person, what grows)
def _outside(world: Any, number: int) -> None:
    """Cases that a unit without accounts leads, each with a link that is out."""
    from tests.access.world import _case
    from zhitong.cases import services
    from zhitong.replies import queries
    from zhitong.replies import services as reply_services

    by = world.actor("dispatcher:own")
    for _ in range(number):
        accepted = _case(world, "a", "accepted")
        case = services.dispatch(by=by, now=NOW, case=accepted, lead=world.units["outside_a"])
        reply_services.make_link(by=by, now=NOW, **queries.get_matter(by, "lead", case.pk).given())


def _drafts(world: Any, number: int) -> None:
    from zhitong.drafts import services
    from zhitong.drafts.states import Source

    rows = tuple(
        services.Row(
            line,
            columns={"channel": "phone", "contact": "x", "text": f"停电 {number} {line}", "raw": "x"},
            names=("KrFirmA",) if line % 2 else (),
        )
        for line in range(number)
    )
    given = services.Received(Source.SHEET, "list", str(number) * 8, rows)
    services.receive(by=world.actor("dispatcher:own"), now=NOW, given=given, unit=world.units["district_a"])


def _effects(world: Any, number: int) -> None:
    from tests.access.world import _case
    from zhitong.feedback import services

    given = {"by": world.actor("handler:own"), "now": NOW, "expected_by": NOW.date()}
    for _ in range(number):
        services.expect_effect(case=_case(world, "a", "closed"), text="it runs", **given)


def _thanks(world: Any, number: int) -> None:
    from tests.access.world import _case
    from zhitong.feedback import services

    given = {"by": world.actor("handler:own"), "now": NOW, "received_on": NOW.date(), "kind": "banner"}
    for _ in range(number):
        services.give_thanks(case=_case(world, "a", "closed"), text="thank you", **given)


def _ledger(world: Any, number: int) -> None:
    """Cases with helping units, ratings and the like, which the ledger tells in columns."""
    from zhitong.reports.models import LedgerView

    _cases(world, number)
    _effects(world, number)
    _outside(world, number)
    LedgerView.objects.all().delete()


def _templates(world: Any, number: int) -> None:
    from zhitong.reports import services
    from zhitong.reports.models import Template

    start = Template.objects.count()
    for at in range(start, start + number):
        services.add_template(
            by=world.actor("dispatcher:own"), now=NOW, department=world.units["district_a"], name=f"t{at}",
            given=services.ReceivedTemplate("xlsx", "a.xlsx", b"x", "0" * 64, ()),
        )  # fmt: skip


def _reports(world: Any, number: int) -> None:
    from zhitong.reports import services

    given = {"kind": "week", "begin": NOW.date(), "end": NOW.date(), "department": world.units["district_a"]}
    for _ in range(number):
        services.make_report(by=world.actor("dispatcher:own"), now=NOW, **given)


def _told(world: Any, number: int) -> None:
    """Addresses of further keys, and what the first one was told."""
    from tests.access.programs import delivery
    from zhitong.enterprises import services as enterprises
    from zhitong.webhooks import services
    from zhitong.webhooks.models import Delivery

    by, start = world.actor("system_admin:own"), Delivery.objects.count() + 1
    for at in range(start, start + number):
        delivery(world, world.rows["subscription"], at)
        key = enterprises.issue_token(
            by=by,
            now=NOW,
            name=f"p{at}",
            scopes=["cases.read"],
            regions=[""],
            expires_at=NOW + timedelta(days=9),
        )
        services.subscribe(
            by=by, now=NOW, token=key.row, address=f"https://8.8.8.8/{at}", names=["case.rated"]
        )


LISTS: list[tuple[str, str, Callable[[Any, int], None]]] = [
    ("cases:list", "dispatcher:own", _cases),
    ("cases:list", "handler:own", _cases),
    ("cases:list", "firm_member:own", _cases),
    ("cases:list", "dispatcher:own", _departments),
    ("cases:export", "dispatcher:own", _cases),
    ("workbench:home", "dispatcher:own", _cases),
    ("workbench:home", "handler:own", _cases),
    ("workbench:home", "section_head:own", _cases),
    ("feedback:effects", "handler:own", _effects),
    ("feedback:effect_export", "handler:own", _effects),
    ("feedback:thanks", "handler:own", _thanks),
    ("feedback:thanks_export", "dispatcher:own", _thanks),
    ("replies:list", "dispatcher:own", _outside),
    ("drafts:list", "dispatcher:own", _drafts),
    ("drafts:lots", "dispatcher:own", _drafts),
    ("workbench:home", "dispatcher:own", _drafts),
    ("reports:ledger", "dispatcher:own", _ledger),
    ("reports:ledger", "handler:own", _ledger),
    ("reports:export", "dispatcher:own", _ledger),
    ("reports:templates", "dispatcher:own", _templates),
    ("reports:template template", "dispatcher:own", _cases),
    ("reports:list", "dispatcher:own", _reports),
    ("reports:report made_report", "dispatcher:own", _cases),
    ("reports:report made_report", "dispatcher:own", _departments),
    ("reports:word made_report", "dispatcher:own", _cases),
    ("portal:home", "firm_member:own", _cases),
    ("workbench:notices", "handler:own", _notices),
    ("portal:notices", "firm_member:own", _notices),
    ("notices:deliveries", "system_admin:own", _deliveries),
    ("orgs:departments", "system_admin:own", _departments),
    ("orgs:staff", "system_admin:own", _staff),
    ("orgs:new_department", "system_admin:own", _departments),
    ("orgs:audit", "audit_admin:own", _events),
    ("orgs:calendar", "system_admin:own", _days),
    ("cases:detail handling", "handler:own", _entries),
    ("cases:detail handling", "firm_member:own", _entries),
    ("cases:detail handling", "handler:own", _cases),
    ("cases:print handling", "handler:own", _entries),
    ("cases:dispatch accepted", "dispatcher:own", _staff),
    ("orgs:member handler:own", "handler:own", _delegations),
    ("commons:list", "leader:own", _commons),
    ("commons:export", "dispatcher:own", _commons),
    ("commons:detail common:running", "dispatcher:own", _members),
    ("commons:settle common:running", "dispatcher:own", _members),
    ("supervision:list", "leader:own", _matters),
    ("supervision:list", "handler:own", _matters),
    ("supervision:export", "supervisor:own", _matters),
    ("supervision:leader", "supervisor:own", _referrals),
    ("supervision:week week", "dispatcher:own", _listed),
    ("supervision:week week", "handler:own", _listed),
    ("supervision:week_export week", "supervisor:own", _listed),
    ("workbench:home", "leader:own", _matters),
    ("workbench:home", "handler:own", _matters),
    ("cases:detail handling", "leader:own", _matters),
    ("supervision:instruct", "leader:own", _departments),
    ("enterprises:list", "dispatcher:own", _firms),
    ("enterprises:export", "dispatcher:own", _firms),
    ("enterprises:detail firm", "handler:own", _of_one_firm),
    ("enterprises:detail firm", "firm_member:own", _of_one_firm),
    ("enterprises:detail firm", "handler:own", _cases),
    ("enterprises:contacts firm", "handler:own", _of_one_firm),
    ("enterprises:imports", "dispatcher:own", _batches),
    ("enterprises:twins", "dispatcher:own", _twins),
    ("enterprises:tokens", "system_admin:own", _told),
    ("webhooks:list", "system_admin:own", _told),
    ("webhooks:subscription subscription", "system_admin:own", _told),
]


def queries_of(world: Any, person: str, path: str) -> tuple[int, list[str]]:
    """How often a page asks the database, and what."""
    cache.clear()
    with CaptureQueriesContext(connection) as found:
        answer = world.doors.ask(person, "GET", path)
    assert outcome(answer) == "page"
    return len(found), [query["sql"] for query in found.captured_queries]


def growth(world: Any, person: str, path: str, grow: Callable[[Any, int], None]) -> str:
    """What a page asks more of three times as many rows; empty if nothing."""
    grow(world, FEW)
    queries_of(world, person, path)  # what is read once and kept
    few, asked = queries_of(world, person, path)
    grow(world, 2 * FEW)
    many, more = queries_of(world, person, path)
    if many == few:
        return ""
    repeated = sorted({sql for sql in more if more.count(sql) > asked.count(sql)})
    return f"{few} queries for {FEW} rows more, {many} for {3 * FEW}:\n" + "\n".join(repeated[:10])


def path_of(world: Any, address: str) -> str:
    name, _, subject = address.partition(" ")
    if not subject:
        return reverse(name)
    row = world.firms["a"] if subject == "firm" else world.users.get(subject) or world.cases.get(subject)
    row = row or world.rows[subject]
    return reverse(name, args=[row.pk])


@pytest.mark.parametrize(
    ("address", "person", "grow"),
    LISTS,
    ids=[f"{name}-{who}-{grow.__name__[1:]}" for name, who, grow in LISTS],
)
def test_a_list_asks_as_often_for_many_rows_as_for_few(world, address, person, grow) -> None:
    found = growth(world, person, path_of(world, address), grow)
    assert not found, found


def test_a_page_that_asks_once_a_row_is_found(world, monkeypatch) -> None:
    from zhitong.cases import queries

    monkeypatch.setattr(queries, "listed", lambda rows: rows.select_related(None))
    found = growth(world, "dispatcher:own", reverse("cases:list"), _cases)
    assert "queries for" in found
