"""The demo city: departments, people and firms from `data/demo/city.toml`, built by the services."""

from __future__ import annotations

import hashlib
import json
from base64 import b32encode
from typing import TYPE_CHECKING, Any

from django.conf import settings

from zhitong.core import data
from zhitong.core.actor import Role, system
from zhitong.enterprises import services as enterprise_services
from zhitong.orgs import services as org_services
from zhitong.orgs.models import Department, User
from zhitong.orgs.signin import demo as signin_demo
from zhitong.orgs.states import ROLE_LABELS

if TYPE_CHECKING:
    from datetime import datetime

BUILDER = system("demo")
FIRMS_SHOWN = 2


def is_built() -> bool:
    """Whether the city stands already."""
    return Department.objects.exists()


def build(*, now: datetime) -> None:
    """Build departments, staff and firms as of `now`, and write the list of demo accounts."""
    city = data.read("demo", "city")
    units = _departments(city, now)
    accounts = [_person(row, units, city["password"], now) for row in city["person"]]
    firms = [_firm(row, city["password"], now) for row in city["firm"]]
    shown = [account for account in firms[:FIRMS_SHOWN] + accounts if account["shown"]]
    settings.HOME.mkdir(parents=True, exist_ok=True)
    text = json.dumps(shown, ensure_ascii=False, indent=2)
    (settings.HOME / "demo-accounts.json").write_text(text, encoding="utf-8")


def _departments(city: dict[str, Any], now: datetime) -> dict[str, Department]:
    units: dict[str, Department] = {}
    for row in city["unit"]:
        units[row["key"]] = org_services.create_department(
            by=BUILDER,
            now=now,
            name=row["name"],
            name_en=row["name_en"],
            tier=row["tier"],
            local_code=row["key"],
            parent=units.get(row.get("parent", "")),
            region=row.get("region", ""),
            intake=row.get("intake", False),
        )
    return units


def _person(
    row: dict[str, Any], units: dict[str, Department], password: str, now: datetime
) -> dict[str, Any]:
    user = org_services.create_staff(
        by=BUILDER,
        now=now,
        username=row["username"],
        name=row["name"],
        # Hashing a password is slow by design; those who never sign in in the demo get none.
        password=password if row.get("shown") else "",
    )
    org_services.add_post(by=BUILDER, now=now, user=user, department=units[row["unit"]], role=row["role"])
    secret = totp_secret(row["username"])
    if row.get("shown"):
        signin_demo.enrol_totp(user, secret)
    return {
        "role": row["role"],
        "role_label": str(ROLE_LABELS[Role(row["role"])]),
        "username": row["username"],
        "password": password,
        "name": row["name"],
        "unit": units[row["unit"]].name,
        "unit_en": units[row["unit"]].name_en,
        "totp_secret": secret,
        "shown": row.get("shown", False),
    }


def _firm(row: dict[str, Any], password: str, now: datetime) -> dict[str, Any]:
    firm = enterprise_services.register(
        by=BUILDER, now=now, code=row["code"], name=row["name"], region=row["region"], address=row["address"]
    )
    user = User(username=row["member"], name=row["member_name"], phone=row["phone"], created_at=now)
    user.phone_verified = True
    user.set_password(password if row["member"] in {"firm-1", "firm-2"} else None)
    user.save()
    enterprise_services.seat(by=BUILDER, now=now, enterprise=firm, user=user, role=Role.FIRM_ADMIN)
    return {
        "role": Role.FIRM_ADMIN.value,
        "role_label": str(ROLE_LABELS[Role.FIRM_ADMIN]),
        "username": row["member"],
        "password": password,
        "name": row["member_name"],
        "unit": row["name"],
        "unit_en": row["name"],
        "phone": row["phone"],
        "totp_secret": "",
        "shown": True,
    }


def totp_secret(username: str) -> str:
    """Return a demo account's second-factor secret: fixed, public, worthless outside the demo."""
    return b32encode(hashlib.sha256(f"zhitong demo {username}".encode()).digest()[:20]).decode()
