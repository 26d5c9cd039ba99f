"""The door for files that people send: `examine` has a limited child process look at one.

This module runs in the web process and looks at sizes and checksums only; the bytes are parsed by `child`.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import logging
import math
import os
import secrets
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from zhitong.core import confined
from zhitong.core.uploads.formats import FORMATS, Format, Kind
from zhitong.core.uploads.limits import DEFAULT, MB, Limits
from zhitong.core.uploads.names import safe_name
from zhitong.core.uploads.reasons import REASONS, Reason, UploadRefused

log = logging.getLogger("zhitong.uploads")

_CHILD = Path(__file__).with_name("child.py")
_LONGEST_ANSWER = 4096
_READ = MB
# each child may take half a gigabyte
_AT_ONCE = 2
_slots = threading.BoundedSemaphore(_AT_ONCE)


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that may be kept. Sizes in bytes of what is stored, pixels, seconds; None where not known.

    `sha256` is of the stored file, `source_sha256` of the file as it was sent; both in hexadecimal.
    `thumbnail` is a JPEG for photos, None for other kinds. `name` is for showing; `path` has a random name.
    """

    kind: Kind
    mime: str
    extension: str
    name: str
    size: int
    sha256: str
    source_sha256: str
    path: Path
    thumbnail: Path | None = None
    width: int | None = None
    height: int | None = None
    duration: float | None = None


def examine(path: Path, *, claimed_name: str, out_dir: Path, limits: Limits = DEFAULT) -> Inspected:
    """Have a child process check the file, and store what may be kept under a random name in `out_dir`.

    Pictures are decoded and written anew without metadata; sound and PDF are checked (the modules named after
    them say what is not). `path` itself is neither changed nor removed. `out_dir` must exist; what a killed
    web process leaves there begins with `.incoming-`. Blocks for up to twice `limits.wall_seconds`.
    Raises UploadRefused, and OSError only if `out_dir` cannot be written to.
    """
    with _opened(path, limits) as source, _drafts(out_dir) as (content, thumbnail):
        source_sha256 = _sha256(source)
        answer = _ask_child(source, content, thumbnail, limits)
        form, measures = _understood(answer, content, thumbnail)
        stem = secrets.token_hex(16)
        kept = out_dir / f"{stem}.{form.extension}"
        small = out_dir / f"{stem}-small.jpg" if form.kind == Kind.PHOTO else None
        size, sha256 = os.fstat(content.fileno()).st_size, _sha256(content)
        Path(content.name).rename(kept)
        if small is not None:
            Path(thumbnail.name).rename(small)
    name = safe_name(claimed_name, form.extension)
    return Inspected(
        form.kind, form.mime, form.extension, name, size, sha256, source_sha256, kept, small, **measures
    )


@contextmanager
def _opened(path: Path, limits: Limits) -> Iterator[IO[bytes]]:
    """Open a file for reading, unless it is empty or larger than any kind may be."""
    try:
        with confined.opened(path) as file:
            size = os.fstat(file.fileno()).st_size
            if not size:
                raise UploadRefused(Reason.EMPTY)
            if size > limits.largest_mb() * MB:
                raise UploadRefused(Reason.TOO_LARGE, {"limit_mb": limits.largest_mb()})
            yield file
    except confined.NotAFileError:
        raise UploadRefused(Reason.NOT_A_FILE) from None


@contextmanager
def _drafts(out_dir: Path) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Give two empty files that are removed at the end unless they were renamed."""
    made: list[IO[bytes]] = []
    try:
        while len(made) < 2:  # noqa: PLR2004 -- the content and its thumbnail
            made.append(tempfile.NamedTemporaryFile(dir=out_dir, prefix=".incoming-", delete=False))  # noqa: SIM115 - closed below, whatever happens
        yield made[0], made[1]
    finally:
        for file in made:
            file.close()
            Path(file.name).unlink(missing_ok=True)


def _sha256(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    while block := file.read(_READ):
        digest.update(block)
    file.seek(0)
    return digest.hexdigest()


def _ask_child(source: IO[bytes], content: IO[bytes], thumbnail: IO[bytes], limits: Limits) -> bytes:
    """Run the child and return what it printed; raises UploadRefused if it did not end well."""
    if not _slots.acquire(timeout=limits.wall_seconds):
        raise UploadRefused(Reason.BUSY)
    try:
        with tempfile.TemporaryFile() as printed:
            told = json.dumps(dataclasses.asdict(limits))
            status = confined.run_child(
                _CHILD, [told], source=source, outputs=(content, thumbnail), printed=printed,
                wall_seconds=limits.wall_seconds,
            )  # fmt: skip
            if status != 0:
                # the number only: names and contents of files have no place in a log
                log.warning("examination of an upload ended with status %s", status)
                raise UploadRefused(Reason.UNREADABLE)
            printed.seek(0)
            return printed.read(_LONGEST_ANSWER + 1)
    finally:
        _slots.release()


def _understood(answer: bytes, content: IO[bytes], thumbnail: IO[bytes]) -> tuple[Format, dict[str, Any]]:
    """Return format and measures from the child's answer, which is trusted no more than the file was."""
    try:
        told = json.loads(answer)
        if "refused" in told:
            raise _refusal(told)
        form = FORMATS[told["format"]]
        measures = {
            "width": _whole(told["width"]),
            "height": _whole(told["height"]),
            "duration": _seconds(told["duration"]),
        }
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UploadRefused(Reason.UNREADABLE) from None
    written = os.fstat(content.fileno()).st_size > 0
    pictured = os.fstat(thumbnail.fileno()).st_size > 0
    if not written or pictured != (form.kind == Kind.PHOTO):
        raise UploadRefused(Reason.UNREADABLE)
    return form, measures


def _refusal(told: dict[str, Any]) -> UploadRefused:
    code = Reason(told["refused"])
    params = {str(name): int(value) for name, value in told["params"].items()}
    # a sentence whose placeholders stay empty would break the page that shows it
    _ = REASONS[code] % params
    return UploadRefused(code, params)


def _whole(value: object) -> int | None:
    if value is None or (type(value) is int and value > 0):
        return value
    raise ValueError(value)


def _seconds(value: object) -> float | None:
    if value is None:
        return None
    if not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise ValueError(value)
    return round(float(value), 3)
