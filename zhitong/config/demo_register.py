"""The demo city's register: synthetic firms and what hangs on them, stored by the service of imports."""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from zhitong.config import synthetic
from zhitong.core import data
from zhitong.core.actor import Role, system
from zhitong.core.clock import local_date
from zhitong.enterprises import queries, services
from zhitong.enterprises.models import Enterprise
from zhitong.enterprises.services import FirmRecord
from zhitong.orgs import queries as org_queries
from zhitong.orgs import services as org_services
from zhitong.orgs.models import Department

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

SEED = 2026
FIRMS = 6_000
CHUNK = 500
BUILDER = system("demo")
VISITED = 40  # key firms that somebody of the office has been to
LIKE = 600  # synthetic firms among which one like a shown firm is looked for
LINKED = 12  # firms with a linked leader


def build(*, now: datetime, count: int = FIRMS, told: Callable[[int], None] | None = None) -> None:
    """Enter the parks and the firms as of `now`, link leaders and cadres, and fill the ledger of contacts."""
    parks = _parks(now)
    load(synthetic.firms(count=count, seed=SEED, today=local_date(now)), parks=parks, now=now, told=told)
    _shown(count, now)
    _groups(count, now)
    _office(now)


def _parks(now: datetime) -> dict[str, int]:
    """Enter a unit for each park below the unit of its district; return their keys with their ids."""
    found = {}
    for district in data.read("demo", "firms")["district"]:
        parent = Department.objects.filter(region=district["region"], intake=True).first()
        for key, name in district["parks"]:
            row = org_services.create_department(
                by=BUILDER, now=now, name=name, name_en=f"{key.replace('-', ' ').title()} Park (example)",
                tier="park", local_code=key, parent=parent,
            )  # fmt: skip
            found[key] = row.pk
    return found


def load(
    firms: Iterable[synthetic.Firm],
    *,
    parks: dict[str, int],
    now: datetime,
    told: Callable[[int], None] | None = None,
) -> int:
    """Store synthetic firms chunk by chunk, with memory that does not grow; return how many."""
    done = 0
    rows = iter(firms)
    while chunk := list(islice(rows, CHUNK)):
        services.store(by=BUILDER, now=now, records=[record(firm, parks) for firm in chunk])
        done += len(chunk)
        if told is not None:
            told(done)
    return done


def record(firm: synthetic.Firm, parks: dict[str, int]) -> FirmRecord:
    """Return a synthetic firm as the register takes it."""
    columns = {
        name: getattr(firm, name)
        for name in ("name", "region", "street", "address", "activity", "founded_on", "capital", "listing")
    }
    columns |= {"stock_code": firm.stock_code, "park_id": parks.get(firm.park)}
    return FirmRecord(
        firm.code,
        columns=columns,
        facts=tuple((row.kind, row.period, row.value, row.source, row.evidence) for row in firm.facts),
        titles=tuple((row.kind, row.number, row.granted_on, row.expires_on) for row in firm.titles),
        contacts=tuple((row.name, row.duty, row.phone) for row in firm.contacts),
        products=firm.products,
        tags=firm.tags,
        further=firm.further,
        patents=tuple(
            (row.number, row.kind, row.name, row.granted_on, row.acquired_on) for row in firm.patents
        ),
        standards=tuple(
            (row.number, row.name, row.level, row.role, row.published_on) for row in firm.standards
        ),
        credit=tuple((row.list, row.state, row.since, row.checked_on, row.source) for row in firm.credit),
        former_names=tuple((name, _midnight(day)) for name, day in firm.former_names),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.get_default_timezone())


def _shown(count: int, now: datetime) -> None:
    """Give the firms that people of the demo sign in for what synthetic firms of their district have."""
    today = local_date(now)
    like: dict[str, list[synthetic.Firm]] = {}
    for firm in islice(synthetic.firms(count=count, seed=SEED, today=today), LIKE):
        if firm.facts and firm.activity.startswith("C"):
            like.setdefault(firm.region, []).append(firm)
    records = []
    for shown in Enterprise.objects.filter(memberships__isnull=False).distinct().order_by("pk"):
        found = like.get(shown.region) or like[min(like)]
        twin = record(found[shown.pk % len(found)], {})
        kept = ("activity", "founded_on", "capital")
        records.append(
            FirmRecord(
                shown.code,
                columns={name: twin.columns[name] for name in kept},
                facts=twin.facts,
                titles=twin.titles,
                contacts=twin.contacts,
                products=twin.products,
                credit=twin.credit,
            )
        )
    services.store(by=BUILDER, now=now, records=records)


def _groups(count: int, now: datetime) -> None:
    children = {
        firm.code: firm.parent_code
        for firm in synthetic.firms(count=count, seed=SEED, today=local_date(now))
        if firm.parent_code
    }
    codes = {*children, *children.values()}
    firms = {firm.code: firm for firm in Enterprise.objects.filter(code__in=codes)}
    for child, parent in children.items():
        services.relate(
            by=BUILDER, now=now, enterprise=firms[child], parent=firms[parent], kind="controlled", share=6_000
        )


def _office(now: datetime) -> None:
    """Link leaders and cadres to large firms, and record that some of them were visited."""
    rng = random.Random(SEED)  # noqa: S311 - a simulation
    words = data.read("demo", "firms")
    leading = list(Enterprise.objects.filter(tags__text=words["tags"]["lead"]).order_by("code")[:VISITED])
    leaders = list(org_queries.everyone_with(Role.LEADER, now=now))
    cadres = list(org_queries.current_postings(now).filter(role=Role.HANDLER))
    reasons = words["office"]["reasons"]
    for number, firm in enumerate(leading):
        cadre = cadres[number % len(cadres)]
        services.sponsor(by=BUILDER, now=now, enterprise=firm, user=cadre.user, duty="cadre")
        if number < LINKED and leaders:
            leader = leaders[number % len(leaders)]
            services.sponsor(by=BUILDER, now=now, enterprise=firm, user=leader, duty="leader")
        _visited(firm, cadre, now, reasons[number % len(reasons)], rng)


def _visited(firm: Enterprise, cadre: Any, now: datetime, reason: str, rng: random.Random) -> None:
    by = org_queries.staff_actor(cadre.user, now)
    if not queries.visible(by).filter(pk=firm.pk).exists():
        by = BUILDER
    day = local_date(now) - timedelta(days=rng.randint(20, 90))
    coming = services.Coming("visit", reason, day, cadre.department)
    services.record_contact(by=by, now=now, enterprise=firm, coming=coming)
