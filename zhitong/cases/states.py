"""The flow and the deadlines of cases, by version, and the fixed words beside them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhitong.core import data
from zhitong.kernel.workflow import Flow, parse_flow

if TYPE_CHECKING:
    from datetime import date

FLOW = "case"
PROFILE = "default"


class Outcome(models.TextChoices):
    """How a case ended; a plain "closed" would hide whether the trouble is gone."""

    SOLVED = "solved", _("Solved")
    PLANNED = "planned", _("Put on the plan")
    EXPLAINED = "explained", _("Explained")


# States in which the firm has been told answer and outcome; before, both are a draft of the department.
TOLD = frozenset({"reviewed", "rated", "closed"})


class Channel(models.TextChoices):
    """By which way a case came in."""

    PORTAL = "portal", _("Portal")
    IMPORT = "import", _("Import")
    DEMO = "demo", _("Example")


class Visibility(models.TextChoices):
    """Who reads an entry of the timeline."""

    FIRM = "firm", _("Visible to the firm")
    INTERNAL = "internal", _("Internal")


class Owner(models.TextChoices):
    """The two parties that can be accountable, as the flow names them."""

    INTAKE = "intake", _("Intake unit")
    LEAD = "lead", _("Lead department")


@cache
def flow(version: int) -> Flow:
    """Return the case flow at a version."""
    return parse_flow(data.read("flows", f"{FLOW}-{version}"))


@cache
def profile(version: int) -> dict[str, Any]:
    """Return the deadlines at a version."""
    return data.read("sla", f"{PROFILE}-{version}")


def versions_on(day: date) -> tuple[int, int]:
    """Return the versions of flow and deadlines with which a case begins on `day`."""
    return data.version_on("flows", FLOW, day), data.version_on("sla", PROFILE, day)


def newest_flow() -> Flow:
    """Return the newest flow, for pages and documents about the flow itself."""
    numbers = [int(stem.rsplit("-", 1)[1]) for stem in data.stems("flows") if stem.startswith(f"{FLOW}-")]
    return flow(max(numbers))


def kinds(version: int) -> dict[str, str]:
    """Return the kinds of matter of a profile with their labels in the reader's language."""
    return {name: data.label(row["label"]) for name, row in profile(version)["kind"].items()}
