"""Fetching e-mail: each mail becomes one draft, whatever happens between reading it and marking it."""

from __future__ import annotations

import imaplib
import io
import logging
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from zhitong.core import clock
from zhitong.core.actor import system
from zhitong.core.errors import FasterError
from zhitong.core.messaging import GatewayError
from zhitong.core.uploads.reasons import REASONS, UploadRefused
from zhitong.core.uploads.receive import examine_upload
from zhitong.drafts import mailbox, queries, reading, services
from zhitong.drafts.marks import NOT_KEPT, TOO_BIG, TOO_MANY
from zhitong.drafts.states import Outcome, Weight, mail_rules, rules_of_mail
from zhitong.kernel.mail import Mail, read

if TYPE_CHECKING:
    from zhitong.core.uploads.inspect import Inspected
    from zhitong.orgs.models import Department

log = logging.getLogger("zhitong.mail")
BY = system("mail-intake")
FAILED = "failed"
KB = 1024
MB = KB * KB


@dataclass(slots=True)
class Fetched:
    """What became of the mails of one run."""

    drafts: int = 0
    aside: int = 0  # automatic answers, reports, mass mail, what came in before
    failed: int = 0  # tried again in the next run
    left: int = 0  # not reached in this run

    @property
    def reached(self) -> int:
        """How many mails were looked at."""
        return self.drafts + self.aside + self.failed

    def count(self, outcome: str) -> None:
        """Count what became of one mail."""
        if outcome == Outcome.DRAFT:
            self.drafts += 1
        elif outcome == FAILED:
            self.failed += 1
        else:
            self.aside += 1

    def __str__(self) -> str:
        counts = f"{self.drafts} drafts, {self.aside} put aside, {self.failed} failed, {self.left} left"
        return counts if self.reached else ""


def fetch() -> Fetched:
    """Take in what waits in the folder; a GatewayError where it cannot be opened.

    Draft and note are written together, the mark on the server follows: a run that ends between the two finds
    the note and only marks the mail.
    """
    rules, done = mail_rules(), Fetched()
    unit = queries.mail_unit()
    ends = time.monotonic() + rules["seconds"]
    with mailbox.opened() as session:
        since = clock.local_date(clock.now()) - timedelta(days=rules["days"])
        waiting = session.waiting(since)
        known = queries.taken(session.box, session.validity, waiting)
        if session.keeps_marks:
            for number in sorted(known):
                session.mark(number)
        new = [(number, size) for number, size in waiting.items() if number not in known]
        for number, size in new:
            if done.reached >= rules["at_once"] or time.monotonic() > ends:
                done.left = len(new) - done.reached
                break
            done.count(_take_safely(session, number, size, unit))
    return done


def _take_safely(session: mailbox.Session, number: int, size: int, unit: Department) -> str:
    """Take one mail in; one that fails stays in the folder for the next run and holds no other up."""
    try:
        return _take(session, number, size, unit)
    except (GatewayError, imaplib.IMAP4.error, OSError):
        raise
    except Exception:
        log.exception("Mail %s could not be taken in.", number)
        return FAILED


def _take(session: mailbox.Session, number: int, size: int, unit: Department) -> str:
    """Take one mail in and mark it; return what became of it, empty where it is gone."""
    rules = mail_rules()
    whole = size <= rules["mail_mb"] * MB
    raw = session.read(number, rules["mail_mb"] * MB if whole else rules["beginning_kb"] * KB)
    if not raw:
        return ""
    mail = read(raw, rules_of_mail(), whole=whole)
    place = services.Place(session.box, session.validity, number)
    outcome = _outcome(mail, unit)
    given = _received(mail, whole=whole) if outcome == Outcome.DRAFT else None
    try:
        row = services.take_mail(
            by=BY, now=clock.now(), unit=unit, place=place, mail=mail, outcome=outcome, given=given
        )
    except FasterError:
        return ""  # another worker was quicker; the next run finds its note and marks the mail
    session.mark(number)
    return row.outcome


def _outcome(mail: Mail, unit: Department) -> Outcome:
    if queries.came_in(unit, mail.digest):
        return Outcome.KNOWN
    if mail.address and mail.address == settings.DEFAULT_FROM_EMAIL.lower():
        return Outcome.OWN
    return Outcome(mail.automatic) if mail.automatic else Outcome.DRAFT


def _received(mail: Mail, *, whole: bool) -> services.Received:
    """Return a mail as it will be kept: its files examined, what is not kept named."""
    received = reading.mailed(mail, now=clock.now(), senders=queries.firms_of_sender(mail.address))
    row, rules = received.rows[0], mail_rules()
    files: list[Inspected] = []
    for place, file in enumerate(mail.files):
        if place >= rules["files"]:
            row.remark(Weight.DOUBT, TOO_MANY, name=file.name[:60])
            break
        try:
            upload = UploadedFile(io.BytesIO(file.content), name=file.name, size=len(file.content))
            files.append(examine_upload(upload))
        except UploadRefused as refusal:
            row.remark(
                Weight.DOUBT, NOT_KEPT, name=file.name[:60], reason=REASONS[refusal.code], **refusal.params
            )
    if not whole:
        row.remark(Weight.DOUBT, TOO_BIG, limit=rules["mail_mb"])
    return services.Received(
        received.source, received.name, received.sha256, received.rows, files=tuple(files)
    )
