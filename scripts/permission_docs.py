"""Writes docs/permissions.md from the table that decides: `python scripts/permission_docs.py [--check]`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

PAGE = ROOT / "docs" / "permissions.md"
NOTE = "A mark says that the role is named in the condition, not that it is enough."
HEAD = """\
# Who may do what

<!-- Written by scripts/permission_docs.py from the permissions of all apps. Change those, then run it. -->

Services and pages ask this table; the page *Who may do what* under Settings shows the same one. A permission
is a condition on the person and the object: `,` joins conditions that must all hold, `; or` gives another
way. A permission says what somebody may do to what they can see; what they can see at all is decided when it
is fetched (see [security](security.md#who-sees-what)). The system's own actor (schedules, commands, never a
request) may do everything.
"""


def start() -> None:
    """Start Django, without touching a database, so that the table is filled."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhitong.config.settings")
    from zhitong.config import cli  # noqa: PLC0415 - the path comes first

    cli.boot()


def page() -> str:
    """Return the whole page as it should be."""
    from zhitong.core import permissions  # noqa: PLC0415 - needs a started Django
    from zhitong.core.actor import Role  # noqa: PLC0415 - after Django is set up

    table = permissions.table()
    lines = [HEAD, "| permission | who |", "|---|---|"]
    lines += [f"| `{name}` | {row.text.replace('_', ' ')} |" for name, row in table.items()]
    lines += ["", "## By role", "", NOTE, "", f"| permission | {' | '.join(f'`{role}`' for role in Role)} |"]
    lines.append(f"|---|{':-:|' * len(Role)}")
    for name, row in table.items():
        marks = ["x" if role in row.roles else "" for role in Role]
        lines.append(f"| `{name}` | {' | '.join(marks)} |")
    return "\n".join(lines) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Write the page, or with `--check` say whether it is what the table says (exit 1 if not)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args(arguments).check
    start()
    wanted = page()
    if not check:
        PAGE.write_text(wanted, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == wanted:
        return 0
    print(
        "docs/permissions.md is not what the table says: run `python scripts/permission_docs.py`.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
