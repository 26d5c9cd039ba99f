"""What came in and is no case yet: lots, and the drafts in them."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from zhitong.cases.states import Channel
from zhitong.drafts.states import DraftState, Heard, Outcome, Source, Weight


class Lot(models.Model):
    """What came in at once: one pasted note, the rows of one spreadsheet, one e-mail."""

    source = models.CharField(max_length=10, choices=Source.choices)
    name = models.CharField(max_length=120)  # of the file, or the subject of the mail
    sha256 = models.CharField(max_length=64)
    unit = models.ForeignKey("orgs.Department", on_delete=models.PROTECT, related_name="draft_lots")
    rows = models.PositiveIntegerField(default=0)
    unread = models.JSONField(default=list)  # columns of a sheet whose heading is not known
    at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(source__in=Source.values), name="a_lot_came_by_a_known_way"
            ),
            # The same file twice in one unit is the same lot; pasted words may come again.
            models.UniqueConstraint(
                fields=["unit", "sha256"],
                condition=models.Q(source__in=["sheet", "command", "mail"]),
                name="a_file_comes_in_once_a_unit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.name}"


class Draft(models.Model):
    """One trouble as it came in, what is said against it, and the case that was made of it."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="drafts")
    line = models.PositiveIntegerField()
    unit = models.ForeignKey("orgs.Department", on_delete=models.PROTECT, related_name="drafts")
    state = models.CharField(max_length=10, choices=DraftState.choices, default=DraftState.OPEN)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    original_number = models.CharField(max_length=60, blank=True)
    firm = models.ForeignKey(
        "enterprises.Enterprise", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    firm_text = models.CharField(max_length=120, blank=True)  # the name as it was written
    contact = models.CharField(max_length=40, blank=True)
    phone_sealed = models.CharField(max_length=200, blank=True)
    phone_mask = models.CharField(max_length=20, blank=True)
    title = models.CharField(max_length=80, blank=True)
    text = models.TextField(blank=True)
    place = models.CharField(max_length=200, blank=True)
    urgent = models.BooleanField(default=False)
    said_at = models.DateTimeField(null=True, blank=True)
    lead = models.ForeignKey(
        "orgs.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    raw = models.TextField(blank=True)  # as it came in, telephone numbers hidden
    # {weight, msgid, params}: what is said against it; found anew whenever it changes
    remarks = models.JSONField(default=list)
    weight = models.CharField(max_length=10, blank=True, choices=Weight.choices)  # of the heaviest remark
    near = models.ForeignKey(
        "cases.Case", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )  # the case that is most like it
    case = models.OneToOneField(
        "cases.Case", null=True, blank=True, on_delete=models.PROTECT, related_name="draft"
    )
    reason = models.CharField(max_length=200, blank=True)  # why it was dropped
    at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["lot", "line"]
        indexes = [
            models.Index(fields=["unit", "state", "id"], name="drafts_of_a_unit"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["lot", "line"], name="a_row_is_one_draft"),
            models.CheckConstraint(condition=models.Q(state__in=DraftState.values), name="draft_state_known"),
            models.CheckConstraint(
                condition=(models.Q(weight="") & models.Q(remarks=[]))
                | (models.Q(weight__in=Weight.values) & ~models.Q(remarks=[])),
                name="a_draft_weighs_what_is_said_against_it",
            ),
            models.CheckConstraint(
                condition=models.Q(state="entered", case__isnull=False)
                | (~models.Q(state="entered") & models.Q(case__isnull=True)),
                name="an_entered_draft_is_a_case",
            ),
            models.CheckConstraint(
                condition=(models.Q(state="dropped") & ~models.Q(reason=""))
                | (~models.Q(state="dropped") & models.Q(reason="")),
                name="a_dropped_draft_has_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(phone_sealed="", phone_mask="")
                | (~models.Q(phone_sealed="") & ~models.Q(phone_mask="")),
                name="a_drafts_number_is_sealed_and_masked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id}:{self.line}"


class Mail(models.Model):
    """One e-mail that was fetched: where it lay, what makes it the same as another, what became of it."""

    box = models.CharField(max_length=250)  # account, host and folder
    validity = models.BigIntegerField()  # UIDVALIDITY: another one and numbers begin anew
    uid = models.BigIntegerField()
    digest = models.CharField(max_length=64)  # of number, sender, title, text and files
    unit = models.ForeignKey("orgs.Department", on_delete=models.PROTECT, related_name="mails")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    lot = models.OneToOneField(
        Lot, null=True, blank=True, on_delete=models.PROTECT, related_name="mail"
    )  # what it became
    sender_sealed = models.CharField(max_length=500, blank=True)
    sender_index = models.CharField(max_length=64, blank=True, db_index=True)
    sender_mask = models.CharField(max_length=60, blank=True)
    subject = models.CharField(max_length=250, blank=True)
    text = models.TextField(blank=True)  # of what became no draft, so that somebody can look at it
    said_at = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["unit", "outcome", "-id"], name="mails_of_a_unit")]
        constraints = [
            models.UniqueConstraint(fields=["box", "validity", "uid"], name="a_mail_is_taken_once"),
            models.UniqueConstraint(
                fields=["unit", "digest"],
                condition=models.Q(outcome="draft"),
                name="a_mail_is_a_draft_once",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__in=Outcome.values), name="what_became_of_a_mail_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="draft", lot__isnull=False)
                | (~models.Q(outcome="draft") & models.Q(lot__isnull=True)),
                name="a_mail_that_is_a_draft_has_its_lot",
            ),
            models.CheckConstraint(
                condition=models.Q(sender_sealed="", sender_index="", sender_mask="")
                | (~models.Q(sender_sealed="") & ~models.Q(sender_index="") & ~models.Q(sender_mask="")),
                name="a_mails_sender_is_whole_or_absent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.box} {self.uid} {self.outcome}"


class Transcript(models.Model):
    """What a machine heard in a recording: a suggestion beside it, which nobody's words give way to."""

    upload = models.OneToOneField("core.Upload", on_delete=models.PROTECT, related_name="transcript")
    state = models.CharField(max_length=10, choices=Heard.choices, default=Heard.WAITING)
    text = models.TextField(blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    taken_until = models.DateTimeField(null=True, blank=True)  # a worker has it in hand
    trouble = models.CharField(max_length=60, blank=True)  # the service's own short word
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(state="waiting"), name="recordings_waiting")
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=Heard.values), name="what_became_of_a_recording_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state="done") & ~models.Q(text="")
                | ~models.Q(state="done") & models.Q(text=""),
                name="a_recording_that_was_heard_has_its_text",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.upload_id} {self.state}"
