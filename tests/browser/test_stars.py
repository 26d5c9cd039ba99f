"""A star is chosen by a tap anywhere on it: nobody who means one star gives five."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Locator

pytestmark = pytest.mark.browser

GRADES = ["非常不满意", "不满意", "基本满意", "满意", "非常满意"]
# Every few pixels of every star: which grade would a tap there choose?
TAPS = """labels => labels.map(label => {
    const box = label.getBoundingClientRect(), chosen = new Set();
    for (let x = box.left + 2; x < box.right - 1; x += 3)
        for (let y = box.top + 2; y < box.bottom - 1; y += 3) {
            const hit = document.elementFromPoint(x, y);
            const input = hit.closest("label")?.control ?? hit;
            if (input.name === "stars") chosen.add(input.value);  // a rounded corner belongs to nobody
        }
    return [...chosen];
})"""


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_a_tap_anywhere_on_a_star_chooses_that_star(place, visit, width: int) -> None:
    page = visit("firm_a", f"/ratings/{place.town.keys['reviewed']}/", width=width)
    stars = page.locator(".stars label")
    assert [words.strip() for words in stars.all_inner_texts()] == GRADES
    stars.first.scroll_into_view_if_needed()
    assert stars.evaluate_all(TAPS) == [[str(worth)] for worth in range(1, len(GRADES) + 1)]
    for worth in range(1, len(GRADES) + 1):
        page.mouse.click(*middle(stars.nth(worth - 1)))
        assert page.locator("[name=stars]:checked").input_value() == str(worth)


def middle(star: Locator) -> tuple[float, float]:
    """Where most thumbs land."""
    box = star.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
