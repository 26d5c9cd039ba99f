"""Columns of the register: which there are, what each shows, which somebody chose."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from zhitong.enterprises.facts import FEN_OF_TEN_THOUSAND, LISTED, kinds_on, latest
from zhitong.enterprises.states import activities, region_label, streets
from zhitong.enterprises.titles import kinds_on as titles_on

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from zhitong.enterprises.models import Enterprise


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key in addresses, its heading, what it shows of a firm, whether it is a number."""

    key: str
    label: Any
    show: Callable[[Enterprise, date], Any]
    number: bool = False
    usual: bool = False


def ten_thousands(fen: int | None) -> Decimal | None:
    """Return fen as 10,000 yuan with two places at most."""
    return None if fen is None else (Decimal(fen) / FEN_OF_TEN_THOUSAND).quantize(Decimal("0.01"))


def _fact(kind: str) -> Callable[[Enterprise, date], Any]:
    if kind not in LISTED:
        message = f"A list does not fetch {kind}: name it in LISTED."
        raise ValueError(message)

    def show(firm: Enterprise, today: date) -> Any:
        known = kinds_on(today)[kind]
        said = [fact for fact in firm.stated if fact.kind == kind]
        value = latest(known, said, today).value
        return ten_thousands(value) if known.unit == "fen" else value

    return show


def _activity(firm: Enterprise, today: date) -> str:
    del today
    found = activities().by_code.get(firm.activity)
    return f"{firm.activity} {found.name}" if found else ""


def _street(firm: Enterprise, today: date) -> str:
    del today
    return streets().get(firm.street, ("", ""))[0]


def _titles(firm: Enterprise, today: date) -> str:
    kinds = titles_on(today)
    held = {title.kind for title in firm.held}
    return " · ".join(kind.label for key, kind in kinds.items() if key in held)


COLUMNS = (
    Column("code", _("Credit code"), lambda firm, _: firm.code, usual=True),
    Column("region", _("District"), lambda firm, _: region_label(firm.region), usual=True),
    Column("street", _("Town or street"), _street),
    Column("park", _("Park"), lambda firm, _: firm.park.label if firm.park else ""),
    Column("address", _("Address"), lambda firm, _: firm.address),
    Column("activity", _("Main activity"), _activity, usual=True),
    Column("size", _("Size"), lambda firm, _: firm.get_size_display(), usual=True),
    Column("scale", _("Designated size"), lambda firm, _: firm.get_scale_display()),
    Column("revenue", _("Revenue (10,000 yuan)"), _fact("revenue"), number=True, usual=True),
    Column("people", _("People employed"), _fact("people"), number=True, usual=True),
    Column("rd_spend", _("R&D spending (10,000 yuan)"), _fact("rd_spend"), number=True),
    Column("tax", _("Taxes paid (10,000 yuan)"), _fact("tax"), number=True),
    Column("titles", _("Titles"), _titles, usual=True),
    Column("products", _("Leading products"), lambda firm, _: ", ".join(p.name for p in firm.products.all())),
    Column("tags", _("Tags"), lambda firm, _: ", ".join(tag.text for tag in firm.tags.all())),
    Column("founded_on", _("Founded on"), lambda firm, _: firm.founded_on),
    Column("capital", _("Capital (10,000 yuan)"), lambda firm, _: ten_thousands(firm.capital), number=True),
    Column("listing", _("Listed at"), lambda firm, _: firm.get_listing_display() if firm.listing else ""),
    Column("sponsors", _("Linked people"), lambda firm, _: ", ".join(row.user.name for row in firm.sponsors)),
)
BY_KEY = {column.key: column for column in COLUMNS}


def chosen(keys: list[str]) -> list[Column]:
    """Return the columns named, in the order of the table; the usual ones where none is."""
    wanted = {key for key in keys if key in BY_KEY}
    return [column for column in COLUMNS if (column.key in wanted if wanted else column.usual)]


def choices(shown: list[Column]) -> list[dict[str, Any]]:
    """Return every column with whether it is shown."""
    return [{"column": column, "shown": column in shown} for column in COLUMNS]


@dataclass(frozen=True, slots=True)
class Row:
    """One firm with the values of the columns shown."""

    firm: Enterprise
    cells: list[tuple[Column, Any]]


def rows(firms: Iterable[Enterprise], shown: list[Column], today: date) -> list[Row]:
    """Return what the columns show of each firm; firms come from `queries.decorated`."""
    return [Row(firm, [(column, column.show(firm, today)) for column in shown]) for firm in firms]
