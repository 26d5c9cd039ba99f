"""Templates with their versions, documents made of them, reports, and how somebody likes the ledger."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from zhitong.reports.states import NAME, QUERY, Format, ReportKind


class Template(models.Model):
    """A template of a unit under a name; what it looks like stands in its versions."""

    department = models.ForeignKey("orgs.Department", on_delete=models.PROTECT, related_name="templates")
    name = models.CharField(max_length=NAME)
    format = models.CharField(max_length=4, choices=Format.choices)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["department__path", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "name"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="a_unit_has_one_template_of_a_name",
            ),
            models.CheckConstraint(
                condition=models.Q(format__in=Format.values) & ~models.Q(name=""),
                name="a_template_has_name_and_format",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | models.Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="somebody_withdrew_a_template",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TemplateVersion(models.Model):
    """One version of a template, as it was sent; never changed."""

    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=120)
    fields = models.JSONField()  # name as written, key or empty, of a case or not, place
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["template", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="versions_are_numbered"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="versions_begin_with_one"),
            models.CheckConstraint(condition=~models.Q(sha256=""), name="a_version_keeps_its_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.template_id} {self.number}"


class Made(models.Model):
    """A document that somebody made: of which version, by which filter, with how many cases."""

    version = models.ForeignKey(TemplateVersion, on_delete=models.PROTECT, related_name="made")
    by_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    query = models.CharField(max_length=QUERY, blank=True)
    rows = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(sha256=""), name="a_document_keeps_its_hash")
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.at:%Y-%m-%d}"


class Report(models.Model):
    """A report of a unit over a period: the figures as they stood, with the cases behind them.

    `overseeing` says whose figures they are: those of everything at and below the unit, or of what it leads.
    """

    kind = models.CharField(max_length=10, choices=ReportKind.choices)
    department = models.ForeignKey("orgs.Department", on_delete=models.PROTECT, related_name="reports")
    overseeing = models.BooleanField()
    begin = models.DateField()
    end = models.DateField()
    figures = models.JSONField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end__gte=models.F("begin")), name="a_report_ends_after_it_began"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=ReportKind.values), name="a_kind_of_report_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.begin} {self.end}"


class LedgerView(models.Model):
    """Filters and columns with which somebody's ledger opens."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="ledger_view"
    )
    query = models.CharField(max_length=QUERY, blank=True)
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id}"
