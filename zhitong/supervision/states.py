"""The fixed words of supervised matters, and the rules that a city may change."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhitong.core import data

if TYPE_CHECKING:
    from datetime import date


class Kind(models.TextChoices):
    """Whose word a matter is."""

    INSTRUCTION = "instruction", _("Instruction of a leader")
    ORDER = "order", _("Order of the supervision office")


class Medium(models.TextChoices):
    """How the word was given."""

    TEXT = "text", _("Written")
    VOICE = "voice", _("Spoken")
    PHOTO = "photo", _("Handwritten")


SPOKEN = (Medium.VOICE, Medium.PHOTO)  # the text may follow later
FILE_OF = {Medium.VOICE: "audio", Medium.PHOTO: "photo"}


class TaskState(models.TextChoices):
    """Where one unit's task is."""

    ISSUED = "issued", _("Waiting for the signature")
    SIGNED = "signed", _("In work")
    REPORTED = "reported", _("Waiting to be cleared")
    CLEARED = "cleared", _("Cleared")
    CANCELLED = "cancelled", _("Cancelled")


class ReferralState(models.TextChoices):
    """What became of a case that lies before a leader."""

    OPEN = "open", _("Before the leader")
    DECIDED = "decided", _("Decided")
    WITHDRAWN = "withdrawn", _("Proposal withdrawn")


class How(models.TextChoices):
    """How a closed case was checked again."""

    PHONE = "phone", _("By telephone")
    SITE = "site", _("On the spot")
    PAPERS = "papers", _("By the papers")


class Finding(models.TextChoices):
    """What a check found."""

    TRUE = "true", _("As it was closed")
    PARTLY = "partly", _("Partly as it was closed")
    FALSE = "false", _("Falsely closed")


class Why(models.TextChoices):
    """Why a case stands on a weekly list."""

    OVERDUE = "overdue", _("Overdue already")
    DUE = "due", _("Due this week")
    CARRIED = "carried", _("Not cleared last week")
    ADDED = "added", _("Added")


class Standing(models.TextChoices):
    """How a case on a weekly list stands, now or when its week ended."""

    OPEN = "open", _("Not cleared yet")
    ELSEWHERE = "aside", _("On another way")
    CLEARED = "cleared", _("Cleared")
    OFF = "off", _("Taken off the list")


class MeasureStep(models.TextChoices):
    """What follows an order that was not obeyed."""

    TALK = "talk", _("Talk with the unit")
    CIRCULAR = "circular", _("Circular criticism")


WORDS = 500
# Where the office has given its answer or has no more to give; and where nobody waits for it this week.
CASE_CLEARED = ("reviewed", "rated", "closed", "withdrawn", "refused", "lapsed")
CASE_ELSEWHERE = ("returned", "suspended", "planned", "merged")
OPEN_TASKS = (TaskState.ISSUED, TaskState.SIGNED, TaskState.REPORTED)
WITH_UNIT = (TaskState.ISSUED, TaskState.SIGNED)  # the unit has the next step, its clock runs


def rules(day: date) -> dict[str, Any]:
    """Return the rules in force on a day."""
    return data.read("supervision", f"rules-{data.version_on('supervision', 'rules', day)}")


def working_hours(day: date) -> tuple[time, time]:
    """Return between which hours of a working day somebody may be told of an overdue task."""
    hours = rules(day)["hours"]
    return time.fromisoformat(hours["begin"]), time.fromisoformat(hours["end"])


def ladder(day: date, kind: str) -> tuple[str, ...]:
    """Return the steps that follow an order about a kind of case, in their order; none for most kinds."""
    steps = rules(day).get("ladder", {}).get(kind, {}).get("steps", [])
    return tuple(steps[1:]) if steps[:1] == [Kind.ORDER] else ()
