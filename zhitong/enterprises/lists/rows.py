"""From a row of a list to what is known about a firm."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_noop

from zhitong.core.errors import FieldError
from zhitong.enterprises.codes import checked
from zhitong.enterprises.facts import LARGEST, kinds_on, period_end
from zhitong.enterprises.lists import cells
from zhitong.enterprises.lists.columns import FACT, units, usual_unit
from zhitong.enterprises.records import FirmRecord
from zhitong.enterprises.sealed import sealed_phone
from zhitong.enterprises.states import activities, regions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from zhitong.enterprises.facts import Kind

SEPARATORS = re.compile(r"[,;\u3001\uff0c\uff1b/\n]+")
NAME, ADDRESS, WORD, PERSON = 120, 200, 60, 40
TAG = 20


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot be brought in, and why."""

    line: int
    msgid: str
    params: dict[str, Any]
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Read:
    """A row that can."""

    line: int
    record: FirmRecord


class Reader:
    """Reads the rows of one list; knows the columns, the codes it has met and what the list is taken as."""

    def __init__(
        self, columns: Mapping[str, str], unit_of: Mapping[str, str], *, region: str, source: str, today: date
    ) -> None:
        self.columns = {int(place): meaning for place, meaning in columns.items()}
        self.units = {int(place): unit for place, unit in unit_of.items()}
        self.region, self.source, self.today = region, source, today
        self.seen: dict[str, int] = {}

    def read(self, line: int, row: list[str]) -> Read | Refused:
        """Read one row."""
        try:
            return Read(line, self._record(line, row))
        except FieldError as error:
            return Refused(line, error.msgid, error.params, row)

    def _record(self, line: int, row: list[str]) -> FirmRecord:
        given = {
            meaning: (row[place], self.units.get(place, ""))
            for place, meaning in self.columns.items()
            if place < len(row) and not cells.is_empty(row[place])
        }
        text = {name: value.strip() for name, (value, _unit) in given.items()}
        if "code" not in text:
            raise FieldError("code", gettext_noop("The row has no unified social credit code."))
        code = checked(text["code"])
        first = self.seen.setdefault(code, line)
        if first != line:
            raise FieldError("code", gettext_noop("The code stands in row %(line)d already."), line=first)
        return FirmRecord(
            code,
            columns=self._columns(code, text, given),
            facts=tuple(self._facts(given)),
            contacts=_contacts(text),
            products=_many(text.get("products", ""), WORD),
            tags=_many(text.get("tags", ""), TAG),
        )

    def _columns(self, code: str, text: dict[str, str], given: dict[str, tuple[str, str]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if "name" not in text:
            raise FieldError("name", gettext_noop("The row has no name of a firm."))
        found["name"] = _short("name", text["name"], NAME)
        found["region"] = self._region(code, text)
        if "street" in text:
            found["street"] = cells.street(text["street"], found["region"])
        if "address" in text:
            found["address"] = _short("address", text["address"], ADDRESS)
        if "activity" in text:
            found["activity"] = _activity(text["activity"])
        if "founded_on" in text:
            found["founded_on"] = self._past(cells.day(text["founded_on"], field="founded_on"))
        if "capital" in given:
            value, unit = given["capital"]
            found["capital"] = _bounded("capital", cells.amount(
                value, unit if unit in units("fen") else usual_unit("fen"), units("fen"), field="capital"
            ), negative=False)  # fmt: skip
        return found

    def _region(self, code: str, text: dict[str, str]) -> str:
        named = text.get("region", "")
        found = cells.region(named) if named else self.region or (code[2:8] if code[2:8] in regions() else "")
        if not found and named:
            raise FieldError(
                "region", gettext_noop("“%(text)s” is no district of the city."), text=named[:40]
            )
        if not found:
            raise FieldError(
                "region", gettext_noop("The row names no district. Choose one for the whole list.")
            )
        return found

    def _past(self, day: date) -> date:
        if day > self.today:
            raise FieldError("founded_on", gettext_noop("This day has not come yet."))
        return day

    def _facts(self, given: Mapping[str, tuple[str, str]]) -> Iterator[tuple[str, str, int | None, str, str]]:
        kinds = kinds_on(self.today)
        for meaning, (value, unit) in given.items():
            if not meaning.startswith(FACT):
                continue
            _, name, period = meaning.split(":")
            kind, end = kinds.get(name), period_end(period)
            if kind is None or end is None or end > self.today:
                raise FieldError(name, gettext_noop("The year %(period)s is not over yet."), period=period)
            yield name, period, self._value(kind, value, unit), self.source, ""

    def _value(self, kind: Kind, text: str, unit: str) -> int | None:
        if cells.is_not_applicable(text):
            return None
        worth = units(kind.unit)
        # The unit of a whole sheet is that of its money: no unit of people.
        value = cells.amount(text, unit if unit in worth else usual_unit(kind.unit), worth, field=kind.key)
        return _bounded(kind.key, value, negative=kind.negative)


def _bounded(field: str, value: int, *, negative: bool) -> int:
    if not (-LARGEST if negative else 0) <= value <= LARGEST:
        raise FieldError(field, gettext_noop("This value cannot be right. Check the number and its unit."))
    return value


def _short(field: str, text: str, longest: int) -> str:
    if len(text) > longest:
        raise FieldError(
            field,
            gettext_noop("“%(text)s…” is longer than %(longest)d signs."),
            text=text[:20],
            longest=longest,
        )
    return text


def _activity(text: str) -> str:
    found = activities().find(cells.plain(text)) or activities().find(cells.plain(text)[:5])
    if found is None:
        raise FieldError("activity", gettext_noop("There is no such activity in GB/T 4754-2017."))
    return found.code


def _many(text: str, longest: int) -> tuple[str, ...]:
    parts = (part.strip() for part in SEPARATORS.split(text))
    return tuple(dict.fromkeys(part[:longest] for part in parts if part))[:20]


def _contacts(text: dict[str, str]) -> tuple[tuple[str, str, str], ...]:
    phone, name = text.get("contact_phone", ""), text.get("contact_name", "")
    if not phone and not name:
        return ()
    sealed_phone(phone)  # refuses what is no number
    return ((_short("contact_name", name or "—", PERSON), text.get("contact_duty", "")[:PERSON], phone),)
