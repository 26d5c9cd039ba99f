"""Server, worker and ticker come back when they fall, and go when they are told to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.support import postgres, source

PROGRAMS = ("server", "worker", "ticker")
PATIENCE = 60


def _wait(condition, what: str):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    pytest.fail(f"waited in vain for {what}")


def _healthy(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as answer:  # noqa: S310 - our own address
            return answer.status == 200
    except (URLError, OSError):
        return False


def _pids(log: Path, name: str) -> list[int]:
    lines = [line for line in log.read_text().splitlines() if f"{name} runs as process" in line]
    return [int(line.rsplit(" ", 1)[1]) for line in lines]


def _lives(group: int) -> bool:
    """Whether anything of a program runs: its own process, or one that it started."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[tuple[subprocess.Popen, str, Path]]:
    port = postgres.free_port()
    log = tmp_path / "log"
    env = {name: value for name, value in os.environ.items() if name != "ZHITONG_DATABASE_URL"}
    env |= {"ZHITONG_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-m", "zhitong", "demo", "--no-past", "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=env, cwd=source.ROOT, stdout=output, stderr=output)
        try:
            _wait(
                lambda: _healthy(f"http://127.0.0.1:{port}/health/") or process.poll() is not None, "the site"
            )
            assert process.poll() is None, log.read_text()
            yield process, f"http://127.0.0.1:{port}", log
        finally:
            process.terminate()
            process.wait(PATIENCE)


def test_each_program_comes_back_when_it_is_killed_and_all_go_at_the_end(demo) -> None:
    process, url, log = demo
    for name in PROGRAMS:
        first = _wait(lambda name=name: _pids(log, name), name)[-1]
        os.kill(first, signal.SIGKILL)
        _wait(lambda name=name, first=first: _pids(log, name)[-1] != first, f"{name} to come back")
        _wait(lambda first=first: not _lives(first), f"what {name} left behind to end")
    _wait(lambda: _healthy(f"{url}/health/"), "the site to answer again")
    running = [_pids(log, name)[-1] for name in PROGRAMS]
    process.send_signal(signal.SIGTERM)
    process.wait(PATIENCE)
    assert not [pid for pid in running if _lives(pid)]
