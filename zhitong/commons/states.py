"""The fixed words of common problems, and the table by which they are found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhitong.core import data

if TYPE_CHECKING:
    from datetime import date

TITLE, ENTITY, TEXT = 80, 60, 2000


class State(models.TextChoices):
    """Where a common problem is."""

    PROPOSED = "proposed", _("Proposed, not confirmed")
    CONFIRMED = "confirmed", _("In work")
    SOLVED = "solved", _("Solved")
    ENDED = "ended", _("Ended without a solution")
    DISMISSED = "dismissed", _("Dismissed")


OPEN = (State.PROPOSED, State.CONFIRMED)
TAKEN_UP = (State.CONFIRMED, State.SOLVED, State.ENDED)  # a person has confirmed it


class Standing(models.TextChoices):
    """How a case stands to a common problem."""

    NEW = "new", _("Waits for a person")
    IN = "in", _("Belongs to it")
    OUT = "out", _("Left out")


# Cases that never count: taken back, or not a matter of the office.
NEVER = ("withdrawn", "refused")
# Cases that can still be handled in another one.
EARLY = ("submitted", "accepted")


def rules(day: date) -> dict[str, Any]:
    """Return the table in force on a day: entities, and when cases make a group."""
    return data.read("commons", f"entities-{data.version_on('commons', 'entities', day)}")


def kind_label(key: str, day: date) -> str:
    """Return what a kind of entity is called, in the reader's language."""
    labels = {row["key"]: row["label"] for row in rules(day)["kind"]}
    return data.label(labels[key]) if key in labels else key
