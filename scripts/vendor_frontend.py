"""Rebuilds the vendored front-end files from the npm registry, or compares them with it.

`python scripts/vendor_frontend.py` writes them and their manifest into this tree, or into a folder given as
argument; `--check` writes nothing and names the files that are not, byte for byte, as they were published.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
MANIFEST = "static/vendor/MANIFEST.json"
SPRITE = "static/vendor/tabler/sprite.svg"
# The drawings of the sprite; a test finds those that templates use and that are missing here.
NAMES = """
alert-circle alert-triangle arrow-back-up bell building-community building-factory-2 bulb calendar
calendar-event camera check chevron-down chevron-left chevron-right circle-check clock command download
external-link eye eye-check eye-off file-text file-type-docx filter gift git-merge help-circle history home
hourglass inbox info-circle key keyboard language list-check lock login logout map-pin message-dots microphone
paperclip pencil phone photo player-play plus printer refresh rosette-discount-check search send settings
shield-check sitemap stack-2 star star-filled trash upload user user-heart users users-group x
"""
ICONS = sorted(NAMES.split())
OUTLINE = 'fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round"'
FILLED = 'fill="currentColor" stroke="none"'
# An invisible square that each drawing begins with.
CANVAS = '<path stroke="none" d="M0 0h24v24H0z" fill="none"/>'


class Package(NamedTuple):
    """A published package at one version, its licence, and which of its files go where in this tree."""

    name: str
    version: str
    licence: str
    files: dict[str, str]


PACKAGES = (
    Package(
        "htmx.org",
        "2.0.11",
        "0BSD",
        {"dist/htmx.min.js": "static/vendor/htmx/htmx.min.js", "LICENSE": "static/vendor/htmx/LICENSE"},
    ),
    # an empty source: the file is made from the package, not copied
    Package("@tabler/icons", "3.51.0", "MIT", {"": SPRITE, "LICENSE": "static/vendor/tabler/LICENSE"}),
    # for the tests only, unmodified
    Package(
        "axe-core",
        "4.14.1",
        "MPL-2.0",
        {"axe.min.js": "tests/browser/vendor/axe.min.js", "LICENSE": "tests/browser/vendor/LICENSE"},
    ),
)


def main() -> int:
    """Build all files in memory; write them, or tell which differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT, help="this tree if left out")
    parser.add_argument("--check", action="store_true", help="compare only, write nothing")
    options = parser.parse_args()
    built = build()
    if options.check:
        different = sorted(differences(built, options.folder))
        sys.stdout.write("".join(f"{line}\n" for line in different) or "Vendored files are as published.\n")
        return 1 if different else 0
    for name, content in built.items():
        target = options.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    sys.stdout.write(f"{len(built)} files written.\n")
    return 0


def build() -> dict[str, bytes]:
    """Return every vendored file by its name in this tree, the manifest last."""
    files: dict[str, bytes] = {}
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for package in PACKAGES:
            unpacked = _unpack(package, Path(folder))
            for source, name in package.files.items():
                files[name] = (unpacked / source).read_bytes() if source else _sprite(unpacked / "icons")
                rows.append(_row(package, name, files[name]))
    files[MANIFEST] = (json.dumps(rows, indent=2) + "\n").encode()
    return files


def differences(built: dict[str, bytes], folder: Path) -> Iterator[str]:
    """Name files that are missing, different, or in a vendored folder without being built."""
    for name, content in built.items():
        path = folder / name
        if not path.is_file():
            yield f"missing: {name}"
        elif path.read_bytes() != content:
            yield f"differs: {name}"
    for vendored in ("static/vendor", "tests/browser/vendor"):
        for path in (folder / vendored).rglob("*"):
            if path.is_file() and path.relative_to(folder).as_posix() not in built:
                yield f"unknown: {path.relative_to(folder).as_posix()}"


def _row(package: Package, name: str, content: bytes) -> dict[str, str]:
    return {
        "file": name,
        "package": package.name,
        "version": package.version,
        "licence": package.licence,
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _unpack(package: Package, folder: Path) -> Path:
    """Fetch a package through npm, which checks what it receives, and return its unpacked folder."""
    wanted = f"{package.name}@{package.version}"
    command = ["npm", "pack", "--silent", "--pack-destination", str(folder), wanted]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    archive = folder / answer.stdout.strip().splitlines()[-1]
    with tarfile.open(archive) as tar:
        tar.extractall(archive.with_suffix(""), filter="data")
    return archive.with_suffix("") / "package"


def _sprite(icons: Path) -> bytes:
    """Join the icons we use into one file of symbols; size, colour and stroke width come from the page."""
    symbols = [_symbol(name, icons) for name in ICONS]
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{"".join(symbols)}</svg>\n'.encode()


def _symbol(name: str, icons: Path) -> str:
    stem = name.removesuffix("-filled")
    folder, style = ("outline", OUTLINE) if stem == name else ("filled", FILLED)
    text = " ".join((icons / folder / f"{stem}.svg").read_text(encoding="utf-8").split())
    drawing = re.sub(r" ?(/?>) ?", r"\1", re.search(r"<svg[^>]*>(.*)</svg>", text)[1])
    drawing = drawing.replace(CANVAS, "")
    return f'<symbol id="{name}" viewBox="0 0 24 24" {style}>{drawing.strip()}</symbol>\n'


if __name__ == "__main__":
    sys.exit(main())
