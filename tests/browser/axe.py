"""axe-core on a page: what it finds, in words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

SOURCE = Path(__file__).parent / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
RUN = """async (tags) => (await axe.run(document, {
    runOnly: tags, resultTypes: ["violations"], performanceTimer: false,
})).violations.map(found => `${found.id} (${found.impact}): ${found.help}` +
    found.nodes.slice(0, 4).map(node => `\\n      ${node.target.join(" ")}\\n        ${node.html.slice(0, 160)}` +
    `\\n        ${node.any.concat(node.all, node.none).map(check => check.message).join("; ").slice(0, 260)}`).join(""))"""


def prepare(context: BrowserContext) -> None:
    """Let axe be there on every page of a context; not through a script tag, which the site's policy forbids."""
    context.add_init_script(path=SOURCE)


def faults(page: Page) -> list[str]:
    """What axe finds on the page as it stands now, and whether it can be moved sideways."""
    found: list[str] = page.evaluate(RUN, RULES)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*found, *([f"moves sideways by {wide} px"] if wide > 0 else [])]
