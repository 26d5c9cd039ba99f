"""The forms that pages show, read as a browser reads them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from django.urls import resolve

from tests.access import table
from tests.access.doors import untouched
from tests.access.people import PEOPLE, side

SILENT = frozenset({"submit", "button", "reset", "image"})
TOKEN = "csrfmiddlewaretoken"
# Forms that stand on every page; each is taken once.
EVERYWHERE = frozenset({"set_language", "account_logout"})


@dataclass
class Form:
    """One form of a page: where it goes, by which method, and its inputs with what a browser would send."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of the address that the form is sent to."""
        return resolve(urlsplit(self.action).path).view_name

    def hostile_fields(self) -> list[str]:
        """All inputs but the token, which has tests of its own."""
        return [name for name in self.fields if name != TOKEN]

    def sent(self) -> dict[str, Any]:
        """What a browser would send if nobody typed anything."""
        kept = {name: values for name, values in self.fields.items() if name != TOKEN and values}
        return {name: values[0] if len(values) == 1 else values for name, values in kept.items()}


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__(convert_charrefs=True)
        self.address = address
        self.forms: list[Form] = []
        self.open: Form | None = None
        self.select = self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            method = given.get("method", "get").upper()
            self.open = Form(given.get("action") or self.address, method)
            self.forms.append(self.open)
        elif self.open is not None:
            self._inside(self.open, tag, given)

    def _inside(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "option" and self.select:
            if "selected" in given:
                form.fields[self.select].append(given.get("value", ""))
            return
        if tag not in {"input", "select", "textarea", "button"} or not name:
            return
        values = form.fields.setdefault(name, [])
        form.kinds.setdefault(name, kind if tag in {"input", "button"} else tag)
        if tag == "select":
            self.select = name
        elif tag == "textarea":
            self.area = name
        elif kind in {"radio", "checkbox"}:
            values += [given.get("value", "on")] if "checked" in given else []
        elif kind != "file" and tag == "input":
            values.append(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self.area and self.open is not None:
            self.open.fields[self.area].append(data.lstrip("\n"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.area = ""


def forms_of(text: str, address: str) -> list[Form]:
    """All forms of a page."""
    reader = _Reader(address)
    reader.feed(text)
    reader.close()
    return reader.forms


@dataclass(frozen=True)
class Found:
    """A form, the row and the person on whose page it stands."""

    row: table.Row
    person: str
    form: Form

    def __str__(self) -> str:
        return f"{self.form.method} {self.form.name} on {self.row.key} as {self.person}"


def askers(row: table.Row) -> list[str]:
    """For each side of the counter somebody who may open the page of a row, best one who may also send its form."""
    pages, able = row.people("GET", "page"), set(row.people("POST", "done"))
    chosen: dict[str, str] = {}
    for person in sorted(pages, key=lambda person: person not in able):
        chosen.setdefault(side(PEOPLE[person]), person)
    return list(chosen.values())


def walk(world: Any) -> list[Found]:
    """Open every page of the table and collect its forms; one that stands on many pages is taken once."""
    if not hasattr(world, "forms"):
        world.forms = list(_walk(world))
    return world.forms


def _walk(world: Any) -> Iterator[Found]:
    known: set[tuple[str, str, frozenset[str]]] = set()
    for row in table.rows():
        for person in askers(row):
            with untouched():
                answer = world.doors.ask(person, "GET", row.path(world))
            for form in forms_of(answer.text, row.path(world)):
                key = (form.name, form.method, frozenset(form.fields))
                if key not in known:
                    known.add(key)
                    yield Found(row, person, form)
