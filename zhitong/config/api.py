"""The API for other programs, put together from what the rooms offer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from zhitong.cases.api import router as cases
from zhitong.core import clock
from zhitong.core.api import compose
from zhitong.enterprises import queries, services
from zhitong.enterprises.api import router as firms
from zhitong.webhooks.api import router as webhooks

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor

ABOUT = """Firms and cases of the city for other programs.

Send the key as `Authorization: Bearer zt_…`. Times carry their offset; money is in whole fen. A field that is
absent is not known, or not told to this key. Lists come in pages: ask again with `after` = `next` while there
is a `next`.
"""


class Keys:
    """The keys that the register keeps."""

    def find(self, secret: str, now: datetime) -> Actor | None:
        """Return the program that shows a key, and note the day."""
        row = queries.token(secret, now)
        if row is None:
            return None
        services.token_seen(row, clock.local_date(now))
        return queries.machine(row)

    def wait(self, actor: Actor, now: datetime) -> int:
        """Count a request of the running minute."""
        return services.count_request(token=actor.token, most=settings.API_PER_MINUTE, now=now)


api = compose(
    door=Keys(),
    routers=[("", firms), ("", cases), ("", webhooks)],
    title="Zhitong",
    version="1",
    description=ABOUT,
)
