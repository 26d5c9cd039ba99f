"""People read their messages as they work: once a week, and what is newer than some days waits for them."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from zhitong.orgs import queries as org_queries
from zhitong.orgs import services as org_services
from zhitong.orgs.models import Notice, User

if TYPE_CHECKING:
    from datetime import datetime

WEEK = timedelta(days=7)
FRESH = timedelta(days=2)  # what came since then nobody has read yet
