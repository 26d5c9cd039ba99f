"""What a file is, told from its first bytes and never from its name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from zhitong.core.uploads.reasons import Reason, UploadRefused


class Kind(StrEnum):
    """How a file is shown: looked at, listened to, or downloaded."""

    PHOTO = "photo"
    AUDIO = "audio"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Format:
    """A format that is stored and served."""

    kind: Kind
    mime: str
    extension: str


# What is stored. WebP is read but kept as JPEG, so it is missing here.
FORMATS: Mapping[str, Format] = {
    "jpeg": Format(Kind.PHOTO, "image/jpeg", "jpg"),
    "png": Format(Kind.PHOTO, "image/png", "png"),
    "wav": Format(Kind.AUDIO, "audio/wav", "wav"),
    "mp3": Format(Kind.AUDIO, "audio/mpeg", "mp3"),
    "m4a": Format(Kind.AUDIO, "audio/mp4", "m4a"),
    "3gp": Format(Kind.AUDIO, "audio/3gpp", "3gp"),
    "aac": Format(Kind.AUDIO, "audio/aac", "aac"),
    "amr": Format(Kind.AUDIO, "audio/amr", "amr"),
    "awb": Format(Kind.AUDIO, "audio/amr-wb", "awb"),
    "ogg": Format(Kind.AUDIO, "audio/ogg", "ogg"),
    "webm": Format(Kind.AUDIO, "audio/webm", "webm"),
    "pdf": Format(Kind.DOCUMENT, "application/pdf", "pdf"),
}

# What detect() answers, and the kind whose size limit applies. Several sound formats share one container.
SOURCES: Mapping[str, Kind] = {
    "jpeg": Kind.PHOTO,
    "png": Kind.PHOTO,
    "webp": Kind.PHOTO,
    "wav": Kind.AUDIO,
    "mpeg": Kind.AUDIO,
    "mp4": Kind.AUDIO,
    "amr": Kind.AUDIO,
    "ogg": Kind.AUDIO,
    "webm": Kind.AUDIO,
    "pdf": Kind.DOCUMENT,
}

# First match wins: a source of SOURCES, or why it is refused. `.` stands for any byte.
_SIGNATURES: tuple[tuple[bytes, str | Reason], ...] = (
    (rb"\xff\xd8\xff", "jpeg"),
    (rb"\x89PNG\r\n\x1a\n", "png"),
    (rb"RIFF....WEBP", "webp"),
    (rb"RIFF....WAVE", "wav"),
    (rb"RIFF....AVI |FLV|\x00\x00\x01[\xb3\xba]|G.{187}G", Reason.VIDEO),
    (rb"....ftyp(?:hei|hev|mif|msf|avi)", Reason.HEIC),
    (rb"....ftyp", "mp4"),
    (rb"#!AMR", "amr"),
    (rb"OggS", "ogg"),
    (rb"\x1aE\xdf\xa3", "webm"),
    (rb"%PDF-\d", "pdf"),
    # ID3, MPEG layer III, AAC in ADTS
    (rb"ID3[\x02-\x04]|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]|\xff[\xf0\xf1\xf8\xf9]", "mpeg"),
    (rb"GIF8|BM.{12}[\x0c\x28\x6c\x7c]\x00|II\*\x00|MM\x00\*|II\+\x00|8BPS", Reason.PICTURE_FORMAT),
    (rb"\x00\x00[\x01\x02]\x00.\x00|\xff\x0a|\x00\x00\x00\x0c(?:JXL|jP ) ", Reason.PICTURE_FORMAT),
    (rb"\x02?#!SILK|fLaC|0&\xb2u|MThd|FORM....AIF|caff|\.snd|MAC |wvpk", Reason.AUDIO_FORMAT),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1|\{\\rtf", Reason.OFFICE),
    (rb"PK\x03\x04.{22}.{4}(?:\[Content_Types\]|_rels/|word/|xl/|ppt/|docProps/|mimetype)", Reason.OFFICE),
    (rb"PK[\x01-\x08][\x01-\x08]|Rar!|7z\xbc\xaf|\x1f[\x8b\x9d\xa0]|BZh\d|\xfd7zXZ", Reason.ARCHIVE),
    (rb"\x28\xb5\x2f\xfd|MSCF|.{257}ustar|xar!|!<arch>", Reason.ARCHIVE),
    (rb"MZ|\x7fELF|\xca\xfe\xba\xbe|\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe", Reason.PROGRAM),
    (rb"\x00asm|#!|dex\n|L\x00\x00\x00\x01\x14\x02|\xed\xab\xee\xdb", Reason.PROGRAM),
    (rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\x00]*<[\x00]?[!?a-zA-Z]", Reason.WEB_PAGE),
)
_COMPILED = tuple((re.compile(pattern, re.DOTALL), answer) for pattern, answer in _SIGNATURES)
_HEAD = 1024


def detect(data: bytes) -> str:
    """Return the key in SOURCES that the first bytes stand for; raises UploadRefused for anything else."""
    if not data:
        raise UploadRefused(Reason.EMPTY)
    head = data[:_HEAD]
    for pattern, answer in _COMPILED:
        if pattern.match(head):
            if isinstance(answer, Reason):
                raise UploadRefused(answer)
            return answer
    raise UploadRefused(Reason.UNKNOWN_TYPE)
