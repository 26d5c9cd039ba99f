"""`zhitong demo`: prepare the demo city and run server, worker and ticker together."""

from __future__ import annotations

import argparse
import json
import logging
import os
import shutil
import sys
from datetime import timedelta

from zhitong.config import cli, env

PAST = timedelta(days=150)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--host", default=env.BIND.text(), help="address to listen on")
    parser.add_argument("--port", type=int, default=env.PORT.number(), help="port to listen on")
    parser.add_argument("--reset", action="store_true", help="throw the demo's data away and begin anew")
    parser.add_argument("--prepare-only", action="store_true", help="prepare the data and stop")
    parser.add_argument("--no-past", action="store_true", help="leave the simulated past out")


def run(options: argparse.Namespace) -> int:
    """Prepare what is missing, say where to go, then supervise."""
    os.environ["ZHITONG_DEMO"] = "1"
    if options.reset:
        _forget()
    cli.boot()
    prepare(past=not options.no_past)
    if options.prepare_only:
        return 0
    _announce(options.host, options.port)
    from zhitong.config.supervisor import Supervisor, commands  # noqa: PLC0415 - Django is up only now

    Supervisor(commands(options.port, options.host)).run()
    return 0


def _forget() -> None:
    """Remove the demo's SQLite home; a PostgreSQL database is the person's own to drop."""
    home = env.HOME.path()
    if env.DATABASE_URL.text().startswith("postgres"):
        sys.stderr.write(
            "ZHITONG_DATABASE_URL points to PostgreSQL: drop and create that database yourself.\n"
        )
        raise SystemExit(1)
    if (home / "demo-accounts.json").exists():
        shutil.rmtree(home)


def prepare(*, past: bool) -> None:
    """Bring database, calendar, city, past and static files up to date; seconds when all is there."""
    from zhitong.config import demo_city, demo_register  # noqa: PLC0415 - Django is up only now
    from zhitong.config.commands import load_calendar, migrate  # noqa: PLC0415 - same
    from zhitong.core import clock  # noqa: PLC0415 - same

    logging.getLogger("axes").setLevel(logging.WARNING)
    migrate.run(argparse.Namespace(verbosity=0))
    load_calendar.load()
    if not demo_city.is_built():
        sys.stdout.write("Building the demo city ...\n")
        now = clock.now()
        demo_city.build(now=now - PAST)
        if past:
            sys.stdout.write("Entering 6,000 synthetic firms ...\n")
            demo_register.build(now=now)
        if past:
            from zhitong.config import simulation  # noqa: PLC0415 - only a new city needs it

            with simulation.telling.silence():
                simulation.telling.fill(now - PAST)
                simulation.fill_demo(now)
                simulation.replies.fill(now)
                simulation.hard.fill(now)
                simulation.letters.fill(now)
                simulation.after.fill(now)
                simulation.closing.fill(now)
                simulation.commons.fill(now)
                simulation.paper.fill(now)
                simulation.precedents.fill(now)
                simulation.reading.fill(now)


def _announce(host: str, port: int) -> None:
    accounts = json.loads((env.HOME.path() / "demo-accounts.json").read_text(encoding="utf-8"))
    lines = [f"Zhitong runs at http://{host}:{port}/", "Demo accounts (the sign-in page lists them too):"]
    lines += [
        f"  {account['username']:<16} {account['password']:<20} {account['role']:<18} {account['unit']}"
        for account in accounts
    ]
    lines.append("Officers need a code after the password; the demo shows it on the page that asks for it.")
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
