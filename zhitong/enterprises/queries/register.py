"""The register as a list: narrowed by filters, a page at a time, counted only as far as it helps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Prefetch, Q, prefetch_related_objects

from zhitong.core import search
from zhitong.enterprises.facts import WEIGHED
from zhitong.enterprises.models import (
    ContactPerson,
    Enterprise,
    Fact,
    Membership,
    Product,
    Sponsorship,
    Tag,
    Title,
)
from zhitong.enterprises.queries.scope import INDEX
from zhitong.kernel.codes import ALPHABET

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from django.db.models import QuerySet

# Up to how many firms are counted; a longer list says "more than". What a filter leaves out is read to be
# counted, and of a common word nearly all rows are.
COUNTED, NARROWED, SCANNED = 10_000, 1_000, 100
PLAIN = ("region", "street", "size", "scale", "listing", "park")
CODE_LENGTHS = range(8, 19)


@dataclass(frozen=True, slots=True)
class Found:
    """A list of firms, and up to how many of them counting is cheap."""

    rows: QuerySet[Enterprise]
    bound: int


def narrow(rows: QuerySet[Enterprise], filters: Mapping[str, Any], today: date) -> Found:
    """Narrow a list of firms by words, place, activity, size, titles, tags and what is missing."""
    narrowed, common = by_words(_by_facts(rows, filters, today), filters.get("q", ""))
    if common:
        return Found(narrowed, SCANNED)
    return Found(narrowed, NARROWED if any(filters.values()) else COUNTED)


def _by_facts(rows: QuerySet[Enterprise], filters: Mapping[str, Any], today: date) -> QuerySet[Enterprise]:
    for name in PLAIN:
        if filters.get(name):
            rows = rows.filter(**{name: filters[name]})
    if filters.get("activity"):
        rows = rows.filter(activity__startswith=filters["activity"])
    if filters.get("title"):
        held = running_titles(today).filter(kind=filters["title"])
        rows = rows.filter(pk__in=held.values("enterprise"))
    if filters.get("tag"):
        rows = rows.filter(pk__in=Tag.objects.filter(text=filters["tag"]).values("enterprise"))
    if filters.get("sponsor"):
        mine = Sponsorship.objects.filter(user=filters["sponsor"], until__isnull=True)
        rows = rows.filter(pk__in=mine.values("enterprise"))
    return lacking(rows, filters.get("lacks", ""))


def lacking(rows: QuerySet[Enterprise], what: str) -> QuerySet[Enterprise]:
    """Keep the firms that lack something the office should know."""
    if what == "activity":
        return rows.filter(activity="")
    child: dict[str, QuerySet[Any]] = {
        "member": Membership.objects.filter(until__isnull=True),
        "admin": Membership.objects.filter(until__isnull=True, role="firm_admin"),
        "phone": ContactPerson.objects.filter(until__isnull=True).exclude(phone_index=""),
        "facts": Fact.objects.filter(replaced_at__isnull=True),
    }
    return rows.filter(~Exists(child[what].filter(enterprise=OuterRef("pk")))) if what in child else rows


def by_words(rows: QuerySet[Enterprise], words: str) -> tuple[QuerySet[Enterprise], bool]:
    """Keep the firms whose name, former name or code has each of the words; say whether one is common."""
    words = words.strip()
    if not words:
        return rows, False
    code = words.upper()
    if len(code) in CODE_LENGTHS and set(code) <= set(ALPHABET) and any(sign.isdigit() for sign in code):
        return rows.filter(code__startswith=code), False
    common = False
    for word in words.split():
        found = search.find(INDEX, word)
        # A common word is nearly everywhere: reading rows finds it sooner than the list of all places.
        common = common or found is None
        rows = rows.filter(pk__in=found) if found is not None else rows.filter(name__icontains=word)
    return rows, common


def running_titles(today: date) -> QuerySet[Title]:
    """Titles that are held on a day."""
    return Title.objects.filter(
        Q(expires_on__isnull=True) | Q(expires_on__gt=today),
        Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=today),
        granted_on__lte=today,
    )


@dataclass(frozen=True, slots=True)
class Look:
    """A page of a list of firms, whether more follow, and how many there are, as far as they were counted."""

    firms: list[Enterprise]
    more: bool
    number: int
    many: bool


def look(found: Found, *, before: int | None, limit: int) -> Look:
    """Return a page of firms, newest entry first, those with smaller ids than `before`, and count the list.

    The first page of a narrowed list and its number come from one reading of what the filters leave.
    """
    if before is None and found.bound <= NARROWED:
        ids = list(found.rows.order_by("-id").values_list("pk", flat=True)[: found.bound + 1])
        firms = list(Enterprise.objects.filter(pk__in=ids[:limit]).order_by("-id"))
        return Look(firms, len(ids) > limit, min(len(ids), found.bound), len(ids) > found.bound)
    firms, more = page(found.rows, before=before, limit=limit)
    number = found.rows.order_by()[: found.bound + 1].count()
    return Look(firms, more, min(number, found.bound), number > found.bound)


def page(rows: QuerySet[Enterprise], *, before: int | None, limit: int) -> tuple[list[Enterprise], bool]:
    """Return firms newest entry first, those with smaller ids than `before`, and whether more follow."""
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-id")[: limit + 1])
    return found[:limit], len(found) > limit


def fetch_children(firms: list[Enterprise], names: Collection[str], today: date) -> None:
    """Fetch for a page of firms the children named, one query each; other names are kinds of fact.

    Titles become `held`, a list of kinds; facts `stated`, rows of what the rule between statements reads.
    """
    ids = [firm.pk for firm in firms]
    fetches: dict[str, Prefetch[Any] | str] = {
        "park": "park",
        "tags": "tags",
        "products": Prefetch("products", Product.objects.order_by("-leading", "id")),
        "sponsors": Prefetch("sponsorships", _sponsors(), to_attr="sponsors"),
    }
    prefetch_related_objects(firms, *(fetch for name, fetch in fetches.items() if name in names))
    kinds = sorted(set(names) - fetches.keys() - {"held"})
    if "held" in names:
        held = running_titles(today).filter(enterprise__in=ids).values_list("enterprise_id", "kind")
        _hand_out(firms, "held", held)
    if kinds:
        said = Fact.objects.filter(replaced_at__isnull=True, kind__in=kinds, enterprise__in=ids)
        rows = said.order_by().values_list(*WEIGHED, named=True)
        _hand_out(firms, "stated", ((row.enterprise_id, row) for row in rows))


def _hand_out(firms: list[Enterprise], name: str, rows: Iterable[tuple[int, Any]]) -> None:
    """Plain rows are what a list of thousands needs: a model of each costs more than the query."""
    of: dict[int, list[Any]] = {}
    for pk, row in rows:
        of.setdefault(pk, []).append(row)
    for firm in firms:
        setattr(firm, name, of.get(firm.pk, []))


def _sponsors() -> QuerySet[Sponsorship]:
    return Sponsorship.objects.filter(until__isnull=True).select_related("user")
