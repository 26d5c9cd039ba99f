"""What a template is made of, looked at before a parser sees it; runs in the child process."""

from __future__ import annotations

import codecs
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from lxml import etree

from zhitong.reports.filling.limits import FillLimits
from zhitong.reports.filling.reasons import Reason, TemplateRefused

MB = 1024 * 1024
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
ENCODING = re.compile(rb"""\A[^>]{0,100}encoding=["']([^"']*)""")
WIDE = (b"\xff\xfe", b"\xfe\xff", b"\0<", b"<\0")  # encodings in which words would be overlooked
PROGRAMS = re.compile(r"vba|macrosheets/|dialogsheets/|customui/|xlm|intlmacrosheets/", re.IGNORECASE)
OBJECTS = re.compile(
    r"embeddings/|activex/|ctrlprops/|afchunk|externallinks/|connections\.xml|querytables/|pivot|\.bin\Z"
    r"|model/|webextensions/|\.(?:exe|dll|js|vbs|hta|html?|mht|rtf|docx?|xlsx?|docm|xlsm)\Z",
    re.IGNORECASE,
)
HARMLESS_BIN = re.compile(r"printersettings/[^/]+\.bin\Z", re.IGNORECASE)
DRAWN = re.compile(r"\Axl/(?:media|charts|drawings/drawing|diagrams)", re.IGNORECASE)
CHUNK = re.compile(r"/(?:aFChunk|oleObject|control|package|subDocument|attachedTemplate|vbaProject)\Z")
HYPERLINK = "/hyperlink"
SCHEMES = frozenset({"http", "https", "mailto"})

codecs.lookup("cp437")  # old names in archives; later the child can open no file, not even that of a codec


def parser() -> etree.XMLParser:
    """Return a parser that fetches nothing, resolves nothing, and keeps libxml2's own limits."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def parse(content: bytes) -> etree._Element:
    """Return a part as a tree; refused where it is none, or nests too deep."""
    try:
        return etree.fromstring(content, parser())
    except (etree.XMLSyntaxError, ValueError):
        raise TemplateRefused(Reason.DAMAGED) from None


def opened(content: bytes, limits: FillLimits) -> tuple[str, dict[str, bytes]]:
    """Return the format and the parts of a template that is a plain document; else it is refused."""
    if not content:
        raise TemplateRefused(Reason.EMPTY)
    if content.startswith(OLE):
        raise TemplateRefused(Reason.OLD)
    if not content.startswith(ZIP):
        raise TemplateRefused(Reason.UNKNOWN_TYPE)
    parts = _unpacked(content, limits)
    form = next((form for form, main in MAIN.items() if main in parts), "")
    if not form or "[Content_Types].xml" not in parts:
        raise TemplateRefused(Reason.UNKNOWN_TYPE)
    _names(form, parts)
    for name, part in parts.items():
        if name.lower().endswith((".xml", ".rels", ".vml")):
            _plain(part)
    _types(parts["[Content_Types].xml"])
    for name, part in parts.items():
        if name.lower().endswith(".rels"):
            _relations(name, part)
    return form, parts


def _unpacked(content: bytes, limits: FillLimits) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as box:
            rows = box.infolist()
            _bounded(rows, limits)
            return {row.filename: box.read(row) for row in rows if not row.is_dir()}
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, OverflowError, EOFError):
        raise TemplateRefused(Reason.DAMAGED) from None
    except RuntimeError:  # parts under a password
        raise TemplateRefused(Reason.OLD) from None


def _bounded(rows: list[zipfile.ZipInfo], limits: FillLimits) -> None:
    # What a part says it unpacks to is all that zipfile hands out of it.
    dense = [
        row
        for row in rows
        if row.file_size > limits.ratio_mb * MB and row.file_size > limits.ratio * row.compress_size
    ]
    doubled = len({row.filename for row in rows}) < len(rows)
    if (
        dense
        or doubled
        or len(rows) > limits.entries
        or sum(row.file_size for row in rows) > limits.unpacked_mb * MB
    ):
        raise TemplateRefused(Reason.BOMB, {"limit_mb": limits.unpacked_mb})
    if any(row.flag_bits & 1 for row in rows):
        raise TemplateRefused(Reason.OLD)


def _names(form: str, names: Iterable[str]) -> None:
    for name in names:
        if name.startswith(("/", "\\")) or ".." in name.split("/"):
            raise TemplateRefused(Reason.DAMAGED)
        if PROGRAMS.search(name):
            raise TemplateRefused(Reason.MACROS)
        if OBJECTS.search(name) and not HARMLESS_BIN.search(name):
            raise TemplateRefused(Reason.EMBEDDED)
        if form == "xlsx" and DRAWN.search(name):
            raise TemplateRefused(Reason.PICTURES)


def _plain(part: bytes) -> None:
    encoding = ENCODING.search(part)
    odd = encoding is not None and encoding[1].lower() not in {b"utf-8", b"us-ascii"}
    if odd or part[:2] in WIDE or DECLARES.search(part):
        raise TemplateRefused(Reason.DAMAGED)


def _types(part: bytes) -> None:
    for row in parse(part).iter():
        said = row.get("ContentType", "") if isinstance(row.tag, str) else ""
        if re.search("macro|vba|activex", said, re.IGNORECASE):
            raise TemplateRefused(Reason.MACROS)
        if re.search("oleobject|afchunk", said, re.IGNORECASE):
            raise TemplateRefused(Reason.EMBEDDED)


def _relations(name: str, part: bytes) -> None:
    for row in parse(part).iter():
        if isinstance(row.tag, str):
            _relation(name, row.attrib)


def _relation(name: str, row: Mapping[str, str]) -> None:
    kind, target = row.get("Type", ""), row.get("Target", "")
    if row.get("TargetMode", "").lower() == "external":
        if kind.endswith(HYPERLINK) and urlsplit(target).scheme.lower() in SCHEMES:
            return
        raise TemplateRefused(Reason.EXTERNAL, {"part": kind.rsplit("/", 1)[-1][:20]})
    if CHUNK.search(kind):
        raise TemplateRefused(Reason.EMBEDDED)
    if "://" in target or target.startswith(("\\\\", "//")):
        raise TemplateRefused(Reason.EXTERNAL, {"part": name[:40]})
