"""`zhitong set-up`: the first unit of a new installation and its three administrators."""

from __future__ import annotations

import argparse
import secrets
import sys
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import transaction

from zhitong.core import clock
from zhitong.core.actor import Role, system
from zhitong.orgs import services
from zhitong.orgs.models import Department

if TYPE_CHECKING:
    from datetime import datetime

# Sign-in name and role of each; three people, because nobody may administer and audit at once.
ADMINISTRATORS = {
    "sysadmin": Role.SYSTEM_ADMIN,
    "secadmin": Role.SECURITY_ADMIN,
    "auditor": Role.AUDIT_ADMIN,
}
PASSWORD_BYTES = 12
REGION = RegexValidator(r"\A[1-9]\d{5}\Z")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--unit", required=True, help="name of the unit that takes in the cases of the city")
    parser.add_argument("--unit-en", required=True, help="its English name")
    parser.add_argument("--region", required=True, help="its GB/T 2260 code of six digits, such as 350100")
    parser.add_argument(
        "--tier", default="city", choices=["province", "city", "county"], help="default: city"
    )
    for username, role in ADMINISTRATORS.items():
        parser.add_argument(
            f"--{role.value.replace('_', '-')}",
            required=True,
            metavar="NAME",
            help=f"person behind {username}",
        )


def run(options: argparse.Namespace) -> int:
    """Build what is named and print each first password once; exit 1 where people are set up already."""
    try:
        REGION(options.region)
    except ValidationError:
        sys.stderr.write(f"{options.region} is no region code: six digits are needed, such as 350100.\n")
        return 1
    names = {username: getattr(options, role.value) for username, role in ADMINISTRATORS.items()}
    if len(set(names.values())) < len(names):
        sys.stderr.write("The three administrators must be three people: name a different one for each.\n")
        return 1
    if Department.objects.exists():
        sys.stderr.write(
            "This installation has its first unit already; go on under Settings in the browser.\n"
        )
        return 1
    for username, password in build(options, names, clock.now()).items():
        sys.stdout.write(f"{username}\t{password}\t{names[username]}\n")
    sys.stdout.write(
        "These passwords are shown this once. Each person sets up a second factor at first sign-in.\n"
    )
    return 0


@transaction.atomic
def build(options: argparse.Namespace, names: dict[str, str], now: datetime) -> dict[str, str]:
    """Build unit and administrators; return the first password of each sign-in name."""
    by, given = system("set-up"), {}
    unit = services.create_department(
        by=by,
        now=now,
        name=options.unit,
        name_en=options.unit_en,
        tier=options.tier,
        local_code=options.tier,
        region=options.region,
        intake=True,
    )
    for username, role in ADMINISTRATORS.items():
        given[username] = secrets.token_urlsafe(PASSWORD_BYTES)
        user = services.create_staff(
            by=by, now=now, username=username, name=names[username], password=given[username]
        )
        services.add_post(by=by, now=now, user=user, department=unit, role=role)
    return given
