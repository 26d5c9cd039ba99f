"""The console command `zhitong`: one entry, small commands, clear failures."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """A subcommand: the module that does it (functions `arguments` and `run`) and a line of help."""

    module: str
    help: str
    boot: bool = True  # whether Django must be up before the command runs
    collects: bool = False  # whether the command collects static files, which changes their storage


COMMANDS = {
    "serve": Command("serve", "Serve the site (server only; worker and tick run beside it)."),
    "demo": Command(
        "demo", "Prepare the demo city and run server, worker and ticker together.", boot=False, collects=True
    ),
    "worker": Command("worker", "Deliver what services left in the outbox."),
    "tick": Command("tick", "Run what is due, again and again."),
    "migrate": Command("migrate", "Bring database, triggers and static files up to date.", collects=True),
    "set-up": Command("set_up", "Enter the first unit and the three administrators of a new installation."),
    "load-calendar": Command("load_calendar", "Load the working-day tables of the data folder."),
    "import-messages": Command("import_messages", "Bring messages of a file in as cases."),
    "drafts": Command("drafts", "Bring a spreadsheet or a pasted chat in as drafts, as the pages do."),
    "mail-intake": Command("mail_intake", "Fetch the mails that wait in the mailbox, once."),
    "import-firms": Command("import_firms", "Bring a list or an exchange file of firms into the register."),
    "export-firms": Command("export_firms", "Write the register as Parquet or Arrow for another platform."),
    "reindex": Command("reindex", "Write the search indexes of firms, cases and precedents anew."),
    "learn-categories": Command(
        "learn_categories", "Learn from the city's own cases what new ones are about."
    ),
    "make-firms": Command(
        "make_firms", "Write synthetic firms for demos and load tests to a file.", boot=False
    ),
    "rules": Command("rules", "Check, match and explain policies written as files.", boot=False),
    "verify-audit": Command("verify_audit", "Check the audit log and name the first wrong event."),
    "backup": Command("backup", "Copy database and files to a folder while the system runs."),
    "restore": Command("restore", "Put a backup into an empty home folder and database."),
    "check-deploy": Command("check_deploy", "Say whether this installation may serve, and what is missing."),
    "manage": Command("manage", "Pass a command on to Django (for developers)."),
}


def main(arguments: list[str] | None = None) -> int:
    """Run one subcommand; return its exit code (0 done, 1 refused or found something, 2 wrong call)."""
    given = sys.argv[1:] if arguments is None else arguments
    parser = argparse.ArgumentParser(prog="zhitong", description="Run and look after a Zhitong installation.")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        subparsers.add_parser(name, help=command.help, add_help=False)
    chosen = COMMANDS[parser.parse_args(given[:1]).command]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhitong.config.settings")
    if chosen.collects:
        os.environ["ZHITONG_COLLECT"] = "1"
    if chosen.boot:
        boot()
    module = importlib.import_module(f"zhitong.config.commands.{chosen.module}")
    own = argparse.ArgumentParser(prog=f"zhitong {given[0]}", description=chosen.help)
    module.arguments(own)
    if chosen.module == "manage":
        return module.run(given[1:])
    return int(module.run(own.parse_args(given[1:])) or 0)


def boot() -> None:
    """Start Django for a command, unless the program it runs in has done so."""
    import django  # noqa: PLC0415 - only commands that need it wait for it
    from django.apps import apps  # noqa: PLC0415 - same

    if not apps.ready:
        django.setup()
