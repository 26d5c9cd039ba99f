"""Columns of the register: which there are, what each shows, which somebody chose."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from zhitong.enterprises import queries
from zhitong.enterprises.facts import FEN_OF_TEN_THOUSAND, kinds_on, latest
from zhitong.enterprises.states import activities, region_label, streets
from zhitong.enterprises.titles import kinds_on as titles_on
from zhitong.enterprises.words import Listing, Scale, SizeClass

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from django.db.models import Choices

    from zhitong.enterprises.models import Enterprise


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key in addresses, its heading, what it shows of a firm, whether it is a number.

    `needs` names the child that `queries.fetch_children` fetches for it.
    """

    key: str
    label: Any
    show: Callable[[Enterprise, date], Any]
    number: bool = False
    usual: bool = False
    needs: str = ""


def ten_thousands(fen: int | None) -> Decimal | None:
    """Return fen as 10,000 yuan with two places at most."""
    return None if fen is None else (Decimal(fen) / FEN_OF_TEN_THOUSAND).quantize(Decimal("0.01"))


def _fact(kind: str) -> Callable[[Enterprise, date], Any]:
    def show(firm: Enterprise, today: date) -> Any:
        known = kinds_on(today)[kind]
        said = [fact for fact in firm.stated if fact.kind == kind]
        value = latest(known, said, today).value
        return ten_thousands(value) if known.unit == "fen" else value

    return show


def _word(field: str, words: type[Choices]) -> Callable[[Enterprise, date], Any]:
    labels = dict(words.choices)
    return lambda firm, _: str(labels.get(getattr(firm, field), ""))


def _activity(firm: Enterprise, today: date) -> str:
    del today
    found = activities().by_code.get(firm.activity)
    return f"{firm.activity} {found.name}" if found else ""


def _street(firm: Enterprise, today: date) -> str:
    del today
    return streets().get(firm.street, ("", ""))[0]


def _titles(firm: Enterprise, today: date) -> str:
    kinds = titles_on(today)
    return " · ".join(kind.label for key, kind in kinds.items() if key in firm.held)


COLUMNS = (
    Column("code", _("Credit code"), lambda firm, _: firm.code, usual=True),
    Column("region", _("District"), lambda firm, _: region_label(firm.region), usual=True),
    Column("street", _("Town or street"), _street),
    Column("park", _("Park"), lambda firm, _: firm.park.label if firm.park else "", needs="park"),
    Column("address", _("Address"), lambda firm, _: firm.address),
    Column("activity", _("Main activity"), _activity, usual=True),
    Column("size", _("Size"), _word("size", SizeClass), usual=True),
    Column("scale", _("Designated size"), _word("scale", Scale)),
    Column("revenue", _("Revenue (10,000 yuan)"), _fact("revenue"), number=True, usual=True, needs="revenue"),
    Column("people", _("People employed"), _fact("people"), number=True, usual=True, needs="people"),
    Column("rd_spend", _("R&D spending (10,000 yuan)"), _fact("rd_spend"), number=True, needs="rd_spend"),
    Column("tax", _("Taxes paid (10,000 yuan)"), _fact("tax"), number=True, needs="tax"),
    Column("titles", _("Titles"), _titles, usual=True, needs="held"),
    Column(
        "products",
        _("Leading products"),
        lambda firm, _: ", ".join(p.name for p in firm.products.all()),
        needs="products",
    ),
    Column("tags", _("Tags"), lambda firm, _: ", ".join(tag.text for tag in firm.tags.all()), needs="tags"),
    Column("founded_on", _("Founded on"), lambda firm, _: firm.founded_on),
    Column("capital", _("Capital (10,000 yuan)"), lambda firm, _: ten_thousands(firm.capital), number=True),
    Column("listing", _("Listed at"), _word("listing", Listing)),
    Column(
        "sponsors",
        _("Linked people"),
        lambda firm, _: ", ".join(row.user.name for row in firm.sponsors),
        needs="sponsors",
    ),
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


def rows(firms: list[Enterprise], shown: list[Column], today: date) -> list[Row]:
    """Return what the columns show of each firm, fetching what they need with a query for each kind of it."""
    queries.fetch_children(firms, {column.needs for column in shown}, today)
    return [Row(firm, [(column, column.show(firm, today)) for column in shown]) for firm in firms]
