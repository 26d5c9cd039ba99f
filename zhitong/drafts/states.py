"""The fixed words of drafts, and the tables by which notes and sheets are read."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhitong.cases.states import TAKEN_DOWN, Channel
from zhitong.core import data
from zhitong.core.actor import Role
from zhitong.kernel.mail import Rules
from zhitong.kernel.notes import Words

TEXT = 2000  # signs of a matter, as in the forms of cases
PASTED = 20_000  # signs of a pasted note
CHANNELS = [(channel.value, channel.label) for channel in TAKEN_DOWN]
DEFAULT_CHANNEL = Channel.CHAT
# Posts whose holders take down what firms say, for the unit where they hold them.
TAKING = (Role.DISPATCHER, Role.HANDLER, Role.SECTION_HEAD)


class Source(models.TextChoices):
    """How drafts came in."""

    PASTE = "paste", _("Pasted")
    SHEET = "sheet", _("Spreadsheet")
    COMMAND = "command", _("Command line")
    MAIL = "mail", _("E-mail")


class Outcome(models.TextChoices):
    """What became of an e-mail that was fetched."""

    DRAFT = "draft", _("Became a draft")
    KNOWN = "known", _("Came in before")
    REPLY = "reply", _("Automatic answer")
    BOUNCE = "bounce", _("Report of a mail server")
    BULK = "bulk", _("Mass mail")
    OWN = "own", _("Sent by this system")


class Heard(models.TextChoices):
    """What became of a recording that a machine should write down."""

    WAITING = "waiting", _("Waits")
    DONE = "done", _("Recognised by machine, please correct")
    FAILED = "failed", _("Could not be recognised")
    KEPT = "kept", _("Confidential: never sent out")


class DraftState(models.TextChoices):
    """What became of a draft."""

    OPEN = "open", _("Waits")
    ENTERED = "entered", _("Entered as a case")
    DROPPED = "dropped", _("Dropped")


class Weight(models.TextChoices):
    """What a remark on a draft means for entering it."""

    ERROR = "error", _("To be mended first")
    TWIN = "twin", _("Perhaps a duplicate")
    DOUBT = "doubt", _("To be looked at")


def sheet_rules() -> dict[str, Any]:
    """Return what the newest table says of spreadsheets: most rows, largest file, headings of columns."""
    return data.read("drafts", _newest("sheet"))


@cache
def words() -> Words:
    """Return the words by which pasted notes are read."""
    return Words.parse(data.read("drafts", _newest("notes")))


def mail_rules() -> dict[str, Any]:
    """Return what the newest table says of e-mail: limits, and words above quoted tails."""
    return data.read("drafts", _newest("mail"))


@cache
def rules_of_mail() -> Rules:
    """Return the rules by which a mail is read."""
    return Rules.parse(mail_rules())


def _newest(name: str) -> str:
    return max(
        (stem for stem in data.stems("drafts") if stem.rsplit("-", 1)[0] == name),
        key=lambda stem: int(stem.rsplit("-", 1)[1]),
    )
