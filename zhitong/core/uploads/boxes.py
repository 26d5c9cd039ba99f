"""Sound in MP4 boxes (M4A, 3GP, fragmented MP4), walked box by box; runs in the child process.

Checked: every box fits into the one around it, the nesting ends, each track is sound in a known coding,
nothing but known boxes at the top. Tags (title, cover, place of recording) and padding are overwritten with
zeros, which keeps all offsets. Not checked: the samples in `mdat`, and whether the tables point to them.
"""

from __future__ import annotations

import math

from zhitong.core.uploads.content import Converted
from zhitong.core.uploads.limits import Limits
from zhitong.core.uploads.reasons import Reason, UploadRefused

_TOP = {b"ftyp", b"styp", b"moov", b"mdat", b"moof", b"mfra", b"sidx", b"ssix", b"prft"}
_CONTAINERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"mvex", b"moof", b"traf"}
_BLANKED = {b"udta", b"meta", b"free", b"skip", b"wide", b"uuid"}
_CODINGS = {b"mp4a", b"alac", b"samr", b"sawb", b"Opus", b".mp3"}
_DEEPEST = 8
_MOST_BOXES = 50_000
_TO_THE_END = 0
_LONG = 1


class _Walk:
    """One pass over the boxes of `data`, a changeable copy."""

    def __init__(self, data: bytearray) -> None:
        self.data = data
        self.boxes = 0
        self.seen: set[bytes] = set()
        self.tracks = 0
        self.duration: float | None = None

    def number(self, start: int, length: int) -> int:
        return int.from_bytes(self.data[start : start + length], "big")

    def level(self, start: int, end: int, depth: int, parent: bytes = b"") -> None:
        """Walk the boxes between two offsets; they must fill it exactly."""
        if depth > _DEEPEST:
            raise UploadRefused(Reason.DAMAGED)
        while start < end:
            name, body, after = self.header(start, end)
            self.boxes += 1
            if self.boxes > _MOST_BOXES:
                raise UploadRefused(Reason.DAMAGED)
            if not parent and name not in _TOP and name not in _BLANKED:
                raise UploadRefused(Reason.EXTRA_DATA if self.seen else Reason.DAMAGED)
            self.seen.add(name)
            if name in _BLANKED:
                self.data[start + 4 : start + 8] = b"free"
                self.data[body:after] = bytes(after - body)
            elif name in _CONTAINERS:
                self.level(body, after, depth + 1, name)
            else:
                self.leaf(name, parent, body, after)
            start = after

    def header(self, start: int, end: int) -> tuple[bytes, int, int]:
        """Return name, start of the body and end of the box at an offset."""
        if end - start < 8:  # noqa: PLR2004 -- size and name
            raise UploadRefused(Reason.EXTRA_DATA if {b"moov", b"mdat"} <= self.seen else Reason.DAMAGED)
        size, name, body = self.number(start, 4), bytes(self.data[start + 4 : start + 8]), start + 8
        if size == _LONG:
            size, body = self.number(start + 8, 8), start + 16
        after = start + size
        if size == _TO_THE_END or after < body or after > end:
            known = name in _TOP | _CONTAINERS | _BLANKED
            complete = not known and {b"moov", b"mdat"} <= self.seen
            raise UploadRefused(Reason.EXTRA_DATA if complete else Reason.DAMAGED)
        return name, body, after

    def leaf(self, name: bytes, parent: bytes, body: int, after: int) -> None:
        """Read the few boxes that say what the file is."""
        if name == b"hdlr" and parent == b"mdia":
            self.tracks += 1
            handler = bytes(self.data[body + 8 : min(body + 12, after)])
            if handler != b"soun":
                raise UploadRefused(Reason.VIDEO if handler in {b"vide", b"pict"} else Reason.EXTRA_DATA)
        elif name == b"stsd":
            # version and flags, number of entries, then entries that begin like boxes
            coding = bytes(self.data[body + 12 : min(body + 16, after)])
            if self.number(body + 4, 4) != 1 or coding not in _CODINGS:
                raise UploadRefused(Reason.AUDIO_FORMAT)
        elif name == b"mvhd":
            self.duration = self.movie_duration(body, after)

    def movie_duration(self, body: int, after: int) -> float | None:
        long = self.data[body] == 1 if body < after else False
        if after - body < (32 if long else 20):
            raise UploadRefused(Reason.DAMAGED)
        scale = self.number(body + (20 if long else 12), 4)
        length = self.number(body + (24 if long else 16), 8 if long else 4)
        unknown = not scale or length in {0, 0xFFFF_FFFF, 0xFFFF_FFFF_FFFF_FFFF}
        seconds = math.nan if unknown else length / scale
        # fragmented files state no length
        return None if math.isnan(seconds) else seconds


def convert(data: bytes, _limits: Limits) -> Converted:
    """Return the recording without its tags."""
    brand = data[8:12]
    walk = _Walk(bytearray(data))
    walk.level(0, len(data), 0)
    if not walk.tracks or not {b"moov", b"stsd", b"mdat"} <= walk.seen:
        raise UploadRefused(Reason.DAMAGED)
    stored = "3gp" if brand.startswith(b"3g") else "m4a"
    return Converted(stored, bytes(walk.data), duration=walk.duration)
