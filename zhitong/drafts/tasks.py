"""Work behind the screen: fetch e-mail, have recordings written down."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from zhitong.core import clock
from zhitong.core.actor import system
from zhitong.core.messaging import GatewayError, RejectedError
from zhitong.drafts import fetching, queries, services, speech

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.models import OutboxMessage

SPEECH = system("speech")
log = logging.getLogger("zhitong.mail")


@task()
def fetch_mail() -> None:
    """Take in what waits in the mailbox; one that does not answer is asked again in a minute."""
    try:
        said = str(fetching.fetch())
    except GatewayError as error:
        log.warning("The mailbox cannot be read: %s", error.code)
        return
    if said:
        log.info("%s", said)


def hear(transcript: int, *, now: datetime) -> str:
    """Make one try of a recording, outside of any transaction; return its state, empty for no try."""
    row = services.take_recording(by=SPEECH, now=now, transcript=queries.transcript(transcript))
    if row is None:
        return ""
    trouble, hopeless, text = "", False, ""
    try:
        path = settings.MEDIA_ROOT / row.upload.path
        text = speech.adapter().recognise(path=path, mime=row.upload.mime, reference=str(row.upload_id))
    except RejectedError as error:
        trouble, hopeless = error.code, True
    except (GatewayError, OSError) as error:
        trouble = getattr(error, "code", type(error).__name__)
    after = services.recognise(
        by=SPEECH, now=clock.now(), transcript=row, text=text, trouble=trouble, hopeless=hopeless
    )
    return after.state


@task()
def hear_due() -> None:
    """Make a try of every recording that is due."""
    for transcript in queries.transcripts_due(clock.now()):
        hear(transcript, now=clock.now())


class AskTranscripts:
    """Has recordings of drafts and of new cases written down, where a service for it is named."""

    topics = frozenset({"drafts.recording", "cases.submit"})

    def __call__(self, message: OutboxMessage, now: datetime) -> None:
        """Note what is wanted in the message's transaction; hearing takes seconds and waits for its end."""
        if not speech.on():
            return
        given = message.payload
        wanted = [given["upload"]] if "upload" in given else queries.recordings(given["case"])
        for upload in wanted:
            services.ask_transcript(by=SPEECH, now=now, upload=upload)
        if wanted:
            hear_due.enqueue()


class HearDue:
    """Hands to a worker the recordings that wait for another try."""

    every = timedelta(seconds=30)

    def run(self, now: datetime) -> str:
        """Queue one task for all of them."""
        waiting = queries.transcripts_due(now) if speech.on() else []
        if waiting:
            hear_due.enqueue()
        return f"{len(waiting)} to be heard" if waiting else ""


class FetchMail:
    """Has a worker fetch e-mail each minute, where a mailbox is named."""

    every = timedelta(minutes=1)

    def run(self, now: datetime) -> str:
        """Queue the task unless one waits: a mailbox may take its time, and the ticker has none."""
        del now
        waits = DBTaskResult.objects.ready().filter(task_path=fetch_mail.module_path)
        if settings.IMAP_HOST and not waits.exists():
            fetch_mail.enqueue()
        return ""
