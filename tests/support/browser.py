"""A real browser on a real server: fixtures for the journeys of tests/browser.

`site` runs `zhitong serve` in a process of its own on a committed database; `open_page` opens a page at a given width
and language, and fails the test if the page wrote an error to its console, broke the content security policy or asked
for anything outside this machine. ZHITONG_SLOW=400 lets each answer wait that many milliseconds, which shows tests that
take a part of a page for the whole.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from tests.support import needs, postgres, source

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Route

PHONE, DESK = 375, 1280
HEIGHTS = {PHONE: 812, DESK: 900}
START_SECONDS = 60
STOP_SECONDS = 10
LOCAL_SCHEMES = frozenset({"data", "blob", "about"})


class Site(NamedTuple):
    """A running server: its address, and the environment that other commands of it need."""

    url: str
    env: dict[str, str]
    log: Path

    def zhitong(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run another `zhitong` command on the same installation."""
        return subprocess.run(
            [sys.executable, "-m", "zhitong", *arguments],
            env=self.env,
            cwd=source.ROOT,
            capture_output=True,
            text=True,
            check=True,
        )


def _wait(process: subprocess.Popen, url: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(url, timeout=5):  # noqa: S310 - our own address
                return
        except URLError as error:
            if getattr(error, "code", None):  # it answers, if only with a refusal
                return
        time.sleep(0.05)
    pytest.fail(f"the server did not start:\n{log.read_text(errors='replace')[-3000:]}", pytrace=False)


def serve(env: dict[str, str], log: Path) -> Iterator[Site]:
    """Run the server until the generator is closed."""
    port = postgres.free_port()
    url = f"http://127.0.0.1:{port}"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "zhitong", "serve", "--host", "127.0.0.1", "--port", str(port)],
            env=env,
            cwd=source.ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(process, url, log)
            yield Site(url, env, log)
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture
def site(committed_db, tmp_path: Path) -> Iterator[Site]:
    """A server of this test's own, on a database of its own."""
    home = tmp_path / "home"
    (home / "static").mkdir(parents=True)
    env = os.environ | {"ZHITONG_DATABASE_URL": committed_db.url, "ZHITONG_HOME": str(home)}
    yield from serve(env, tmp_path / "server.log")


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    """Playwright's driver, started once per process."""
    from playwright.sync_api import sync_playwright

    # Its event loop runs in this thread, where the test also asks the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as driver:
        yield driver
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def chromium(playwright_driver) -> Iterator[Browser]:
    """The system's Chromium, started once per process."""
    path = needs.chromium()
    # Chromium's own sandbox refuses to run as root, as containers often do.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    browser = playwright_driver.chromium.launch(executable_path=str(path), args=arguments)
    yield browser
    browser.close()


def _slow_down(page: Page) -> None:
    """Let the page feel like one on a busy machine when ZHITONG_SLOW names how many milliseconds an answer waits."""
    wait = os.environ.get("ZHITONG_SLOW")
    if not wait:
        return
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    rate = {"latency": int(wait), "downloadThroughput": -1, "uploadThroughput": -1}
    session.send("Network.emulateNetworkConditions", {"offline": False, **rate})


def _only_local(route: Route, outside: list[str]) -> None:
    address = urlsplit(route.request.url)
    if address.scheme in LOCAL_SCHEMES or address.hostname in {"127.0.0.1", "localhost"}:
        route.continue_()
    else:
        outside.append(route.request.url)
        route.abort()


@pytest.fixture
def open_page(request: pytest.FixtureRequest, chromium) -> Iterator[Callable[..., Page]]:
    """Open pages: `open_page(site.url, width=PHONE, language="zh-CN")`; each has its own cookies."""
    faults: list[str] = []
    expected: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not any(text in message.text for text in expected):
            faults.append(f"console {message.type}: {message.text}")

    def make(
        base: str, *, width: int = DESK, language: str = "zh-CN", script: bool = True, expect: str = ""
    ) -> Page:
        if expect:
            expected.append(expect)
        context = chromium.new_context(
            base_url=base,
            viewport={"width": width, "height": HEIGHTS.get(width, 900)},
            locale=language,
            timezone_id="Asia/Shanghai",
            java_script_enabled=script,
            has_touch=width == PHONE,
        )
        stack.callback(context.close)
        context.set_default_timeout(10_000)
        outside: list[str] = []
        context.route("**/*", lambda route: _only_local(route, outside))
        stack.callback(lambda: faults.extend(f"asked for {url}" for url in outside))
        page = context.new_page()
        _slow_down(page)
        page.on("console", note)
        page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
        return page

    with ExitStack() as stack:
        yield make
        _keep_pictures(request, chromium)
    assert not faults, "\n".join(faults)


def _keep_pictures(request: pytest.FixtureRequest, chromium: Browser) -> None:
    """Keep a picture of each open page when ZHITONG_PICTURES names a folder."""
    folder = os.environ.get("ZHITONG_PICTURES")
    if not folder:
        return
    pages = [page for context in chromium.contexts for page in context.pages]
    for number, page in enumerate(pages):
        name = "".join(sign if sign.isalnum() else "_" for sign in request.node.name)
        page.screenshot(path=Path(folder) / f"{name}-{number}.png", full_page=True)
