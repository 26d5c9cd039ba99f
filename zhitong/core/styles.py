"""The portal's style sheets inside a first page: over a slow line a second journey costs more than the page.

A browser that has fetched the files says so by a cookie; from then on pages name the files, which are kept.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from dataclasses import dataclass
from functools import cache

from django.contrib.staticfiles import finders

SHEETS = ("css/tokens.css", "css/base.css", "css/components.css", "css/portal.css")
COOKIE = "css"
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
INDENT = re.compile(r"\n\s+|\n+")


@dataclass(frozen=True, slots=True)
class Bundle:
    """All sheets as one text, and its hash: as the content policy names it, and as the cookie does."""

    text: str
    source: str
    name: str


@cache
def bundle() -> Bundle:
    """Return the sheets as they stand in a page; FileNotFoundError names one that is missing."""
    text = "".join(_plain(sheet) for sheet in SHEETS)
    digest = hashlib.sha256(text.encode()).digest()
    return Bundle(text, f"'sha256-{b64encode(digest).decode()}'", digest.hex()[:12])


def _plain(sheet: str) -> str:
    found = finders.find(sheet)
    if found is None:
        raise FileNotFoundError(sheet)
    with open(found, encoding="utf-8") as file:  # noqa: PTH123 - a finder gives a plain name
        return INDENT.sub("\n", COMMENT.sub("", file.read()))
