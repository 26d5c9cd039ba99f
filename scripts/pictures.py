"""Makes the pictures of the README from a demo city: `python scripts/pictures.py [FOLDER]`.

Each picture exists in Chinese and in English, of a phone (390 px) or a desk (1440 px).
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from demo_site import ROOT, Demo, browser, running
from PIL import Image

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FOLDER = ROOT / "docs" / "pictures"
LANGUAGES = {"zh": "zh-CN", "en": "en-US"}
PHONE, DESK = (390, 844), (1440, 900)
COLOURS = 128  # enough for pages without photos, and a third of the bytes
LEADING = tomllib.loads((ROOT / "data/demo/firms.toml").read_text(encoding="utf-8"))["tags"]["lead"]
TROUBLE = tomllib.loads((ROOT / "data/demo/texts.toml").read_text(encoding="utf-8"))["trouble"][0]["text"]


def _firms_home(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.url}/my/")


def _submitting(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.url}/cases/new/")
    page.fill("[name=text]", TROUBLE)
    page.locator("[name=text]").blur()


def _firms_case(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.url}/cases/")
    page.locator(".inbox-row__link", has_text=TROUBLE[:8]).first.click()
    page.wait_for_load_state()


def _desk(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.url}/desk/")


def _officers_case(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.url}/desk/")
    page.locator("[data-inbox] a").first.click()
    page.wait_for_load_state()


def _register(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.url}/firms/?title=giant&c=code&c=region&c=activity&c=size&c=revenue&c=titles")


def _firm(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.url}/firms/?tag={LEADING}")
    page.locator("[data-inbox] a").first.click()
    page.wait_for_load_state()


# name, who, size of the window, the way there
PICTURES: list[tuple[str, str, tuple[int, int], Callable[[Page, Demo], None]]] = [
    ("portal", "firm-1", PHONE, _firms_home),
    ("submit", "firm-1", PHONE, _submitting),
    ("progress", "firm-1", PHONE, _firms_case),
    ("workbench", "dispatcher", DESK, _desk),
    ("case", "handler", DESK, _officers_case),
    ("register", "supervisor", DESK, _register),
    ("firm", "leader", DESK, _firm),
]


def pictures(chromium: Browser, demo: Demo) -> Iterator[tuple[str, bytes]]:
    """Yield name and PNG of each picture."""
    for short, language in LANGUAGES.items():
        for name, who, (width, height), go in PICTURES:
            context = chromium.new_context(
                viewport={"width": width, "height": height}, locale=language, timezone_id="Asia/Shanghai"
            )
            page = context.new_page()
            demo.sign_in(page, who)
            go(page, demo)
            page.wait_for_load_state("networkidle")
            yield f"{name}-{short}", page.screenshot()
            context.close()


def main() -> None:
    """Make all pictures anew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER, help="default: docs/pictures")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with running() as demo, browser() as chromium:
        for name, content in pictures(chromium, demo):
            path = folder / f"{name}.png"
            Image.open(BytesIO(content)).convert("RGB").quantize(COLOURS).save(path, optimize=True)
            print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
