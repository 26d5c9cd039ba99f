"""Bytes of mails as text: what senders declare is believed only where it fits."""

from __future__ import annotations

import unicodedata
from email.errors import HeaderParseError
from email.header import decode_header

# Senders call GBK and GB 18030 by the name of the older, smaller set.
FAMILY = frozenset(
    {"gb2312", "gbk", "gb_2312-80", "x-gbk", "cp936", "ms936", "csgb2312", "euc-cn", "gb18030"}
)
NONE = frozenset({"", "us-ascii", "ascii", "unknown-8bit", "x-unknown", "default", "iso-8859-1", "latin-1"})
KEPT = "\n\t"


def text(content: bytes, charset: str = "") -> str:
    """Return bytes as text: by the charset that is named, else UTF-8, else GB 18030; never an error."""
    for name in _tries(charset.strip().strip("'\"").lower()):
        try:
            return clean(content.decode(name))
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    return clean(content.decode("utf-8", "replace"))


def _tries(charset: str) -> tuple[str, ...]:
    if charset in NONE:
        return ("utf-8", "gb18030")
    if charset in FAMILY:
        return ("gb18030", "utf-8")
    return (charset, "utf-8", "gb18030")


def clean(found: str) -> str:
    """Return a text without signs that nobody sees and no database keeps; line ends become one kind."""
    lines = found.replace("\r\n", "\n").replace("\r", "\n")
    whole = lines.encode("utf-8", "replace").decode("utf-8")
    return "".join(sign for sign in whole if sign in KEPT or unicodedata.category(sign)[0] != "C")


def header(raw: str) -> str:
    """Return a header's value as text, on one line: encoded words, or bytes that nobody encoded."""
    try:
        raw.encode("utf-8")
    except UnicodeEncodeError:
        return _line(text(raw.encode("ascii", "surrogateescape")))
    try:
        parts = decode_header(raw)
    except (HeaderParseError, ValueError, LookupError):
        return _line(clean(raw))
    found = [part if isinstance(part, str) else text(part, charset or "") for part, charset in parts]
    return _line(clean("".join(found))) or _line(clean(raw))


def _line(value: str) -> str:
    return " ".join(value.split())
