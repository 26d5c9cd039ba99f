"""What a text is tied to: fixed names, papers, names by how they end. The words come with the call."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NAME = re.compile(r"[0-9a-z\u3400-\u9fff]")


@dataclass(frozen=True, slots=True, order=True)
class Entity:
    """A thing by kind and name; `ending` says by which end it was found, empty for fixed names."""

    kind: str
    name: str
    ending: str = ""

    def names(self, other: Entity) -> bool:
        """Whether both are one thing, however each was found; one name may go on further to the left."""
        ends = self.name.endswith(other.name) or other.name.endswith(self.name)
        return self.kind == other.kind and (ends if self.ending else self.name == other.name)

    @property
    def stem(self) -> str:
        """The name without its ending."""
        return self.name.removesuffix(self.ending) if self.ending else self.name


@dataclass(frozen=True)
class Gazetteer:
    """What names look like: fixed words (word -> entity), endings (ending -> kind), and what ends a name."""

    words: Mapping[str, Entity]
    endings: Mapping[str, str]
    cuts: tuple[str, ...] = ()
    nothing: frozenset[str] = frozenset()
    papers: tuple[str, ...] = ()
    paper_kind: str = ""
    kinds: tuple[str, ...] = ()  # the ones that say most about where a matter lies first
    shortest: int = 2
    longest: int = 9

    @classmethod
    def parse(cls, table: Mapping[str, Any]) -> Gazetteer:
        """Read a table (`data/commons`); ValueError names what is wrong."""
        kinds = [row["key"] for row in table["kind"]]
        strange = {row["kind"] for row in table.get("named", ())} - {*kinds}
        if strange:
            raise ValueError(f"named: there is no kind {', '.join(sorted(strange))}.")
        words = {
            plain(word): Entity(row["kind"], row["name"])
            for row in table.get("named", ())
            for word in (row["name"], *row["words"])
        }
        return cls(
            words=words,
            endings={plain(end): row["key"] for row in table["kind"] for end in row["endings"]},
            cuts=tuple(plain(word) for word in table.get("cuts", ())),
            nothing=frozenset(plain(word) for word in table.get("nothing", ())),
            papers=tuple(table.get("papers", ())),
            paper_kind=table.get("paper_kind", ""),
            kinds=tuple(kinds),
            shortest=table["shortest"],
            longest=table["longest"],
        )

    def knowing(self, named: Iterable[tuple[str, str]]) -> Gazetteer:
        """Return one that also knows things of a register by their (kind, name)."""
        more = {plain(name): Entity(kind, name) for kind, name in named if len(plain(name)) > 1}
        return replace(self, words={**more, **self.words})

    @cached_property
    def _fixed(self) -> re.Pattern[str] | None:
        longest_first = sorted(self.words, key=lambda word: (-len(word), word))
        return re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    @cached_property
    def _ending(self) -> re.Pattern[str] | None:
        longest_first = sorted(self.endings, key=lambda word: (-len(word), word))
        return re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    @cached_property
    def _cut(self) -> re.Pattern[str] | None:
        return re.compile("|".join(map(re.escape, self.cuts))) if self.cuts else None

    @cached_property
    def _papers(self) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(pattern) for pattern in self.papers)

    def rank(self, kind: str) -> int:
        """Return the place of a kind among all kinds; unknown ones come last."""
        return self.kinds.index(kind) if kind in self.kinds else len(self.kinds)

    def is_cut(self, stem: str) -> bool:
        """Whether a name could not begin with these signs."""
        return self._cut is not None and self._cut.match(stem) is not None

    def find(self, text: str) -> frozenset[Entity]:
        """Return what a text is tied to. A name by its ending may still hold a word too many at its left."""
        written = unicodedata.normalize("NFKC", text)
        found = {
            Entity(self.paper_kind, match.group(1).strip())
            for pattern in self._papers
            for match in pattern.finditer(text)
        }
        small = written.casefold()
        if self._fixed is not None:
            found |= {self.words[match.group()] for match in self._fixed.finditer(small)}
        if self._ending is not None:
            found |= {
                entity for match in self._ending.finditer(small) if (entity := self._named(small, match))
            }
        return frozenset(found)

    def _named(self, text: str, match: re.Match[str]) -> Entity | None:
        """Return the name that ends here: back to a sign that is in no name, a cut, or another ending."""
        start = match.start()
        first = start
        while first > 0 and start - first < self.longest and NAME.match(text[first - 1]):
            first -= 1
        stem = text[first:start]
        for pattern in (self._cut, self._ending):
            if pattern is not None:
                stem = stem[max((cut.end() for cut in pattern.finditer(stem)), default=0) :]
        if len(stem) < self.shortest or stem in self.nothing or (stem.isascii() and not stem.isdigit()):
            return None
        return Entity(self.endings[match.group()], stem + match.group(), match.group())


def plain(text: str) -> str:
    """Return letters and figures in one writing."""
    return unicodedata.normalize("NFKC", text).casefold()


def entities(text: str, gazetteer: Gazetteer) -> frozenset[Entity]:
    """Return what a text is tied to; see `Gazetteer.find`."""
    return gazetteer.find(text)
