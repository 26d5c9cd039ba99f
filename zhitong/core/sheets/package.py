"""What a workbook is made of, looked at before a parser sees it; runs in the child process.

Every part is unpacked once in small pieces: what it really unpacks to counts, not what it says. In sheets
the same pass finds how far they reach, since the parser keeps room for every cell up to the farthest, and
formulas that nobody calculated, which would read as empty.
"""

from __future__ import annotations

import codecs
import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from zhitong.core.sheets.limits import MB, SheetLimits
from zhitong.core.sheets.reasons import Reason, SheetRefused

PIECE = 1 << 20
LOCAL = 30  # bytes of a local header before its name
STORED, DEFLATED = 0, 8
LETTERS = 26
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml\Z")
ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\br=["'](\d+)["']""")
PLACE = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\br=["']([A-Z]{1,4})(\d+)["']""")
CELL = re.compile(rb"(<(?:\w+:)?c\b[^>]*(?<!/)>)(.*?)</(?:\w+:)?c>", re.DOTALL)
FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
# <v/> and <v></v> hold nothing, but beside t="str" they hold the text of no characters
VALUE = re.compile(rb"<(?:\w+:)?(?:v(?:\s[^>]*)?>[^<]|is[\s>])")
TEXT = re.compile(rb"""\bt=["']str["']""")
DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
OVERLAP = 64
ENDS, PREFIXED_ENDS = b"</c>", b":c>"

OLE_HEAD = 512
# encoded now, for the same reason as below
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
VBA_PROJECT = "_VBA_PROJECT".encode("utf-16-le")
WORKBOOKS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
# a stream begins (BOF), may be only for reading (WRITEPROT), and goes on under a password (FILEPASS): the
# parser reports some of these as no workbook at all, and reads the weakest kind as garbage
SECRET = re.compile(rb"\x09\x08(?:\x10\x00.{16}|\x08\x00.{8})(?:\x86\x00\x00\x00)?\x2f\x00", re.DOTALL)

codecs.lookup("cp437")  # old names in archives; later the child can open no file, not even that of a codec


def check(content: bytes, limits: SheetLimits) -> None:
    """Refuse a package that is no plain workbook, hides programs, or unpacks to too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as box:
            parts = box.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError):
        raise SheetRefused(Reason.DAMAGED) from None
    names = {part.filename for part in parts}
    _names(parts, names, limits)
    unpacked, formulas = 0, _Formulas()
    for part in parts:
        reach = _Reach(limits) if SHEET.search(part.filename) else None
        for piece in _windows(_pieces(content, part), whole_cells=reach is not None):
            unpacked += len(piece)
            _bounded(part, unpacked, limits)
            if part.filename.endswith((".xml", ".rels")) and DECLARES.search(piece):
                raise SheetRefused(Reason.ENTITIES)
            if reach is not None:
                reach.look(piece)
                formulas.look(piece)
    formulas.refuse()


def _names(parts: list[zipfile.ZipInfo], names: set[str], limits: SheetLimits) -> None:
    if len(parts) > limits.entries or len(names) < len(parts):
        raise SheetRefused(Reason.BOMB, {"limit_mb": limits.unpacked_mb})
    if any(name.startswith(("/", "\\")) or ".." in name.split("/") for name in names):
        raise SheetRefused(Reason.DAMAGED)
    if any(part.flag_bits & 1 for part in parts):
        raise SheetRefused(Reason.ENCRYPTED)
    lower = {name.lower() for name in names}
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in lower):
        raise SheetRefused(Reason.MACROS)
    if "xl/workbook.xml" not in lower or "[content_types].xml" not in lower:
        office = {"word/document.xml", "ppt/presentation.xml", "xl/workbook.bin", "mimetype"}
        raise SheetRefused(Reason.OTHER_OFFICE if office & lower else Reason.UNKNOWN_TYPE)


def _bounded(part: zipfile.ZipInfo, unpacked: int, limits: SheetLimits) -> None:
    dense = part.file_size > limits.ratio_mb * MB and part.file_size > limits.ratio * part.compress_size
    if dense or unpacked > limits.unpacked_mb * MB:
        raise SheetRefused(Reason.BOMB, {"limit_mb": limits.unpacked_mb})


def _pieces(content: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Unpack a part by its own bytes; what it unpacks to has to be as long as it says."""
    head = content[part.header_offset : part.header_offset + LOCAL]
    if len(head) < LOCAL or part.compress_type not in {STORED, DEFLATED}:
        raise SheetRefused(Reason.DAMAGED)
    names = int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
    start = part.header_offset + LOCAL + names
    packed = content[start : start + part.compress_size]
    done = 0
    for piece in _inflated(packed) if part.compress_type == DEFLATED else iter([packed]):
        done += len(piece)
        if done > part.file_size:
            raise SheetRefused(Reason.DAMAGED)
        yield piece
    if done != part.file_size:
        raise SheetRefused(Reason.DAMAGED)


def _inflated(packed: bytes) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        while packed and not unpacker.eof:
            yield unpacker.decompress(packed, PIECE)
            packed = unpacker.unconsumed_tail
        yield unpacker.flush()
    except zlib.error:
        raise SheetRefused(Reason.DAMAGED) from None


def _windows(pieces: Iterator[bytes], *, whole_cells: bool) -> Iterator[bytes]:
    """Give pieces that cut no cell of a sheet, and elsewhere no short word, in two."""
    rest = b""
    for piece in pieces:
        window = rest + piece
        cut = _cell_end(window) if whole_cells else max(len(window) - OVERLAP, 0)
        rest = window[cut:]
        yield window[:cut]
    yield rest


def _cell_end(window: bytes) -> int:
    """Return where the last cell ends; where that is too far back, where the last tag begins."""
    for sign in (ENDS, PREFIXED_ENDS):
        found = window.rfind(sign)
        if found >= 0:
            cut = found + len(sign)
            break
    else:
        cut = 0
    if len(window) - cut > PIECE:
        cut = window.rfind(b"<")
    return len(window) if len(window) - cut > PIECE else cut


class _Reach:
    """How far a sheet reaches, by the places its cells name."""

    def __init__(self, limits: SheetLimits) -> None:
        self.limits = limits

    def look(self, piece: bytes) -> None:
        places = PLACE.findall(piece)
        columns = {letters for letters, _ in places}
        if any(_number(letters) > self.limits.columns for letters in columns):
            raise SheetRefused(Reason.TOO_MANY_COLUMNS, {"limit": self.limits.columns})
        rows = [*ROW.findall(piece), *(row for _, row in places[-1:])]
        if any(len(row) > len(str(self.limits.rows)) or int(row) > self.limits.rows for row in rows):
            raise SheetRefused(Reason.TOO_MANY_ROWS, {"limit": self.limits.rows})


def _number(letters: bytes) -> int:
    found = 0
    for letter in letters:
        found = found * LETTERS + letter - ord("A") + 1
    return found


class _Formulas:
    """Formulas that have no stored value."""

    def __init__(self) -> None:
        self.count = 0
        self.first = ""

    def look(self, piece: bytes) -> None:
        if not FORMULA.search(piece):
            return
        for found in CELL.finditer(piece):
            if FORMULA.search(found[2]) and not VALUE.search(found[2]) and not TEXT.search(found[1]):
                self.count += 1
                place = PLACE.match(found[1])
                self.first = self.first or (b"".join(place.groups()).decode() if place else "?")

    def refuse(self) -> None:
        if self.count:
            raise SheetRefused(Reason.FORMULAS, {"count": self.count, "cell": self.first})


def check_old(content: bytes) -> None:
    """Refuse an old workbook, or a container that only looks like one, by the names of its streams."""
    head = content[:OLE_HEAD].ljust(OLE_HEAD, b"\xff")
    first = int.from_bytes(head[48:52], "little")  # sector of the directory; the head takes one, too
    if len(content) < (first + 2) << min(head[30], 12):
        raise SheetRefused(Reason.DAMAGED)
    if ENCRYPTED_PACKAGE in content or SECRET.search(content):
        raise SheetRefused(Reason.ENCRYPTED)
    if VBA_PROJECT in content:
        raise SheetRefused(Reason.MACROS)
    if not any(name in content for name in WORKBOOKS):
        raise SheetRefused(Reason.OTHER_OFFICE)
