"""`zhitong verify-audit`: check the audit log."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from zhitong.core import audit


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--anchors", type=Path, help="file of anchors kept elsewhere; its last line is compared"
    )


def run(options: argparse.Namespace) -> int:
    """Recompute the chain; exit 1 and name the first wrong event if there is one."""
    anchor = _last_anchor(options.anchors) if options.anchors else None
    report = audit.verify(anchor=anchor)
    if not report.ok:
        where = f"event {report.event}" if report.event else "the end of the log"
        sys.stderr.write(f"Wrong at {where} (place {report.sealed} of the chain): {report.fault}\n")
        return 1
    sys.stdout.write(f"{report.sealed} sealed events are intact; head {report.head}.\n")
    if report.unsealed:
        first, last = report.unsealed[0], report.unsealed[-1]
        sys.stdout.write(f"{len(report.unsealed)} events are not sealed yet: {first} to {last}.\n")
    return 0


def _last_anchor(path: Path) -> tuple[int, str]:
    _, seq, digest = path.read_text(encoding="utf-8").strip().splitlines()[-1].split()
    return int(seq), digest
