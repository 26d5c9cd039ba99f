"""The same tasks on two other ticket systems from the package index, each in a throw-away environment.

Nothing of them is imported here or shipped: their programs run in their own interpreter and print figures.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PEERS = {"helpdesk": ("django-helpdesk", "2.6.1"), "roundup": ("roundup", "2.6.0")}
RARE_EVERY = 1_500
TEXTS = tomllib.loads((HERE.parents[1] / "data" / "demo" / "bench.toml").read_text("utf-8"))


def measure(count: int, runs: int) -> dict[str, Any]:
    """Install each, give it `count` tickets with the demo's texts, and return its figures."""
    return {name: _one(name, count, runs) for name in PEERS}


def _one(name: str, count: int, runs: int) -> dict[str, Any]:
    package, version = PEERS[name]
    with tempfile.TemporaryDirectory(prefix=f"zhitong-bench-{name}-") as folder:
        room = Path(folder)
        subprocess.run([sys.executable, "-m", "venv", room / "env"], check=True)
        python = room / "env" / "bin" / "python"
        install = [python, "-m", "pip", "--quiet", "install", f"{package}=={version}"]
        subprocess.run(install, check=True)
        return run(name, python, room, count, runs)


def run(name: str, python: Path, room: Path, count: int, runs: int) -> dict[str, Any]:
    """Run the program of a peer in an environment where it is installed."""
    table = tomllib.loads((HERE.parents[1] / "data" / "demo" / "texts.toml").read_text("utf-8"))
    given = {
        "texts": [row["text"].strip() for row in table["trouble"]],
        "count": count,
        "runs": runs,
        "rare": TEXTS["rare"],
        "rare_every": RARE_EVERY,
        "home": str(room),
        "common": TEXTS["common"],
    }
    words = json.dumps(given)
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("ZHITONG", "DJANGO"))}
    done = subprocess.run(
        [python, HERE / f"{name}.py"],
        input=words.encode(),
        env=clean,
        cwd=room,
        check=True,
        stdout=subprocess.PIPE,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return {"version": f"{PEERS[name][0]} {PEERS[name][1]}", "count": count, **found}
