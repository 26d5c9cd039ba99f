"""The services of calendar, units and people, and who may call them; asked by test_services.py."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tests.access.register_services import WORKING
from tests.access.world import NOW
from zhitong.core import data
from zhitong.core import services as core
from zhitong.core.models import CalendarDay
from zhitong.orgs import services as orgs
from zhitong.orgs import services_lists as lists
from zhitong.orgs.signin import services as signin

Call = Callable[[Any], tuple[Callable[..., Any], dict[str, Any]]]
REVIEW = "section_head:own leader_in_charge:own"
STAFF = f"{WORKING} system_admin:own security_admin:own audit_admin:own"
SYSTEM, SECURITY = "system_admin:own", "security_admin:own"
DEPARTMENT = {"name": "示例局", "name_en": "Example"}


def _user(service: Callable[..., Any], **more: Any) -> Call:
    return lambda world: (service, {"user": world.users["handler:own"], **more})


HOUSE: dict[str, tuple[str, Call]] = {
    "calendar.load_year": (
        SYSTEM,
        lambda _: (core.load_year, {"document": data.read("calendar", "cn-2026")}),
    ),
    "calendar.set_local_day": (
        SYSTEM,
        lambda _: (
            core.set_local_day,
            {"date": date(2026, 9, 1), "kind": "local_off", "name_zh": "示例", "name_en": "", "source": "x"},
        ),
    ),
    "calendar.remove_local_day": (
        SYSTEM,
        lambda world: (
            core.remove_local_day,
            {"day": CalendarDay.objects.get(pk=world.rows["local_day"].pk)},
        ),
    ),
    "orgs.create_department": (
        SYSTEM,
        lambda _: (orgs.create_department, {**DEPARTMENT, "tier": "county", "local_code": "new"}),
    ),
    "orgs.change_department": (
        SYSTEM,
        lambda world: (
            orgs.change_department,
            {
                **DEPARTMENT,
                "department": world.units["bureau_a"],
                "region": "",
                "intake": False,
                "active": True,
            },
        ),
    ),
    "orgs.create_staff": (SYSTEM, lambda _: (orgs.create_staff, {"username": "new", "name": "示例"})),
    "orgs.set_password": (SYSTEM, _user(orgs.set_password, password="another long one")),
    "orgs.leave": (SYSTEM, _user(orgs.leave, successor=None)),
    "signin.reset_second_factor": (SYSTEM, _user(signin.reset_second_factor)),
    "orgs.add_post": (
        SECURITY,
        lambda world: (
            orgs.add_post,
            {
                "user": world.users["handler:own"],
                "department": world.units["bureau_b"],
                "role": "section_head",
            },
        ),
    ),
    "orgs.end_post": (SECURITY, lambda world: (orgs.end_post, {"posting": world.rows["posting"]})),
    "orgs.delegate": (
        f"{SECURITY} handler:own",
        lambda world: (
            orgs.delegate,
            {
                "absentee": world.users["handler:own"],
                "stand_in": world.users["handler:same"],
                "since": NOW + timedelta(days=2),
                "until": NOW + timedelta(days=4),
                "reason": "leave",
            },
        ),
    ),
    "orgs.add_duty": (
        f"{REVIEW} {SECURITY}",
        lambda world: (
            orgs.add_duty,
            {
                "department": world.units["bureau_a"],
                "user": world.users["handler:own"],
                "since": NOW + timedelta(days=3),
                "until": NOW + timedelta(days=4),
            },
        ),
    ),
    "orgs.remove_duty": (
        f"{REVIEW} {SECURITY}",
        lambda world: (orgs.remove_duty, {"duty": world.rows["duty"]}),
    ),
    "orgs.save_view": (STAFF, lambda _: (lists.save_view, {"place": "plans", "name": "n", "query": "q"})),
    "orgs.restore_view": (
        STAFF,
        lambda _: (lists.restore_view, {"place": "plans", "name": "n", "query": "q"}),
    ),
    "orgs.delete_view": (
        "dispatcher:own",
        lambda world: (lists.delete_view, {"view": world.rows["view:a"]}),
    ),
    "orgs.end_delegation": (
        f"{SECURITY} handler:own",
        lambda world: (orgs.end_delegation, {"delegation": world.rows["delegation"]}),
    ),
}
