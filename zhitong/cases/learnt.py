"""What a model says a case is about that was learnt from this city's own cases (`zhitong learn-categories`).

The file stands in the home folder. Without one, or with one that cannot be read, words alone suggest.
"""

from __future__ import annotations

import hashlib
import logging
import os
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings

from zhitong.kernel.text import Model, Suggested

if TYPE_CHECKING:
    from pathlib import Path

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Learnt:
    """A model and its name: the beginning of its file's hash, which stands beside what it suggested."""

    model: Model
    name: str

    def knows(self, key: str) -> bool:
        """Whether a category is one that it learnt: where it is silent about those, words are as well."""
        return key in self.model.labels

    def suggest(self, text: str) -> Suggested | None:
        """Return what a text is about, with its calibrated probability; None below the threshold."""
        return self.model.suggest(text)


def path() -> Path:
    """Return where the model of categories stands."""
    return settings.HOME / "models" / "categories.npz"


def current() -> Learnt | None:
    """Return the model in use; a new file is used from the next question on."""
    try:
        found = path().stat()
    except OSError:
        return None
    return _read(path(), found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=2)
def _read(file: Path, changed: int, size: int) -> Learnt | None:
    del changed, size  # they are what the answer is remembered by
    try:
        return Learnt(Model.load(file), name_of(file))
    except (OSError, ValueError):
        log.exception("The model of categories cannot be used; words alone suggest.")
        return None


def name_of(file: Path) -> str:
    """Return what a model is called in records."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


def prepare(model: Model) -> tuple[Path, str]:
    """Write a model beside the one in use; return the file and what the model is called in records."""
    target = path()
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}-{os.getpid()}")
    model.save(beside)
    return beside, name_of(beside)


def put(beside: Path) -> None:
    """Use a prepared model from now on; a reader sees the old file or the new one whole."""
    beside.replace(path())


def forget() -> None:
    """Let words alone suggest."""
    path().unlink(missing_ok=True)
