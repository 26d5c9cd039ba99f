"""The grammar of FEEL expressions and unary tests (DMN 1.5, 10.3.1.2), read from left to right once."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from zhitong.kernel.rules.lang import nodes
from zhitong.kernel.rules.lang.cursor import Cursor
from zhitong.kernel.rules.lang.forms import FORMS
from zhitong.kernel.rules.lang.tokens import Kind, unquoted
from zhitong.kernel.rules.lang.typenames import type_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from zhitong.kernel.rules.lang.names import Names
    from zhitong.kernel.rules.lang.source import Source

SPECIAL = ("between", "in")
LEVELS = (("or",), ("and",), ("=", "!=", "<", "<=", ">", ">=", *SPECIAL), ("+", "-"), ("*", "/"), ("**",))
LEVEL = {sign: level for level, signs in enumerate(LEVELS) for sign in signs}
COMPARING = LEVEL["="]
ORDERING = ("<", "<=", ">", ">=")  # behind `=`, a range that is written as a comparison
TESTING = ("<", "<=", ">", ">=", "=", "!=")
# Per cent, 10^4, 10^8, 10^12, yuan, and both together.
UNITS = frozenset(
    {"%", *(times + unit for times in ("", "\u4e07", "\u4ebf") for unit in ("", "\u5143"))} - {""}
) | {"\u4e07\u4ebf", "\u4e07\u4ebf\u5143"}


def expression(source: Source, *names: Names) -> nodes.Node:
    """Return the tree of an expression; RulesError where it is none."""
    parser = Parser(source, *names)
    found = parser.expression()
    parser.ends()
    return found


def unary_tests(source: Source, *names: Names) -> nodes.Tests:
    """Return the tests of a cell of a decision table; RulesError where they are none."""
    parser = Parser(source, *names)
    found = parser.cell()
    parser.ends()
    return found


class Parser(Cursor):
    """Reads one text."""

    bare = False  # in the upper end of a range, where `[` closes it

    def ends(self) -> None:
        """Refuse what stands behind the expression."""
        if self.word.kind is not Kind.END:
            self.fail("This does not belong to the expression before it.", "Is a sign or 'and' missing?")

    def expression(self) -> nodes.Node:
        """Read an expression."""
        with self.deeper():
            return self._binary(0)

    def within(self) -> nodes.Node:
        """Read an expression inside brackets of its own."""
        bare, self.bare = self.bare, False
        found = self.expression()
        self.bare = bare
        return found

    # ---------------------------------------------------------------- between values

    def _binary(self, lowest: int, left: nodes.Node | None = None) -> nodes.Node:
        """Read values and what stands between them, from a level of binding on; one call for each bracket."""
        left = left or self._signed()
        while True:
            level = LEVEL.get(self.word.text, -1) if self.word.kind in {Kind.SIGN, Kind.NAME} else -1
            if level < lowest:
                return left
            if self.word.text in SPECIAL:
                left = self._special(left)
                continue
            sign = self.step().text
            ordering = level == COMPARING and self.word.kind is Kind.SIGN and self.word.text in ORDERING
            right = self.test() if ordering else self._binary(level + 1)
            left = nodes.Binary(left.begin, right.end, sign, left, right)

    def _special(self, left: nodes.Node) -> nodes.Node:
        if self.takes("between"):
            low = self._binary(COMPARING + 1)
            self.expects("and", "Write: between 1 and 5.")
            high = self._binary(COMPARING + 1)
            return nodes.Between(left.begin, high.end, left, low, high)
        self.step()
        tests = self._tests_of_in()
        return nodes.In(left.begin, tests.end, left, tests)

    def _tests_of_in(self) -> nodes.Tests:
        if self.sees("("):
            found = self._bracket(several=True)
            if isinstance(found, nodes.Tests):
                return found
            found = self._behind(found)
        else:
            found = self.test(COMPARING + 1)
        return nodes.Tests(found.begin, found.end, (found,))

    # ---------------------------------------------------------------- tests

    def cell(self) -> nodes.Tests:
        """Read what stands in a cell: `-`, tests, or `not(tests)`."""
        begin = self.word.begin
        if self.sees("-") and self.ahead().kind is Kind.END:
            return nodes.Tests(begin, self.step().end, ())
        if self.sees("not") and self.ahead().text == "(":
            self.step()
            self.step()
            tests = self._several()
            end = self.expects(")").end
            return nodes.Tests(begin, end, tests, negated=True)
        tests = self._several()
        return nodes.Tests(begin, tests[-1].end, tests)

    def _several(self) -> tuple[nodes.Node, ...]:
        found = list(self._opened()) if self.sees("(") else [self.test()]
        while self.takes(","):
            found.append(self.test())
        return tuple(found)

    def _opened(self) -> tuple[nodes.Node, ...]:
        """Read a cell that begins with a bracket: tests within it, or a value that goes on behind it."""
        found = self._bracket(several=True)
        if isinstance(found, nodes.Tests):
            return found.tests
        return (found if isinstance(found, nodes.Test) else self._binary(0, self._behind(found)),)

    def test(self, lowest: int = 0) -> nodes.Node:
        """Read one test: a comparison without left side, or any expression that binds tight enough."""
        if self.word.kind is Kind.SIGN and self.word.text in TESTING:
            sign = self.step()
            value = self._binary(COMPARING + 1)
            return nodes.Test(sign.begin, value.end, sign.text, value)
        with self.deeper():
            return self._binary(lowest)

    # ---------------------------------------------------------------- one value

    def _signed(self) -> nodes.Node:
        sign = self.takes("-")
        if sign is None:
            return self._behind(self._first())
        with self.deeper():
            value = self._signed()
        return nodes.Negate(sign.begin, value.end, value)

    def _behind(self, value: nodes.Node) -> nodes.Node:
        """Read what hangs on a value: parts, filters, calls, and whether it is of a type."""
        hung = 0
        while True:
            hung += 1
            if hung > HUNG:
                self.fail(f"More than {HUNG} filters, parts and calls hang on one value.", "Divide it.")
            if self.takes("."):
                name = self.name()
                value = nodes.Path(value.begin, self.words[self.at - 1].end, value, name)
            elif self.sees("[") and not self.bare:
                self.step()
                condition = self.within()
                value = nodes.Filter(value.begin, self.expects("]").end, value, condition)
            elif self.takes("("):
                value = self._call(value)
            elif self.sees("instance") and self.ahead().text == "of":
                self.at += 2
                kind = type_name(self)
                value = nodes.InstanceOf(value.begin, kind.end, value, kind)
            else:
                return value

    def _call(self, function: nodes.Node) -> nodes.Call:
        arguments: list[nodes.Node] = []
        labels: list[str] = []
        while not self.sees(")"):
            if arguments:
                self.expects(",")
            label = self.label(signs=".")
            if label is not None:
                labels.append(label)
            elif labels:
                self.fail("An argument without a name stands behind one with a name.", "Name all or none.")
            arguments.append(self.within())
        if labels and len(labels) < len(arguments):
            self.fail(
                "Some arguments have names and some have none.", "Name all or none.", since=function.begin
            )
        end = self.expects(")").end
        return nodes.Call(function.begin, end, function, tuple(arguments), tuple(labels))

    def _first(self) -> nodes.Node:
        """Read a value with nothing hanging on it."""
        word = self.word
        size = self.known()
        if size > 1 or (size and word.kind is not Kind.SIGN and word.text not in CONSTANTS):
            name = self.name()
            return nodes.Name(word.begin, self.words[self.at - 1].end, name)
        if word.kind is Kind.NUMBER:
            return self._number()
        if word.kind in {Kind.TEXT, Kind.AT}:
            self.step()
            said = unquoted(word.text)
            kind = nodes.At if word.kind is Kind.AT else nodes.Literal
            return kind(word.begin, word.end, said)
        if word.kind is Kind.NAME:
            return self._word()
        return self._sign()

    def _number(self) -> nodes.Literal:
        word = self.step()
        unit, end = "", word.end
        if self.word.begin == word.end and self.word.text in UNITS:
            unit, end = self.word.text, self.step().end
        return nodes.Literal(word.begin, end, Decimal(word.text), unit)

    def _word(self) -> nodes.Node:
        word = self.word
        if word.text in CONSTANTS:
            self.step()
            return nodes.Literal(word.begin, word.end, CONSTANTS[word.text])
        if word.text in FORMS:
            return FORMS[word.text](self)
        return nodes.Name(word.begin, word.end, self.name())

    def _sign(self) -> nodes.Node:
        word = self.word
        if word.text == "?":
            self.step()
            return nodes.Name(word.begin, word.end, "?")
        if word.text == "(":
            return self._bracket(several=False)
        if word.text in {"[", "]"}:
            return self._square()
        if word.text == "{":
            return FORMS["{"](self)
        self.fail(
            "A value is missing here.", "Write a number, a text in quotation marks, or the name of a fact."
        )
        raise AssertionError

    # ---------------------------------------------------------------- brackets

    def _bracket(self, *, several: bool) -> nodes.Node:
        """Read `(value)`, `(a..b)`, `(< 5)`; and, behind `in`, `(test, test)`."""
        begin = self.expects("(").begin
        bare, self.bare = self.bare, False
        first = self.test()
        self.bare = bare
        if self.sees("..") and not isinstance(first, nodes.Test):
            return self._span(begin, first, with_low=False)
        tests = [first]
        while several and self.takes(","):
            tests.append(self.test())
        end = self.expects(")").end
        if several:
            return nodes.Tests(begin, end, tuple(tests)) if len(tests) > 1 else first
        return first

    def _square(self) -> nodes.Node:
        opening = self.step()
        if opening.text == "]" or not self.sees("]"):
            first = self.within() if opening.text == "]" else self._item()
            if opening.text == "]" or self.sees(".."):
                return self._span(opening.begin, first, with_low=opening.text == "[")
            items = [first]
            while self.takes(","):
                items.append(self._item())
        else:
            items = []
        return nodes.Items(opening.begin, self.expects("]").end, tuple(items))

    def _item(self) -> nodes.Node:
        bare, self.bare = self.bare, False
        found = self.test()
        self.bare = bare
        return found

    def _span(self, begin: int, low: nodes.Node, *, with_low: bool) -> nodes.Span:
        self.expects("..", "Write a range as [1..5].")
        bare, self.bare = self.bare, True
        high = self.expression()
        self.bare = bare
        closing = self.takes("]", ")", "[")
        if closing is None:
            self.fail("The range has no end.", "Close it with ']', or with ')' where its end is not meant.")
            raise AssertionError
        return nodes.Span(begin, closing.end, low, high, with_low, closing.text == "]")

    def separated(self, words: Iterable[str]) -> bool:
        """Take one of some words that divide a form."""
        return self.takes(*words) is not None


HUNG = 60
CONSTANTS = {"true": True, "false": False, "null": None}
