"""`zhitong restore`: put a backup into an empty installation."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.db import connection

from zhitong.config.commands import backup, migrate
from zhitong.core import audit


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("folder", type=Path, help="the backup: a folder that `zhitong backup` wrote")


def run(options: argparse.Namespace) -> int:
    """Check the backup, refuse to overwrite anything, restore, and verify the audit log."""
    manifest = json.loads((options.folder / "manifest.json").read_text(encoding="utf-8"))
    problem = _problem(options.folder, manifest)
    if problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    _restore_database(options.folder)
    if (options.folder / "uploads").exists():
        shutil.copytree(options.folder / "uploads", settings.MEDIA_ROOT, dirs_exist_ok=True)
    migrate.run(argparse.Namespace(verbosity=0))
    report = audit.verify()
    if not report.ok:
        sys.stderr.write(f"Restored, but the audit log is wrong at event {report.event}: {report.fault}\n")
        return 1
    sys.stdout.write(
        f"Restored the backup of {manifest['made_at']}; {report.sealed} sealed events are intact.\n"
    )
    return 0


def _problem(folder: Path, manifest: dict[str, object]) -> str:
    if backup.hashes(folder) != manifest["files"]:
        return "The backup is damaged: its files do not have the hashes of its manifest."
    if manifest["vendor"] != connection.vendor:
        return f"The backup comes from {manifest['vendor']}, this installation uses {connection.vendor}."
    if connection.vendor == "sqlite" and Path(str(connection.settings_dict["NAME"])).exists():
        return "There is a database in the home folder already. Move it away first."
    if connection.vendor == "postgresql" and connection.introspection.table_names():
        return "The PostgreSQL database is not empty. Create an empty one first."
    return ""


def _restore_database(folder: Path) -> None:
    if connection.vendor == "sqlite":
        connection.close()
        place = Path(str(connection.settings_dict["NAME"]))
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / backup.COPY, place)
        return
    command = [
        "pg_restore",
        "--no-owner",
        "--exit-on-error",
        "--single-transaction",
        *backup.postgres_target(),
        str(folder / backup.DUMP),
    ]
    subprocess.run(command, check=True, env=backup.postgres_environment())
