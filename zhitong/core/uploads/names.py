"""Names of files, made safe to show and to download under."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 100
_FALLBACK = "file"
_SEPARATORS = re.compile(r"[/\\]")
_FORBIDDEN = re.compile(r'[<>:"|?*]')
# an extension has a letter and is short: the 01 of a date is none
_EXTENSION = re.compile(r"\.(?=[A-Za-z0-9]*[A-Za-z])[A-Za-z0-9]{1,5}$")
# names that Windows reserves for devices, whatever follows the dot
_DEVICES = re.compile(r"(?i:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9])")


def _drop_invisible(name: str) -> str:
    # category C: controls (NUL), formats (bidi overrides, zero width), lone surrogates, private use,
    # unassigned; Zl and Zp are line breaks that a header or a log would act on
    return "".join(
        char
        for char in unicodedata.normalize("NFC", name)
        if unicodedata.category(char)[0] != "C" and unicodedata.category(char) not in {"Zl", "Zp"}
    )


def safe_name(name: str, extension: str) -> str:
    """Return a name to show: no path, no invisible characters, 1 to 100 characters, one extension.

    `extension` (without a dot) comes from the content; the claimed one is dropped. Other dots become
    underscores, so that no server and no desktop takes an inner part for a type. Storage uses other names.
    """
    # the part after the last separator, unless that is empty: `photos/` is still called photos
    parts = [part for part in _SEPARATORS.split(_drop_invisible(name)) if part.strip(". ")]
    stem = _EXTENSION.sub("", parts[-1].strip(". ")) if parts else ""
    stem = " ".join(_FORBIDDEN.sub("_", stem).split()).strip(". ").replace(".", "_")
    stem = stem[: LONGEST - len(extension) - 1].strip() or _FALLBACK
    if _DEVICES.fullmatch(stem):
        stem = f"_{stem}"
    return f"{stem}.{extension}"
