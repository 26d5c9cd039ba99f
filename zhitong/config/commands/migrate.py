"""`zhitong migrate`: bring the database and the collected static files up to date."""

from __future__ import annotations

import argparse

from django.conf import settings
from django.core.management import call_command


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--verbosity", type=int, default=1)


def run(options: argparse.Namespace) -> int:
    """Migrate (triggers are put back after each run) and collect static files for serving."""
    settings.HOME.mkdir(parents=True, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=options.verbosity)
    if settings.COLLECTING:
        call_command("collectstatic", interactive=False, verbosity=0)
    return 0
