from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.support import source

FENCE = re.compile(r"^(`{3,}|~{3,}).*?^\1", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$", re.MULTILINE)
OUTSIDE = re.compile(r"^(?:https?|mailto|tel):")


def documents() -> list[Path]:
    return sorted([*source.ROOT.glob("*.md"), *(source.ROOT / "docs").rglob("*.md")])


@cache
def written() -> str:
    """All of docs/ in one text."""
    return "\n".join(
        path.read_text(encoding="utf-8") for path in sorted((source.ROOT / "docs").rglob("*.md"))
    )


def unnamed(names: Iterable[str], text: str) -> list[str]:
    """List names that do not stand in the text as code, alone or within a command."""
    blocks = [match.group(0) for match in FENCE.finditer(text)]
    spans = re.findall(r"`+([^`\n]+)`+", FENCE.sub("", text))
    code = "\n".join(spans + blocks)
    return sorted(
        name for name in names if not re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-]|\.\w)", code)
    )


# ---------------------------------------------------------------- everything is named


def test_every_command_is_documented() -> None:
    from zhitong.config.cli import COMMANDS

    assert COMMANDS
    missing = unnamed((f"zhitong {name}" for name in COMMANDS), written())
    assert not missing, f"docs/ does not name the commands {missing}"


def test_every_make_target_is_documented() -> None:
    targets = re.findall(
        r"^([a-z-]+):.*## ", (source.ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert "demo" in targets
    everything = "\n".join(path.read_text(encoding="utf-8") for path in documents())
    missing = unnamed((f"make {name}" for name in targets), everything)
    assert not missing, f"no document names {missing}"


def test_every_setting_is_documented() -> None:
    from zhitong.config.env import SETTINGS

    assert SETTINGS
    missing = unnamed((setting.name for setting in SETTINGS), written())
    assert not missing, f"docs/ does not name the settings {missing}"


def test_every_permission_is_documented() -> None:
    from zhitong.core import permissions

    assert permissions.table(), "no permission is registered"
    missing = unnamed(permissions.table(), written())
    assert not missing, f"docs/ does not name the permissions {missing}"


def flows() -> Iterator[tuple[str, dict]]:
    for path in sorted((source.ROOT / "data/flows").glob("*.toml")):
        yield path.name, tomllib.loads(path.read_text(encoding="utf-8"))


def test_every_state_and_action_of_a_flow_is_documented() -> None:
    tables = dict(flows())
    assert tables
    for name, table in tables.items():
        states = unnamed((state["name"] for state in table["state"]), written())
        actions = unnamed((action["name"] for action in table.get("action", [])), written())
        assert not states, f"docs/ does not name the states {states} of {name}"
        assert not actions, f"docs/ does not name the actions {actions} of {name}"


def test_a_missing_name_is_found() -> None:
    text = "Run `zhitong backup-all`, closed as it is.\n```\nzhitong serve --port\n```\n"
    assert unnamed(["zhitong backup", "closed", "zhitong serve"], text) == ["closed", "zhitong backup"]
    assert unnamed(["cases.accept"], "see `cases.accept.all` and `cases.accepted`") == ["cases.accept"]
    assert not unnamed(["cases.accept", "ZHITONG_HOME"], "`cases.accept`; `ZHITONG_HOME=/srv zhitong serve`")


# ---------------------------------------------------------------- links


def slug(heading: str) -> str:
    """Return the anchor that code hosts make of a heading."""
    plain = re.sub(r"[`*_]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def headings(text: str) -> list[tuple[int, str]]:
    return [(len(marks), title) for marks, title in HEADING.findall(FENCE.sub("", text))]


def anchors(text: str) -> set[str]:
    found: set[str] = set(re.findall(r"<a (?:id|name)=\"([^\"]+)\"", text))
    counts: dict[str, int] = {}
    for _, title in headings(text):
        name = slug(title)
        found.add(f"{name}-{counts[name]}" if name in counts else name)
        counts[name] = counts.get(name, 0) + 1
    return found


def link_faults(path: Path, text: str) -> Iterator[str]:
    """Find links to files and headings that are not there."""
    prose = re.sub(r"`[^`\n]*`", "", FENCE.sub("", text))
    for target in LINK.findall(prose):
        if OUTSIDE.match(target):
            continue
        name, _, anchor = target.partition("#")
        there = (path.parent / name).resolve() if name else path
        if not there.exists():
            yield f"{path.relative_to(source.ROOT)} links to {target}, which is not there"
        elif not there.is_relative_to(source.ROOT):
            yield f"{path.relative_to(source.ROOT)} links out of the project: {target}"
        elif anchor and there.suffix == ".md":
            known = anchors(text if there == path else there.read_text(encoding="utf-8"))
            if anchor not in known:
                yield f"{path.relative_to(source.ROOT)} links to {target}, a heading that is not there"


def test_links_lead_somewhere() -> None:
    assert len(documents()) > 2
    found = [fault for path in documents() for fault in link_faults(path, path.read_text(encoding="utf-8"))]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("text", ["[a](docs/nowhere.md)", "[a](#no-such-heading)", "![a](../outside.png)"])
def test_a_dead_link_is_found(text: str) -> None:
    assert list(link_faults(source.ROOT / "README.md", text))


def test_a_good_link_is_not() -> None:
    text = "# Try it: `make demo`\n[a](#try-it-make-demo) [b](https://example.org/) [c](LICENSE)\n```\n[d](nowhere)\n```"
    assert not list(link_faults(source.ROOT / "README.md", text))


# ---------------------------------------------------------------- the two front pages


def test_both_readmes_have_the_same_headings() -> None:
    english, chinese = (
        [level for level, _ in headings((source.ROOT / name).read_text(encoding="utf-8"))]
        for name in ("README.md", "README.zh-CN.md")
    )
    assert english == chinese
    assert len(english) > 2
