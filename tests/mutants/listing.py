"""The list of all faults for readers: `python -m tests.mutants.listing` writes README.md."""

from __future__ import annotations

import os
from pathlib import Path

from tests.mutants import catalogue
from tests.mutants.cut import Mutant

README = Path(__file__).with_name("README.md")
HEAD = """# Mutants

Each of these changes to the program must be noticed by the tests named for it. `tests/test_mutants.py` plants them one
at a time, each in a process of its own: those marked * in every run, all of them in `make check-long`. A change that
changes nothing (`{harmless}`) has to survive.

There are {hand} by hand (`faults.toml`) and {made} made from every permission check, `@signed_in` and line for the
log in the program. This page is written by `python -m tests.mutants.listing`.
"""


def text() -> str:
    """The whole page."""
    everything = catalogue.every().values()
    by_hand = {mutant.name for mutant in catalogue.BY_HAND}
    made = [mutant for mutant in everything if mutant.name not in by_hand]
    head = HEAD.format(harmless=catalogue.HARMLESS.name, hand=len(by_hand), made=len(made))
    return "\n".join(
        [head, "## By hand", "", *_table(catalogue.BY_HAND), "", "## Made", "", *_table(made), ""]
    )


def _table(mutants: list[Mutant]) -> list[str]:
    rows = ["| fault | in | what stands there | instead |", "|---|---|---|---|"]
    for mutant in sorted(mutants, key=lambda mutant: mutant.name):
        mark = "*" if mutant.name in catalogue.CHOSEN else ""
        rows.append(
            f"| `{mutant.name}`{mark} | `{mutant.where}` | {_code(mutant.old)} | {_code(mutant.new)} |"
        )
    return rows


def _code(source: str) -> str:
    return f"`{source}`".replace("|", "\\|") if source else "left out"


def main() -> None:
    """Write the page."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhitong.config.settings")
    os.environ.setdefault("ZHITONG_DEMO", "1")
    django.setup()
    README.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
