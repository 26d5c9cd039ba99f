"""Telephone numbers: one form for each, and what of it is shown."""

from __future__ import annotations

import re
import unicodedata

MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
ABROAD = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
PREFIXES = ("+86", "0086", "86")
# Blanks, brackets and dashes of every kind, and marks that cannot be seen.
BLANKS = re.compile(r"[\s().\u2010-\u2015\u2212\u200b-\u200f\u202a-\u202e\u2060\ufeff-]")
NOT_A_DIGIT = re.compile(r"\D", re.ASCII)
SHOWN_HEAD, SHOWN_TAIL = 3, 4


def account_number(typed: str) -> str:
    """Return a number one can sign in with in its one form (mainland mobiles bare), or "" if it is none."""
    number = BLANKS.sub("", _half_width(typed))
    for prefix in PREFIXES:
        if number.startswith(prefix) and MOBILE.fullmatch(number.removeprefix(prefix)):
            return number.removeprefix(prefix)
    return number if MOBILE.fullmatch(number) or ABROAD.fullmatch(number) else ""


def digits(typed: str) -> str:
    """Return any number, land lines with extensions too, as its digits."""
    return NOT_A_DIGIT.sub("", account_number(typed) or _half_width(typed))


def _half_width(typed: str) -> str:
    return unicodedata.normalize("NFKC", typed)


def mask(number: str) -> str:
    """Return a number with its middle hidden: 138****5678; short ones show their last two digits only."""
    if len(number) < SHOWN_HEAD + SHOWN_TAIL + 1:
        return "****" + number[-2:]
    return f"{number[:SHOWN_HEAD]}****{number[-SHOWN_TAIL:]}"
