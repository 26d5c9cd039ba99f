"""Work behind the screen: fetch e-mail."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from zhitong.core.messaging import GatewayError
from zhitong.drafts import fetching

if TYPE_CHECKING:
    from datetime import datetime

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
