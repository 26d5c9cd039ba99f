"""What other programs read and send of firms: the firms, their facts, what has changed."""

from __future__ import annotations

import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_noop
from ninja import Path as InPath
from ninja import Query, Router, Schema
from pydantic import Field

from zhitong.core import clock, permissions
from zhitong.core.api import LARGEST, NO_BLANK, PAGE, PLAIN, Pages, key_of, of_type
from zhitong.core.errors import FieldError
from zhitong.enterprises import exchange, queries, services
from zhitong.enterprises.models import Enterprise
from zhitong.kernel.codes import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

PARQUET = "application/vnd.apache.parquet"


router = Router(tags=["firms"])


Code = Annotated[
    str,
    Field(
        min_length=1, max_length=40, pattern=NO_BLANK, description="A unified social credit code.",
        examples=["91350111MA0DEM03X5"],
    ),
]  # fmt: skip


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

    code: Code
    name: str = Field(max_length=200, pattern=PLAIN, examples=["Example Works Ltd."])
    region: str = Field(max_length=12, pattern=PLAIN, examples=["350111"])
    street: str | None = Field(None, max_length=12, pattern=PLAIN)
    address: str | None = Field(None, max_length=200, pattern=PLAIN)
    activity: str | None = Field(None, max_length=5, pattern=PLAIN, examples=["C3021"])
    founded_on: date | None = None
    capital: int | None = Field(None, le=LARGEST, ge=-LARGEST, description="In whole fen.")


class Stored(Schema):
    """What came of the firms sent, in their order."""

    created: int
    changed: int
    same: int


@router.get("/firms", response=Firms)
def firms(request: HttpRequest, pages: Annotated[Pages, Query()]) -> Any:
    """Firms in the order of their entry, merged entries left out."""
    permissions.require(request.actor, "enterprises.read_api")
    rows = queries.visible(request.actor).filter(pk__gt=pages.after).order_by("pk")
    found = list(rows.prefetch_related("products", "tags")[: pages.limit + 1])
    items = [exchange.firm_row(firm) for firm in found[: pages.limit]]
    return {"items": items, "next": found[pages.limit - 1].pk if len(found) > pages.limit else None}


@router.get("/firms/{code}", response=Firm)
def firm(request: HttpRequest, code: Annotated[Code, InPath()]) -> Any:
    """One firm by its credit code; a merged entry answers as the one it was merged into."""
    permissions.require(request.actor, "enterprises.read_api")
    return exchange.firm_row(_firm(request, code))


@router.get("/firms/{code}/facts", response=list[Statement])
def facts(request: HttpRequest, code: Annotated[Code, InPath()]) -> Any:
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


@router.get("/changes", response=Changes)
def changes(request: HttpRequest, pages: Annotated[Pages, Query()]) -> Any:
    """What changed after a number; the last seconds are held back until their order is settled."""
    permissions.require(request.actor, "enterprises.read_changes_api")
    rows = queries.changes(request.actor, after=pages.after, limit=pages.limit, now=clock.now())
    items = [{"number": row.pk, "code": row.code, "action": row.action, "at": row.at} for row in rows]
    return {"items": items}


@router.post("/firms", response=Stored)
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
    done = services.receive(by=request.actor, now=now, key=key_of(request), records=records)
    created, changed, same = map(int, done.split("/"))
    return {"created": created, "changed": changed, "same": same}


@router.get("/firms.parquet", openapi_extra=of_type(PARQUET))
def firms_table(request: HttpRequest) -> HttpResponse:
    """All firms in sight as one Parquet file."""
    permissions.require(request.actor, "enterprises.read_api")
    return _table("firms.parquet", exchange.firm_batches(queries.visible(request.actor)), exchange.FIRMS)


@router.get("/facts.parquet", openapi_extra=of_type(PARQUET))
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
