"""A policy language that officials can read: FEEL and decision tables of the DMN standard.

So far: the language itself, the interpreter that works out one case at a time, and DMN models from their XML.

    >>> from zhitong.kernel.rules import evaluate
    >>> evaluate('if staff > 20 then "large" else "small"', {"staff": 25}).value
    'large'
"""

from __future__ import annotations

from zhitong.kernel.rules.dmn.evaluate import Engine
from zhitong.kernel.rules.dmn.reading import read
from zhitong.kernel.rules.feel.evaluate import Answer, evaluate
from zhitong.kernel.rules.problems import Problem, RulesError

__all__ = ["Answer", "Engine", "Problem", "RulesError", "evaluate", "read"]
