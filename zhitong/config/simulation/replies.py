"""The demo's unit without accounts: a case that it leads, and a part whose reply waits to be taken in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from zhitong.cases import services as case_services
from zhitong.cases.states import Channel
from zhitong.config.simulation.desks import DISPATCHER, HANDLER
from zhitong.core import data
from zhitong.core.actor import outside, system
from zhitong.enterprises import queries as enterprise_queries
from zhitong.enterprises.models import Membership
from zhitong.orgs import queries as org_queries
from zhitong.orgs import services as org_services
from zhitong.orgs.models import Department, User
from zhitong.replies import queries, services
from zhitong.replies.permissions import scope

if TYPE_CHECKING:
    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor

BUILDER = system("demo")
BEFORE = timedelta(hours=2)  # so long before now everything here has happened


def fill(now: datetime) -> None:
    """Let a firm's matter go to a unit without accounts, and let the unit reply to a part by its link."""
    table, moment = data.read("demo", "replies"), now - BEFORE
    unit = _unit(table["unit"], moment)
    dispatcher, handler = _officer(DISPATCHER, moment), _officer(HANDLER, moment)
    case_services.dispatch(by=dispatcher, now=moment, case=_accepted(table["lead"], moment), lead=unit)
    bureau, user = _bureau(handler), User.objects.get(pk=handler.user)
    case = _accepted(table["part"], moment)
    case = case_services.dispatch(by=dispatcher, now=moment, case=case, lead=bureau, person=user)
    case = case_services.start(by=handler, now=moment, case=case)
    wanted = table["part"]["wanted"]
    case = case_services.ask_help(by=handler, now=moment, case=case, department=unit, text=wanted)
    _reply(handler, case, table["part"], moment)


def _reply(handler: Actor, case: Case, row: dict[str, Any], moment: datetime) -> None:
    matter = queries.get_matter(handler, "part", case.assists.get().pk)
    link = services.make_link(by=handler, now=moment, **matter.given()).row
    unit = outside(matter.department.name, scope(link.pk))
    services.reply_by_link(by=unit, now=moment + BEFORE / 2, link=link, text=row["reply"], name=row["name"])


def _unit(row: dict[str, Any], now: datetime) -> Department:
    return org_services.create_department(
        by=BUILDER, now=now, name=row["name"], name_en=row["name_en"], tier=row["tier"],
        local_code=row["key"], parent=Department.objects.get(local_code=row["parent"]),
    )  # fmt: skip


def _officer(username: str, now: datetime) -> Actor:
    return org_queries.staff_actor(User.objects.get(username=username), now)


def _bureau(handler: Actor) -> Department:
    return Department.objects.get(pk=handler.posts[0].department)


def _accepted(row: dict[str, Any], now: datetime) -> Case:
    seat = Membership.objects.select_related("user", "enterprise").get(user__username=row["firm"])
    draft = case_services.Draft(text=row["text"], channel=Channel.DEMO)
    firm = enterprise_queries.firm_actor(seat.user, now)
    case = case_services.submit(by=firm, now=now, draft=draft, firm=seat.enterprise)
    return case_services.accept(by=_officer(DISPATCHER, now), now=now, case=case, kind="normal")
