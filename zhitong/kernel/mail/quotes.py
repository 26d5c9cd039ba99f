"""Where a mail stops and what it answers begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zhitong.kernel.mail.message import Rules

DASHES = "-_=\u2014\u2013*>\uff1e \t\u00a0"
COLONS = (":", "\uff1a")
NEAR = 5  # lines between the first and the second line of a quoted head
LEAST = 2  # signs that have to stand above a quoted tail
LONGEST_LINE = 300


def own(text: str, rules: Rules) -> str:
    """Return a mail's text without what it quotes; the whole text where nothing else stands in it."""
    lines = text.split("\n")
    end = next((place for place in range(len(lines)) if _begins(lines, place, rules)), len(lines))
    kept = [line for line in lines[:end] if not line.lstrip().startswith((">", "\uff1e"))]
    found = "\n".join(kept).strip()
    return found if sum(sign.isalnum() for sign in found) >= LEAST else text.strip()


def _begins(lines: list[str], place: int, rules: Rules) -> bool:
    line = lines[place].strip()
    if not line or len(line) > LONGEST_LINE:
        return False
    bare = line.strip(DASHES).lower()
    if bare in rules.tails:
        return True
    for first, last in rules.wrote:
        if bare.startswith(first) and bare.rstrip("".join(COLONS)).endswith(last) and bare[-1:] in COLONS:
            return True
    return _labelled(bare, rules.heads[0]) and any(
        _labelled(near.strip(DASHES).lower(), rules.heads[1]) for near in lines[place + 1 : place + NEAR]
    )


def _labelled(line: str, labels: tuple[str, ...]) -> bool:
    plain = line.replace("*", "")
    return any(
        plain.startswith(label) and plain[len(label) :].lstrip().startswith(COLONS) for label in labels
    )
