"""What becomes of a recording that a machine should write down: asked for, tried, heard or given up."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import F, Q

from zhitong.core import permissions
from zhitong.core.queries import upload as upload_row
from zhitong.core.service import Work, service
from zhitong.drafts import queries
from zhitong.drafts.models import Transcript
from zhitong.drafts.states import TEXT, Heard
from zhitong.kernel.mail.charsets import clean

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor

LEASE = timedelta(minutes=5)
FIRST_PAUSE = timedelta(seconds=30)
TRIES = 6  # the last one about half an hour after the first


@service("drafts.ask_transcript")
def ask_transcript(work: Work, *, by: Actor, now: datetime, upload: str) -> Transcript:
    """Have a recording written down; one that was asked for before is not asked for again."""
    permissions.require(by, "drafts.transcribe")
    row, _made = Transcript.objects.get_or_create(
        upload=upload_row(upload), defaults={"next_at": now, "at": now}
    )
    work.record(row, upload=str(upload))
    return row


@service("drafts.take_recording")
def take_recording(work: Work, *, by: Actor, now: datetime, transcript: Transcript) -> Transcript | None:
    """Take a recording in hand; None where it is not due or in other hands. What is confidential stays here.

    Asked at the moment of sending: what waited may have become a confidential case meanwhile.
    """
    permissions.require(by, "drafts.transcribe")
    free = Q(taken_until__isnull=True) | Q(taken_until__lte=now)
    same = Transcript.objects.filter(free, pk=transcript.pk, state=Heard.WAITING, next_at__lte=now)
    open_ = queries.may_be_sent(transcript.upload)
    changes = {"taken_until": now + LEASE, "tries": F("tries") + 1} if open_ else {"state": Heard.KEPT}
    taken = same.update(**changes)
    work.record(transcript, upload=str(transcript.upload_id), sent=bool(taken and open_))
    return Transcript.objects.select_related("upload").get(pk=transcript.pk) if taken and open_ else None


@service("drafts.recognise")
def recognise(
    work: Work,
    *,
    by: Actor,
    now: datetime,
    transcript: Transcript,
    text: str,
    trouble: str = "",
    hopeless: bool = False,
) -> Transcript:
    """Keep what was heard, or when to try again; nothing that a person wrote is touched."""
    permissions.require(by, "drafts.transcribe")
    words = queries.hidden(clean(text).strip())[:TEXT]
    given_up = hopeless or not trouble or transcript.tries >= TRIES
    changes = {"state": Heard.DONE, "text": words, "trouble": ""} if words else {
        "state": Heard.FAILED if given_up else Heard.WAITING,
        "trouble": trouble[:60],
        "next_at": now + FIRST_PAUSE * 2 ** max(0, transcript.tries - 1),
    }  # fmt: skip
    held = Transcript.objects.filter(
        pk=transcript.pk, state=Heard.WAITING, taken_until=transcript.taken_until
    )
    done = held.update(taken_until=None, **changes)
    work.record(transcript, state=str(changes["state"]), length=len(words), kept=bool(done))
    return Transcript.objects.get(pk=transcript.pk)
