"""Drawing the panels of a slot on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.core.slots import Panel, Slot


def draw(slot: Slot[Panel], *, actor: Actor, subject: Any, now: datetime) -> list[dict[str, Any]]:
    """Return template and context of every panel that has something to show, in the order of the slot."""
    drawn = []
    for panel in slot:
        context = panel.context(actor, subject, now)
        if context is not None:
            drawn.append({"template": panel.template, **context})
    return drawn
