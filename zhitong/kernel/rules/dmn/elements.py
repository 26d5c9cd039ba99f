"""XML as a tree whose elements know where they stand in the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

from zhitong.kernel.rules.problems import Problem, RulesError

DEEPEST = 200
MOST = 50_000_000  # bytes of a file


@dataclass(slots=True)
class Element:
    """An element without its namespace: tag, attributes, text, children, and where it and its text begin."""

    tag: str
    attributes: dict[str, str]
    line: int
    column: int
    text: str = ""
    text_line: int = 0
    text_column: int = 0
    children: list[Element] = field(default_factory=list)

    def get(self, name: str, default: str = "") -> str:
        """Return an attribute; the default where it is missing."""
        return self.attributes.get(name, default)

    def all(self, tag: str) -> list[Element]:
        """Return the children of a tag."""
        return [child for child in self.children if child.tag == tag]

    def first(self, tag: str) -> Element | None:
        """Return the first child of a tag, if there is one."""
        return next((child for child in self.children if child.tag == tag), None)

    def text_of(self, tag: str) -> str:
        """Return the text of the first child of a tag; empty where there is none."""
        child = self.first(tag)
        return child.text.strip() if child is not None else ""


def parse(content: bytes, file: str) -> Element:
    """Return the root of a file; RulesError for what is no XML, too large, too deep, or declares entities."""
    if len(content) > MOST:
        raise RulesError([Problem(file, 1, 1, "", f"A file has at most {MOST} bytes.", "Divide the model.")])
    builder = _Builder(file)
    try:
        builder.parser.Parse(content, True)
    except (ValueError, LookupError) as error:
        raise RulesError(
            [Problem(file, 1, 1, "", f"This file cannot be read: {error}.", "Save it as UTF-8.")]
        ) from None
    except expat.ExpatError as error:
        message = expat.ErrorString(error.code)
        raise RulesError(
            [Problem(file, error.lineno, error.offset + 1, "", f"This is no XML: {message}.")]
        ) from None
    return builder.root


class _Builder:
    """Takes the events of the parser."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root = Element("", {}, 1, 1)
        self._open: list[Element] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.EntityDeclHandler = self._entity

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
        own = {name.rpartition(":")[2]: value for name, value in attributes.items()}
        element = Element(tag.rpartition(":")[2], own, line, column)
        if not self._open:
            self.root = element
        else:
            self._open[-1].children.append(element)
        self._open.append(element)
        if len(self._open) > DEEPEST:
            self._refuse(f"Elements stand more than {DEEPEST} deep.")

    def _end(self, tag: str) -> None:
        del tag
        self._open.pop()

    def _text(self, text: str) -> None:
        if not self._open:
            return
        here = self._open[-1]
        if not here.text:
            here.text_line = self.parser.CurrentLineNumber
            here.text_column = self.parser.CurrentColumnNumber + 1
        here.text += text

    def _entity(self, *declared: object) -> None:
        """Entities can make a small file endless, and no model needs them."""
        del declared
        self._refuse("This file declares entities, which are not read.")

    def _refuse(self, message: str) -> None:
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
        raise RulesError([Problem(self.file, line, column, "", message)])
