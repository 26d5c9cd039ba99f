"""What in a text tells who somebody is: numbers of people and firms, known names; replaced or named.

What a text is compared with comes with the call (names, the signs of plates, surnames and titles), so that no
language stands here. Invisible signs, full-width letters and blanks inside a name or a number do not hide it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

SHORTEST = 2  # signs of a name that is looked for
_NO_SIGN, _NO_NUMBER = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_CODE = "[0-9A-HJ-NPQRTUWXY]"  # letters of GB 32100-2015
_DAY = r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
# By kind, in the order in which they are tried at one place.
NUMBERS = {
    "email": r"[0-9A-Za-z._+-]+@[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)+",
    "number": rf"{_NO_SIGN}[A-Z]{{1,6}}-?20\d\d-\d{{4,8}}{_NO_NUMBER}",
    "id": rf"{_NO_SIGN}[1-9]\d{{5}}{_DAY}\d{{3}}[\dX]{_NO_NUMBER}",
    "code": rf"{_NO_SIGN}(?=[0-9A-Z]*\d){_CODE}{{2}}\d{{6}}{_CODE}{{10}}{_NO_NUMBER}",
    "phone": r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d){8}(?!\d)"
    r"|(?<!\d)0\d{2,3}[ -]?\d{7,8}(?:-\d{1,5})?(?!\d)",
    "bank": r"(?<!\d)\d{4}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?(?!\d)",
}


@dataclass(frozen=True, slots=True)
class Recognised:
    """A piece of a text that tells something: its kind, how it is written, and where it begins and ends."""

    kind: str
    text: str
    start: int
    end: int


class Recogniser:
    """Finds what is known of somebody, and numbers by their form; built once for a matter.

    `known` gives words by kind, earlier kinds first; `plates` are the signs with which number plates begin,
    `surnames` and `titles` make a person of two words that touch.
    """

    def __init__(
        self,
        known: Mapping[str, Iterable[str]],
        *,
        plates: str = "",
        surnames: Iterable[str] = (),
        titles: Iterable[str] = (),
    ) -> None:
        patterns = list(_of_known(known))
        patterns += NUMBERS.items()
        if plates:
            patterns.append(("plate", rf"[{plates}][A-Z][\u00b7 ]?[0-9A-HJ-NP-Z]{{5,6}}{_NO_NUMBER}"))
        if surnames and titles:
            patterns.append(("person", f"(?:{_any(surnames)})(?:{_any(titles)})"))
        self._kinds = [kind for kind, _ in patterns]
        whole = "|".join(f"(?P<k{place}>{pattern})" for place, (_, pattern) in enumerate(patterns))
        self._pattern = re.compile(whole, re.IGNORECASE)

    @classmethod
    def parse(cls, table: Mapping[str, Any], known: Mapping[str, Iterable[str]]) -> Recogniser:
        """Return one for known words by a table with `plates`, and `surnames` and `titles` between blanks."""
        people = {name: table[name].split() for name in ("surnames", "titles")}
        return cls(known, plates=table["plates"], **people)

    def found(self, text: str) -> list[Recognised]:
        """Return what tells something, in order of its place; the pieces do not overlap."""
        plain, origin = _plain(text)
        rows = []
        for match in self._pattern.finditer(plain):
            start, end = origin[match.start()], origin[match.end() - 1] + 1
            kind = self._kinds[int(str(match.lastgroup)[1:])]
            rows.append(Recognised(kind, text[start:end], start, end))
        return rows

    def replaced(self, text: str, words: Mapping[str, str]) -> tuple[str, list[Recognised]]:
        """Return a text in which the word of its kind stands for each piece, and the pieces as they were."""
        rows, pieces, at = self.found(text), [], 0
        for row in rows:
            pieces += [text[at : row.start], words[row.kind]]
            at = row.end
        return "".join([*pieces, text[at:]]), rows


def _of_known(known: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, str]]:
    """Yield a pattern for each known word, the longest first: a short name stands within a long one."""
    taken: dict[str, str] = {}
    for kind, words in known.items():
        for word in words:
            plain = "".join(_plain(word)[0].split())
            if len(plain) >= SHORTEST:
                taken.setdefault(plain, kind)
    for word in sorted(taken, key=len, reverse=True):
        yield taken[word], r"\s*".join(map(re.escape, word))


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _plain(text: str) -> tuple[str, list[int]]:
    """Return a text in one writing, without invisible signs, and from where each of its signs comes."""
    signs: list[str] = []
    origin: list[int] = []
    for at, sign in enumerate(text):
        if unicodedata.category(sign) == "Cf":
            continue
        for plain in unicodedata.normalize("NFKC", sign):
            signs.append(plain)
            origin.append(at)
    return "".join(signs), origin
