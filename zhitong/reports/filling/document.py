"""Word templates: fields found and filled in the parts of the document itself; runs in the child process.

All parts that hold no field travel as they came. A field may be cut into several runs, as Word does while
somebody types: its value takes the looks of its first sign.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from lxml import etree

from zhitong.reports.filling.package import parse
from zhitong.reports.filling.reasons import Reason, TemplateRefused
from zhitong.reports.filling.words import PLACE, Found, Words

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
P, T, TR, BR, R = (f"{W}{name}" for name in ("p", "t", "tr", "br", "r"))
FILLED = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml\Z")
READ = re.compile(r"word/[^/]+\.xml\Z")
OBJECTS = frozenset(
    {
        f"{W}altChunk",
        f"{W}object",
        f"{W}control",
        f"{W}subDoc",
        "{urn:schemas-microsoft-com:office:office}OLEObject",
    }
)
ONCE = frozenset({f"{W}bookmarkStart", f"{W}bookmarkEnd"})  # have names that may stand only once
NAMED = (f"{W14}paraId", f"{W14}textId")
# Field codes of Word that only count, repeat or show something of the document itself.
CODES = frozenset(
    [
        "PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "DATE", "TIME", "CREATEDATE", "SAVEDATE", "PRINTDATE",
        "SEQ", "TOC", "TC", "REF", "PAGEREF", "NOTEREF", "STYLEREF", "HYPERLINK", "FORMTEXT", "FORMCHECKBOX",
        "FORMDROPDOWN", "EQ", "SYMBOL", "LISTNUM", "AUTONUM", "AUTHOR", "TITLE", "FILENAME",
    ]
)  # fmt: skip


class Document:
    """A Word template taken apart."""

    def __init__(self, parts: dict[str, bytes], words: Words) -> None:
        self.parts, self.words = parts, words
        trees = {name: parse(part) for name, part in parts.items() if READ.match(name)}
        for tree in trees.values():
            _harmless(tree)
        self.trees = {name: tree for name, tree in trees.items() if FILLED.match(name)}

    def look(self) -> list[tuple[Found, str]]:
        """Return the fields with the text they stand in."""
        found = []
        for tree in self.trees.values():
            self._units(tree)
            found += [
                (field, text[:PLACE]) for _paragraph, text, fields in self._fields(tree) for field in fields
            ]
        return found

    def fill(self, single: dict[str, Any], rows: list[dict[str, Any]]) -> bytes:
        """Return the document with its fields replaced and its lines of a list repeated."""
        for name, tree in self.trees.items():
            for unit in self._units(tree):
                self._repeat(unit, single, rows)
            for paragraph, _text, fields in list(self._fields(tree)):
                self._replace(paragraph, fields, single.get)
            self.parts[name] = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as box:
            for name, part in self.parts.items():
                box.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
        return file.getvalue()

    def _fields(self, tree: Any) -> Iterator[tuple[Any, str, list[Found]]]:
        for paragraph in tree.iter(P):
            text = "".join(part.text or "" for part in _texts(paragraph))
            if "{" in text or "\uff5b" in text or "}}" in text:
                fields = self.words.find(text)
                if fields:
                    yield paragraph, text, fields

    def _units(self, tree: Any) -> list[Any]:
        """Return what is repeated for each case: rows of tables, or paragraphs outside them."""
        units: list[Any] = []
        for paragraph, text, fields in self._fields(tree):
            if not any(field.listed for field in fields):
                continue
            row = next(paragraph.iterancestors(TR), None)
            unit = paragraph if row is None else row
            if any(above in units for above in unit.iterancestors()) or any(
                _holds(unit, one) for one in units
            ):
                raise TemplateRefused(Reason.TWO_LISTS, {"place": text.strip()[:PLACE]})
            if unit not in units:
                units.append(unit)
        return units

    def _repeat(self, unit: Any, single: dict[str, Any], rows: list[dict[str, Any]]) -> None:
        for row in rows or [dict.fromkeys(self.words.listed, None)]:
            copy = deepcopy(unit)
            copy.tail = None
            for part in list(copy.iter(*ONCE)):
                part.getparent().remove(part)
            for part in copy.iter(P, TR):
                for name in NAMED:
                    part.attrib.pop(name, None)
            value = {**single, **row}.get
            for paragraph, _text, fields in list(self._fields(copy)):
                self._replace(paragraph, fields, value)
            unit.addprevious(copy)
        unit.getparent().remove(unit)

    def _replace(self, paragraph: Any, fields: list[Found], value: Callable[[str], Any]) -> None:
        texts = _texts(paragraph)
        for field in reversed(fields):
            if field.key:
                _put(texts, field.span, self.words.shown(value(field.key), field.format))
        for text in texts:
            if "\n" in (text.text or ""):
                _break(text)


def _texts(paragraph: Any) -> list[Any]:
    """The pieces of text of a paragraph, without those of a paragraph inside it (a box of text)."""
    return [text for text in paragraph.iter(T) if next(text.iterancestors(P)) is paragraph]


def _holds(outer: Any, inner: Any) -> bool:
    return any(above is outer for above in inner.iterancestors())


def _put(texts: list[Any], span: tuple[int, int], value: str) -> None:
    """Replace signs that may lie in several pieces by a value in the first of them."""
    begin, end = span
    at = 0
    for text in texts:
        content = text.text or ""
        first, last = max(begin - at, 0), min(end - at, len(content))
        at += len(content)
        if first < last:
            text.text = content[:first] + value + content[last:]
            text.set(SPACE, "preserve")
            value = ""


def _break(text: Any) -> None:
    """Turn line breaks in a piece of text into breaks of the document."""
    first, *others = (text.text or "").split("\n")
    text.text, after = first, text
    for line in others:
        for tag, content in ((BR, None), (T, line)):
            part = etree.Element(tag)
            if content is not None:
                part.text = content
                part.set(SPACE, "preserve")
            after.addnext(part)
            after = part


def _harmless(tree: Any) -> None:
    """Refuse objects and field codes that fetch or start something."""
    codes: list[str] = []
    for part in tree.iter():
        if part.tag in OBJECTS:
            raise TemplateRefused(Reason.EMBEDDED)
        if part.tag == f"{W}fldSimple":
            _check(part.get(f"{W}instr", ""))
        elif part.tag == f"{W}instrText" and codes:
            codes[-1] += part.text or ""
        elif part.tag == f"{W}instrText":
            _check(part.text or "")
        elif part.tag == f"{W}fldChar":
            _mark(part.get(f"{W}fldCharType"), codes)
    for code in codes:
        _check(code)


def _mark(kind: str | None, codes: list[str]) -> None:
    if kind == "begin":
        codes.append("")
    elif kind == "separate" and codes:
        _check(codes[-1])
    elif kind == "end" and codes:
        _check(codes.pop())


def _check(code: str) -> None:
    word = (code.split() or [""])[0].upper()
    if word and word not in CODES:
        raise TemplateRefused(Reason.COMMANDS, {"code": word[:20]})
