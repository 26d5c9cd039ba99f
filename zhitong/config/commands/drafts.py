"""`zhitong drafts`: bring a spreadsheet of troubles, or a chat saved as text, in as drafts."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.files import File
from django.db import transaction
from django.utils import translation

from zhitong.core import clock
from zhitong.core.actor import Actor, system
from zhitong.core.errors import FieldError, RefusedError
from zhitong.drafts import pages, reading, services
from zhitong.drafts.states import CHANNELS, PASTED, Source, Weight
from zhitong.orgs import queries as org_queries
from zhitong.orgs.models import Department, User

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.drafts.models import Lot

BY = system("drafts")
SHEETS = {".xlsx", ".xls", ".csv"}
ENCODINGS = ("utf-8-sig", "gb18030")
NAMES = {
    Weight.ERROR: "to be mended first",
    Weight.TWIN: "perhaps duplicates",
    Weight.DOUBT: "to be looked at",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "file", type=Path, help="xlsx, xls or csv, one trouble a row; or txt, one chat or note"
    )
    parser.add_argument("--unit", required=True, help="code or name of the unit that takes it down")
    parser.add_argument(
        "--channel", choices=[value for value, _ in CHANNELS], help="default: visit for sheets, chat for txt"
    )
    parser.add_argument("--as", dest="user", default="", metavar="USER", help="sign-in name of who brings it")
    parser.add_argument("--dry-run", action="store_true", help="only say what would come in")


def run(options: argparse.Namespace) -> int:
    """Print a receipt; exit 1 where rows have to be mended first, 2 where nothing came in."""
    now = clock.now()
    with translation.override("en"):  # what commands say is English
        try:
            weights = _bring(options, now)
        except FieldError as error:
            sys.stderr.write(f"{error.message}\n")
            return 2
        except (RefusedError, ValueError, OSError) as error:
            sys.stderr.write(f"{getattr(error, 'message', error)}\n")
            return 2
    return 1 if weights[Weight.ERROR] else 0


def _bring(options: argparse.Namespace, now: datetime) -> Counter[str]:
    unit, by = _unit(options.unit), _actor(options.user, now)
    given = _read(options.file, options.channel, now)
    with transaction.atomic():
        lot = services.receive(by=by, now=now, given=given, unit=unit)
        weights = _tell(lot, dry_run=options.dry_run)
        transaction.set_rollback(options.dry_run)
    return weights


def _unit(named: str) -> Department:
    """Return the unit that is called so by its code or one of its names; ValueError names the way out."""
    found = [row for row in org_queries.departments() if named in {row.local_code, row.name, row.name_en}]
    if len(found) != 1:
        message = f"{len(found)} units are called {named}. Give the code that stands on the page of units."
        raise ValueError(message)
    return found[0]


def _actor(named: str, now: datetime) -> Actor:
    if not named:
        return BY
    user = User.objects.filter(username=named, is_active=True).first()
    if user is None:
        message = f"Nobody signs in as {named}."
        raise ValueError(message)
    return org_queries.staff_actor(user, now)


def _read(path: Path, channel: str | None, now: datetime) -> services.Received:
    if path.suffix.lower() in SHEETS:
        with path.open("rb") as file:
            return reading.sheet(
                File(file, name=path.name), channel=channel or "visit", source=Source.COMMAND
            )
    return reading.pasted(_text(path), channel=channel or "chat", now=now, source=Source.COMMAND)


def _text(path: Path) -> str:
    content = path.read_bytes()
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if len(text) > PASTED:
            message = f"{path.name} is longer than {PASTED} signs. Please split it."
            raise ValueError(message)
        if not text.strip():
            break
        return text
    message = f"{path.name} is no text, or holds none. Save it as UTF-8 or GB 18030."
    raise ValueError(message)


def _tell(lot: Lot, *, dry_run: bool) -> Counter[str]:
    drafts = list(lot.drafts.select_related("firm"))
    weights = Counter(draft.weight for draft in drafts)
    marked = ", ".join(f"{weights[weight]} {name}" for weight, name in NAMES.items())
    verb = "would become" if dry_run else "became"
    firms = sum(draft.firm is not None for draft in drafts)
    sys.stdout.write(
        f"{lot.rows} rows {verb} {len(drafts)} drafts of {lot.unit.name}: {marked}; {firms} with a firm.\n"
    )
    if lot.unread:
        sys.stdout.write(f"Columns that were not read: {' / '.join(lot.unread)}\n")
    for draft in drafts:
        for remark in pages.remarks(draft):
            sys.stdout.write(f"row {draft.line}: {remark.label}: {remark.sentence}\n")
    return weights
