"""Which code reads which content; runs in the child process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module

from zhitong.core.uploads.formats import SOURCES, detect
from zhitong.core.uploads.limits import MB, Limits
from zhitong.core.uploads.reasons import Reason, UploadRefused


@dataclass(frozen=True, slots=True)
class Converted:
    """What is kept of a file: `format` is a key of FORMATS, `thumbnail` a JPEG or empty.

    Pixels and seconds; None where they do not apply or are not known.
    """

    format: str
    content: bytes
    thumbnail: bytes = b""
    width: int | None = None
    height: int | None = None
    duration: float | None = None


Converter = Callable[[bytes, Limits], Converted]

# module and function for each key of SOURCES; imported on demand, as Pillow is not wanted for a recording
_CONVERTERS: Mapping[str, tuple[str, str]] = {
    "jpeg": ("images", "jpeg"),
    "png": ("images", "png"),
    "webp": ("images", "webp"),
    "wav": ("audio", "wav"),
    "mpeg": ("audio", "mpeg"),
    "amr": ("audio", "amr"),
    "mp4": ("boxes", "convert"),
    "ogg": ("ogg", "convert"),
    "webm": ("matroska", "convert"),
    "pdf": ("pdf", "convert"),
}


def convert(data: bytes, limits: Limits, *, seal: Callable[[], None] = lambda: None) -> Converted:
    """Tell what `data` is and return what is kept of it; raises UploadRefused.

    `seal` is called once everything is imported and before the content is parsed.
    """
    source = detect(data)
    limit_mb = limits.size_mb(SOURCES[source])
    if len(data) > limit_mb * MB:
        raise UploadRefused(Reason.TOO_LARGE, {"limit_mb": limit_mb})
    module, function = _CONVERTERS[source]
    converter: Converter = getattr(import_module(f"zhitong.core.uploads.{module}"), function)
    seal()
    return converter(data, limits)
