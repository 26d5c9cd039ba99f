"""Links that were given out, replies that came back, and wrong tries."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from zhitong.cases.states import Outcome
from zhitong.replies.states import NAME, ReplyState, Source

NO_SHEET = {"sheet__isnull": True, "line__isnull": True}
A_ROW = {"sheet__isnull": False, "line__isnull": False}


class ReplyLink(models.Model):
    """A link with which a unit answers once; of its token only the hash is kept."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="reply_links")
    assist = models.ForeignKey(
        "cases.Assist", null=True, blank=True, on_delete=models.PROTECT, related_name="reply_links"
    )  # empty: the unit leads the case
    department = models.ForeignKey("orgs.Department", on_delete=models.PROTECT, related_name="reply_links")
    token_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    opens = models.PositiveIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "department"],
                condition=models.Q(used_at__isnull=True, revoked_at__isnull=True),
                name="one_live_link_a_unit_and_case",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("at")), name="a_link_ends_after_it_was_made"
            ),
            models.CheckConstraint(
                condition=models.Q(used_at__isnull=True) | models.Q(revoked_at__isnull=True),
                name="a_link_is_used_or_revoked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.department_id}"


class ReplySheet(models.Model):
    """A sheet that a unit filled in for several cases; its rows wait until somebody has looked at them."""

    department = models.ForeignKey("orgs.Department", on_delete=models.PROTECT, related_name="reply_sheets")
    file_name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    rows = models.JSONField()  # line, number, text, outcome, name: as they stood in the file
    refused = models.JSONField(default=list)  # line, number, and the sentence with its parameters
    at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(taken_at__isnull=True) | models.Q(taken_at__gte=models.F("at")),
                name="a_sheet_is_entered_after_it_came",
            ),
            models.CheckConstraint(condition=~models.Q(sha256=""), name="a_sheet_keeps_its_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.department_id} {self.file_name}"


class Reply(models.Model):
    """What a unit without accounts replied, and what became of it."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="replies")
    assist = models.ForeignKey(
        "cases.Assist", null=True, blank=True, on_delete=models.PROTECT, related_name="replies"
    )
    department = models.ForeignKey("orgs.Department", on_delete=models.PROTECT, related_name="replies")
    source = models.CharField(max_length=10, choices=Source.choices)
    link = models.OneToOneField(
        ReplyLink, null=True, blank=True, on_delete=models.PROTECT, related_name="reply"
    )
    sheet = models.ForeignKey(
        ReplySheet, null=True, blank=True, on_delete=models.PROTECT, related_name="replies"
    )
    line = models.PositiveIntegerField(null=True, blank=True)  # of the sheet
    text = models.TextField()
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    entered_name = models.CharField(max_length=NAME)  # who answers at the unit: name and post
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ReplyState.choices, default=ReplyState.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    words = models.TextField(blank=True)  # why it was not taken in

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "department"],
                condition=models.Q(state=ReplyState.WAITING),
                name="one_waiting_reply_a_unit_and_case",
            ),
            models.CheckConstraint(
                condition=~models.Q(text="") & ~models.Q(entered_name=""), name="a_reply_says_who_and_what"
            ),
            models.CheckConstraint(
                condition=models.Q(assist__isnull=True, outcome__in=Outcome.values)
                | models.Q(assist__isnull=False, outcome=""),
                name="the_leads_reply_has_an_outcome",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    source=Source.LINK, link__isnull=False, entered_by__isnull=True, **NO_SHEET
                )
                | models.Q(source=Source.PAPER, link__isnull=True, entered_by__isnull=False, **NO_SHEET)
                | models.Q(source=Source.SHEET, link__isnull=True, entered_by__isnull=False, **A_ROW),
                name="a_reply_came_by_link_or_was_entered",
            ),
            models.UniqueConstraint(
                fields=["sheet", "line"],
                condition=models.Q(sheet__isnull=False),
                name="a_row_is_entered_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state=ReplyState.WAITING, decided_at__isnull=True)
                | models.Q(state__in=[ReplyState.TAKEN, ReplyState.REFUSED], decided_at__isnull=False),
                name="a_reply_waits_until_it_is_decided",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ReplyState.REFUSED) | ~models.Q(words=""),
                name="a_refused_reply_is_told_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.department_id} {self.state}"


class Knock(models.Model):
    """Wrong links tried from an address or under one beginning; the key is a hash."""

    key = models.CharField(max_length=64, unique=True)
    since = models.DateTimeField()
    count = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.count}"
