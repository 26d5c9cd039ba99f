"""Sessions in the database, as Django keeps them; the row that every request asks for by a prepared query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from zhitong.core import clock
from zhitong.core.prepared import prepared

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet


@prepared
def _running(key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


class SessionStore(db.SessionStore):
    """Django's store of sessions."""

    def _get_session_from_db(self) -> Session | None:
        row = _running.first(self.session_key, clock.now()) if self.session_key else None
        if row is None:
            self._session_key = None
        return row
