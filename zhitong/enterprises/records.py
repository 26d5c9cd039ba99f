"""One firm as a list, a file of another system or a generator gives it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

COLUMNS = (
    "name",
    "region",
    "street",
    "address",
    "activity",
    "founded_on",
    "capital",
    "listing",
    "stock_code",
)


@dataclasses.dataclass(slots=True)
class FirmRecord:
    """One firm as a list gives it; `columns` holds those of COLUMNS that the list knows.

    facts: (kind, period, value or None for "not applicable", source, evidence); titles: (kind, number,
    granted_on, expires_on); contacts: (name, duty, phone); patents: (number, kind, name, granted_on,
    acquired_on); standards: (number, name, level, role, published_on); credit: (list, state, since,
    checked_on, source).
    """

    code: str
    columns: dict[str, Any] = dataclasses.field(default_factory=dict)
    facts: Sequence[tuple[str, str, int | None, str, str]] = ()
    titles: Sequence[tuple[str, str, date, date | None]] = ()
    contacts: Sequence[tuple[str, str, str]] = ()
    products: Sequence[str] = ()
    tags: Sequence[str] = ()
    further: Sequence[str] = ()
    patents: Sequence[tuple[str, str, str, date, date | None]] = ()
    standards: Sequence[tuple[str, str, str, str, date | None]] = ()
    credit: Sequence[tuple[str, str, date | None, date, str]] = ()
    former_names: Sequence[tuple[str, datetime]] = ()
