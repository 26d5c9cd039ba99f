"""What a reader would see of a template that is not put through translation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from django.template.base import Lexer, Token, TokenType

ATTRIBUTE_BLOCKS = frozenset({"body_class", "body_data"})  # blocks that fill an attribute, not the page
TRANSLATED = {"blocktranslate": "endblocktranslate", "blocktrans": "endblocktrans"}
SILENT = {"comment": "endcomment"}
UNREAD_TAGS = frozenset({"script", "style", "kbd"})  # keys bear the same signs in every language
SPOKEN_ATTRIBUTES = frozenset({"title", "alt", "placeholder", "aria-label", "aria-description", "label"})
# Names and units that are written the same in every language.
SAME_EVERYWHERE = frozenset(
    {"Zhitong", "English", "MB", "KB", "GB", "kB", "CSV", "PDF", "Excel", "Word", "PNG", "JPEG"}
)
WORD = re.compile(r"[^\W\d_]+")


def untranslated_words(text: str) -> list[str]:
    """List the words of a text that would have to be translated."""
    return [word for word in WORD.findall(text) if word not in SAME_EVERYWHERE]


def _newlines(text: str) -> str:
    return "\n" * text.count("\n")


def visible_source(template: str) -> str:
    """Return the template without tags, variables, comments and translated blocks, line by line as before."""
    out: list[str] = []
    waiting_for = ""
    for token in Lexer(template).tokenize():
        name = (
            token.contents.split()[0]
            if token.token_type == TokenType.BLOCK and token.contents.split()
            else ""
        )
        if waiting_for:
            out.append(_newlines(_source(token)))
            if name == waiting_for:
                waiting_for = ""
        elif name in TRANSLATED or name in SILENT:
            waiting_for = TRANSLATED.get(name) or SILENT[name]
        elif name == "block" and token.contents.split()[1] in ATTRIBUTE_BLOCKS:
            waiting_for = "endblock"
        elif token.token_type == TokenType.TEXT:
            out.append(token.contents)
        else:
            out.append(_newlines(token.contents))
    return "".join(out)


def _source(token: Token) -> str:
    return token.contents


class _Walker(HTMLParser):
    """Collects (line, text) of everything a reader sees or hears."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self.unread: list[str] = []

    def _see(self, text: str | None, line: int) -> None:
        words = untranslated_words(text or "")
        if words:
            self.found.append((line, " ".join((text or "").split())))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNREAD_TAGS:
            self.unread.append(tag)
        line = self.getpos()[0]
        button = tag == "input" and dict(attrs).get("type") in {"submit", "button", "reset"}
        for name, value in attrs:
            if name in SPOKEN_ATTRIBUTES or (button and name == "value"):
                self._see(value, line)

    def handle_endtag(self, tag: str) -> None:
        if self.unread and self.unread[-1] == tag:
            self.unread.pop()

    def handle_data(self, data: str) -> None:
        if not self.unread:
            lead = len(data) - len(data.lstrip())
            self._see(data, self.getpos()[0] + data[:lead].count("\n"))


def untranslated(template: str, *, html: bool = True) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of what a template shows without translation; plain text is all shown."""
    shown = visible_source(template)
    if not html:
        for number, line in enumerate(shown.splitlines(), start=1):
            if untranslated_words(line):
                yield number, line.strip()
        return
    walker = _Walker()
    walker.feed(shown)
    walker.close()
    yield from walker.found
