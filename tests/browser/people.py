"""The people of an office of their own before their browsers, each at the width of what they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.browser import sessions, steps
from tests.support import office as offices
from zhitong.core import clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

    from tests.support.browser import Site

PHONE, DESK = 390, 1440
ON_PHONES = frozenset({"firm_a", "firm_b", "leader"})


def fits(page: Page) -> Page:
    """Return a page that nobody has to push sideways."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
    return page


class People:
    """An office on a server of its own; a person's page opens when it is first asked for."""

    def __init__(self, site: Site, open_page: Callable[..., Page]) -> None:
        self.site, self.open_page = site, open_page
        self.now = clock.now()
        self.office = offices.build(self.now)
        self.pages: dict[str, Page] = {}

    def page(self, name: str) -> Page:
        """The page of a person who is signed in."""
        if name not in self.pages:
            user = self.office.users[name]
            if user.needs_second_factor:
                sessions.enrol(user)
            page = self.open_page(self.site.url, width=PHONE if name in ON_PHONES else DESK)
            page.context.add_cookies([{**sessions.cookie(user), "url": self.site.url}])
            self.pages[name] = page
        return self.pages[name]

    def at(self, name: str, path: str) -> Page:
        """A person's page, freshly at an address."""
        page = self.page(name)
        page.goto(path)
        return fits(page)

    def at_case(self, name: str, case: Any) -> Page:
        """A person's page, freshly at a case."""
        return self.at(name, f"/cases/{case.pk}/")

    def act(self, name: str, case: Any, action: str, **fields: Any) -> Page:
        """Take a step on the page of a case, which comes back."""
        page = self.at_case(name, case)
        steps.act(page, case.pk, action.replace("_", "-"), **fields)
        return fits(page)


def follow(page: Page, link: Locator, address: str) -> Page:
    """Click a link or button and wait for the page that it leads to."""
    link.click()
    page.wait_for_url(address)
    page.wait_for_load_state()
    return fits(page)
