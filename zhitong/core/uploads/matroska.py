"""Sound in WebM, as browsers record it, walked element by element; runs in the child process.

Checked: document type, known elements only and up to the last byte, sound tracks only. Tags and padding are
overwritten with zeros; attached files are refused. Not checked: the packets inside the blocks.
"""

from __future__ import annotations

import struct

from zhitong.core.uploads.content import Converted
from zhitong.core.uploads.limits import Limits
from zhitong.core.uploads.reasons import Reason, UploadRefused

_EBML, _DOC_TYPE = 0x1A45DFA3, 0x4282
_SEGMENT, _CLUSTER = 0x18538067, 0x1F43B675
_INFO, _SCALE, _DURATION = 0x1549A966, 0x2AD7B1, 0x4489
_TRACKS, _TRACK, _TRACK_TYPE, _CODEC = 0x1654AE6B, 0xAE, 0x83, 0x86
_TAGS, _VOID = 0x1254C367, 0xEC
_TIME, _BLOCK, _GROUP = 0xE7, 0xA3, 0xA0
# seek head, cues, checksum, previous size, position
_PASSED = {0x114D9B74, 0x1C53BB6B, 0xBF, 0xAB, 0xA7}
_KNOWN = {_SEGMENT, _CLUSTER, _INFO, _TRACKS, _TAGS, _VOID, _TIME, _BLOCK, _GROUP, *_PASSED}
_VIDEO, _SOUND = 1, 2
_CODECS = {b"A_OPUS", b"A_VORBIS"}
_MOST_ELEMENTS = 600_000
_NANOSECONDS = 1_000_000_000


class _Walk:
    """One pass over the elements of `data`, a changeable copy."""

    def __init__(self, data: bytearray) -> None:
        self.data = data
        self.tracks = 0
        self.blocks = 0
        self.scale = 1_000_000
        self.stated: float | None = None
        self.cluster_time = 0
        self.furthest = 0

    def element(self, start: int, end: int) -> tuple[int, int, int | None]:
        """Return identifier, start of the body and end (None: not stated) of the element at an offset."""
        identifier, position = self.variable(start, end, 4, keep=True)
        size, body = self.variable(position, end, 8, keep=False)
        if size == (1 << 7 * (body - position)) - 1:
            return identifier, body, None
        return identifier, body, body + size

    def variable(self, start: int, end: int, longest: int, *, keep: bool) -> tuple[int, int]:
        """Return a number whose first byte tells its length, and where it ends."""
        first = self.data[start] if start < end else 0
        length = 9 - first.bit_length()
        if not first or length > longest or start + length > end:
            raise UploadRefused(Reason.EXTRA_DATA if self.blocks and start < end else Reason.DAMAGED)
        number = int.from_bytes(self.data[start : start + length], "big")
        return number if keep else number & (1 << 7 * length) - 1, start + length

    def children(self, start: int, end: int) -> list[tuple[int, bytes]]:
        """Return identifier and body of the elements that fill a small parent exactly."""
        found = []
        while start < end:
            identifier, body, after = self.element(start, end)
            if after is None or after > end:
                raise UploadRefused(Reason.DAMAGED)
            found.append((identifier, bytes(self.data[body:after])))
            start = after
        return found

    def segment(self, start: int, end: int) -> None:
        """Walk the segment.

        Clusters are entered as if their content stood beside them: in live recordings they state no length.
        """
        for _ in range(_MOST_ELEMENTS):
            if start >= end:
                return
            identifier, body, after = self.element(start, end)
            if identifier not in _KNOWN:
                raise UploadRefused(Reason.EXTRA_DATA)
            if after is not None and after > end:
                raise UploadRefused(Reason.DAMAGED)
            if identifier == _CLUSTER:
                start = body
                continue
            if after is None or identifier == _SEGMENT:
                raise UploadRefused(Reason.DAMAGED)
            self.read(identifier, start, body, after)
            start = after
        raise UploadRefused(Reason.DAMAGED)

    def read(self, identifier: int, start: int, body: int, after: int) -> None:
        if identifier == _BLOCK:
            self.block(body, after)
        elif identifier == _GROUP:
            # holds one block and its duration
            self.blocks += 1
            self.furthest = max(self.furthest, self.cluster_time)
        elif identifier == _TIME:
            self.cluster_time = int.from_bytes(self.data[body:after][:8], "big")
        elif identifier in {_TAGS, _VOID}:
            self.blank(start, body, after)
        elif identifier == _TRACKS:
            for name, content in self.children(body, after):
                if name == _TRACK:
                    self.track(content)
        elif identifier == _INFO:
            self.info(self.children(body, after))

    def block(self, body: int, after: int) -> None:
        # track number (one byte for the few tracks here), signed time beside the cluster's, flags
        if after - body < 4:  # noqa: PLR2004 - bytes of the smallest element
            raise UploadRefused(Reason.DAMAGED)
        self.blocks += 1
        offset = int.from_bytes(self.data[body + 1 : body + 3], "big", signed=True)
        self.furthest = max(self.furthest, self.cluster_time + offset)

    def blank(self, start: int, body: int, after: int) -> None:
        """Turn the element into padding of the same length, with the longest size field there is room for."""
        length = min(8, body - start - 1)
        zeros = after - start - 1 - length
        self.data[start] = _VOID
        self.data[start + 1 : start + 1 + length] = (zeros | 1 << 7 * length).to_bytes(length, "big")
        self.data[start + 1 + length : after] = bytes(zeros)

    def track(self, content: bytes) -> None:
        fields = dict(_Walk(bytearray(content)).children(0, len(content)))
        kind = int.from_bytes(fields.get(_TRACK_TYPE, b""), "big")
        if kind == _VIDEO:
            raise UploadRefused(Reason.VIDEO)
        if kind != _SOUND or fields.get(_CODEC, b"").rstrip(b"\0") not in _CODECS:
            raise UploadRefused(Reason.AUDIO_FORMAT)
        self.tracks += 1

    def info(self, fields: list[tuple[int, bytes]]) -> None:
        found = dict(fields)
        self.scale = int.from_bytes(found.get(_SCALE, b"")[:8], "big") or self.scale
        stated = found.get(_DURATION, b"")
        if len(stated) in {4, 8}:
            self.stated = struct.unpack(">f" if len(stated) == 4 else ">d", stated)[0]  # noqa: PLR2004 - bytes of a float

    def duration(self) -> float:
        """Seconds as stated, else up to the beginning of the last block."""
        stated = self.stated if self.stated is not None and 0 < self.stated < _NANOSECONDS else None
        return (stated or self.furthest) * self.scale / _NANOSECONDS


def convert(data: bytes, _limits: Limits) -> Converted:
    """Return the recording without its tags."""
    walk = _Walk(bytearray(data))
    identifier, body, after = walk.element(0, len(data))
    if identifier != _EBML or after is None or after > len(data):
        raise UploadRefused(Reason.DAMAGED)
    if dict(walk.children(body, after)).get(_DOC_TYPE, b"").rstrip(b"\0") != b"webm":
        raise UploadRefused(Reason.VIDEO)
    identifier, body, end = walk.element(after, len(data))
    if identifier != _SEGMENT or (end is not None and end > len(data)):
        raise UploadRefused(Reason.DAMAGED)
    if end is not None and end < len(data):
        raise UploadRefused(Reason.EXTRA_DATA)
    walk.segment(body, len(data))
    if not walk.tracks or not walk.blocks:
        raise UploadRefused(Reason.DAMAGED)
    return Converted("webm", bytes(walk.data), duration=walk.duration())
