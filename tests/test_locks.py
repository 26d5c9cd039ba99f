from __future__ import annotations

import ast
import re
import sys
from importlib import metadata
from itertools import pairwise
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support import source

RUNTIME, DEVELOPMENT = "requirements.lock", "requirements-dev.lock"
ADDRESS = re.compile(r"[a-z]+://|--(?:extra-)?index-url|--find-links| @ ", re.IGNORECASE)
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)(.*)$")
HASH = re.compile(r"^ {4}--hash=sha256:[0-9a-f]{64}(?: \\)?$")


def read(name: str) -> str:
    return (source.ROOT / name).read_text(encoding="utf-8")


def pins(text: str) -> dict[str, str]:
    """Return the pinned versions of a lock."""
    matches = [PIN.match(line) for line in text.splitlines()]
    return {canonicalize_name(match[1]): match[2] for match in matches if match}


def extras() -> list[str]:
    """List what only some parts of the program need; tests have all of it."""
    return [text for texts in source.project()["project"]["optional-dependencies"].values() for text in texts]


def needing_extras(root: Path) -> list[str]:
    """List the modules that import what an extra brings."""
    return sorted(
        path.relative_to(root).as_posix()
        for path in (root / "zhitong").rglob("*.py")
        if imported(path.read_text(encoding="utf-8")) & {"sklearn", "scipy"}
    )


def lock_faults(text: str) -> list[str]:
    """Find addresses, lines that are neither pin nor hash nor remark, and pins without a hash."""
    faults = [f"an address: {line}" for line in text.splitlines() if ADDRESS.search(line)]
    hashes = 0
    previous = ""
    for line in [*text.splitlines(), "end==0"]:
        if PIN.match(line):
            if previous and not hashes:
                faults.append(f"no hash: {previous}")
            previous, hashes = line, 0
        elif HASH.match(line):
            hashes += 1
        elif line.strip() and not line.lstrip().startswith("#"):
            faults.append(f"not a pin: {line}")
    return faults


@pytest.mark.parametrize("name", [RUNTIME, DEVELOPMENT])
def test_locks_pin_everything_by_hash_and_name_no_address(name: str) -> None:
    assert len(pins(read(name))) > 10
    assert not lock_faults(read(name))


@pytest.mark.parametrize(
    "text",
    [
        "--index-url https://pypi.example/simple\n",
        "a==1 \\\n    --hash=sha256:" + "0" * 64 + "\nb==2\n",
        "a @ https://files.example/a.whl\n",
        "a>=1\n",
    ],
)
def test_a_planted_lock_fault_is_found(text: str) -> None:
    assert lock_faults(text)


def test_both_locks_agree() -> None:
    runtime, development = pins(read(RUNTIME)), pins(read(DEVELOPMENT))
    assert {name: development.get(name) for name in runtime} == runtime, "run `make lock`"


def test_the_locks_answer_pyproject() -> None:
    project = source.project()
    groups = project["dependency-groups"]
    for lock, wanted in {
        RUNTIME: project["project"]["dependencies"] + groups["build"],
        DEVELOPMENT: project["project"]["dependencies"] + groups["build"] + groups["dev"] + extras(),
    }.items():
        locked = pins(read(lock))
        for text in wanted:
            requirement = Requirement(text)
            version = locked.get(canonicalize_name(requirement.name))
            assert version is not None, f"{text} is not in {lock}: run `make lock`"
            assert requirement.specifier.contains(version), (
                f"{lock} has {version} for {text}: run `make lock`"
            )


def uncommented(text: str) -> list[str]:
    """List requirement lines of pyproject.toml without a remark above them."""
    lines = text.splitlines()
    return [
        line.strip()
        for before, line in pairwise(lines)
        if re.match(r'^ {4}"[a-zA-Z0-9][a-zA-Z0-9._-]*(\[.*\])?[><=~!]', line)
        and not before.startswith("    # ")
    ]


def test_each_dependency_says_why_it_is_here() -> None:
    assert not uncommented(read("pyproject.toml"))


def test_a_dependency_without_a_reason_is_found() -> None:
    assert uncommented('dependencies = [\n    # why\n    "a>=1",\n    "b>=2",\n]') == ['"b>=2",']


def imported(text: str) -> set[str]:
    """List the top-level packages that a source text imports."""
    found: set[str] = set()
    for node in ast.walk(source.parsed(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def undeclared(packages: set[str], requirements: list[str]) -> list[str]:
    """List foreign packages that no requirement names; one that others bring along may go with them."""
    declared = {canonicalize_name(Requirement(text).name) for text in requirements}
    sources = metadata.packages_distributions()
    foreign = packages - sys.stdlib_module_names - {"zhitong", "tests", "scripts", "benchmarks", "__future__"}
    return sorted(
        package
        for package in foreign
        if not declared & {canonicalize_name(name) for name in sources.get(package, [package])}
    )


def test_what_the_program_uses_is_declared() -> None:
    from django.conf import settings

    used = {name for module in source.modules() for name in imported(module.text)}
    used |= {name.split(".")[0] for name in [*settings.INSTALLED_APPS, *settings.MIDDLEWARE]}
    missing = undeclared(used, source.project()["project"]["dependencies"] + extras())
    assert not missing, f"pyproject.toml does not name what brings {', '.join(missing)}"


def test_what_the_tests_use_is_declared() -> None:
    project = source.project()
    files = [*(source.ROOT / "tests").rglob("*.py"), *(source.ROOT / "scripts").rglob("*.py")]
    used = {name for path in files for name in imported(path.read_text(encoding="utf-8"))}
    own = {path.stem for path in files}
    missing = undeclared(
        used - own, project["project"]["dependencies"] + extras() + project["dependency-groups"]["dev"]
    )
    assert not missing, f"pyproject.toml does not name what brings {', '.join(missing)}"


def test_only_learning_needs_the_extra() -> None:
    assert needing_extras(source.ROOT) == ["zhitong/kernel/text/training.py"]


def test_another_use_of_the_extra_is_found(tmp_path: Path) -> None:
    file = tmp_path / "zhitong/cases/advice.py"
    file.parent.mkdir(parents=True)
    file.write_text("def f():\n    from sklearn.svm import LinearSVC\n")
    assert needing_extras(tmp_path) == ["zhitong/cases/advice.py"]


def test_an_undeclared_package_is_found() -> None:
    assert undeclared(imported("import os, django\nfrom idna import core"), ["django>=5"]) == ["idna"]


def test_no_other_lock_is_kept() -> None:
    assert not [
        name for name in ("uv.lock", "poetry.lock", "Pipfile.lock") if Path(source.ROOT, name).exists()
    ]


def test_licences_allow_handing_the_program_on() -> None:
    """LGPL and MPL are fine for unmodified libraries; GPL and AGPL are not."""
    found = []
    for name in pins(read(RUNTIME)):
        try:
            about = metadata.metadata(name)
        except metadata.PackageNotFoundError:  # for another platform
            continue
        stated = [about.get("License-Expression") or "", *(about.get_all("Classifier") or [])]
        licence = " ".join(text for text in stated if "License" in text or text in stated[:1])
        if (
            re.search(r"(?<!L)(?<!Lesser )(?:AGPL|GPL|General Public License)", licence)
            and "Lesser" not in licence
        ):
            found.append(f"{name}: {licence}")
    assert not found, "\n".join(found)
