"""The restore drill: back up while others write, lose everything, restore, compare."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, connections
from django.test import Client

from tests.support import office as offices
from tests.support import session, source
from zhitong.cases.models import Case
from zhitong.core import audit

TABLES = ["core.AuditEvent", "core.AuditSeal", "cases.Case", "cases.Entry", "cases.Stretch", "orgs.Posting"]


def _row_hashes(last: dict[str, int]) -> dict[str, str]:
    """Hash every row of each table up to a primary key, in order."""
    found = {}
    for label in TABLES:
        digest = hashlib.sha256()
        rows = apps.get_model(label).objects.filter(pk__lte=last[label]).order_by("pk")
        for row in rows.values_list():
            digest.update(repr(row).encode())
        found[label] = digest.hexdigest()
    return found


def _last() -> dict[str, int]:
    return {
        label: apps.get_model(label).objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        for label in TABLES
    }


def _zhitong(home: Path, url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"ZHITONG_HOME": str(home), "ZHITONG_DATABASE_URL": url}
    command = [sys.executable, "-m", "zhitong", *arguments]
    return subprocess.run(command, env=env, cwd=source.ROOT, capture_output=True, text=True, check=False)


def test_a_backup_made_while_writing_restores_to_the_same_rows(
    committed_db, tmp_path: Path, settings
) -> None:
    office = offices.build()
    for state in ("submitted", "handling", "reviewed"):
        office.until(state)
    settings.HOME = tmp_path / "home"
    stop = threading.Event()
    written = []

    def keep_writing() -> None:
        try:
            while not stop.is_set() and len(written) < 200:
                written.append(office.case().pk)
        finally:
            connections.close_all()

    before = _last()
    hashes = _row_hashes(before)
    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        made = _zhitong(tmp_path / "home", committed_db.url, "backup", str(tmp_path / "backups"))
    finally:
        stop.set()
        writer.join()
    assert made.returncode == 0, made.stderr
    backup = Path(made.stdout.strip().splitlines()[-1])
    assert written, "nothing was written beside the backup"

    empty = _empty_database(tmp_path)
    restored = _zhitong(tmp_path / "new-home", empty, "restore", str(backup))
    assert restored.returncode == 0, restored.stderr
    assert "intact" in restored.stdout

    again = _zhitong(tmp_path / "new-home", empty, "restore", str(backup))
    assert again.returncode == 1, "a restore must never overwrite"

    _point_to(empty, settings)
    try:
        assert _row_hashes(before) == hashes
        assert audit.verify().ok
        client = Client()
        client.force_login(office.users["firm_a"], backend="zhitong.orgs.signin.backends.SignInBackend")
        for case in Case.objects.order_by("pk")[:3]:
            assert case.title in client.get(f"/cases/{case.pk}/").content.decode()
    finally:
        _point_to(committed_db.url, settings)


def _empty_database(tmp_path: Path) -> str:
    if not session.on_postgres():
        return f"sqlite:///{tmp_path / 'restored.sqlite3'}"
    import psycopg

    base = os.environ["ZHITONG_DATABASE_URL"].rsplit("/", 1)[0]
    name = f"restored_{os.getpid()}"
    with psycopg.connect(f"{base}/postgres", autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}"')
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    return f"{base}/{name}"


def _point_to(url: str, settings) -> None:
    name = url.removeprefix("sqlite:///") if url.startswith("sqlite") else url.rsplit("/", 1)[1]
    connection.close()
    connection.settings_dict["NAME"] = name


def test_a_damaged_backup_is_refused(committed_db, tmp_path: Path) -> None:
    made = _zhitong(tmp_path / "home", committed_db.url, "backup", str(tmp_path / "backups"))
    assert made.returncode == 0, made.stderr
    backup = Path(made.stdout.strip().splitlines()[-1])
    victim = next(path for path in backup.iterdir() if path.name.startswith("database"))
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.write_bytes(content)
    refused = _zhitong(tmp_path / "new-home", _empty_database(tmp_path), "restore", str(backup))
    assert refused.returncode == 1
    assert "damaged" in refused.stderr
    shutil.rmtree(backup)


@pytest.mark.django_db
def test_the_hashes_see_a_changed_row() -> None:
    offices.build(calendar=False)
    last = _last()
    before = _row_hashes(last)
    apps.get_model("orgs.Posting").objects.filter(pk=last["orgs.Posting"]).update(role="leader")
    assert _row_hashes(last) != before
