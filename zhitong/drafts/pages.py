"""What pages of drafts show: remarks in words, suggested departments, firms to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from zhitong.cases import queries as case_queries
from zhitong.core.clock import local_date
from zhitong.core.queries import uploads_of
from zhitong.core.sealing import unseal
from zhitong.drafts.services.receiving import PLACE
from zhitong.drafts.states import Weight
from zhitong.enterprises import queries as enterprise_queries

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from zhitong.core.actor import Actor
    from zhitong.drafts.models import Draft
    from zhitong.enterprises.queries import Named
    from zhitong.orgs.models import Department


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said against a draft, in the reader's language."""

    weight: str
    label: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Line:
    """A draft as a list shows it."""

    draft: Draft
    remarks: list[Remark]
    lead: Department | None
    words: tuple[str, ...]  # why that department is suggested; empty where the draft names it


def lines(drafts: Iterable[Draft], now: datetime) -> list[Line]:
    """Return drafts with their remarks and the department each would go to."""
    rows = list(drafts)
    found = case_queries.suggested_units([f"{row.title} {row.text}" for row in rows], local_date(now))
    return [_line(row, units) for row, units in zip(rows, found, strict=True)]


def _line(draft: Draft, units: list[Any]) -> Line:
    """The department is the one that the draft names, or the first whose duties its words are about."""
    if draft.lead is not None or not units:
        return Line(draft, remarks(draft), draft.lead, ())
    return Line(draft, remarks(draft), units[0].department, units[0].words)


def remarks(draft: Draft) -> list[Remark]:
    """Return what is said against a draft as sentences."""
    return [_remark(row) for row in draft.remarks]


def _remark(row: dict[str, Any]) -> Remark:
    msgid, params = row["msgid"], row["params"]
    if "reason" in params:  # a sentence inside a sentence: why a file was not kept
        why: str = params["reason"]
        params = params | {"reason": _(why) % params}
    sentence = _(msgid) % params if params else _(msgid)
    return Remark(row["weight"], str(Weight(row["weight"]).label), sentence)


def firms(actor: Actor, draft: Draft, words: str, today: date) -> list[Named]:
    """Return the firms that can be chosen for a draft: its own, those it may mean, those that words find."""
    names = [draft.firm_text] if draft.firm_text else []
    phone = unseal(draft.phone_sealed, place=PLACE) if draft.phone_sealed else ""
    found = enterprise_queries.candidates(
        actor, text=f"{draft.title} {draft.text}", names=names, phone=phone, words=words, today=today
    )
    if draft.firm is not None and all(named.firm != draft.firm for named in found):
        found.insert(0, enterprise_queries.Named(draft.firm))
    return found


def files(draft: Draft) -> Any:
    """Return the photos and recordings of a draft."""
    return uploads_of(f"drafts.draft:{draft.pk}")
