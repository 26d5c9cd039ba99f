"""The forms that begin with a word of their own: if, for, some, every, function; and contexts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhitong.kernel.rules.lang import nodes
from zhitong.kernel.rules.lang.cursor import KEYWORDS
from zhitong.kernel.rules.lang.tokens import Kind, unquoted
from zhitong.kernel.rules.lang.typenames import type_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from zhitong.kernel.rules.lang.parser import Parser

NAME_SIGNS = ".-+/*'"  # may stand inside the name of a part


def _if(parser: Parser) -> nodes.If:
    begin = parser.step().begin
    condition = parser.within()
    parser.expects("then", "Write: if condition then value else value.")
    then = parser.within()
    parser.expects("else", "Say what holds otherwise: else null.")
    otherwise = parser.expression()
    return nodes.If(begin, otherwise.end, condition, then, otherwise)


def _turns(parser: Parser, end: str) -> tuple[nodes.Turn, ...]:
    """Read `a in list, b in 1..5` up to a word; the names stay known to the caller's layer."""
    found = []
    while True:
        begin = parser.word.begin
        name = _new_name(parser, "in")
        parser.expects("in", "Write: for x in list return x.")
        source = parser.within()
        until = parser.within() if parser.takes("..") else None
        found.append(nodes.Turn(begin, (until or source).end, name, source, until))
        parser.layers[-1].add(name)
        if not parser.takes(","):
            break
    parser.expects(end)
    return tuple(found)


def _new_name(parser: Parser, *ends: str) -> str:
    """Take the words of a name that is given here, up to one of some words."""
    begin = parser.at
    if parser.word.text in KEYWORDS:
        parser.fail("A name is missing here.", "Give it a name that is no word of the language.")
    while parser.word.kind in {Kind.NAME, Kind.NUMBER} and not (parser.at > begin and parser.sees(*ends)):
        parser.step()
    if parser.at == begin:
        parser.fail("A name is missing here.", "Give it a name.")
    text = parser.source.plain[parser.words[begin].begin : parser.words[parser.at - 1].end]
    return " ".join(text.split())


def _for(parser: Parser) -> nodes.For:
    begin = parser.step().begin
    with parser.knowing("partial"):
        turns = _turns(parser, "return")
        body = parser.expression()
    return nodes.For(begin, body.end, turns, body)


def _quantified(parser: Parser) -> nodes.Quantified:
    word = parser.step()
    with parser.knowing():
        turns = _turns(parser, "satisfies")
        condition = parser.expression()
    return nodes.Quantified(word.begin, condition.end, word.text == "every", turns, condition)


def _function(parser: Parser) -> nodes.Function:
    begin = parser.step().begin
    parser.expects("(", "Write: function(a, b) a + b.")
    parameters: list[tuple[str, nodes.TypeName | None]] = []
    while not parser.sees(")"):
        if parameters:
            parser.expects(",")
        name = _new_name(parser)
        parameters.append((name, type_name(parser) if parser.takes(":") else None))
    parser.expects(")")
    external = parser.takes("external") is not None
    with parser.knowing(*(name for name, _kind in parameters)):
        body = parser.expression()
    return nodes.Function(begin, body.end, tuple(parameters), body, external)


def _context(parser: Parser) -> nodes.Context:
    begin = parser.step().begin
    entries: list[tuple[str, nodes.Node]] = []
    with parser.knowing() as layer:
        while not parser.sees("}"):
            if entries:
                parser.expects(",")
            name = _key(parser)
            entries.append((name, parser.within()))
            if _is_name(name):
                layer.add(name)
                parser.parts.add(name)
    return nodes.Context(begin, parser.expects("}").end, tuple(entries))


def _key(parser: Parser) -> str:
    if parser.word.kind is Kind.TEXT and parser.ahead().text == ":":
        text = unquoted(parser.step().text)
        parser.step()
        return text
    name = parser.label(signs=NAME_SIGNS)
    if name is None:
        parser.fail("The name of an entry is missing here.", "Write entries as {name: value}.")
        raise AssertionError
    return name


def _is_name(key: str) -> bool:
    """Whether the key of an entry can be written as a name; any text may be a key."""
    return bool(key.strip()) and all(sign.isalnum() or sign in f"_ {NAME_SIGNS}" for sign in key)


FORMS: dict[str, Callable[[Parser], nodes.Node]] = {
    "if": _if,
    "for": _for,
    "some": _quantified,
    "every": _quantified,
    "function": _function,
    "{": _context,
}
