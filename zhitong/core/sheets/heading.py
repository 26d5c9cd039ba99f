"""Where the headings of a table stand, and what they say, as officials make tables.

Above the headings may stand a title over all columns, an empty row, a row with the unit of all money.
Headings may take two rows, where one cell of the upper row spans several of the lower.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

Rows = Sequence[tuple[int, list[str]]]
Merged = Sequence[tuple[int, int, int, int]]
SEARCHED = 20
BRACKETED = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
# 10,000 yuan, 100 million yuan, yuan, 1,000 yuan, people, 10,000 people, kilowatt hours, 10,000 of them
UNITS = (
    "\u4e07\u5143", "\u4ebf\u5143", "\u5343\u5143", "\u5143", "\u4e07\u4eba", "\u4eba", "\u540d",
    "\u4e07\u5343\u74e6\u65f6", "\u5343\u74e6\u65f6", "\u4e07\u5ea6", "\u5ea6",
)  # fmt: skip
UNIT = re.compile(f"({'|'.join(UNITS)})\\Z")
YUAN = "\u4eba\u6c11\u5e01"  # the currency, said before or after the unit
# not the unit that fills the list in ("filled in by the unit: bureau of ..."), hence known ones only
UNIT_ROW = re.compile(
    f"\u5355\u4f4d[:\uff1a]\\s*(?:{YUAN})?({'|'.join(UNITS)})(?:{YUAN})?(?![\u4e00-\u9fff])"
)
YEAR = re.compile(r"(?:19|20)\d\d|(?<!\d)\d\d\u5e74")
LONGEST_YEAR = 6  # signs beside the word
NOTED = "*#\u2605\u25b3"


@dataclass(frozen=True, slots=True)
class Heading:
    """The rows that the headings take (numbers as in the sheet), and one label a column."""

    line_first: int
    line_last: int
    labels: list[str]


@lru_cache(maxsize=8192)  # what people send goes through it: it must not grow for ever
def normalise_label(text: str) -> str:
    """Return a heading as it is compared: half-width, lower case, no blanks, brackets or marks of a note."""
    plain, before = unicodedata.normalize("NFKC", text).lower(), ""
    while plain != before:  # one bracket may stand in another
        plain, before = BRACKETED.sub("", plain), plain
    return "".join(sign for sign in plain if not sign.isspace() and sign not in NOTED)


def find_heading(rows: Rows, merged: Merged, known: Collection[str]) -> Heading | None:
    """Return the heading among the first rows: the row or pair of rows with most labels that are known.

    Where none is known, it is the first row with several different texts; None where there is no such row.
    """
    wanted = {normalise_label(label) for label in known}
    best: tuple[tuple[int, int], Heading] | None = None
    for at, (line, cells) in enumerate(rows[:SEARCHED]):
        candidates = [Heading(line, line, [cell.strip() for cell in cells])]
        if at + 1 < len(rows) and rows[at + 1][0] == line + 1:
            candidates.append(_pair(line, cells, rows[at + 1][1], merged))
        for heading in candidates:
            score = _known(heading.labels, wanted)
            if score[0] and (best is None or score > best[0]):
                best = (score, heading)
    return best[1] if best else _first(rows)


def _known(labels: list[str], wanted: set[str]) -> tuple[int, int]:
    """Return how many labels are known, and how many of them to the letter."""
    found = {normalise_label(label) for label in labels} - {""}
    exact = found & wanted
    dated = [label for label in found - exact if any(word and _dated(label, word) for word in wanted)]
    return len(exact) + len(dated), len(exact)


def _dated(label: str, word: str) -> bool:
    """Whether a label is a known word with a year beside it."""
    beside = label.replace(word, "", 1)
    return word in label and len(beside) <= LONGEST_YEAR and bool(YEAR.search(beside))


def _pair(line: int, upper: list[str], lower: list[str], merged: Merged) -> Heading:
    width = max(len(upper), len(lower))
    above = _spread(upper, lower, width, [span for span in merged if span[0] == line - 1])
    labels = []
    for place in range(width):
        below = lower[place].strip() if place < len(lower) else ""
        over = above[place]
        labels.append(f"{over} {below}" if over and below and over != below else over or below)
    return Heading(line, line + 1, labels)


def _spread(
    upper: list[str], lower: list[str], width: int, spans: list[tuple[int, int, int, int]]
) -> list[str]:
    """Return the upper cells filled to the right as far as each spans."""
    cells = [upper[place].strip() if place < len(upper) else "" for place in range(width)]
    if spans:
        for _top, left, _bottom, right in spans:
            for place in range(left, min(right + 1, width)):
                cells[place] = cells[left]
        return cells
    for place in range(1, width):
        under = place < len(lower) and lower[place].strip()
        if not cells[place] and under:
            cells[place] = cells[place - 1]
    return cells


def _first(rows: Rows) -> Heading | None:
    for line, cells in rows[:SEARCHED]:
        texts = [cell.strip() for cell in cells if cell.strip()]
        several = len(texts) > 1 and len(set(texts)) == len(texts)
        if several and not any(text.replace(".", "").isdigit() for text in texts):
            return Heading(line, line, [cell.strip() for cell in cells])
    return None


def unit_of(rows: Rows, heading: Heading) -> dict[int, str]:
    """Return the unit of each column that has one: from a bracket in its label, else from a row above.

    The unit of a row above the headings is that of money: it is no unit of people.
    """
    general = ""
    for line, cells in rows:
        found = UNIT_ROW.search(" ".join(cells)) if line < heading.line_first else None
        general = found[1] if found else general
    units = {}
    for place, label in enumerate(heading.labels):
        own = _own_unit(label)
        if own or general:
            units[place] = own or general
    return units


def _own_unit(label: str) -> str:
    plain = unicodedata.normalize("NFKC", label)
    for groups in BRACKETED.findall(plain):
        found = UNIT.search("".join(groups).strip())
        if found:
            return found[1]
    return ""
