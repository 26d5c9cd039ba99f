from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading

import pytest

from tests.support import needs, session, source, updates

COUNT = (
    "import django; django.setup()\n"
    "from django.contrib.sessions.models import Session\n"
    "print(Session.objects.count())"
)


def add_session(key: str) -> None:
    from django.contrib.sessions.models import Session
    from django.db import connection
    from django.utils import timezone

    Session.objects.create(session_key=key, session_data="", expire_date=timezone.now())
    connection.close()


def test_no_test_reaches_the_network() -> None:
    with pytest.raises(Exception, match=r"tried to use socket\.socket\.connect"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


@pytest.mark.parametrize("turn", [1, 2])
def test_commits_are_seen_by_threads_and_processes_and_gone_afterwards(committed_db, turn: int) -> None:
    from django.contrib.sessions.models import Session

    assert Session.objects.count() == 0
    threads = [threading.Thread(target=add_session, args=(f"key-{number}",)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Session.objects.count() == 3
    other = subprocess.run(
        [sys.executable, "-c", COUNT],
        cwd=source.ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        check=True,
    )
    assert other.stdout.split() == ["3"]


@pytest.mark.django_db
@pytest.mark.parametrize("turn", [1, 2])
def test_ordinary_tests_are_rolled_back(turn: int) -> None:
    from django.contrib.sessions.models import Session

    assert Session.objects.count() == 0
    Session.objects.create(session_key="x", session_data="", expire_date="2026-01-01T00:00Z")


@pytest.mark.django_db
def test_the_run_uses_the_database_that_was_asked_for() -> None:
    from django.db import connection

    assert connection.vendor == ("postgresql" if session.on_postgres() else "sqlite")
    if connection.vendor == "sqlite":
        from zhitong.core import sqlite_version

        assert sqlite_version.version() >= sqlite_version.MINIMUM


def test_what_is_absent_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs.shutil, "which", lambda _: None)
    monkeypatch.delenv("ZHITONG_CHROMIUM", raising=False)
    assert (
        needs.missing("browser")
        == "browser: not found here; install chromium, or name it in ZHITONG_CHROMIUM"
    )


def test_what_is_required_must_be_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHITONG_REQUIRE", "browser, postgres")
    assert needs.required() == {"browser", "postgres"}
    monkeypatch.setenv("ZHITONG_REQUIRE", "browsers")
    with pytest.raises(ValueError, match="not browsers"):
        needs.required()


@pytest.mark.django_db
def test_an_update_behind_a_join_is_refused_for_the_project() -> None:
    from zhitong.cases.models import Case

    line = "Case.objects.filter(intake__tier='county').update(place='')"
    exec(compile(line, __file__, "exec"), {"Case": Case})  # noqa: S102 - a test may
    ours = compile(line, str(source.ROOT / "zhitong/some.py"), "exec")
    with pytest.raises(updates.JoinedUpdateError, match=r"zhitong/some\.py"):
        exec(ours, {"Case": Case})  # noqa: S102 - as if it stood in the project
