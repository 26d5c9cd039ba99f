"""Values that nobody sends by accident."""

from __future__ import annotations

from typing import Any

MARK = "<zz9"  # a tag that exists nowhere: raw in a page it has escaped from its text
SUM = "42zzkq7"  # appears only where a template has calculated; long enough to be in no random token
MISSING = object()  # the field is not sent at all


class Raw(bytes):
    """Bytes as they travel, percent-encoded already."""


VALUES: dict[str, Any] = {
    "tag": f"{MARK} onload=alert(1)>",
    "attribute": f'"\'>{MARK} x="',
    "end of text area": f"</textarea></script>{MARK}>",
    "script address": "javascript:alert(1)",
    "null": "a\x00b",
    "control signs": "a\x01\x08\x0b\x1f\x7f\x85b",
    "ten thousand": "字" * 10_000,
    "huge": "9" * 40,
    "two to the 63": str(2**63),
    "negative": "-1",
    "sql": "' OR 1=1; DROP TABLE cases_case; --",
    "sql comment": "1/**/UNION/**/SELECT/**/1",
    "template": '{{ 6|add:"36" }}zzkq7{% now "Y" %}',
    "other templates": "${6*7}zzkq7 #{6*7}zzkq7 <%= 6*7 %>zzkq7",
    "placeholders": "%(title)s %s %d {0} {title}",
    "emoji": "𠮷🏭👨‍👩‍👧",
    "right to left": "\u202egnp.exe\u2066\u200b\ufeff",
    "lone surrogate": Raw(b"%ED%A0%80"),
    "bad utf-8": Raw(b"%FF%FE%C0%80"),
    "zero": "0",
    "float": "1e309",
    "no number": "NaN",
    "other digits": "٣２",
    "two values": ["1", "<2"],
    "json": '{"a": [1, null]}',
    "not sent": MISSING,
    "empty": "",
    "blanks": " \u3000\t ",
    "path": "../../../../etc/passwd",
    "windows path": "..\\..\\con\\nul",
    "address elsewhere": "//evil.example/%2f..",
    "new header": "a\r\nSet-Cookie: zz9=1\r\n\r\n<zz9>",
    "formula": "=1+1",
    "plus": "+1+cmd|' /C calc'!A0",
    "at": "@SUM(A1)",
    "first day": "0001-01-01",
    "last day": "9999-12-31",
    "last minute": "9999-12-31T23:59",
    "no day": "2026-02-30T25:61",
    "fifth digit": "10000-01-01",
}
# In the normal run every field gets these, and its share of the rest.
ALWAYS = ("tag", "null")
SHARES = 8


def share(number: int) -> dict[str, Any]:
    """The values for the n-th field in the normal run: some always, and one share of the others."""
    others = [name for name in VALUES if name not in ALWAYS]
    return {name: VALUES[name] for name in (*ALWAYS, *others[number % SHARES :: SHARES])}
