"""What is known about a firm by period, and the size that follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.http import Http404

from zhitong.enterprises.facts import FEN_OF_TEN_THOUSAND, YEAR, is_fresh, kinds_on, latest, resolve
from zhitong.enterprises.models import Enterprise, Fact
from zhitong.enterprises.queries.scope import get_firm, same_firm
from zhitong.enterprises.states import scale_lines, size_standard
from zhitong.kernel.codes import Above, Classified, Size, above_designated_size, classify

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from zhitong.core.actor import Actor
    from zhitong.enterprises.facts import Answer, Kind

MEASURED = ("people", "revenue", "assets")


@dataclass(frozen=True, slots=True)
class Sized:
    """Size class and designated size of a firm in a period, each with its reasons."""

    size: Classified
    scale: Above
    period: str = ""


def statements(enterprise: Enterprise) -> dict[str, list[Fact]]:
    """What every source says about a firm now, by kind of fact."""
    found: dict[str, list[Fact]] = {}
    for fact in Fact.objects.filter(
        enterprise__in=same_firm(enterprise), replaced_at__isnull=True
    ).select_related("stated_by", "confirmed_by"):
        found.setdefault(fact.kind, []).append(fact)
    return found


def size_of(enterprise: Enterprise, period: str, today: date) -> Sized:
    """Work out size class and designated size from the facts of a period; unknown where one is missing."""
    return size_from(enterprise.activity, statements(enterprise), period, today)


def size_from(activity: str, said: Mapping[str, list[Fact]], period: str, today: date) -> Sized:
    """Work out both from an activity and statements by kind."""
    kinds = kinds_on(today)

    def value(kind: str) -> int | None:
        return resolve(kinds[kind], (fact for fact in said.get(kind, ()) if fact.period == period)).value

    measured = {"people": value("people")}
    for name in ("revenue", "assets"):
        fen = value(name)
        measured[name] = None if fen is None else Decimal(fen) / FEN_OF_TEN_THOUSAND
    if not activity:
        missing = ("activity",)
        return Sized(Classified(Size.UNKNOWN, missing=missing), Above(None, missing=missing), period)
    return Sized(
        classify(size_standard(), activity, measured),
        above_designated_size(scale_lines(), activity, measured["revenue"]),
        period,
    )


def newest_size(activity: str, said: Mapping[str, list[Fact]], today: date) -> Sized:
    """Work both out for the newest year that gives an answer and is fresh; else for the newest there is."""
    kinds = kinds_on(today)
    years = {fact.period for kind in MEASURED for fact in said.get(kind, ()) if YEAR.match(fact.period)}
    fresh = sorted((year for year in years if is_fresh(kinds["revenue"], year, today)), reverse=True)
    tried = [size_from(activity, said, year, today) for year in fresh or [""]]
    return next((one for one in tried if one.size.size is not Size.UNKNOWN), tried[0])


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of fact on a firm's page: what counts today, and each year's answer."""

    kind: Kind
    today: Answer
    years: dict[str, Answer]


def lines(enterprise: Enterprise, today: date, *, years: int = 3) -> list[Line]:
    """Every kind of fact with what counts now and in each of the last years; kinds nobody stated as well."""
    said = statements(enterprise)
    shown = [str(today.year - back) for back in range(years, 0, -1)]
    return [
        Line(
            kind,
            latest(kind, said.get(key, ()), today),
            {year: resolve(kind, _of(said.get(key, ()), year)) for year in shown},
        )
        for key, kind in kinds_on(today).items()
    ]


def _of(said: Iterable[Fact], period: str) -> list[Fact]:
    return [fact for fact in said if fact.period == period]


def history(enterprise: Enterprise, kind: str) -> list[Fact]:
    """Everything that was ever said about one kind, newest period first, what was replaced as well."""
    rows = Fact.objects.filter(enterprise__in=same_firm(enterprise), kind=kind)
    return list(rows.select_related("stated_by", "confirmed_by").order_by("-period", "replaced_at", "-id"))


def get_fact(actor: Actor, pk: int) -> Fact:
    """Return a running statement about a firm the actor may see; 404 for every other."""
    fact = Fact.objects.filter(pk=pk, replaced_at__isnull=True).select_related("enterprise").first()
    if fact is None:
        raise Http404
    get_firm(actor, fact.enterprise_id)
    return fact
