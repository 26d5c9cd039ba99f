"""`zhitong serve`: the web server."""

from __future__ import annotations

import argparse
import sys

from zhitong.config import env
from zhitong.config.commands import check_deploy


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--host", default=env.BIND.text(), help="address to listen on")
    parser.add_argument("--port", type=int, default=env.PORT.number(), help="port to listen on")
    parser.add_argument("--workers", type=int, default=1, help="server processes")
    parser.add_argument("--threads", type=int, default=8, help="threads of each process")


def run(options: argparse.Namespace) -> int:
    """Refuse to start where data would be at risk, else serve until told to stop."""
    if check_deploy.report():
        return 1
    from granian import Granian  # noqa: PLC0415 - only the server needs it
    from granian.constants import Interfaces  # noqa: PLC0415 - only this command needs the server

    Granian(
        target="zhitong.config.wsgi:application",
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=options.workers,
        blocking_threads=options.threads,
        respawn_failed_workers=True,
        log_access=False,
        process_name=None,
    ).serve()
    return 0


if __name__ == "__main__":
    sys.exit(0)
