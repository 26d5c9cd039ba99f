"""The fixed words that firms are described by; they stand in the database."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Listing(models.TextChoices):
    """Where shares of a firm are traded."""

    SSE = "sse", _("Shanghai Stock Exchange")
    SZSE = "szse", _("Shenzhen Stock Exchange")
    BSE = "bse", _("Beijing Stock Exchange")
    NEEQ = "neeq", _("New Third Board")
    HKEX = "hkex", _("Hong Kong Stock Exchange")
    ABROAD = "abroad", _("Abroad")


class SizeClass(models.TextChoices):
    """Size classes (notice 300 of 2011), and what stands where there is none."""

    LARGE = "large", _("Large")
    MEDIUM = "medium", _("Medium")
    SMALL = "small", _("Small")
    MICRO = "micro", _("Micro")
    NOT_APPLICABLE = "not_applicable", _("Not covered by the standard")
    UNKNOWN = "unknown", _("Unknown")


class Scale(models.TextChoices):
    """Whether a firm reaches the line of designated size."""

    ABOVE = "above", _("Above designated size")
    BELOW = "below", _("Below designated size")
    UNKNOWN = "unknown", _("Unknown")


class RelationKind(models.TextChoices):
    """How one firm hangs on another."""

    CONTROLLED = "controlled", _("Controlled by")
    BRANCH = "branch", _("Branch of")
    HELD = "held", _("Partly held by")


class Duty(models.TextChoices):
    """Who in the office stands up for a firm."""

    LEADER = "leader", _("Linked leader")
    CADRE = "cadre", _("Linked cadre")
    TEAM = "team", _("Service team")


class PatentKind(models.TextChoices):
    """Kinds of intellectual property that the title standards count."""

    INVENTION = "invention", _("Invention patent")
    UTILITY = "utility", _("Utility model")
    DESIGN = "design", _("Design patent")
    SOFTWARE = "software", _("Software copyright")
    CIRCUIT = "circuit", _("Integrated circuit layout")
    VARIETY = "variety", _("Plant variety")


class StandardLevel(models.TextChoices):
    """Who published a standard."""

    INTERNATIONAL = "international", _("International")
    NATIONAL = "national", _("National")
    INDUSTRY = "industry", _("Industry")
    LOCAL = "local", _("Local")
    GROUP = "group", _("Association")


class StandardRole(models.TextChoices):
    """What a firm did for a standard."""

    LEADS = "leads", _("Led the drafting")
    TAKES_PART = "takes_part", _("Took part in the drafting")


class CreditList(models.TextChoices):
    """Public lists whose entries shut a firm out of titles and rewards."""

    ABNORMAL = "abnormal", _("List of abnormal operations")
    DISHONEST = "dishonest", _("List of seriously dishonest subjects")


class CreditState(models.TextChoices):
    """What a look into a list found; where nobody looked, nothing is known."""

    LISTED = "listed", _("Listed")
    CLEAR = "clear", _("Not listed")


class ContactKind(models.TextChoices):
    """How the office came to a firm."""

    VISIT = "visit", _("Visit")
    CALL = "call", _("Phone call")
    NOTICE = "notice", _("Notice or survey")
    CHECK = "check", _("Check on site")


class ContactState(models.TextChoices):
    """Where a contact stands."""

    PLANNED = "planned", _("Planned")
    DONE = "done", _("Took place")
    CANCELLED = "cancelled", _("Cancelled")


class ImportState(models.TextChoices):
    """Where the import of a file stands."""

    READ = "read", _("Read, waits for its columns")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Stopped")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")


class TwinState(models.TextChoices):
    """What became of two firms that look like one."""

    OPEN = "open", _("To be looked at")
    MERGED = "merged", _("Merged")
    DISTINCT = "distinct", _("Two firms")
