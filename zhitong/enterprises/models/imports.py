"""Lists of firms that were brought in, row by row, so that a whole list can be taken back."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from zhitong.enterprises.models.firms import Enterprise
from zhitong.enterprises.words import ImportState, TwinState


class ImportMapping(models.Model):
    """Which heading of a source's lists means what; remembered for the next list of that source."""

    source = models.CharField(max_length=60, unique=True)
    columns = models.JSONField()  # heading as it is compared -> field
    used_at = models.DateTimeField()

    class Meta:
        ordering = ["-used_at"]

    def __str__(self) -> str:
        return self.source


class ImportBatch(models.Model):
    """One file on its way into the register; `line` is the last one that was dealt with."""

    source = models.CharField(max_length=60)
    file_name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    table = models.CharField(max_length=200)  # the rows as the child process wrote them, in the media folder
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.READ)
    heading = models.JSONField(default=dict)
    columns = models.JSONField(default=dict)  # place of the column -> field
    region = models.CharField(max_length=12, blank=True)  # for rows that name none
    rows = models.PositiveIntegerField(default=0)
    line = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)  # what an undo had to leave, because it was changed since
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=ImportState.values), name="import_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} {self.state}"


class ImportChange(models.Model):
    """What one row of a list did to a firm: made it or changed it."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="changes")
    enterprise = models.BigIntegerField()  # a plain id: an undo deletes the firm
    line = models.PositiveIntegerField()
    created = models.BooleanField(default=False)
    before = models.JSONField(default=dict)  # columns as they stood
    made = models.JSONField(default=dict)  # ids of what the row hung on the firm, and of what it replaced
    version = models.PositiveIntegerField()  # the firm's version after the row
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["batch", "line"], name="changes_of_an_import")]
        constraints = [
            models.UniqueConstraint(fields=["batch", "line"], name="a_row_acts_once"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.line}"


class ImportRefusal(models.Model):
    """A row that could not be brought in, as it stood, and why."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="refusals")
    line = models.PositiveIntegerField()
    msgid = models.CharField(max_length=200)
    params = models.JSONField(default=dict)
    cells = models.JSONField()

    class Meta:
        ordering = ["line", "id"]
        constraints = [models.UniqueConstraint(fields=["batch", "line"], name="a_row_is_refused_once")]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.line}"


class LikelyTwin(models.Model):
    """Two firms whose names and addresses are so alike that they may be one; the smaller id is `first`."""

    first = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="+")
    likeness = models.PositiveSmallIntegerField()  # 0 to 100
    state = models.CharField(max_length=10, choices=TwinState.choices, default=TwinState.OPEN)
    found_at = models.DateTimeField()
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-likeness", "id"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="two_firms_are_compared_once"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="twins_stand_in_order"
            ),
            models.CheckConstraint(condition=models.Q(state__in=TwinState.values), name="twin_state_known"),
            models.CheckConstraint(condition=models.Q(likeness__range=(0, 100)), name="likeness_in_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ~ {self.second_id}"
