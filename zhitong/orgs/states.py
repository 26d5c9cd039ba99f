"""The fixed words of departments and posts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhitong.core import data
from zhitong.core.actor import DEPARTMENT_ROLES, Role


class Tier(models.TextChoices):
    """The level of a department; a park or special zone is a unit like the others."""

    PROVINCE = "province", _("Province")
    CITY = "city", _("City")
    COUNTY = "county", _("District or county")
    TOWN = "town", _("Town or street")
    PARK = "park", _("Park")


ROLE_LABELS = {
    Role.FIRM_MEMBER: _("Firm member"),
    Role.FIRM_ADMIN: _("Firm administrator"),
    Role.HANDLER: _("Handler"),
    Role.SECTION_HEAD: _("Section head"),
    Role.LEADER_IN_CHARGE: _("Leader in charge"),
    Role.DISPATCHER: _("Dispatcher"),
    Role.SUPERVISOR: _("Supervisor"),
    Role.LEADER: _("City leader"),
    Role.SYSTEM_ADMIN: _("System administrator"),
    Role.SECURITY_ADMIN: _("Security administrator"),
    Role.AUDIT_ADMIN: _("Audit administrator"),
}

# Who keeps the duty roster of a unit, and may stand on it beside its handlers.
ROSTER_ROLES = (Role.DISPATCHER, Role.SECTION_HEAD, Role.LEADER_IN_CHARGE)
SIGNING = "head"  # the chain of a department that names none


@dataclass(frozen=True, slots=True)
class SignStep:
    """One signature under an answer: whose, and whether it is the last one."""

    roles: tuple[Role, ...]
    label: str
    last: bool


@cache
def chain_steps(name: str) -> tuple[tuple[Role, ...], ...]:
    """Return who may sign at each step of a chain; KeyError for a chain that nobody laid down."""
    rows = _chains()[name]["step"]
    steps = tuple(tuple(Role(role) for role in row["roles"]) for row in rows)
    if not set().union(*steps) <= set(DEPARTMENT_ROLES):
        message = f"Chain {name}: only {', '.join(DEPARTMENT_ROLES)} of the department can sign its answers."
        raise ValueError(message)
    return steps


def chain_step(name: str, number: int) -> SignStep:
    """Return the step of a chain with its name in the reader's language; steps count from 0."""
    rows = _chains()[name]["step"]
    return SignStep(chain_steps(name)[number], data.label(rows[number]["label"]), number == len(rows) - 1)


def chain_names() -> dict[str, str]:
    """Return the chains with their names in the reader's language."""
    return {name: data.label(row["label"]) for name, row in _chains().items()}


def _chains() -> dict[str, dict]:
    return data.read("signoff", data.stems("signoff")[-1])["chain"]
