"""By which words precedents are found, and which are like a matter.

Published texts are remembered by each process in an index that is brought up to date at every question.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zhitong.core import data, search
from zhitong.core.clock import local_date
from zhitong.core.search import texts
from zhitong.insight.models import Precedent
from zhitong.insight.states import PrecedentState, rules
from zhitong.kernel.text import Cleaning, Index, Similar

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

INDEX = "precedents"
ASKED = 5  # times as many as are shown are asked for, since those of the same category come first


@dataclass(frozen=True, slots=True)
class Alike:
    """A precedent, how alike its matter is (0 to 1), by which words, and whether it has the same category."""

    precedent: Precedent
    likeness: float
    shared: tuple[str, ...]
    same: bool

    @property
    def percent(self) -> int:
        """The likeness as a whole number of hundredths."""
        return round(100 * self.likeness)


def index(rows: Iterable[Precedent]) -> None:
    """Write the words of precedents, within the caller's transaction."""
    texts.put(INDEX, [(row.pk, {"words": _document(row)}) for row in rows])


def _document(row: Precedent) -> str:
    return f"{row.title}\n{row.question}\n{row.answer}\n{row.basis}"


def by_words(rows: QuerySet[Precedent], query: str) -> tuple[QuerySet[Precedent], texts.Found]:
    """Keep the precedents in which each word of a query stands."""

    def newest(most: int) -> list[int]:
        return list(rows.select_related(None).order_by("-pk").values_list("pk", flat=True)[:most])

    found = texts.find(INDEX, query, among=newest)
    return search.keep(rows, found.ids), found


def suggested(now: datetime) -> QuerySet[Precedent]:
    """The precedents that may be suggested: published, and not due to be looked at again."""
    return Precedent.objects.filter(state=PrecedentState.PUBLISHED, valid_until__gte=local_date(now))


class Remembered:
    """The matters of precedents that may be suggested."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Begin anew, as when another database stands behind."""
        self._index: Index | None = None
        self._versions: dict[int, int] = {}

    def nearest(self, text: str, limit: int, *, least: float, now: datetime) -> list[Similar]:
        """Return the precedents, by key, whose matter is most like a text, the nearest first."""
        with self._lock:
            self._catch_up(now)
            return self._index.nearest(text, limit, least=least) if self._index is not None else []

    def _catch_up(self, now: datetime) -> None:
        if self._index is None:
            self._index = Index(Cleaning.parse(data.read("texts", "cleaning-1")))
        current = dict(suggested(now).order_by("pk").values_list("pk", "version"))
        for pk in [pk for pk in self._versions if pk not in current]:
            self._index.discard(pk)
            del self._versions[pk]
        fresh = [pk for pk, version in current.items() if self._versions.get(pk) != version]
        rows = Precedent.objects.filter(pk__in=fresh).order_by("pk")
        for pk, version, title, question in rows.values_list("pk", "version", "title", "question"):
            self._index.add(pk, f"{title}\n{question}")
            self._versions[pk] = version


remembered = Remembered()


def alike(text: str, *, category: str = "", side: str, now: datetime) -> list[Alike]:
    """Return the precedents whose matter is like a text; none below the threshold of that side's table."""
    rule = rules(local_date(now))[side]
    shown = rule["shown"]
    least_same = rule.get("least_same", rule["least"])
    found = remembered.nearest(text, shown * ASKED, least=min(rule["least"], least_same), now=now)
    rows = suggested(now).select_related("department").in_bulk([row.key for row in found])
    near = []
    for row in found:
        precedent = rows.get(row.key)
        if precedent is None:
            continue
        same = bool(category) and precedent.category == category
        if row.likeness > (least_same if same else rule["least"]):
            near.append(Alike(precedent, row.likeness, row.shared, same))
    return near[:shown]
