"""How a field is written in a template, and how a value reads in its place. No language of commands.

`{{ name }}` or `{{ name | format }}`, with half-width or full-width braces. What is no name of the catalogue
stays as it was written: nothing in a template is ever looked up, called or calculated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from zhitong.core.sheets.heading import normalise_label
from zhitong.reports.filling.reasons import Reason, TemplateRefused

LONGEST = 60  # signs between the braces
OPENS, CLOSES = "[{\uff5b]", "[}\uff5d]"
FIELD = re.compile(OPENS + "{2}([^{}\uff5b\uff5d]*)" + CLOSES + "{2}")
STATEMENT = re.compile(OPENS + r"\s?[%#\uff05]")
OPEN = re.compile(f"{OPENS}{{2}}|{CLOSES}{{2}}")
BAR = re.compile("[|\uff5c]")
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what XML cannot hold
PLACE = 30
MISSING = "\u2014"


@dataclass(frozen=True, slots=True)
class Found:
    """One place with a field: the name as written, its key (empty if unknown), its format, list or not."""

    name: str
    key: str
    format: str
    listed: bool
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Words:
    """The catalogue as the child gets it: names to keys, which keys belong to a case, formats by name."""

    names: Mapping[str, str]
    listed: frozenset[str]
    formats: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def find(self, text: str) -> list[Found]:
        """Return the fields of a text; a command or a field without end is refused."""
        if STATEMENT.search(text):
            raise TemplateRefused(Reason.STATEMENTS, {"place": text.strip()[:PLACE]})
        found = [self._found(match) for match in FIELD.finditer(text)]
        if OPEN.search(FIELD.sub("", text)):
            raise TemplateRefused(Reason.OPEN, {"place": text.strip()[:PLACE]})
        return found

    def _found(self, match: re.Match[str]) -> Found:
        written = match[1].strip()[:LONGEST]
        name, *formats = (part.strip() for part in BAR.split(written))
        key = self.names.get(normalise_label(name), "")
        known = len(formats) < 2 and all(form.lower() in self.formats for form in formats)  # noqa: PLR2004
        if not known:
            key = ""
        return Found(
            written, key, formats[0].lower() if key and formats else "", key in self.listed, match.span()
        )

    def shown(self, value: Any, form: str) -> str:
        """Return a value as text: a dash where there is none, days as numbers unless a format says how."""
        how = self.formats.get(form, {})
        if value is None or value == "":
            return how.get("missing", MISSING)
        if isinstance(value, dict):
            return _day(value["day"], how.get("date", ""))
        if isinstance(value, float):
            return f"{value:.1f}"
        return CONTROLS.sub("", str(value))

    def filled(self, text: str, found: list[Found], value: Callable[[str], Any]) -> str:
        """Return a text with its known fields replaced."""
        for place in reversed(found):
            if place.key:
                begin, end = place.span
                text = text[:begin] + self.shown(value(place.key), place.format) + text[end:]
        return text


def _day(day: str, pattern: str) -> str:
    if not pattern:
        return day
    year, month, date = day.split("-")
    parts = {"{y}": str(int(year)), "{m}": str(int(month)), "{d}": str(int(date))}
    for sign, number in parts.items():
        pattern = pattern.replace(sign, number)
    return pattern
