"""The words of an HTML mail: nothing of it is ever shown as HTML."""

from __future__ import annotations

from html.parser import HTMLParser

LONGEST = 2_000_000  # signs of markup that are read
SILENT = frozenset({"script", "style", "head", "title", "template", "noscript", "object", "svg"})
BLOCKS = frozenset(
    {
        "address", "article", "blockquote", "center", "dd", "div", "dl", "dt", "figure", "footer", "form",
        "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "ol", "p", "pre", "section", "table", "tr",
        "ul",
    }
)  # fmt: skip
CELLS = frozenset({"td", "th"})


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self.silent: list[str] = []
        self.quoted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in SILENT:
            self.silent.append(tag)
        if tag == "blockquote":
            self.quoted += 1
        if tag == "br" or (tag in BLOCKS and self.lines[-1].strip("> ")):
            self._break()
        elif tag in CELLS and self.lines[-1].strip("> "):
            self.lines[-1] += " "

    def handle_endtag(self, tag: str) -> None:
        if tag in self.silent:
            del self.silent[self.silent.index(tag) :]
        if tag in BLOCKS and self.lines[-1].strip("> "):
            self._break()
        if tag == "blockquote":
            self.quoted = max(0, self.quoted - 1)

    def handle_data(self, data: str) -> None:
        if self.silent:
            return
        words = " ".join(data.split())
        if not words:
            return
        if not self.lines[-1] and self.quoted:
            self.lines[-1] = "> "
        before = " " if data[:1].isspace() and self.lines[-1].strip() else ""
        after = " " if data[-1:].isspace() else ""
        self.lines[-1] += f"{before}{words}{after}"

    def _break(self) -> None:
        self.lines.append("")


def words(markup: str) -> str:
    """Return the words of an HTML text, a line for each block; what it quotes begins with ">"."""
    parser = _Words()
    parser.feed(markup[:LONGEST])
    parser.close()
    lines = [" ".join(line.split()) for line in parser.lines]
    kept = [line for place, line in enumerate(lines) if line or (place and lines[place - 1])]
    return "\n".join(kept).strip()
