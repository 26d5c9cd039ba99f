"""The fixed words of departments and posts."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhitong.core.actor import Role


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
