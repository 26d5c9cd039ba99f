"""A demo city of its own for scripts that look at pages: prepared, served and thrown away."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.support import needs, postgres  # noqa: E402 - the path comes first

START_SECONDS = 60


@dataclass(frozen=True)
class Demo:
    """A running demo: its address and its accounts by sign-in name."""

    url: str
    accounts: dict[str, dict[str, str]]

    def sign_in(self, page: Page, username: str) -> None:
        """Sign somebody in as they would do it themselves, with the code the demo shows to officers."""
        page.goto(f"{self.url}/sign-in/")
        page.fill("[name=login]", username)
        page.fill("[name=password]", self.accounts[username]["password"])
        page.press("[name=password]", "Enter")
        page.wait_for_load_state()
        if page.locator("[name=code]").count():
            page.fill("[name=code]", page.locator(".callout b").inner_text())
            page.press("[name=code]", "Enter")
            page.wait_for_load_state()


@contextmanager
def running() -> Iterator[Demo]:
    """Prepare and serve a demo city with its past in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="zhitong-demo-") as home:
        # The language of a page is its reader's, not that of the shell.
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ZHITONG_")}
        settings = kept | {"ZHITONG_HOME": home, "ZHITONG_DEMO": "1"}
        zhitong = [sys.executable, "-m", "zhitong"]
        subprocess.run([*zhitong, "demo", "--prepare-only"], env=settings, cwd=ROOT, check=True)
        port = postgres.free_port()
        command = [*zhitong, "serve", "--host", "127.0.0.1", "--port", str(port)]
        server = subprocess.Popen(command, env=settings, cwd=ROOT, stderr=subprocess.DEVNULL)
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(url)
            rows = json.loads((Path(home) / "demo-accounts.json").read_text(encoding="utf-8"))
            yield Demo(url, {row["username"]: row for row in rows})
        finally:
            server.terminate()
            server.wait()


def _wait(url: str) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            with urlopen(f"{url}/sign-in/", timeout=5):  # noqa: S310 - our own address
                return
        except URLError:
            time.sleep(0.1)
    raise SystemExit("The server did not start.")


@contextmanager
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - needed by nothing else here

    path = needs.chromium()
    if path is None:
        raise SystemExit("No Chromium is installed (Debian: apt-get install chromium fonts-noto-cjk).")
    # Chromium's own sandbox refuses to run as root, as containers often do.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=str(path), args=arguments)
        yield found
        found.close()
