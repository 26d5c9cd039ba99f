"""The limits of one examination."""

from __future__ import annotations

from dataclasses import dataclass

from zhitong.core.uploads.formats import Kind

MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may be and what its examination may use.

    Sizes in MB (1024 * 1024 bytes), pictures in millions of pixels and in pixels a side, times in seconds.
    """

    photo_mb: int = 10
    audio_mb: int = 20
    document_mb: int = 20
    # 40 million pixels take 160 MB decoded, and turning the picture needs them twice
    megapixels: int = 40
    # libwebp keeps two canvases of its own beside ours
    webp_megapixels: int = 24
    side: int = 30_000
    # PNG compression of more would not fit into the processor time; larger ones are kept as JPEG
    png_megapixels: int = 12
    thumbnail_px: int = 320
    # what the packed parts of a PDF may unpack to, one after the other
    unpacked_mb: int = 256

    cpu_seconds: int = 5
    memory_mb: int = 512
    output_mb: int = 64
    open_files: int = 32
    wall_seconds: float = 15.0

    def largest_mb(self) -> int:
        """The size above which a file of any kind is refused."""
        return max(self.photo_mb, self.audio_mb, self.document_mb)

    def size_mb(self, kind: Kind) -> int:
        """The size above which a file of this kind is refused."""
        return {Kind.PHOTO: self.photo_mb, Kind.AUDIO: self.audio_mb, Kind.DOCUMENT: self.document_mb}[kind]


DEFAULT = Limits()
