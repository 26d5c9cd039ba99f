"""Several workers at one mailbox, and one that is killed: each mail is one draft."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import Any

from tests.core.threads import at_once
from tests.drafts.letters import letter, named
from tests.support import imap
from tests.support import office as offices
from zhitong.drafts import fetching
from zhitong.drafts.models import Draft, Lot, Mail

MAILS = 30


def _letters() -> list[bytes]:
    return [
        bytes(letter(f"第{number}件事：厂区第{number}号门道路破损。", number=str(number)))
        for number in range(MAILS)
    ]


def test_two_workers_make_one_draft_of_each(committed_db: Any, quick_passwords: None, settings: Any) -> None:
    offices.build()
    with named(settings) as box:
        box.put(*_letters()[:8])
        found = at_once(2, lambda _: fetching.fetch())
        assert sum(done.drafts for done in found) == 8
        assert fetching.fetch().drafts == 0
    assert Lot.objects.count() == Draft.objects.count() == 8
    assert Mail.objects.filter(outcome="draft").count() == 8


def test_a_killed_process_loses_and_doubles_nothing(
    committed_db: Any, quick_passwords: None, settings: Any
) -> None:
    """Killed twice in the middle, wherever it was, then left to end."""
    offices.build()
    with named(settings) as box:
        box.put(*_letters())
        for least in (1, 8):
            _kill_after(box, least)
        before = Draft.objects.count()
        done = fetching.fetch()
        assert before + done.drafts == MAILS
    assert Lot.objects.count() == Draft.objects.count() == Mail.objects.count() == MAILS
    assert len(set(Draft.objects.values_list("text", flat=True))) == MAILS


def _kill_after(box: imap.Box, least: int) -> None:
    """Start the command and kill it once so many drafts are there."""
    told = {
        "ZHITONG_IMAP_HOST": "127.0.0.1", "ZHITONG_IMAP_PORT": str(box.port), "ZHITONG_IMAP_SECURITY": "",
        "ZHITONG_IMAP_USER": imap.USER, "ZHITONG_IMAP_PASSWORD": imap.PASSWORD, "ZHITONG_IMAP_UNIT": "district",
    }  # fmt: skip
    command = [
        sys.executable,
        "-c",
        "import sys; from zhitong.config.cli import main; sys.exit(main())",
        "mail-intake",
    ]
    with subprocess.Popen(
        command, env=os.environ | told, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as run:
        ends = time.monotonic() + 60
        while Draft.objects.count() < least and run.poll() is None and time.monotonic() < ends:
            time.sleep(0.01)
        run.kill()
    assert Draft.objects.count() >= least
