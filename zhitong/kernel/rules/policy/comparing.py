"""Comparisons, `between` and `in`: which can be made, and what is compiled of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhitong.kernel.rules.lang import nodes
from zhitong.kernel.rules.policy import ir, kinds, numbers
from zhitong.kernel.rules.policy.numbers import Quantity
from zhitong.kernel.rules.policy.sums import same_units

if TYPE_CHECKING:
    from zhitong.kernel.rules.policy.check import Checker

EQUALITY = frozenset({"=", "!="})


def compared(
    checker: Checker, node: nodes.Node, sign: str, left: kinds.Checked, right: kinds.Checked
) -> kinds.Checked:
    """Return the condition that a comparison makes."""
    if isinstance(left, kinds.Broken) or isinstance(right, kinds.Broken):
        return kinds.Broken()
    if isinstance(left, kinds.Nothing) or isinstance(right, kinds.Nothing):
        return _with_nothing(checker, node, sign, left if isinstance(right, kinds.Nothing) else right)
    if isinstance(left, kinds.Amount) and isinstance(right, kinds.Amount):
        if not same_units(checker, node, left.quantity, right.quantity):
            return kinds.Broken()
        return _by_size(checker, sign, left.quantity, right.quantity)
    if isinstance(left, kinds.Day) and isinstance(right, kinds.Day):
        return _by_size(checker, sign, Quantity(left.number), Quantity(right.number))
    if sign in EQUALITY:
        test = _same(checker, node, left, right)
        if test is not None:
            return kinds.Truth(test if sign == "=" else ir.Not(test))
    said = f"'{sign}' does not fit between {kinds.said(left)} and {kinds.said(right)}."
    return checker.problem(node, said)


def _by_size(checker: Checker, sign: str, left: Quantity, right: Quantity) -> kinds.Truth:
    """The comparison of two numbers; where it fits into no column, the checker notes that and goes on."""
    try:
        return kinds.Truth(numbers.compared(sign, left, right))
    except numbers.TooLargeError:
        checker.slow("Numbers of this size fit into no column.")
        return kinds.Truth(ir.Constant(None))


def _with_nothing(checker: Checker, node: nodes.Node, sign: str, other: kinds.Checked) -> kinds.Checked:
    """`= null` asks whether a fact is missing; it is the only comparison with null that says anything."""
    name = fact_of(other)
    if sign not in EQUALITY or not name:
        return checker.problem(node, "Only a fact is compared with null, by = or !=.", "Ask reported(...).")
    test: ir.Test = ir.Reported(name)
    return kinds.Truth(ir.Not(test) if sign == "=" else test)


def fact_of(kind: kinds.Checked) -> str:
    """Return the fact that a piece is; empty where it is more or other than one."""
    if isinstance(kind, (kinds.Amount, kinds.Day, kinds.Code)):
        return kind.fact
    return kind.test.name if isinstance(kind, kinds.Truth) and isinstance(kind.test, ir.Flag) else ""


def _same(checker: Checker, node: nodes.Node, left: kinds.Checked, right: kinds.Checked) -> ir.Test | None:
    if isinstance(left, kinds.Truth) and isinstance(right, kinds.Truth):
        return ir.Switch(left.test, right.test, ir.Not(right.test))
    if isinstance(left, kinds.Word):
        left, right = right, left
    if isinstance(left, kinds.Code) and isinstance(right, kinds.Word):
        return among(checker, node, left, (right.text,))
    if isinstance(left, kinds.Code) and isinstance(right, kinds.Code):
        return ir.SameCode(left.fact, right.fact)
    return None


def among(checker: Checker, node: nodes.Node, code: kinds.Code, texts: tuple[str, ...]) -> ir.Test:
    """Return whether a code is one of some texts, which have to be codes of the fact."""
    for text in texts:
        if text not in code.codes:
            checker.problem(
                node, f"{code.fact} has no code {text}.", f"Its codes: {', '.join(code.codes[:8])}."
            )
    return ir.Among(code.fact, frozenset(texts))


def between(checker: Checker, node: nodes.Between) -> kinds.Checked:
    """Return whether something lies between two others."""
    value, low, high = (checker.kind(part) for part in (node.value, node.low, node.high))
    tests = [compared(checker, node, sign, value, end) for sign, end in ((">=", low), ("<=", high))]
    return _all(tests)


def _all(found: list[kinds.Checked]) -> kinds.Checked:
    tests = tuple(one.test for one in found if isinstance(one, kinds.Truth))
    return kinds.Truth(ir.All(tests)) if len(tests) == len(found) else kinds.Broken()


def is_in(checker: Checker, node: nodes.In) -> kinds.Checked:
    """Return whether something passes one of several tests."""
    value = checker.kind(node.value)
    found = [_one_of(checker, value, test) for test in _flat(node.tests.tests)]
    if not found:
        return checker.problem(node, "This list is empty; nothing is in it.", "List what is meant.")
    tests = tuple(one.test for one in found if isinstance(one, kinds.Truth))
    if len(tests) < len(found):
        return kinds.Broken()
    merged = _merged(tests)
    return kinds.Truth(merged[0] if len(merged) == 1 else ir.Some(merged))


def _flat(tests: tuple[nodes.Node, ...]) -> list[nodes.Node]:
    """Lists stand for their items."""
    found: list[nodes.Node] = []
    for test in tests:
        found.extend(test.items if isinstance(test, nodes.Items) else [test])
    return found


def _merged(tests: tuple[ir.Test, ...]) -> tuple[ir.Test, ...]:
    """Codes of one fact that are asked for one by one are asked for at once."""
    codes: dict[str, frozenset[str]] = {}
    others: list[ir.Test] = []
    for test in tests:
        if isinstance(test, ir.Among):
            codes[test.name] = codes.get(test.name, frozenset()) | test.codes
        else:
            others.append(test)
    return (*(ir.Among(name, found) for name, found in codes.items()), *others)


def _one_of(checker: Checker, value: kinds.Checked, test: nodes.Node) -> kinds.Checked:
    if isinstance(test, nodes.Test):
        return compared(checker, test, test.sign, value, checker.kind(test.value))
    if isinstance(test, nodes.Span):
        low = compared(checker, test, ">=" if test.with_low else ">", value, checker.kind(test.low))
        high = compared(checker, test, "<=" if test.with_high else "<", value, checker.kind(test.high))
        return _all([low, high])
    return compared(checker, test, "=", value, checker.kind(test))
