"""The door for templates: `look` and `fill` have a limited child process do it.

This module runs in the web process; what the child wrote is trusted no more than the template was.
"""

from __future__ import annotations

import dataclasses
import json
import logging
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhitong.core import confined
from zhitong.reports.filling.limits import DEFAULT, FillLimits
from zhitong.reports.filling.reasons import SENTENCES, Reason, TemplateRefused

log = logging.getLogger("zhitong.reports")

_CHILD = Path(__file__).with_name("child.py")
_LONGEST_ANSWER = 1024 * 1024
_AT_ONCE = 2  # each child may take two gigabytes
_slots = threading.BoundedSemaphore(_AT_ONCE)
_MISUNDERSTOOD = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
FORMATS = ("docx", "xlsx")
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Place:
    """One place with a field: as written, its key (empty if unknown), whether of a case, where it stands."""

    name: str
    key: str
    listed: bool
    place: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What a template is and which fields it holds."""

    format: str
    fields: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Values:
    """What fills a template: single values by key, and rows of values in the order of `keys`.

    A value is a text, a number, a day as `{"day": "2026-06-05"}`, or None where there is none.
    """

    single: Mapping[str, Any]
    keys: Sequence[str]
    rows: Sequence[Sequence[Any]]


def look(content: bytes, words: Mapping[str, Any], *, limits: FillLimits = DEFAULT) -> Looked:
    """Have a template examined; raises TemplateRefused."""
    told, _ = _ask(content, "", words, limits)
    try:
        fields = tuple(
            Place(str(name)[:_LONGEST], str(key)[:_LONGEST], bool(listed), str(place)[:_LONGEST])
            for name, key, listed, place in told["fields"]
        )
        form = FORMATS[FORMATS.index(told["format"])]
    except _MISUNDERSTOOD:
        raise TemplateRefused(Reason.UNREADABLE) from None
    return Looked(form, fields)


def fill(content: bytes, words: Mapping[str, Any], values: Values, *, limits: FillLimits = DEFAULT) -> bytes:
    """Have a template filled in; raises TemplateRefused. Blocks for up to twice `limits.wall_seconds`."""
    told, made = _ask(content, json.dumps(dataclasses.asdict(values)), words, limits)
    if told.get("done") != len(made) or not made:
        raise TemplateRefused(Reason.UNREADABLE)
    return made


def _ask(content: bytes, values: str, words: Mapping[str, Any], limits: FillLimits) -> tuple[Any, bytes]:
    if not content:
        raise TemplateRefused(Reason.EMPTY)
    if not _slots.acquire(timeout=limits.wall_seconds):
        raise TemplateRefused(Reason.BUSY)
    try:
        with (
            tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as given,
            tempfile.TemporaryFile() as result, tempfile.TemporaryFile() as printed,
        ):  # fmt: skip
            for file, written in ((source, content), (given, values.encode())):
                file.write(written)
                file.seek(0)
            told = [json.dumps(dataclasses.asdict(limits)), json.dumps(words)]
            status = confined.run_child(
                _CHILD, told, source=source, outputs=(result, given), printed=printed,
                wall_seconds=limits.wall_seconds,
            )  # fmt: skip
            if status != 0:
                # the number only: names and contents of files have no place in a log
                log.warning("work on a template ended with status %s", status)
                raise TemplateRefused(Reason.UNREADABLE)
            printed.seek(0)
            result.seek(0)
            return _understood(printed.read(_LONGEST_ANSWER)), result.read()
    finally:
        _slots.release()


def _understood(answer: bytes) -> Any:
    """Return the child's answer, or raise what it refused; anything else is a refusal, too."""
    try:
        told = json.loads(answer)
        if "refused" not in told:
            return told
        code = Reason(told["refused"])
        params = {str(name): _short(value) for name, value in told["params"].items()}
        # a sentence whose placeholders stay empty would break the page that shows it
        _ = SENTENCES[code] % params
    except _MISUNDERSTOOD:
        raise TemplateRefused(Reason.UNREADABLE) from None
    raise TemplateRefused(code, params)


def _short(value: object) -> int | str:
    return value if isinstance(value, int) else str(value)[:60]
