"""Fixed words of reports."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Format(models.TextChoices):
    """What a template is."""

    DOCX = "docx", "Word"
    XLSX = "xlsx", "Excel"


class ReportKind(models.TextChoices):
    """What a report is called."""

    WEEK = "week", _("Weekly report")
    MONTH = "month", _("Monthly report")
    BULLETIN = "bulletin", _("Bulletin")


class Day(models.TextChoices):
    """Which day of a case the period of the ledger counts by."""

    RECEIVED = "received", _("Submitted on")
    ENDED = "ended", _("Closed on")
    DUE = "due", _("Due")


class Standing(models.TextChoices):
    """How the cases of the ledger stand."""

    RUNNING = "running", _("Cases running")
    OVERDUE = "overdue", _("Overdue")
    ENDED = "ended", _("Ended")


NAME = 60  # signs of a template's name
QUERY = 1000  # signs of filters and columns that are kept
FOLDER = "reports"
