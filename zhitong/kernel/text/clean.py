"""One cleaning for every text that is compared, learnt from or asked about: the same in training and in use.

The words come with the call: no language stands in the code.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = 20_000  # signs that are read; the rest of a longer text is left alone
LINKS = re.compile(r"(?:https?://|www\.)[!-~]+|[!-~]+@[!-~]+\.[!-~]+")
# Chinese is written without blanks: one beside such a sign comes from a line break or from cutting words.
HAN = "\u3400-\u9fff\uf900-\ufaff"
LOOSE = re.compile(rf"(?<=[{HAN}])\s+|\s+(?=[{HAN}])")
PARTS = re.compile(r"([^\w\s]+|_+)")
GAPS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Cleaning:
    """What texts are freed from: clauses of only `phrases`, numbers of `figures` signs or more (0: none)."""

    version: int = 0
    phrases: tuple[str, ...] = ()
    figures: int = 0

    @classmethod
    def parse(cls, table: Mapping[str, Any]) -> Cleaning:
        """Read a cleaning from a table (`data/texts`); ValueError names what is wrong."""
        phrases, figures, version = table.get("phrases", []), table.get("figures", 0), table.get("version", 0)
        if not isinstance(phrases, list) or not all(isinstance(word, str) and word for word in phrases):
            raise ValueError("phrases has to be a list of texts.")
        if not isinstance(figures, int) or not isinstance(version, int) or min(figures, version) < 0:
            raise ValueError("figures and version have to be whole numbers of 0 or more.")
        plain = {unicodedata.normalize("NFKC", word).casefold() for word in phrases}
        return cls(version, tuple(sorted(plain, key=lambda word: (-len(word), word))), figures)

    @classmethod
    def loads(cls, text: str) -> Cleaning:
        """Read what `dumps` wrote."""
        return cls.parse(json.loads(text))

    def dumps(self) -> str:
        """Return the cleaning as text, to be kept beside what was made with it."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @cached_property
    def _words(self) -> re.Pattern[str] | None:
        return re.compile("|".join(map(re.escape, self.phrases))) if self.phrases else None

    @cached_property
    def _numbers(self) -> re.Pattern[str] | None:
        return re.compile(rf"\d{{{self.figures},}}") if self.figures else None

    def __call__(self, text: str) -> str:
        """Return letters and figures in one writing, a blank wherever something else stood."""
        plain = unicodedata.normalize("NFKC", text[:LONGEST]).casefold()
        plain = LOOSE.sub("", LINKS.sub(" . ", plain))
        if self._words is not None:
            plain = " ".join(part for part in PARTS.split(plain) if not self._is_courtesy(part))
        if self._numbers is not None:
            plain = self._numbers.sub(" ", plain)
        return GAPS.sub(" ", plain).strip()

    def _is_courtesy(self, part: str) -> bool:
        """Whether a clause holds nothing but phrases; one sign more may be a family name before a title."""
        return len(self._words.sub("", part).strip()) <= 1 and self._words.search(part) is not None


PLAIN = Cleaning()
