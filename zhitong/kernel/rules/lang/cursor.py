"""A place in the words of a text, and what can be asked there."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from zhitong.kernel.rules.lang.names import Names, spelled
from zhitong.kernel.rules.lang.tokens import Kind, Token, tokens
from zhitong.kernel.rules.problems import RulesError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zhitong.kernel.rules.lang.source import Source

DEEPEST = 60  # brackets in brackets
KEYWORDS = frozenset(
    {
        "and", "between", "else", "every", "external", "false", "for", "function", "if", "in", "instance",
        "null", "of", "or", "return", "satisfies", "some", "then", "true",
    }
)  # fmt: skip


class Cursor:
    """Walks over the words of a text; known names lie in layers, the innermost last."""

    def __init__(self, source: Source, *names: Names) -> None:
        self.source = source
        self.words = tokens(source)
        self.at = 0
        self.parts = Names()  # names that entries got anywhere before: a part may be asked for by them later
        self.layers = [self.parts, *names]
        self._depth = 0

    @property
    def word(self) -> Token:
        """The next word."""
        return self.words[self.at]

    def ahead(self, by: int = 1) -> Token:
        """The word some places further on, or the end."""
        return self.words[min(self.at + by, len(self.words) - 1)]

    def step(self) -> Token:
        """Take the next word."""
        word = self.word
        self.at += word.kind is not Kind.END
        return word

    def sees(self, *texts: str) -> bool:
        """Whether the next word is one of these signs or keywords."""
        return self.word.text in texts and self.word.kind in {Kind.SIGN, Kind.NAME}

    def takes(self, *texts: str) -> Token | None:
        """Take the next word if it is one of these."""
        return self.step() if self.sees(*texts) else None

    def expects(self, text: str, mend: str = "") -> Token:
        """Take the next word, which has to be this one."""
        if not self.sees(text):
            self.fail(f"'{text}' is missing here.", mend or f"Write '{text}'.")
        return self.step()

    def fail(self, message: str, mend: str = "", *, since: int | None = None) -> None:
        """Refuse the text at the next word, or from a place on."""
        begin = self.word.begin if since is None else since
        end = max(self.word.end, begin + 1)
        raise RulesError([self.source.problem(begin, end, message, mend)])

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Count how deep brackets stand in brackets."""
        self._depth += 1
        if self._depth > DEEPEST:
            self.fail(f"Brackets stand more than {DEEPEST} deep in brackets.", "Divide the expression.")
        yield
        self._depth -= 1

    @contextmanager
    def knowing(self, *names: str) -> Iterator[Names]:
        """Know some more names for a while; more can be added."""
        layer = Names(names)
        self.layers.append(layer)
        yield layer
        self.layers.pop()

    def known(self) -> int:
        """How many of the next words make up the longest known name."""
        return max((layer.longest(self.words, self.at) for layer in self.layers), default=0)

    def name(self) -> str:
        """Take a name: the longest known one, or else one word that is no keyword."""
        size = self.known()
        if not size:
            if self.word.kind is not Kind.NAME or self.word.text in KEYWORDS:
                self.fail("A name is missing here.", "Write the name of a fact or of a part of it.")
            size = 1
        taken = self.words[self.at : self.at + size]
        self.at += size
        return spelled(taken)

    def label(self, *, signs: str = "") -> str | None:
        """Take a name that ends with a colon, and the colon; take nothing where there is none."""
        end = self.at
        while self.words[end].kind in {Kind.NAME, Kind.NUMBER} or (
            end > self.at and self.words[end].kind is Kind.SIGN and self.words[end].text in signs
        ):
            end += 1
        if end == self.at or self.words[end].text != ":" or self.words[end].kind is not Kind.SIGN:
            return None
        said = spelled(self.words[self.at : end])
        self.at = end + 1
        return said
