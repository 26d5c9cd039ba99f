from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from scripts import vendor_frontend
from tests.support import source
from tests.test_texts import HAN

STATIC = source.ROOT / "static"
VENDORED = (STATIC / "vendor", source.ROOT / "tests" / "browser" / "vendor")
SVG = "{http://www.w3.org/2000/svg}"
# A name given in a template, as {% icon "home" %} or with icon="bell".
ICON_TAG = re.compile(r"""\{% icon ["']([\w-]+)["'] %\}""")
ICON_PARAMETER = re.compile(r"""\bicon=["']([\w-]+)["']""")
REFERENCE = re.compile(r"""\{% static ["']([^"']+)["'] %\}""")
# What the kernels of some offices and of older WeChat versions do not know.
TOO_NEW = re.compile(
    r":has\(|:is\(|:where\(|@container|@layer|oklch\(|color-mix\(|subgrid|@import|^\s*&|\binset:",
    re.MULTILINE,
)
PORTAL_FILES = ("css/tokens.css", "css/base.css", "css/components.css", "css/portal.css", "css/print.css")
PORTAL_BUDGET = 30_000  # bytes after compression; the page itself and its pictures come on top, 60 kB in all


def own_assets() -> list[Path]:
    return [path for path in sorted(STATIC.rglob("*.css")) + sorted(STATIC.rglob("*.js")) if is_own(path)]


def is_own(path: Path) -> bool:
    return not source.FOREIGN.intersection(path.parts)


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


# ---------------------------------------------------------------- vendored files are what was published


def manifest() -> list[dict[str, str]]:
    return json.loads(text_of(source.ROOT / vendor_frontend.MANIFEST))


def vendored_files() -> set[str]:
    found = {path for folder in VENDORED for path in folder.rglob("*") if path.is_file()}
    return {path.relative_to(source.ROOT).as_posix() for path in found} - {vendor_frontend.MANIFEST}


def checksum_faults(rows: Iterable[dict[str, str]], present: set[str], root: Path) -> Iterator[str]:
    """Find files that changed, that are missing, or that no row of the manifest knows."""
    known = set()
    for row in rows:
        known.add(row["file"])
        if row["file"] not in present:
            yield f"missing: {row['file']}"
        elif hashlib.sha256((root / row["file"]).read_bytes()).hexdigest() != row["sha256"]:
            yield f"changed: {row['file']}"
    yield from (f"not in the manifest: {name}" for name in sorted(present - known))


def test_vendored_files_are_unchanged() -> None:
    assert not list(checksum_faults(manifest(), vendored_files(), source.ROOT))


def test_a_changed_or_unknown_vendored_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("x")
    rows = [{"file": "a.js", "sha256": "0" * 64}, {"file": "b.js", "sha256": "0" * 64}]
    assert list(checksum_faults(rows, {"a.js", "c.js"}, tmp_path)) == [
        "changed: a.js",
        "missing: b.js",
        "not in the manifest: c.js",
    ]


def test_the_manifest_says_what_the_script_builds() -> None:
    wanted = {
        name: (package.name, package.version, package.licence)
        for package in vendor_frontend.PACKAGES
        for name in package.files.values()
    }
    found = {row["file"]: (row["package"], row["version"], row["licence"]) for row in manifest()}
    assert found == wanted, "run scripts/vendor_frontend.py"


def test_each_vendored_package_has_its_licence() -> None:
    for package in vendor_frontend.PACKAGES:
        assert any(name.endswith("/LICENSE") for name in package.files.values()), package.name


@pytest.mark.skipif(not os.environ.get("ZHITONG_CHECK_NPM"), reason="asks npm: set ZHITONG_CHECK_NPM=1")
def test_vendored_files_are_as_published() -> None:
    command = [sys.executable, str(source.ROOT / "scripts" / "vendor_frontend.py"), "--check"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr


# ---------------------------------------------------------------- icons exist


def sprite() -> set[str]:
    root = ET.fromstring(text_of(source.ROOT / vendor_frontend.SPRITE))  # noqa: S314 - our own file
    return {symbol.attrib["id"] for symbol in root.iter(f"{SVG}symbol")}


def icons_in(template: str) -> set[str]:
    return set(ICON_TAG.findall(template)) | set(ICON_PARAMETER.findall(template))


def test_every_icon_is_in_the_sprite() -> None:
    used = {path: icons_in(text_of(path)) for path in source.templates()}
    assert any(used.values())
    known = sprite()
    faults = [
        f"{path.relative_to(source.ROOT)}: {', '.join(sorted(names - known))}"
        for path, names in used.items()
        if names - known
    ]
    assert not faults, "add these to scripts/vendor_frontend.py and run it:\n" + "\n".join(faults)


def test_the_sprite_holds_what_the_script_names() -> None:
    assert sprite() == set(vendor_frontend.ICONS)


def test_icons_are_seen_in_both_ways_of_naming_them() -> None:
    assert icons_in('{% icon "home" %}') == {"home"}
    assert icons_in('{% include "components/empty_state.html" with icon="bell" title=a %}') == {"bell"}
    assert "no-such-icon" not in sprite()


def test_every_static_file_that_a_template_names_exists() -> None:
    named = {name for path in source.templates() for name in REFERENCE.findall(text_of(path))}
    assert named
    assert not [name for name in sorted(named) if not (STATIC / name).is_file()]


# ---------------------------------------------------------------- our own styles and scripts


def test_styles_and_scripts_hold_no_text_for_readers() -> None:
    assert len(own_assets()) > 5
    found = [path.name for path in own_assets() if HAN.search(text_of(path))]
    assert not found, "texts come from templates: " + ", ".join(found)


def test_chinese_in_a_script_is_found() -> None:
    assert HAN.search('alert("请稍候")')


def test_styles_are_understood_by_old_kernels() -> None:
    faults = [
        f"{path.name}: {found[0].strip()}"
        for path in own_assets()
        if path.suffix == ".css" and (found := TOO_NEW.search(text_of(path)))
    ]
    assert not faults, "not known to the kernels of WeChat and of offices: " + ", ".join(faults)


@pytest.mark.parametrize(
    "text", [".a:has(.b) {}", "@container (width > 1px) {}", ".a {\n  & .b {}\n}", "a { inset: 0 }"]
)
def test_a_style_that_is_too_new_is_found(text: str) -> None:
    assert TOO_NEW.search(text)


def variables_faults(styles: str) -> set[str]:
    """Find custom properties that are used and never set."""
    return set(re.findall(r"var\((--[\w-]+)", styles)) - set(
        re.findall(r"^\s*(--[\w-]+):", styles, re.MULTILINE)
    )


def test_every_custom_property_is_set() -> None:
    assert not variables_faults("\n".join(text_of(path) for path in own_assets() if path.suffix == ".css"))
    assert variables_faults(":root {\n  --a: 1px;\n}\n.b { width: var(--b) }") == {"--b"}


def test_the_portal_stays_light() -> None:
    names = (*PORTAL_FILES, "js/zhitong.js", "vendor/tabler/sprite.svg")
    sizes = {name: len(gzip.compress((STATIC / name).read_bytes())) for name in names}
    assert sum(sizes.values()) < PORTAL_BUDGET, sizes
