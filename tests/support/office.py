"""A small office for tests: two bureaus and two districts, two firms, one person a role; built by the services."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.hashers import get_hasher, make_password

from zhitong.cases import services as case_services
from zhitong.config.commands import load_calendar
from zhitong.core.actor import Actor, Role, system
from zhitong.enterprises import queries as enterprise_queries
from zhitong.enterprises import services as enterprise_services
from zhitong.orgs import queries as org_queries
from zhitong.orgs import services as org_services
from zhitong.orgs.models import User

NOW = datetime(2026, 6, 5, 1, 0, tzinfo=UTC)  # Friday 2026-06-05 09:00 in the city
SEEDER = system("test")
# (name, English name, tier, code, parent, region, intake)
UNITS = [
    ("示例市", "Example City", "city", "city", None, "350100", True),
    ("示例市工信局", "Industry Bureau", "city", "industry", "city", "", False),
    ("示例市城管委", "City Management", "city", "works", "city", "", False),
    ("示例区", "Example District", "county", "district", "city", "350111", True),
    ("另一区", "Other District", "county", "other", "city", "350105", True),
]
STAFF = [
    ("dispatcher", "city", Role.DISPATCHER),
    ("handler", "industry", Role.HANDLER),
    ("colleague", "industry", Role.HANDLER),
    ("head", "industry", Role.SECTION_HEAD),
    ("chief", "industry", Role.LEADER_IN_CHARGE),
    ("worker", "works", Role.HANDLER),
    ("workhead", "works", Role.SECTION_HEAD),
    ("district", "district", Role.DISPATCHER),
    ("other", "other", Role.DISPATCHER),
    ("supervisor", "city", Role.SUPERVISOR),
    ("leader", "city", Role.LEADER),
    ("sysadmin", "city", Role.SYSTEM_ADMIN),
    ("secadmin", "city", Role.SECURITY_ADMIN),
    ("auditor", "city", Role.AUDIT_ADMIN),
]
FIRMS = [
    ("91350111MA0DEM03X5", "示例一号厂", "350111", "a"),
    ("91350105MA0DEM021P", "示例二号厂", "350105", "b"),
]
PASSWORD = "a long test password"


@dataclass
class Office:
    """What was built, by short names."""

    units: dict[str, Any] = field(default_factory=dict)
    users: dict[str, Any] = field(default_factory=dict)
    firms: dict[str, Any] = field(default_factory=dict)
    told: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def actor(self, name: str, now: datetime = NOW) -> Actor:
        """The actor of a person: staff by their short name, firm people as firm_a, firm_b, admin_a."""
        user = self.users[name]
        if name.startswith(("firm_", "admin_")):
            return enterprise_queries.firm_actor(user, now)
        return org_queries.staff_actor(user, now)

    def case(self, firm: str = "a", *, now: datetime = NOW, text: str = "") -> Any:
        """A case just submitted by the firm's member, with words of its own."""
        text = text or f"厂区北侧道路破损，货车无法通行。第{next(self.told)}次说。"
        draft = case_services.Draft(text=text)
        return case_services.submit(
            by=self.actor(f"firm_{firm}", now), now=now, draft=draft, firm=self.firms[firm]
        )

    def led(self, draft: case_services.Draft) -> Any:
        """A case that the first firm's member made of a draft, dispatched to the industry bureau's handler."""
        by = self.actor("district")
        firm = {"by": self.actor("firm_a"), "firm": self.firms["a"]}
        case = case_services.submit(now=NOW, draft=draft, **firm)
        case = case_services.accept(by=by, now=NOW, case=case, kind="normal")
        given = {"lead": self.units["industry"], "person": self.users["handler"]}
        return case_services.dispatch(by=by, now=NOW, case=case, **given)

    def until(self, state: str, firm: str = "a", *, now: datetime = NOW, lead: str = "industry") -> Any:
        """A case of the firm that has come as far as `state`, everything at one moment."""
        case = self.case(firm, now=now)
        intake = self.actor({"a": "district", "b": "other"}[firm], now)
        handler, head = {"industry": ("handler", "head"), "works": ("worker", "workhead")}[lead]
        steps = [
            ("submitted", lambda c: c),
            ("accepted", lambda c: case_services.accept(by=intake, now=now, case=c, kind="normal")),
            (
                "dispatched",
                lambda c: case_services.dispatch(
                    by=intake, now=now, case=c, lead=self.units[lead], person=self.users[handler]
                ),
            ),
            ("handling", lambda c: case_services.start(by=self.actor(handler, now), now=now, case=c)),
            (
                "answered",
                lambda c: case_services.answer(
                    by=self.actor(handler, now), now=now, case=c, text="已修好。", outcome="solved"
                ),
            ),
            ("reviewed", lambda c: case_services.approve(by=self.actor(head, now), now=now, case=c)),
        ]
        for name, step in steps:
            case = step(case)
            if name == state:
                break
        return case


def password() -> str:
    """Return the hash of the tests' password: hashing is slow by design, so all people share one."""
    # Some tests hash quickly; the servers of others could not read such a hash.
    return _hashed(get_hasher().algorithm)


@functools.cache
def _hashed(algorithm: str) -> str:
    return make_password(PASSWORD, hasher=algorithm)


def build(now: datetime = NOW, *, calendar: bool = True) -> Office:
    """Build the office through the services."""
    office = Office()
    if calendar:
        load_calendar.load([2025, 2026])
    for name, name_en, tier, code, parent, region, intake in UNITS:
        office.units[code] = org_services.create_department(
            by=SEEDER, now=now, name=name, name_en=name_en, tier=tier, local_code=code,
            parent=office.units.get(parent), region=region, intake=intake,
        )  # fmt: skip
    for username, unit, role in STAFF:
        user = org_services.create_staff(by=SEEDER, now=now, username=username, name=f"示例{username}")
        org_services.add_post(by=SEEDER, now=now, user=user, department=office.units[unit], role=role)
        office.users[username] = user
    User.objects.filter(pk__in=[user.pk for user in office.users.values()]).update(password=password())
    for user in office.users.values():
        user.password = password()
    for code, name, region, short in FIRMS:
        firm = enterprise_services.register(by=SEEDER, now=now, code=code, name=name, region=region)
        office.firms[short] = firm
        for prefix, role in (("firm", Role.FIRM_MEMBER), ("admin", Role.FIRM_ADMIN)):
            user = User(username=f"{prefix}_{short}", name=f"示例{prefix}{short}", created_at=now)
            user.password = password()
            user.save()
            office.users[user.username] = user
            enterprise_services.seat(by=SEEDER, now=now, enterprise=firm, user=user, role=role)
    return office
