"""Rebuilds the vendored front-end files from the npm registry, or compares them with it.

`python scripts/vendor_frontend.py` writes them and their manifest; `--check` only compares.
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
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MANIFEST = ROOT / "static" / "vendor" / "MANIFEST.json"
TABLER, AXE = ("@tabler/icons", "3.51.0"), ("axe-core", "4.14.1")
ICONS = [
    "alert-circle",
    "alert-triangle",
    "arrow-back-up",
    "bell",
    "building-community",
    "building-factory-2",
    "bulb",
    "calendar",
    "calendar-event",
    "camera",
    "check",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "circle-check",
    "clock",
    "download",
    "external-link",
    "eye",
    "eye-off",
    "file-text",
    "filter",
    "help-circle",
    "history",
    "home",
    "hourglass",
    "inbox",
    "info-circle",
    "key",
    "language",
    "list-check",
    "lock",
    "login",
    "logout",
    "map-pin",
    "message-dots",
    "microphone",
    "paperclip",
    "pencil",
    "phone",
    "photo",
    "player-play",
    "plus",
    "printer",
    "refresh",
    "rosette-discount-check",
    "search",
    "send",
    "settings",
    "shield-check",
    "sitemap",
    "stack-2",
    "star",
    "star-filled",
    "trash",
    "upload",
    "user",
    "users",
    "users-group",
    "x",
]


def main() -> int:
    """Build all files in memory; write them, or tell which differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="compare with the files of this tree, write nothing"
    )
    options = parser.parse_args()
    built = build()
    if options.check:
        different = [name for name, content in built.items() if (ROOT / name).read_bytes() != content]
        sys.stdout.write(
            "".join(f"differs: {name}\n" for name in different) or "Vendored files are as published.\n"
        )
        return 1 if different else 0
    for name, content in built.items():
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_bytes(content)
    sys.stdout.write(f"{len(built)} files written.\n")
    return 0


def build() -> dict[str, bytes]:
    """Return every vendored file by its name in this tree, the manifest last."""
    with tempfile.TemporaryDirectory() as folder:
        icons, axe = (_unpacked(package, Path(folder)) for package in (TABLER, AXE))
        files = {
            "static/vendor/tabler/sprite.svg": _sprite(icons),
            "static/vendor/tabler/LICENSE": (icons / "LICENSE").read_bytes(),
            "tests/browser/vendor/axe.min.js": (axe / "axe.min.js").read_bytes(),
            "tests/browser/vendor/LICENSE": (axe / "LICENSE").read_bytes(),
        }
    manifest = [
        {
            "file": name,
            "package": package,
            "version": version,
            "licence": licence,
            "sha256": _sha256(files[name]),
        }
        for name, (package, version), licence in (
            ("static/vendor/tabler/sprite.svg", TABLER, "MIT"),
            ("static/vendor/tabler/LICENSE", TABLER, "MIT"),
            ("tests/browser/vendor/axe.min.js", AXE, "MPL-2.0, unmodified, tests only"),
            ("tests/browser/vendor/LICENSE", AXE, "MPL-2.0"),
        )
    ]
    files[str(MANIFEST.relative_to(ROOT))] = (json.dumps(manifest, indent=2) + "\n").encode()
    return files


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _unpacked(package: tuple[str, str], folder: Path) -> Path:
    name, version = package
    command = ["npm", "pack", "--silent", "--pack-destination", str(folder), f"{name}@{version}"]
    archive = (
        subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip().splitlines()[-1]
    )
    target = folder / archive.removesuffix(".tgz")
    with tarfile.open(folder / archive) as tar:
        tar.extractall(target, filter="data")
    return target / "package"


def _sprite(package: Path) -> bytes:
    """Join the icons we use into one file of symbols; strokes and fills come from the page's own style."""
    symbols = []
    for name in sorted(ICONS):
        folder, stem = (
            ("filled", name.removesuffix("-filled")) if name.endswith("-filled") else ("outline", name)
        )
        text = (package / "icons" / folder / f"{stem}.svg").read_text(encoding="utf-8")
        inner = re.search(r"<svg[^>]*>(.*)</svg>", text, re.DOTALL).group(1)
        inner = " ".join(inner.split())
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{inner}</symbol>')
    return ('<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n").encode()


if __name__ == "__main__":
    sys.exit(main())
