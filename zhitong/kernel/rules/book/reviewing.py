"""What of a book is right as a text and makes no sense: what nobody can meet, or everybody does."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from zhitong.kernel.rules.policy.check import condition
from zhitong.kernel.rules.policy.ranges import Ranges
from zhitong.kernel.rules.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zhitong.kernel.rules.book.book import PolicyBook
    from zhitong.kernel.rules.book.policy import Clause, Policy, Span
    from zhitong.kernel.rules.facts.dictionary import Dictionary
    from zhitong.kernel.rules.policy import ir

UNDATED = date(2000, 1, 1)


def review(book: PolicyBook) -> list[Problem]:
    """Return what is odd in a book, by place; each may still be meant."""
    return sorted(problem for policy in book.policies for problem in _of_policy(policy, book.dictionary))


def _of_policy(policy: Policy, dictionary: Dictionary) -> Iterator[Problem]:
    if not _meet(policy.effective, policy.window):
        said = "It can never be asked for while it holds."
        yield _problem(policy.clauses[0], said, "Compare its window with the time in which it holds.")
    day = policy.effective.begin or UNDATED
    tests = {
        clause.key: (clause, made.test)
        for clause in policy.clauses
        if (made := condition(clause.source, dictionary, day)).test is not None
    }
    open_ones: list[tuple[Clause, ir.Test]] = []
    for clause, test in tests.values():
        alone = Ranges.of(dictionary)
        found = alone.test(test)
        found = False if found is None and alone.narrow(test) else found
        if found is None:
            open_ones.append((clause, test))
            continue
        said = "No firm can meet this." if not found else "Every firm meets this whose facts are known."
        yield _problem(clause, said, "Look at the limit, and at the bounds in the dictionary.")
    yield from _together(open_ones, dictionary)


def _together(clauses: list[tuple[Clause, ir.Test]], dictionary: Dictionary) -> Iterator[Problem]:
    """Conditions of which each can be met, and which together cannot."""
    ranges = Ranges.of(dictionary)
    before: list[Clause] = []
    for clause, test in clauses:
        excluded = ranges.test(test) is False or bool(ranges.narrow(test))
        if excluded:
            keys = ", ".join(other.key for other in before)
            yield _problem(clause, f"No firm can meet this beside {keys}.", "One of them excludes the other.")
            return
        before.append(clause)


def _meet(first: Span, second: Span) -> bool:
    begin = max((day for day in (first.begin, second.begin) if day is not None), default=None)
    end = min((day for day in (first.end, second.end) if day is not None), default=None)
    return begin is None or end is None or begin < end


def _problem(clause: Clause, said: str, mend: str) -> Problem:
    source = clause.source
    return Problem(source.file, source.line, source.column, " ".join(source.text.split()), said, mend)
