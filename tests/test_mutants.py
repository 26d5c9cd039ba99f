"""The walls have been seen falling: each fault of tests/mutants is planted, and tests must notice it.

Each mutant runs in a process of its own in which one function of the program is compiled with one change. A few run
every time, all of them in `make check-long`.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.mutants import catalogue, cut, listing, plugin
from tests.mutants.cut import Mutant
from tests.support import session, source

KILLED, SURVIVED = 1, 0
SECONDS = 300

sqlite_only = pytest.mark.skipif(session.on_postgres(), reason="the database changes nothing about mutants")


def run(mutant: Mutant) -> subprocess.CompletedProcess[str]:
    """Run the tests that must notice a mutant, on the template database of this run."""
    # As a worker of this run: it has the template migrated already, and takes a copy of its own.
    worker = f"mutant-{mutant.name}-{os.getpid()}"
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.mutants.plugin", "-p", "no:cacheprovider", "-x", "-q",
         "-m", "not long", *mutant.killers],
        env=os.environ | {plugin.VARIABLE: plugin.described(mutant), "PYTEST_XDIST_WORKER": worker},
        cwd=source.ROOT, capture_output=True, text=True, check=False, timeout=SECONDS,
    )  # fmt: skip


def check(mutant: Mutant) -> None:
    done = run(mutant)
    says = f"{mutant.where}: `{mutant.old}` -> `{mutant.new or 'left out'}`\n{done.stdout[-1500:]}{done.stderr[-500:]}"
    assert done.returncode != SURVIVED, f"{mutant.name} survived: no test noticed it.\n{says}"
    assert done.returncode == KILLED, f"{mutant.name} was never tried ({done.returncode}).\n{says}"


@sqlite_only
@pytest.mark.parametrize("name", catalogue.CHOSEN)
def test_a_planted_fault_is_noticed(django_db_setup, name: str) -> None:
    check(catalogue.every()[name])


@sqlite_only
@pytest.mark.exhaustive
@pytest.mark.parametrize("name", sorted(catalogue.every().keys() - set(catalogue.CHOSEN)))
def test_every_planted_fault_is_noticed(django_db_setup, name: str) -> None:
    check(catalogue.every()[name])


def test_every_fault_has_its_place() -> None:
    """A mutant that does not fit the program any more would test nothing."""
    for mutant in catalogue.every().values():
        cut.changed(cut.text_of(mutant.module), mutant)


def test_the_list_for_readers_is_the_list() -> None:
    assert listing.README.read_text(encoding="utf-8") == listing.text(), "python -m tests.mutants.listing"


TEXT = "@mark\ndef f(x):\n    check(x)\n    return g(x) if x else None\n"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("g(x)", "x", "@mark\ndef f(x):\n    check(x)\n    return x if x else None"),
        ("check(x)", cut.GONE, "@mark\ndef f(x):\n    pass\n    return g(x) if x else None"),
        ("@mark", cut.GONE, "def f(x):\n    check(x)\n    return g(x) if x else None"),
    ],
)
def test_a_cut(old: str, new: str, expected: str) -> None:
    import ast

    mutant = Mutant("m", "zhitong.m", "f", old, new, ())
    assert ast.unparse(cut.changed(TEXT, mutant)) == expected


@pytest.mark.parametrize(("function", "old"), [("f", "h(x)"), ("f", "x"), ("g", "g(x)"), ("f", "@other")])
def test_a_cut_without_its_one_place_is_refused(function: str, old: str) -> None:
    with pytest.raises(cut.NoPlaceError):
        cut.changed(TEXT, Mutant("m", "zhitong.m", function, old, "0", ()))


@sqlite_only
def test_a_change_that_changes_nothing_survives(django_db_setup) -> None:
    """Otherwise a mutant might be killed by being a mutant."""
    done = run(catalogue.HARMLESS)
    assert done.returncode == SURVIVED, done.stdout[-2000:]
    assert " passed" in done.stdout
