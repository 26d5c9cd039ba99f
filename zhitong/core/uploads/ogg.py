"""Ogg recordings (Opus, Vorbis), walked page by page; runs in the child process.

Checked: one stream, each page's length, order and checksum, nothing after the last page. Not checked: the
packets inside the pages, so the comment header is kept as it came.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

from zhitong.core.uploads.content import Converted
from zhitong.core.uploads.limits import Limits
from zhitong.core.uploads.reasons import Reason, UploadRefused

_HEADER = 27
_LAYOUT = struct.Struct("<4sBBqIIIB")
_FIRST, _LAST = 2, 4
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
_ONES = 0xFFFF_FFFF
_NO_POSITION = -1


def checksum(page: bytes) -> int:
    """Return Ogg's CRC-32 of a page whose checksum field is zero.

    Ogg uses zlib's polynomial with the bits the other way round and no inversion, so zlib's fast one serves.
    """
    mirrored = zlib.crc32(page.translate(_REVERSED), _ONES) ^ _ONES
    return int(f"{mirrored:032b}"[::-1], 2)


@dataclass(frozen=True, slots=True)
class _Page:
    flags: int
    position: int
    serial: int
    number: int
    body: int
    end: int


def _page(data: bytes, start: int) -> _Page:
    if start + _HEADER > len(data):
        raise UploadRefused(Reason.DAMAGED)
    magic, version, flags, position, serial, number, crc, segments = _LAYOUT.unpack_from(data, start)
    if magic != b"OggS" or version:
        raise UploadRefused(Reason.EXTRA_DATA if start else Reason.DAMAGED)
    body = start + _HEADER + segments
    end = body + sum(data[start + _HEADER : body])
    if end > len(data):
        raise UploadRefused(Reason.DAMAGED)
    if checksum(data[start : start + 22] + bytes(4) + data[start + 26 : end]) != crc:
        raise UploadRefused(Reason.DAMAGED)
    return _Page(flags, position, serial, number, body, end)


def _clock(packet: bytes) -> tuple[int, int]:
    """Return positions per second and the position to count from, told by the first packet."""
    if packet.startswith(b"OpusHead") and len(packet) >= 19:  # noqa: PLR2004 -- its fixed part
        return 48000, int.from_bytes(packet[10:12], "little")
    if packet.startswith(b"\x01vorbis") and len(packet) >= 30:  # noqa: PLR2004 -- its fixed length
        return int.from_bytes(packet[12:16], "little"), 0
    if packet.startswith((b"\x80theora", b"fishead", b"BBCD")):
        raise UploadRefused(Reason.VIDEO)
    raise UploadRefused(Reason.AUDIO_FORMAT)


def convert(data: bytes, _limits: Limits) -> Converted:
    """Return the recording as it is after its pages were checked."""
    page = _page(data, 0)
    if not page.flags & _FIRST:
        raise UploadRefused(Reason.DAMAGED)
    rate, origin = _clock(data[page.body : page.end])
    serial, number, furthest = page.serial, page.number, origin
    while page.end < len(data):
        if page.flags & _LAST:
            raise UploadRefused(Reason.EXTRA_DATA)
        page = _page(data, page.end)
        number += 1
        if page.flags & _FIRST or page.serial != serial:
            raise UploadRefused(Reason.EXTRA_DATA)
        if page.number != number & _ONES:
            raise UploadRefused(Reason.DAMAGED)
        if page.position != _NO_POSITION:
            furthest = max(furthest, page.position)
    if not rate or number == 0:
        raise UploadRefused(Reason.DAMAGED)
    return Converted("ogg", data, duration=(furthest - origin) / rate)
