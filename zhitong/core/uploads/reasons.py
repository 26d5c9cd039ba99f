"""Why a file was refused, in sentences that tell the sender what to do."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum, unique


def gettext_noop(message: str) -> str:
    """Mark a sentence for the catalogue without needing a framework in the child process."""
    return message


@unique
class Reason(StrEnum):
    """Stable codes of refusal; the comment names what leads to each."""

    EMPTY = "empty"  # 0 bytes
    TOO_LARGE = "too_large"  # more bytes than its kind allows; params: limit_mb
    NOT_A_FILE = "not_a_file"  # a link, folder, pipe, device or nothing at all
    UNKNOWN_TYPE = "unknown_type"  # content of no known kind
    ARCHIVE = "archive"  # zip, rar, 7z, gzip, tar, disk images, installable packages
    OFFICE = "office"  # Word, Excel, PowerPoint, WPS and OpenDocument, with or without macros
    WEB_PAGE = "web_page"  # HTML, SVG, XML
    PROGRAM = "program"  # executables, libraries, scripts, shortcuts
    VIDEO = "video"  # a moving picture, also inside a container that is usual for sound
    HEIC = "heic"  # HEIC, HEIF, AVIF
    PICTURE_FORMAT = "picture_format"  # GIF, BMP, TIFF, ICO, JPEG XL, Photoshop
    AUDIO_FORMAT = "audio_format"  # a sound format that browsers do not play: SILK, WMA, FLAC, MIDI, ...
    TOO_MANY_PIXELS = "too_many_pixels"  # refused before decoding; params: limit_mp
    DAMAGED = "damaged"  # truncated, or not what its first bytes promise
    EXTRA_DATA = "extra_data"  # something is glued to or packed into a recording or document
    PDF_ACTIVE = "pdf_active"  # a PDF with scripts, programs, forms or other files inside
    PDF_ENCRYPTED = "pdf_encrypted"  # a PDF under a password or with restrictions
    PDF_UNCHECKABLE = "pdf_uncheckable"  # a PDF whose packed parts cannot be looked into; params: limit_mb
    BUSY = "busy"  # too many files are being examined in this process
    UNREADABLE = "unreadable"  # the examination crashed, was killed or ran out of time


REASONS: Mapping[Reason, str] = {
    Reason.EMPTY: gettext_noop("The file is empty. Please choose it again, or record it again."),
    Reason.TOO_LARGE: gettext_noop(
        "The file is larger than %(limit_mb)d MB. Please send a smaller picture, a shorter recording "
        "or fewer pages."
    ),
    Reason.NOT_A_FILE: gettext_noop("No file arrived. Please choose the file again."),
    Reason.UNKNOWN_TYPE: gettext_noop(
        "This type of file is not accepted. Please send a JPEG or PNG picture, an MP3 or M4A recording, "
        "or a PDF."
    ),
    Reason.ARCHIVE: gettext_noop(
        "Archives are not accepted. Please unpack it and send the files one by one."
    ),
    Reason.OFFICE: gettext_noop(
        "Office documents are not accepted here. Please save the document as PDF and send the PDF."
    ),
    Reason.WEB_PAGE: gettext_noop(
        "Web pages and drawings made of code are not accepted. Please send a screenshot or a PDF instead."
    ),
    Reason.PROGRAM: gettext_noop("Programs are not accepted. Please send a picture, a recording or a PDF."),
    Reason.VIDEO: gettext_noop("Videos are not accepted. Please send photos, or record the sound only."),
    Reason.HEIC: gettext_noop(
        "Pictures in HEIC or AVIF are not accepted. Please save the picture as JPEG and send it again; "
        "on an iPhone choose Settings, Camera, Formats, Most Compatible."
    ),
    Reason.PICTURE_FORMAT: gettext_noop(
        "This picture format is not accepted. Please save the picture as JPEG or PNG and send it again."
    ),
    Reason.AUDIO_FORMAT: gettext_noop(
        "This sound format is not accepted. Please record again, or convert the recording to MP3 or M4A."
    ),
    Reason.TOO_MANY_PIXELS: gettext_noop(
        "The picture has more than %(limit_mp)d million pixels or is too long. Please make it smaller, "
        "or send a screenshot of the part that matters."
    ),
    Reason.DAMAGED: gettext_noop(
        "The file is damaged or did not arrive completely. Please open it on your device, and if it opens, "
        "send it again."
    ),
    Reason.EXTRA_DATA: gettext_noop(
        "The file carries other data besides its content. Please save or convert it again and send "
        "the new file."
    ),
    Reason.PDF_ACTIVE: gettext_noop(
        "The PDF contains scripts, forms or other files. Please print it to a new PDF and send that one."
    ),
    Reason.PDF_ENCRYPTED: gettext_noop(
        "The PDF is protected. Please remove the password or print it to a new PDF and send that one."
    ),
    Reason.PDF_UNCHECKABLE: gettext_noop(
        "The PDF has packed parts that cannot be checked, or unpacks to more than %(limit_mb)d MB. "
        "Please print it to a new PDF, or send photos of its pages."
    ),
    Reason.BUSY: gettext_noop(
        "Many files are being checked right now. Please send the file again in a minute."
    ),
    Reason.UNREADABLE: gettext_noop(
        "The file could not be checked. Please save it in another format, such as JPEG, MP3 or PDF, "
        "and send it again."
    ),
}


class UploadRefused(Exception):  # noqa: N818 -- a refusal is an answer, not a fault of the program
    """A file that was not accepted: `code` is a Reason, `params` (numbers) fill its sentence in REASONS."""

    def __init__(self, code: Reason, params: Mapping[str, int] | None = None) -> None:
        self.code = code
        self.params = dict(params or {})
        super().__init__(self.msgid % self.params if self.params else self.msgid)

    @property
    def msgid(self) -> str:
        """The English sentence with its placeholders, as the catalogue knows it."""
        return REASONS[self.code]
