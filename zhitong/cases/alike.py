"""Cases about the same matter: a firm's own, before it submits; those of a year, for who takes a case in.

The texts of a year are remembered by each process in an index that is brought up to date at every question.
It names keys only: what somebody reads of a case is fetched in their sight, so an index that is behind shows
less.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from zhitong.cases import queries
from zhitong.cases.duties import catalogue
from zhitong.cases.models import Case
from zhitong.core import data
from zhitong.core.clock import local_date
from zhitong.kernel.text import Cleaning, Corpus, Index

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

    from zhitong.core.actor import Actor

LATE = 100  # keys below the newest that are looked for again: transactions do not end in their order
ANSWERED = ("solved", "partly", "planned", "explained")  # outcomes of cases that show who can do what
ASKED = 10  # times as many as are shown are asked for, since not all lie in the reader's sight


@dataclass(frozen=True, slots=True)
class Alike:
    """A case, how alike its words are (0 to 1), and the words that make it so."""

    case: Case
    likeness: float
    shared: tuple[str, ...]

    @property
    def percent(self) -> int:
        """The likeness as a whole number of hundredths."""
        return round(100 * self.likeness)


def words_of(case: Case) -> str:
    """What is compared of a case."""
    return f"{case.title}\n{case.text}"


class Remembered:
    """The words of a year's cases of everybody, but of those whose words not all who work here may read."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._forget()

    def _forget(self) -> None:
        self._index: Index | None = None
        self._ages: deque[tuple[datetime, int]] = deque()
        self._last = 0

    def forget(self) -> None:
        """Begin anew, as when another database stands behind."""
        with self._lock:
            self._forget()

    def nearest(
        self,
        text: str,
        limit: int,
        *,
        least: float,
        now: datetime,
        among: Iterable[int] | None = None,
        reasons: bool = True,
    ) -> dict[int, tuple[float, tuple[str, ...]]]:
        """Return how alike the nearest cases are, with the words that make it so, by their keys."""
        with self._lock:
            index = self._caught_up(now)
            found = index.nearest(text, limit, least=least, among=among, reasons=reasons)
        return {row.key: (row.likeness, row.shared) for row in found}

    def catch_up(self, now: datetime) -> None:
        """Take in what came since the last question."""
        with self._lock:
            self._caught_up(now)

    def _caught_up(self, now: datetime) -> Index:
        rules = catalogue(local_date(now))["similar"]
        since, most = now - timedelta(days=rules["days"]), rules["most"]
        if self._index is None:
            self._index = Index(Cleaning.parse(data.read("texts", "cleaning-1")))
        fresh = Case.objects.filter(pk__gt=self._last - LATE, created_at__gte=since, confidential=False)
        newest = fresh.order_by("-pk").values_list("pk", "created_at", "title", "text")[:most]
        for pk, at, title, text in reversed(newest):
            if pk not in self._index:
                self._index.add(pk, f"{title}\n{text}")
                self._ages.append((at, pk))
                self._last = max(self._last, pk)
        while self._ages and (self._ages[0][0] < since or len(self._ages) > most):
            self._index.discard(self._ages.popleft()[1])
        return self._index


remembered = Remembered()


def recent_like(actor: Actor, case: Case, now: datetime) -> list[Alike]:
    """Return recent cases in sight whose words are most like a case's, the nearest first."""
    rules = catalogue(local_date(now))["similar"]
    limit = rules["shown"]
    found = remembered.nearest(words_of(case), limit * ASKED, least=rules["recent_least"], now=now)
    since = now - timedelta(days=rules["recent_days"])
    return _in_sight(found, queries.visible(actor).filter(created_at__gte=since), case)[:limit]


def answered_like(actor: Actor, case: Case, now: datetime) -> list[Case]:
    """Return the answered cases in sight whose words are most like a case's, the nearest first.

    Of each only its title and its lead are read.
    """
    rules = catalogue(local_date(now))["similar"]
    limit = rules["nearest"]
    found = remembered.nearest(words_of(case), limit * ASKED, least=rules["least"], now=now, reasons=False)
    ended_well = Q(state__in=("reviewed", "rated")) | Q(state="closed", outcome__in=ANSWERED)
    rows = queries.visible(actor).filter(ended_well, lead__isnull=False)
    rows = rows.select_related(None).only("title", "lead")
    return [row.case for row in _in_sight(found, rows, case)[:limit]]


def nearest_first(case: Case, cases: Iterable[Case], now: datetime) -> list[Case]:
    """Return cases in the order of how alike their words are to a case's, those that are not as they came."""
    rows = list(cases)
    rules = catalogue(local_date(now))["similar"]
    keys = [row.pk for row in rows]
    found = remembered.nearest(
        words_of(case), len(keys), least=rules["least"], now=now, among=keys, reasons=False
    )
    return sorted(rows, key=lambda row: -found[row.pk][0] if row.pk in found else 0.0)


def _in_sight(
    found: dict[int, tuple[float, tuple[str, ...]]], rows: QuerySet[Case], case: Case
) -> list[Alike]:
    rows = rows.filter(pk__in=found, confidential=False).exclude(pk=case.pk)
    alike = [Alike(row, *found[row.pk]) for row in rows]
    return sorted(alike, key=lambda row: (-row.likeness, -row.case.pk))


def own_like(actor: Actor, *, firm: int, text: str, now: datetime) -> list[Alike]:
    """Return cases of a firm in sight that are like a text and run, or ended not long ago."""
    rules = catalogue(local_date(now))["similar"]
    recently = Q(ended_at__isnull=True) | Q(ended_at__gte=now - timedelta(days=rules["recent_days"]))
    own = queries.visible(actor).filter(recently, enterprise=firm)
    return _nearest(own.order_by("-pk")[: rules["remembered"]], text, rules)


def _nearest(cases: QuerySet[Case] | Iterable[Case], text: str, rules: dict[str, float]) -> list[Alike]:
    rows = list(cases)
    corpus = Corpus(words_of(row) for row in rows)
    found = corpus.nearest(text, int(rules["shown"]), least=rules["own_least"])
    return [Alike(rows[near.place], near.likeness, near.shared) for near in found]
