"""From an uploaded template to an examined one, and from a template and the ledger to a document."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from zhitong.core.clock import local_date
from zhitong.core.errors import FieldError, RefusedError
from zhitong.reports import fields, figures, ledger, queries
from zhitong.reports.filling import asking
from zhitong.reports.filling.limits import DEFAULT
from zhitong.reports.filling.reasons import SENTENCES, TemplateRefused
from zhitong.reports.services import ReceivedTemplate
from zhitong.reports.values import plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.reports.models import TemplateVersion

MB = 1024 * 1024
PREVIEW = 5  # cases of a look


@dataclass(frozen=True, slots=True)
class Filled:
    """A document that was made: its bytes, their hash, how many cases it lists."""

    content: bytes
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name that the catalogue does not know, and the known one most like it."""

    name: str
    place: str
    nearest: Any


def receive(file: Any) -> ReceivedTemplate:
    """Have a limited child examine an uploaded template; FieldError on `file` says what is wrong with it."""
    content = file.read(DEFAULT.file_mb * MB + 1)
    try:
        looked = asking.look(content, fields.words())
    except TemplateRefused as refusal:
        raise FieldError("file", SENTENCES[refusal.code], **refusal.params) from refusal
    return ReceivedTemplate(
        looked.format, file.name or "", content, hashlib.sha256(content).hexdigest(),
        tuple(asdict(place) for place in looked.fields),
    )  # fmt: skip


def known(version: TemplateVersion) -> list[Any]:
    """Return the fields of the catalogue that a version holds, each once, in the order of the catalogue."""
    keys = {place["key"] for place in version.fields}
    return [field for key, field in fields.fields().items() if key in keys]


def unknown(version: TemplateVersion) -> list[Unknown]:
    """Return the names in a version that the catalogue does not know, each once."""
    found = {place["name"]: place["place"] for place in version.fields if not place["key"]}
    return [Unknown(name, place, fields.nearest(name)) for name, place in found.items()]


def fill(
    actor: Actor, version: TemplateVersion, given: dict[str, Any], now: datetime, *, most: int = ledger.LIMIT
) -> Filled:
    """Have a limited child fill a template with what the filters leave; refused with a sentence."""
    cases = ledger.rows(actor, given, now)
    keys = [field.key for field in known(version) if field.group == fields.CASE]
    count = cases.count()
    rows = [
        [plain(value) for value in row] for row in ledger.values(actor, cases[:most], keys, now)
    ] if keys else []  # fmt: skip
    single_values = {key: plain(value) for key, value in single(actor, version, given, now, count).items()}
    try:
        content = asking.fill(
            bytes(version.content), fields.words(), asking.Values(single_values, keys, rows)
        )
    except TemplateRefused as refusal:
        raise RefusedError(SENTENCES[refusal.code], **refusal.params) from refusal
    return Filled(content, hashlib.sha256(content).hexdigest(), len(rows) if keys else count)


def single(
    actor: Actor, version: TemplateVersion, given: dict[str, Any], now: datetime, count: int
) -> dict[str, Any]:
    """Return what stands once in a document: the filter, and figures where the version holds any."""
    begin, end, lead = given.get("begin"), given.get("end"), given.get("lead")
    unit = lead or queries.keeping(actor).first()
    found: dict[str, Any] = {
        "period": gettext("%(begin)s to %(end)s") % {"begin": begin, "end": end} if begin and end else None,
        "period_begin": begin,
        "period_end": end,
        "department": unit.label if unit else None,
        "made_on": local_date(now),
        "made_by": actor.label,
        "count": count,
    }
    asks_figures = any(field.group == fields.FIGURE for field in known(version))
    if asks_figures and begin and end:
        found |= figures.single(actor, lead, begin, end, now)
    return found


def look(
    actor: Actor, version: TemplateVersion, now: datetime
) -> tuple[Sequence[Any], list[tuple[Any, list[str]]]]:
    """Return the columns of a version's list, and the latest cases in the actor's sight in them."""
    chosen = [field for field in known(version) if field.group == fields.CASE]
    cases = ledger.rows(actor, {}, now).order_by("-id")[:PREVIEW]
    return chosen, ledger.table(actor, cases, chosen, now) if chosen else []
