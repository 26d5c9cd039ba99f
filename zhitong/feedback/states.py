"""The five grades of the national scheme (State Council General Office 2019, No. 51), and other words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhitong.core import data

if TYPE_CHECKING:
    from datetime import date


class Grade(models.IntegerChoices):
    """A rating by a firm; no grade is ever assumed."""

    VERY_SATISFIED = 5, _("Very satisfied")
    SATISFIED = 4, _("Satisfied")
    FAIRLY_SATISFIED = 3, _("Fairly satisfied")
    DISSATISFIED = 2, _("Dissatisfied")
    VERY_DISSATISFIED = 1, _("Very dissatisfied")


BAD = Grade.DISSATISFIED  # this grade and those below say that the trouble is still there


class Way(models.TextChoices):
    """How a firm was asked after its answer."""

    CALL = "call", _("Phone call")
    VISIT = "visit", _("Visit")
    WRITTEN = "written", _("In writing")


class Unfit(models.TextChoices):
    """Why a case may be left out of the rates."""

    UNREASONABLE = "unreasonable", _("Nothing that could be asked for")
    UNREACHABLE = "unreachable", _("Firm not reached")
    ROUTED = "routed", _("Sent to its legal channel")


class Decision(models.TextChoices):
    """What became of a request to leave a case out."""

    APPROVED = "approved", _("Left out")
    DECLINED = "declined", _("Stays in")


class EffectState(models.TextChoices):
    """Where an effect of an answer is."""

    EXPECTED = "expected", _("Expected")
    THERE = "there", _("Said to be there")
    CONFIRMED = "confirmed", _("Confirmed by the firm")
    DROPPED = "dropped", _("Not followed any more")


class ThanksKind(models.TextChoices):
    """How a firm thanked."""

    BANNER = "banner", _("Silk banner")
    LETTER = "letter", _("Letter of thanks")
    WORDS = "words", _("Words of thanks")


THANKS_TEXT = 300
OPEN_EFFECTS = (EffectState.EXPECTED, EffectState.THERE)
FOLLOWED = ("solved", "partly", "planned")  # outcomes that have an effect which can be waited for
EFFECT_TEXT = 200

FOLDER = "feedback"
EFFECTS = "effects"
RATES = "rates"


def rule(name: str, day: date) -> int:
    """Return a number that is laid down for what goes on after an answer, on a day."""
    version = data.version_on(FOLDER, FOLDER, day)
    return int(data.read(FOLDER, f"{FOLDER}-{version}")["rule"][name])


def effect_rule(name: str, day: date) -> int:
    """Return a number that is laid down for following effects, on a day."""
    return int(data.read(FOLDER, f"{EFFECTS}-{data.version_on(FOLDER, EFFECTS, day)}")["rule"][name])


def rate_table(day: date) -> dict[str, Any]:
    """Return how the three rates are counted on a day."""
    return data.read(RATES, f"{RATES}-{data.version_on(RATES, RATES, day)}")
