"""A policy language that officials can read: FEEL and decision tables of the DMN standard.

So far: the language itself with its interpreter, DMN models from their XML, and books of policies whose
conditions have units and three values, for one firm or for a table of them.

    >>> from zhitong.kernel.rules import evaluate
    >>> evaluate('if staff > 20 then "large" else "small"', {"staff": 25}).value
    'large'
"""

from __future__ import annotations

from zhitong.kernel.rules.book.book import PolicyBook
from zhitong.kernel.rules.dmn.evaluate import Engine
from zhitong.kernel.rules.dmn.reading import read
from zhitong.kernel.rules.feel.evaluate import Answer, evaluate
from zhitong.kernel.rules.problems import Problem, RulesError

__all__ = ["Answer", "Engine", "PolicyBook", "Problem", "RulesError", "evaluate", "read"]
