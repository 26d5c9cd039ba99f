"""Keeps server, worker and ticker running beside each other and restarts the one that falls."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

log = logging.getLogger("zhitong.supervisor")

LOOK_EVERY = 0.2
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0
STEADY_AFTER = 20.0  # a child that ran this long falls back to the first pause
PATIENCE = 10.0  # seconds a child has to stop by itself


@dataclass
class Child:
    """One supervised program."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    start_after: float = 0.0

    def start(self, moment: float) -> None:
        """Start the program, in a group of its own."""
        self.process = subprocess.Popen(self.command, start_new_session=True)
        self.started = moment

    def fell(self) -> bool:
        """Whether the program has ended by itself."""
        return self.process is not None and self.process.poll() is not None

    def sweep(self) -> None:
        """End what a program left behind: the processes of a killed server would go on holding its port."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


@dataclass
class Supervisor:
    """Starts its children, restarts whoever falls with growing pauses, stops all on a signal."""

    commands: Mapping[str, Sequence[str]]
    children: list[Child] = field(default_factory=list)
    stopping: bool = False

    def run(self) -> None:
        """Supervise until SIGTERM or SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        self.children = [Child(name, command) for name, command in self.commands.items()]
        while not self.stopping:
            self.look(time.monotonic())
            time.sleep(LOOK_EVERY)
        self._end_children()

    def look(self, moment: float) -> None:
        """Start what is not running and is due."""
        for child in self.children:
            if child.fell():
                self._plan_restart(child, moment)
            if child.process is None and moment >= child.start_after:
                child.start(moment)
                log.info("%s runs as process %d", child.name, child.process.pid)

    def _plan_restart(self, child: Child, moment: float) -> None:
        steady = moment - child.started >= STEADY_AFTER
        child.pause = FIRST_PAUSE if steady else min(child.pause * 2, LONGEST_PAUSE)
        child.start_after = moment + child.pause
        code = child.process.returncode
        child.sweep()
        child.process = None
        log.warning("%s ended with code %s; it starts again in %.1f s", child.name, code, child.pause)

    def _stop(self, *_signal: object) -> None:
        self.stopping = True

    def _end_children(self) -> None:
        running = [child.process for child in self.children if child.process and child.process.poll() is None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + PATIENCE
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for child in self.children:
            if child.process:
                child.sweep()


def commands(port: int, host: str) -> dict[str, list[str]]:
    """Return the command lines of the three programs."""
    program = [sys.executable, "-m", "zhitong"]
    return {
        "server": [*program, "serve", "--host", host, "--port", str(port)],
        "worker": [*program, "worker"],
        "ticker": [*program, "tick"],
    }
