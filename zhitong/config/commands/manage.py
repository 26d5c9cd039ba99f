"""`zhitong manage`: Django's own commands, for developers."""

from __future__ import annotations

import argparse

from django.core.management import execute_from_command_line


def arguments(parser: argparse.ArgumentParser) -> None:
    """Everything is passed on."""
    del parser


def run(arguments: list[str]) -> int:
    """Pass the arguments on."""
    execute_from_command_line(["zhitong manage", *arguments])
    return 0
