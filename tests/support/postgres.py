"""A private PostgreSQL for the tests: own data folder, own loopback port, stopped by its own process.

Run as a program it says whether the server programs are there: exit status 0 found, 3 absent, 1 absent but required.
"""

from __future__ import annotations

import atexit
import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROLE = "zhitong"
START_SECONDS = 60
STOP_SECONDS = 30


def programs() -> Path | None:
    """Return the folder that holds initdb and postgres: the newest Debian version, else what the PATH has."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True
    )
    on_path = shutil.which("postgres")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return None


def account() -> dict[str, object]:
    """Return the subprocess arguments that drop root's rights, which PostgreSQL refuses to run with."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise RuntimeError(
        "PostgreSQL does not run as root, and there is neither a 'postgres' nor a 'nobody' account."
    )


def free_port() -> int:
    """Return a loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _die_with_parent() -> None:
    """Ask Linux to end the server when the test process is gone, however it went."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGINT)


class Server:
    """One private server; `url(name)` addresses a database on it."""

    def __init__(self) -> None:
        found = programs()
        if found is None:
            raise RuntimeError("PostgreSQL's server programs are not installed.")
        self.bin = found
        self.owner = os.getpid()
        self.home = Path(tempfile.mkdtemp(prefix="zhitong-pg-"))
        self.port = free_port()
        self.identity = account()
        if self.identity:
            os.chown(self.home, self.identity["user"], self.identity["group"])
        self._start()
        atexit.register(self.stop)

    def _start(self) -> None:
        cluster = self.home / "data"
        subprocess.run(
            [
                self.bin / "initdb",
                "-D",
                cluster,
                "-U",
                ROLE,
                "--auth=trust",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
            ],
            check=True,
            capture_output=True,
            cwd=self.home,
            **self.identity,
        )
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self.home),
            # The data lives as long as the run, so nothing has to survive a power cut.
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "autovacuum": "off",
            "max_connections": "100",
        }
        arguments = [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
        self.log = (self.home / "log").open("wb")
        self.process = subprocess.Popen(
            [self.bin / "postgres", "-D", cluster, *arguments],
            stdout=self.log,
            stderr=subprocess.STDOUT,
            cwd=self.home,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - before any thread is started
            **self.identity,
        )
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        ready = [self.bin / "pg_isready", "-h", "127.0.0.1", "-p", str(self.port), "-q"]
        while time.monotonic() < deadline and self.process.poll() is None:
            if subprocess.run(ready, check=False).returncode == 0:
                return
            time.sleep(0.05)
        output = (self.home / "log").read_text(errors="replace")[-2000:]
        self.stop()
        raise RuntimeError(f"The private PostgreSQL did not start:\n{output}")

    def url(self, name: str = "postgres") -> str:
        """Return the address of a database on this server."""
        return f"postgresql://{ROLE}@127.0.0.1:{self.port}/{name}"

    def stop(self) -> None:
        """End the server (fast shutdown) and remove its data; harmless when called twice or from a child."""
        if os.getpid() != self.owner or not self.home.exists():
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()
        shutil.rmtree(self.home, ignore_errors=True)


def main() -> int:
    """Say on the terminal whether PostgreSQL tests can run here."""
    from tests.support import needs

    why = needs.missing("postgres")
    if why is None:
        print(f"PostgreSQL: {programs()}")
        return 0
    if "postgres" in needs.required():
        print(f"FAILED {why}", file=sys.stderr)
        return 1
    print(f"SKIPPED {why}")
    return 3


if __name__ == "__main__":
    sys.exit(main())
