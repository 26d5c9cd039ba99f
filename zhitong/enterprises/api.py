"""The API for other programs: firms, their facts, what has changed; keys with scopes, told by OpenAPI."""

from __future__ import annotations

import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_noop
from ninja import NinjaAPI, Query, Schema
from ninja.security import HttpBearer

from zhitong.core import clock, permissions
from zhitong.core.errors import FieldError, RefusedError
from zhitong.enterprises import exchange, queries, services
from zhitong.enterprises.models import Enterprise
from zhitong.kernel.codes import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from zhitong.core.actor import Actor

PAGE = 500
PARQUET = "application/vnd.apache.parquet"


class Key(HttpBearer):
    """A key of a program in the Authorization header; what it may do stands beside it."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """Return the program as the actor of the request; None for a key that opens nothing."""
        now = clock.now()
        row = queries.token(token, now)
        if row is None:
            return None
        services.token_seen(row, clock.local_date(now))
        request.actor = queries.machine(row)
        return request.actor


api = NinjaAPI(
    title="Zhitong", version="1", auth=Key(), urls_namespace="api", docs_url=None, openapi_url="openapi.json"
)


@api.exception_handler(RefusedError)
def refused(request: HttpRequest, refusal: RefusedError) -> HttpResponse:
    """Answer a refusal in a sentence, with the field it is about."""
    return api.create_response(
        request,
        {"detail": refusal.message, "field": getattr(refusal, "field", None)},
        status=refusal.status,
    )


class Firm(Schema):
    """A firm; `capital` in whole fen, codes of GB/T 2260 and GB/T 4754."""

    code: str
    name: str
    region: str
    street: str
    address: str
    activity: str
    founded_on: date | None
    capital: int | None
    listing: str
    stock_code: str
    size: str
    scale: str
    sized_for: str
    products: list[str]
    tags: list[str]


class Firms(Schema):
    """A page of firms; ask again with `after` = `next` until it is null."""

    items: list[Firm]
    next: int | None


class Statement(Schema):
    """What one source says about a firm, a kind and a period; `value` in the kind's unit, money in fen."""

    kind: str
    period: str
    source: str
    state: str
    value: int | None
    evidence: str
    confirmed: bool


class Change(Schema):
    """That something about a firm changed."""

    number: int
    code: str
    action: str
    at: datetime


class Changes(Schema):
    """Changes in the order of their numbers; ask again with `after` = the last number."""

    items: list[Change]


class Sent(Schema):
    """A firm that a program sends; what is left out stays as it is."""

    code: str
    name: str
    region: str
    street: str | None = None
    address: str | None = None
    activity: str | None = None
    founded_on: date | None = None
    capital: int | None = None


class Stored(Schema):
    """What came of the firms sent, in their order."""

    created: int
    changed: int
    same: int


@api.get("/firms", response=Firms)
def firms(
    request: HttpRequest, after: int = Query(0, ge=0, le=2**62), limit: int = Query(100, ge=1, le=PAGE)
) -> Any:
    """Firms in the order of their entry, merged entries left out."""
    permissions.require(request.actor, "enterprises.read_api")
    rows = queries.visible(request.actor).filter(pk__gt=after).order_by("pk")
    found = list(rows.prefetch_related("products", "tags")[: limit + 1])
    items = [exchange.firm_row(firm) for firm in found[:limit]]
    return {"items": items, "next": found[limit - 1].pk if len(found) > limit else None}


@api.get("/firms/{code}", response=Firm)
def firm(request: HttpRequest, code: str) -> Any:
    """One firm by its credit code; a merged entry answers as the one it was merged into."""
    permissions.require(request.actor, "enterprises.read_api")
    return exchange.firm_row(_firm(request, code))


@api.get("/firms/{code}/facts", response=list[Statement])
def facts(request: HttpRequest, code: str) -> Any:
    """Everything that sources say about a firm now."""
    permissions.require(request.actor, "enterprises.read_facts_api")
    said = queries.statements(_firm(request, code))
    return [exchange.fact_row(fact) for rows in said.values() for fact in rows]


def _firm(request: HttpRequest, code: str) -> Enterprise:
    row = queries.visible(request.actor, merged=True).filter(code=normalise(code)[:18]).first()
    if row is None:
        raise Http404
    firm = queries.standing(row)
    if not queries.visible(request.actor).filter(pk=firm.pk).exists():
        raise Http404
    return firm


@api.get("/changes", response=Changes)
def changes(
    request: HttpRequest, after: int = Query(0, ge=0, le=2**62), limit: int = Query(100, ge=1, le=PAGE)
) -> Any:
    """What changed after a number; the last seconds are held back until their order is settled."""
    permissions.require(request.actor, "enterprises.read_changes_api")
    rows = queries.changes(request.actor, after=after, limit=limit, now=clock.now())
    items = [{"number": row.pk, "code": row.code, "action": row.action, "at": row.at} for row in rows]
    return {"items": items}


@api.post("/firms", response=Stored)
def send(request: HttpRequest, given: list[Sent]) -> Any:
    """Enter or change up to 500 firms, all or none; the first wrong one is named."""
    permissions.require(request.actor, "enterprises.store")
    now = clock.now()
    if len(given) > PAGE:
        raise FieldError("firms", gettext_noop("At most 500 firms at a time."))
    today = clock.local_date(now)
    records = [exchange.firm_record(row.model_dump(), today) for row in given]
    if len({record.code for record in records}) < len(records):
        raise FieldError("code", gettext_noop("A code stands twice among the firms sent."))
    done = services.store(by=request.actor, now=now, records=records)
    created = sum(one.created for one in done)
    changed = sum(not one.created and bool(one.before or one.made) for one in done)
    return {"created": created, "changed": changed, "same": len(done) - created - changed}


@api.get("/firms.parquet")
def firms_table(request: HttpRequest) -> HttpResponse:
    """All firms in sight as one Parquet file."""
    permissions.require(request.actor, "enterprises.read_api")
    return _table("firms.parquet", exchange.firm_batches(queries.visible(request.actor)), exchange.FIRMS)


@api.get("/facts.parquet")
def facts_table(request: HttpRequest) -> HttpResponse:
    """All statements about firms in sight as one Parquet file."""
    permissions.require(request.actor, "enterprises.read_facts_api")
    return _table("facts.parquet", exchange.fact_batches(queries.visible(request.actor)), exchange.FACTS)


def _table(name: str, batches: Iterator[pa.RecordBatch], schema: pa.Schema) -> HttpResponse:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        exchange.write(path, batches, schema)
        # An open file outlives its name, so nothing is left behind when the answer has been read.
        return FileResponse(path.open("rb"), content_type=PARQUET, as_attachment=True, filename=name)
