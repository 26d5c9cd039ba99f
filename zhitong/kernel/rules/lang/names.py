"""Which words make up a name: the longest one that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhitong.kernel.rules.lang.source import Source
from zhitong.kernel.rules.lang.tokens import Kind, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from zhitong.kernel.rules.lang.tokens import Token

END = ""  # the key under which a tree of words says that a name ends here


class Names:
    """Known names by their words, so that `date and time` or names with brackets are read as one."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._tree: dict[str, dict] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Make a name known."""
        place = self._tree
        for word in tokens(Source(name)):
            if word.kind is not Kind.END:
                place = place.setdefault(word.text, {})
        place[END] = {}

    def copy(self) -> Names:
        """Return the same names, to which others can be added."""
        twin = Names()
        twin._tree = _copied(self._tree)
        return twin

    def longest(self, words: Sequence[Token], at: int) -> int:
        """Return how many words from a place on make up the longest known name; 0 where none does."""
        place, found, end = self._tree, 0, at
        while words[end].text in place and words[end].kind is not Kind.END:
            place = place[words[end].text]
            end += 1
            if END in place:
                found = end - at
        return found


def _copied(tree: dict[str, dict]) -> dict[str, dict]:
    return {word: _copied(below) for word, below in tree.items()}


def spelled(words: Sequence[Token]) -> str:
    """Return the one spelling of a name: a space only between two words that both begin with a letter."""
    said = ""
    for word in words:
        joined = (
            bool(said) and (said[-1].isalnum() or said[-1] == "_") and word.kind in {Kind.NAME, Kind.NUMBER}
        )
        said += f" {word.text}" if joined else word.text
    return said


def canonical(name: str) -> str:
    """Return a name as `spelled` writes it, however it was typed."""
    return spelled(tokens(Source(name))[:-1])
