"""Child processes that read what people send: started with few rights, watched, ended with all they began.

The child gives up memory, processor time, children of its own and new files before the first byte is parsed.
It is no container: where the system offers user namespaces or bubblewrap, running the web server inside one
adds to this. For root there is no limit of children, and root may raise the others again: the server belongs
under an account of its own. This module knows no framework, since the child imports it too.
"""

from __future__ import annotations

import math
import os
import resource
import select
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

_MB = 1024 * 1024


class NotAFileError(Exception):
    """What was to be read is a link, a folder, a pipe, a device or nothing at all."""


def limit(which: int, value: int) -> None:
    """Lower one limit for good; a hard limit that is lower already stays, since only root could raise it."""
    hard = resource.getrlimit(which)[1]
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(which, (value, value))


def confine(*, cpu_seconds: int, memory_mb: int, output_mb: int, open_files: int) -> None:
    """Give up, for good, what the reading must not use."""
    limit(resource.RLIMIT_CORE, 0)
    limit(resource.RLIMIT_CPU, cpu_seconds)
    limit(resource.RLIMIT_AS, memory_mb * _MB)
    limit(resource.RLIMIT_FSIZE, output_mb * _MB)
    limit(resource.RLIMIT_NOFILE, open_files)
    limit(resource.RLIMIT_NPROC, 0)


def close_doors() -> None:
    """Let no further file or socket be opened."""
    limit(resource.RLIMIT_NOFILE, 0)


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a regular file for reading; a link or a pipe is refused without being followed or waited for."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError):
        raise NotAFileError from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise NotAFileError
    with os.fdopen(handle, "rb", buffering=0) as file:
        yield file


def run_child(
    script: Path, arguments: Sequence[str], *, source: IO[bytes], outputs: Sequence[IO[bytes]],
    printed: IO[bytes], wall_seconds: float,
) -> int | None:  # fmt: skip
    """Run a script on a file; return its exit status, negative for a signal, None if the time ran out.

    The numbers of the output handles come first among its arguments.
    """
    handles = [file.fileno() for file in outputs]
    child = subprocess.Popen(
        # isolated from user packages and variables; no compiled files written
        [sys.executable, "-I", "-B", str(script), *map(str, handles), *arguments],
        stdin=source,
        stdout=printed,
        stderr=subprocess.DEVNULL,
        pass_fds=handles,
        env={},
        cwd="/",
        start_new_session=True,
    )
    try:
        ended = _ends_within(child.pid, wall_seconds)
    finally:
        # also after a good end: whatever the child may have started goes with it. It was not waited for yet,
        # so its number still belongs to its group
        os.killpg(child.pid, signal.SIGKILL)
        status = child.wait()
    return status if ended else None


def _ends_within(pid: int, seconds: float) -> bool:
    """Wait until a process ends, without collecting its status."""
    handle = os.pidfd_open(pid)
    try:
        waiting = select.poll()
        waiting.register(handle, select.POLLIN)
        return bool(waiting.poll(math.ceil(seconds * 1000)))
    finally:
        os.close(handle)
