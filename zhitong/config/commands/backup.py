"""`zhitong backup`: copy database and files while the system runs."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.db import connection

from zhitong.core import clock

DUMP = "database.dump"
COPY = "database.sqlite3"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "folder", type=Path, nargs="?", help="where to put the backup (default: home/backups)"
    )


def run(options: argparse.Namespace) -> int:
    """Write a new folder with the database, the files and a manifest of their hashes."""
    moment = clock.now()
    target = (options.folder or settings.HOME / "backups") / f"{moment:%Y%m%dT%H%M%SZ}"
    target.mkdir(parents=True)
    # The database first: files that a row names are never younger than the row.
    _copy_database(target)
    if settings.MEDIA_ROOT.exists():
        ignore = shutil.ignore_patterns("quarantine-*", ".incoming-*")
        shutil.copytree(settings.MEDIA_ROOT, target / "uploads", ignore=ignore)
    manifest = {"made_at": moment.isoformat(), "vendor": connection.vendor, "files": hashes(target)}
    (target / "manifest.json").write_text(json.dumps(manifest, indent=2), encoding="utf-8")
    sys.stdout.write(f"{target}\n")
    return 0


def _copy_database(target: Path) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # A consistent copy beside running writers, who hardly wait for it.
            cursor.execute("VACUUM INTO %s", [str(target / COPY)])
        return
    command = ["pg_dump", "--format=custom", "--no-owner", "--file", str(target / DUMP), *postgres_target()]
    subprocess.run(command, check=True, env=postgres_environment())


def postgres_target() -> list[str]:
    """Return the connection options of PostgreSQL's own programs."""
    database = connection.settings_dict
    options = {"--host": database["HOST"], "--port": database["PORT"], "--username": database["USER"]}
    given = [f"{name}={value}" for name, value in options.items() if value]
    return [*given, f"--dbname={database['NAME']}"]


def postgres_environment() -> dict[str, str]:
    """Return the environment for PostgreSQL's programs; the password never stands on a command line."""
    password = connection.settings_dict["PASSWORD"]
    return {**os.environ, **({"PGPASSWORD": password} if password else {})}


def hashes(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder, by relative name, the manifest left out."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }
