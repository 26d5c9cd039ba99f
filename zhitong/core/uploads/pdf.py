"""PDF: refused if a bounded search finds something active; kept as it came; runs in the child process.

Checked: header at the first byte, cross-reference and end mark at the end, nothing after it. Searched, in the
file as it lies and in everything in it that zlib unpacks: scripts, programs to launch, files inside, media,
dynamic forms, with names written in `#xx` escapes too; encryption in the file as it lies.

Not found: names in streams packed by other means than zlib (a declared object stream of that sort, or with a
predictor, is refused; an undeclared one is not seen), names in a second zlib layer, faults in fonts and
pictures that attack a particular reader, links to web pages, and a second file hidden in a comment or an
unused stream. So a PDF is served as a download and never opened by the server.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from zhitong.core.uploads.content import Converted
from zhitong.core.uploads.limits import MB, Limits
from zhitong.core.uploads.reasons import Reason, UploadRefused

_NAME_CHARACTER = rb"[^\s\0()<>\[\]{}/%]"
_ACTIVE_NAMES = (
    b"JavaScript",
    b"Launch",
    b"EmbeddedFile",
    b"EmbeddedFiles",
    b"RichMedia",
    b"GoToE",
    b"ImportData",
    b"XFA",
)
_ACTIVE = re.compile(rb"/(?:" + b"|".join(_ACTIVE_NAMES) + rb")(?!" + _NAME_CHARACTER + rb")")
# three bytes are found in any large picture by chance, so the script's beginning has to follow
_SCRIPT = re.compile(rb"/JS\s*(?:\((?:\xfe\xff|[\x20-\x7e\s]{4})|<[0-9A-Fa-f\s]{4}|\d+\s+\d+\s+R)")
_ENCRYPTED = re.compile(rb"/Encrypt(?!" + _NAME_CHARACTER + rb")")
_ESCAPED = re.compile(
    rb"/(?:" + _NAME_CHARACTER + rb"){0,120}?#[0-9A-Fa-f]{2}(?:" + _NAME_CHARACTER + rb"){0,120}"
)
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"(?<!end)stream(?:\r\n|\n|\r)")
_ESCAPED_ACTIVE = {*_ACTIVE_NAMES, b"JS"}

_TAIL = 2048
_DICTIONARY = 4096
_READ = 64 * 1024
_PIECE = MB
# longer than any name searched for, so that one across two pieces is seen
_OVERLAP = 512


def convert(data: bytes, limits: Limits) -> Converted:
    """Return the document unchanged; raises UploadRefused with the first thing found."""
    _check_frame(data)
    _search(data)
    if _ENCRYPTED.search(data) or b"Encrypt" in _escaped_names(data):
        raise UploadRefused(Reason.PDF_ENCRYPTED)
    _search_packed(data, limits)
    return Converted("pdf", data)


def _check_frame(data: bytes) -> None:
    mark = data.rfind(b"%%EOF")
    if mark < 0 or b"startxref" not in data[max(0, mark - _TAIL) : mark]:
        raise UploadRefused(Reason.DAMAGED)
    if data[mark + len(b"%%EOF") :].strip(b"\0\t\n\f\r "):
        raise UploadRefused(Reason.EXTRA_DATA)


def _unescape(text: bytes) -> bytes:
    return _ESCAPE.sub(lambda found: bytes.fromhex(found[1].decode("ascii")), text)


def _escaped_names(text: bytes) -> set[bytes]:
    return {_unescape(found[0])[1:] for found in _ESCAPED.finditer(text)} if b"#" in text else set()


def _search(text: bytes) -> None:
    # the plain substring tests are many times faster than the patterns and usually enough
    if any(b"/" + name in text for name in _ACTIVE_NAMES) and _ACTIVE.search(text):
        raise UploadRefused(Reason.PDF_ACTIVE)
    if b"/JS" in text and _SCRIPT.search(text):
        raise UploadRefused(Reason.PDF_ACTIVE)
    if _escaped_names(text) & _ESCAPED_ACTIVE:
        raise UploadRefused(Reason.PDF_ACTIVE)


def _search_packed(data: bytes, limits: Limits) -> None:
    refusal = UploadRefused(Reason.PDF_UNCHECKABLE, {"limit_mb": limits.unpacked_mb})
    budget = limits.unpacked_mb * MB
    view = memoryview(data)
    for found in _STREAM.finditer(data):
        unpacked = 0
        before = b""
        for piece in _unpack(view, found.end()):
            unpacked += len(piece)
            if unpacked > budget:
                raise refusal
            _search(before + piece)
            before = piece[-_OVERLAP:]
        budget -= unpacked
        if _hides_objects(data, found.start(), seen=unpacked > 0):
            raise refusal


def _hides_objects(data: bytes, stream: int, *, seen: bool) -> bool:
    """Tell whether the dictionary before a stream declares packed objects that the search could not see."""
    text = data[max(0, stream - _DICTIONARY) : stream]
    dictionary = _unescape(text[text.rfind(b" obj") + 1 :])
    if b"/ObjStm" not in dictionary:
        return False
    return b"/DecodeParms" in dictionary or (b"/F" in dictionary.replace(b"/First", b"") and not seen)


def _unpack(view: memoryview, start: int) -> Iterator[bytes]:
    """Yield what zlib makes of the bytes from an offset on, until it ends or breaks off."""
    header = int.from_bytes(view[start : start + 2], "big")
    # RFC 1950: method 8, and a check of the two bytes by 31
    if header >> 8 & 15 != 8 or header % 31:  # noqa: PLR2004 - zlib's own numbers (RFC 1950)
        return
    inflater = zlib.decompressobj()
    pending: bytes | memoryview = b""
    while not inflater.eof:
        if not pending:
            pending = view[start : start + _READ]
            start += len(pending)
            if not pending:
                return
        try:
            piece = inflater.decompress(pending, _PIECE)
        except zlib.error:
            return
        pending = inflater.unconsumed_tail
        yield piece
