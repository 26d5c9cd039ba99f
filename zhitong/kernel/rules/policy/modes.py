"""Where a missing fact makes the standard say true or false, and a policy says unknown.

In FEEL a comparison by order with null is null, and stays so through `and`, `or` and `not`; in the same
places a policy is unknown. They part where the standard turns null into an answer: `=` with null is false and
`!=` is true, a list does not contain it, and `if` takes its other way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhitong.kernel.rules.lang import nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zhitong.kernel.rules.facts.dictionary import Dictionary
    from zhitong.kernel.rules.lang.source import Source
    from zhitong.kernel.rules.problems import Problem

EQUAL = "In the standard's mode this is {said} where {facts} is missing; here it is unknown."
CHOSEN = "In the standard's mode this takes its other way where {facts} is missing; here it is unknown."
MEND = "Say what is meant: reported(...) and, or default(...)."


def differences(tree: nodes.Node, source: Source, dictionary: Dictionary) -> list[Problem]:
    """Return a warning for every place where the two modes can part, in the order of the text."""
    found: list[Problem] = []
    waiting = [tree]
    while waiting:
        here = waiting.pop()
        waiting.extend(reversed(list(nodes.children(here))))
        facts = ", ".join(_facts(here, dictionary))
        message = _message(here) if facts else ""
        if message:
            said = "true" if isinstance(here, nodes.Binary) and here.sign == "!=" else "false"
            found.append(source.problem(here.begin, here.end, message.format(said=said, facts=facts), MEND))
    return found


def _message(node: nodes.Node) -> str:
    if isinstance(node, nodes.Binary) and node.sign in {"=", "!="}:
        null = any(isinstance(side, nodes.Literal) and side.value is None for side in (node.left, node.right))
        return "" if null else EQUAL
    if isinstance(node, nodes.In):
        return EQUAL if any(_is_equality(test) for test in node.tests.tests) else ""
    return CHOSEN if isinstance(node, nodes.If) else ""


def _is_equality(test: nodes.Node) -> bool:
    """Whether a test is for being the same, not for lying in a range or before something."""
    if isinstance(test, nodes.Items):
        return True
    return not isinstance(test, nodes.Span) and not (
        isinstance(test, nodes.Test) and test.sign not in {"=", "!="}
    )


def _facts(node: nodes.Node, dictionary: Dictionary) -> Iterator[str]:
    """The facts of a node that can be missing there; of an `if`, those of its condition."""
    seen: set[str] = set()
    waiting = [node.condition if isinstance(node, nodes.If) else node]
    while waiting:
        here = waiting.pop()
        if isinstance(here, nodes.Name) and here.name in dictionary.by_name and here.name not in seen:
            seen.add(here.name)
            yield dictionary.by_name[here.name].name
        waiting.extend(reversed(list(nodes.children(here))))
