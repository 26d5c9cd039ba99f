"""What a cell says: amounts with their unit, counts, days, places. A wrong one is refused with its reason."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.core import data
from zhitong.core.errors import FieldError
from zhitong.enterprises.states import regions, streets

if TYPE_CHECKING:
    from collections.abc import Mapping

DAYS = (
    re.compile(r"\A(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T].*)?\Z"),
    re.compile(r"\A(\d{4})\D(\d{1,2})\D(\d{1,2})\D?\Z"),
    re.compile(r"\A(\d{4})(\d{2})(\d{2})\Z"),
)
SERIAL = re.compile(r"\A[1-9]\d{4}\Z")
EPOCH = date(1899, 12, 30)  # of spreadsheets; their day 60 does not exist, but no firm is that old
NUMBER = re.compile(r"\A([+-]?\d[\d,]*(?:\.\d+)?)(\D*)\Z")
DEFAULT_UNIT = "default"


def words(name: str) -> dict[str, list[str]]:
    """Return the words of a table of `data/imports/cells.toml`."""
    return data.read("imports", "cells")[name]


def plain(text: str) -> str:
    """Return a cell with half-width signs and without blanks inside."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def is_empty(text: str) -> bool:
    """Whether a cell says nothing: blank, or one of the signs that offices put there."""
    return plain(text) in {"", *words("blank")["signs"]}


def is_not_applicable(text: str) -> bool:
    """Whether a cell says that the question does not apply."""
    return plain(text).lower() in words("blank")["not_applicable"]


def amount(text: str, unit: str, units: Mapping[str, int], *, field: str) -> int:
    """Return a cell in whole fen or pieces; a unit in the cell outranks the column's."""
    found = NUMBER.match(plain(text))
    own = "" if found is None else _known_unit(found[2], units)
    if found is None or (found[2] and not own):
        raise FieldError(field, gettext_noop("“%(text)s” is no number."), text=text[:40])
    try:
        value = Decimal(found[1].replace(",", "")) * units[own or unit]
    except InvalidOperation:
        raise FieldError(field, gettext_noop("“%(text)s” is no number."), text=text[:40]) from None
    if value != value.to_integral_value():
        raise FieldError(field, gettext_noop("“%(text)s” is finer than its unit allows."), text=text[:40])
    return int(value)


def _known_unit(text: str, units: Mapping[str, int]) -> str:
    return next((unit for unit in sorted(units, key=len, reverse=True) if text.endswith(unit)), "")


def day(text: str, *, field: str) -> date:
    """Return a day in any of the usual ways to write one."""
    cell = plain(text)
    if SERIAL.match(cell):
        return EPOCH + timedelta(days=int(cell))
    for form in DAYS:
        found = form.match(cell)
        if found:
            try:
                return date(*map(int, found.groups()))
            except ValueError:
                break
    raise FieldError(field, gettext_noop("“%(text)s” is no day. Write it as 2015-03-02."), text=text[:40])


def region(text: str) -> str:
    """Return the code of a district named in full, in short or by its code; "" for none that is known."""
    cell = plain(text)
    known = regions()
    if cell[:6] in known:
        return cell[:6]
    if cell in known:
        return cell
    names = {labels["zh"]: code for code, labels in known.items() if not code.endswith("00")}
    # A district may be written without its last sign, which only says what kind it is, or with another kind.
    whole = next((name for name in sorted(names, key=len, reverse=True) if name in cell), "")
    short = next((name for name in names if name[:-1] in cell), "")
    return names.get(whole or short, "")


def street(text: str, district: str) -> str:
    """Return the code of a town or street of a district; "" for none that is known."""
    cell = plain(text)
    if streets().get(cell, ("", ""))[1] == district:
        return cell
    inside = {name: code for code, (name, within) in streets().items() if within == district}
    for name in sorted(inside, key=len, reverse=True):
        if name in cell or cell == name.removesuffix(name[-2:]) or cell == name[:-1]:
            return inside[name]
    return ""
