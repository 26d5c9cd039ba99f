"""Sound rows of the tables of drafts, and what breaks their constraints."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models

from tests.support.office import NOW, Office
from zhitong.core.models import Upload
from zhitong.drafts.models import Draft, Lot, Mail, Transcript

Make = Callable[[Office], dict[str, Any]]


def rows(office: Office) -> list[models.Model]:
    """A lot that came in, a draft of it that became a case."""
    lot = Lot.objects.create(source="sheet", name="a.xlsx", sha256="a", unit=office.units["district"], at=NOW)
    draft = Draft.objects.create(
        lot=lot, line=1, unit=lot.unit, channel="visit", text="x", state="entered", case=office.case("a"),
        at=NOW, changed_at=NOW,
    )  # fmt: skip
    mail = Mail.objects.create(
        box="a", validity=1, uid=1, digest="a", unit=lot.unit, outcome="draft", lot=lot, at=NOW
    )
    upload = Upload.objects.create(
        owner="x", subject=f"drafts.draft:{draft.pk}", kind="audio", mime="audio/wav", name="a.wav", size=1,
        sha256="0", path="a", created_at=NOW,
    )  # fmt: skip
    heard = Transcript.objects.create(upload=upload, next_at=NOW, at=NOW)
    return [lot, draft, mail, heard]


def _lot(office: Office) -> Lot:
    return Lot.objects.create(source="mail", name="c", sha256="c", unit=office.units["district"], at=NOW)


def _upload() -> Upload:
    return Upload.objects.create(
        owner="x", subject="drafts.draft:1", kind="audio", mime="audio/wav", name="b.wav", size=1, sha256="1",
        path="b", created_at=NOW,
    )  # fmt: skip


SOUND: dict[str, Make] = {
    "drafts.lot": lambda _: {"sha256": "b"},
    "drafts.mail": lambda _: {"uid": 2, "digest": "b", "outcome": "reply", "lot": None},
    "drafts.transcript": lambda _: {"upload": _upload()},
    "drafts.draft": lambda _: {"line": 2, "state": "open", "case": None},
}
BROKEN: dict[str, list[Make]] = {
    "drafts.lot.a_lot_came_by_a_known_way": [lambda _: {"source": "dream"}],
    "drafts.lot.a_file_comes_in_once_a_unit": [],
    "drafts.mail.a_mail_is_taken_once": [],
    "drafts.mail.a_mail_is_a_draft_once": [lambda office: {"outcome": "draft", "lot": _lot(office)}],
    "drafts.mail.lot": [lambda _: {"outcome": "draft"}],
    "drafts.mail.what_became_of_a_mail_is_known": [lambda _: {"outcome": "lost", "lot": None}],
    "drafts.mail.a_mail_that_is_a_draft_has_its_lot": [
        lambda _: {"outcome": "draft", "lot": None},
        lambda office: {"outcome": "reply", "lot": _lot(office)},
    ],
    "drafts.mail.a_mails_sender_is_whole_or_absent": [
        lambda _: {"sender_sealed": "x"},
        lambda _: {"sender_mask": "x"},
    ],
    "drafts.transcript.upload": [],
    "drafts.transcript.what_became_of_a_recording_is_known": [lambda _: {"state": "lost"}],
    "drafts.transcript.a_recording_that_was_heard_has_its_text": [
        lambda _: {"state": "done"},
        lambda _: {"text": "x"},
    ],
    "drafts.draft.case": [lambda _: {"state": "entered"}],
    "drafts.draft.a_row_is_one_draft": [],
    "drafts.draft.draft_state_known": [lambda _: {"state": "lost"}],
    "drafts.draft.a_draft_weighs_what_is_said_against_it": [
        lambda _: {"weight": "error"},
        lambda _: {"remarks": [{"weight": "error", "msgid": "x", "params": {}}]},
        lambda _: {"weight": "heavy", "remarks": [{"weight": "heavy", "msgid": "x", "params": {}}]},
    ],
    "drafts.draft.an_entered_draft_is_a_case": [
        lambda _: {"state": "entered"},
        lambda office: {"case": office.case("b")},
    ],
    "drafts.draft.a_dropped_draft_has_a_reason": [
        lambda _: {"state": "dropped"},
        lambda _: {"reason": "x"},
    ],
    "drafts.draft.a_drafts_number_is_sealed_and_masked": [
        lambda _: {"phone_sealed": "x"},
        lambda _: {"phone_mask": "x"},
    ],
}
