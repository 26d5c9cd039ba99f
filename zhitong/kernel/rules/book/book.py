"""A book of policies: loaded whole or not at all, its examples among it, then asked as of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from zhitong.kernel.rules.book.awards import payment
from zhitong.kernel.rules.book.loading import Loader
from zhitong.kernel.rules.book.plans import BookPlan, Compiled
from zhitong.kernel.rules.book.policy import State
from zhitong.kernel.rules.facts.loading import load
from zhitong.kernel.rules.policy.check import Condition, condition
from zhitong.kernel.rules.policy.rows import Row, facts_of
from zhitong.kernel.rules.problems import Problem, RulesError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from zhitong.kernel.rules.book.policy import Clause, Example, Policy
    from zhitong.kernel.rules.facts.dictionary import Dictionary

UNDATED = date(2000, 1, 1)  # as of which the examples of a policy without any day are worked out
STATES = {True: State.YES, False: State.NO, None: State.UNKNOWN}


@dataclass(frozen=True, slots=True)
class PolicyBook:
    """Policies and the dictionary of the facts that they read."""

    dictionary: Dictionary
    policies: tuple[Policy, ...]

    @classmethod
    def load(cls, folder: str | Path, *, dictionary: str | Path) -> PolicyBook:
        """Return the book of a folder of YAML files, or of one; RulesError with all problems of all files.

        Every condition is checked, and every example worked out as of the first day of its policy.
        """
        facts = load(dictionary)
        loader = Loader(facts)
        policies = tuple(loader.folder(Path(folder)))
        problems = [*loader.problems, *_twice(policies), *_orphans(policies), *_limits(policies)]
        for policy in policies:
            problems += _checked(policy, facts)
        for clause in loader.refused:
            problems += _faults(clause, facts)
        if problems:
            raise RulesError(problems)
        return cls(facts, policies)

    def compile(
        self,
        day: date,
        *,
        region: str | None = "",
        open_only: bool = False,
        made: dict[str, Compiled] | None = None,
    ) -> BookPlan:
        """Return the plan of the policies that mean firms of a region on a day; of all regions for None.

        With `open_only`, only those that can be asked for on the day. `made` keeps policies that are made
        ready, by version, for further plans of the same day.
        """
        ready = made if made is not None else {}
        chosen = [
            policy
            for policy in self.policies
            if policy.effective.holds(day)
            and (region is None or policy.reaches(region))
            and (not open_only or policy.window.holds(day))
        ]
        for policy in chosen:
            if policy.digest not in ready:
                ready[policy.digest] = _compiled(policy, self.dictionary, day)
        return BookPlan(self.dictionary, day, tuple(ready[policy.digest] for policy in chosen))

    def version(self, digest: str) -> Policy:
        """Return the version of a digest, which may be shortened; KeyError where none or several fit."""
        found = [policy for policy in self.policies if policy.digest.startswith(digest)]
        if len(found) != 1:
            raise KeyError(digest)
        return found[0]


def _compiled(policy: Policy, dictionary: Dictionary, day: date) -> Compiled:
    conditions = tuple(_condition(clause, dictionary, day) for clause in policy.clauses)
    amount = policy.award.amount if policy.award is not None else None
    pays = payment(amount, dictionary, day) if amount is not None else None
    facts = tuple(facts_of(one.tree, dictionary) for one in conditions)
    return Compiled(policy, conditions, pays, facts)


def _condition(clause: Clause, dictionary: Dictionary, day: date) -> Condition:
    return condition(clause.source, dictionary, day)


def _twice(policies: Iterable[Policy]) -> list[Problem]:
    """Two versions of one policy may not hold on the same day."""
    found: dict[str, list[Policy]] = {}
    problems = []
    for policy in policies:
        for other in found.setdefault(policy.key, []):
            begins = [span.effective.begin for span in (policy, other) if span.effective.begin is not None]
            day = max(begins, default=None)
            both = day is None or (policy.effective.holds(day) and other.effective.holds(day))
            if both:
                source = policy.clauses[0].source
                problems.append(
                    Problem(
                        source.file,
                        source.line,
                        source.column,
                        policy.key,
                        "Two versions of this policy hold at the same time.",
                        "End the older one with 'to'.",
                    )
                )
        found[policy.key].append(policy)
    return problems


def _orphans(policies: Iterable[Policy]) -> list[Problem]:
    """A share is one of a policy of the book, and at the end of one that pays an amount."""
    shares = {row.key: row.award.share_of for row in policies if row.award is not None}
    problems = []
    for policy in policies:
        here, steps = policy.key, 0
        while shares.get(here) and steps <= len(shares):
            here, steps = shares[here], steps + 1
        if here not in shares or steps > len(shares):
            source = policy.clauses[0].source
            message = "This is a share of nothing that pays an amount."
            known = Problem(
                source.file, source.line, source.column, policy.key, message, "Name a policy that pays."
            )
            problems += [known] if policy.award is not None else []
    return problems


def _limits(policies: Iterable[Policy]) -> list[Problem]:
    """A cap group has one limit."""
    known: dict[str, int | None] = {}
    problems = []
    for policy in policies:
        award = policy.award
        if award is not None and award.cap and known.setdefault(award.cap, award.limit) != award.limit:
            source = policy.clauses[0].source
            message = f"The cap {award.cap} has another limit elsewhere."
            problems.append(
                Problem(source.file, source.line, source.column, policy.key, message, "Make them one.")
            )
    return problems


def _faults(clause: Clause, facts: Dictionary) -> tuple[Problem, ...]:
    try:
        condition(clause.source, facts, UNDATED)
    except RulesError as error:
        return error.problems
    return ()


def _checked(policy: Policy, facts: Dictionary) -> list[Problem]:
    """The problems of conditions, or else those of examples that do not come out."""
    day = policy.effective.begin or policy.window.begin or UNDATED
    problems: list[Problem] = []
    trees = []
    for clause in policy.clauses:
        try:
            trees.append(condition(clause.source, facts, day).tree)
        except RulesError as error:
            problems += error.problems
    if policy.award is not None and policy.award.amount is not None:
        try:
            payment(policy.award.amount, facts, day)
        except RulesError as error:
            problems += error.problems
    if problems:
        return problems
    for example in policy.examples:
        row = Row(facts, example.facts, day)
        problems += _example(policy, example, [row.holds(tree) for tree in trees])
    return problems


def _example(policy: Policy, example: Example, found: list[bool | None]) -> list[Problem]:
    whole = False if False in found else None if None in found else True
    if STATES[whole] is example.state:
        return []
    deciding = [
        f"{clause.key} is {STATES[one]}"
        for clause, one in zip(policy.clauses, found, strict=True)
        if one is not True
    ]
    said = "; ".join(deciding) or "all conditions hold"
    file = example.file or policy.clauses[0].source.file
    message = f"This example of {policy.key} comes out as {STATES[whole]}, not {example.state}: {said}."
    return [Problem(file, example.line, 1, policy.key, message, "Mend the condition or the example.")]
