"""A pytest plugin for the processes of test_mutants.py: the program is imported with one fault in it.

The files stay as they are; only what Python compiles differs. The variable MUTANT holds the fault as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType

from tests.mutants.cut import Mutant, changed

VARIABLE = "MUTANT"


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, mutant: Mutant) -> None:
        super().__init__(name, path)
        self.mutant = mutant

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002 - importlib's signature
        tree = changed(self.get_data(self.path).decode(), self.mutant)
        return compile(tree, self.path, "exec", dont_inherit=True)


class _Finder(MetaPathFinder):
    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(
        self,
        name: str,
        path: Sequence[str] | None,
        target: object = None,  # noqa: ARG002 - importlib's signature
    ) -> ModuleSpec | None:
        if name != self.mutant.module:
            return None
        spec = PathFinder.find_spec(name, path)
        assert spec is not None
        assert spec.origin is not None
        spec.loader = _Loader(name, spec.origin, self.mutant)
        return spec


def described(mutant: Mutant) -> str:
    """What the variable has to hold for a mutant."""
    return json.dumps([mutant.name, mutant.module, mutant.function, mutant.old, mutant.new])


def _install() -> None:
    wanted = os.environ.get(VARIABLE)
    if wanted:
        sys.meta_path.insert(0, _Finder(Mutant(*json.loads(wanted))))


_install()
