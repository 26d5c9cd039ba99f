"""HTML that is written by code, where a page has hundreds of pieces."""

from __future__ import annotations

from html import escape
from typing import Any

from django.utils.safestring import SafeString


def fill(pattern: str, *parts: Any) -> SafeString:
    """Return `pattern` with its places filled by `parts`, each escaped unless it is HTML already.

    The same as Django's `format_html`, which asks of every part whether it is a lazy text: a list of fifty
    rows has a thousand parts.
    """
    return SafeString(pattern.format(*map(safe, parts)))


def safe(part: Any) -> str:
    """Return a part as HTML: what says of itself that it is HTML as it is, everything else escaped."""
    if type(part) is str:
        return escape(part)
    as_html = getattr(part, "__html__", None)
    return as_html() if as_html is not None else escape(str(part))
