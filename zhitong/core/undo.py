"""What has just been done can be taken back right where it is said; works without script."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.contrib import messages

if TYPE_CHECKING:
    from django.http import HttpRequest

MARK = "undo:"  # before the description of the form, in the tags of a message


def say(request: HttpRequest, sentence: str, *, back: str = "", **fields: Any) -> None:
    """Say that something is done; with `back`, offer to take it back by sending `fields` to that address."""
    offer = MARK + json.dumps({"url": back, "fields": fields}) if back else ""
    messages.success(request, sentence, extra_tags=offer)


def offered(tags: str | None) -> dict[str, Any] | None:
    """Return address and fields of the form that a message's tags describe, or None."""
    if not tags or not tags.startswith(MARK):
        return None
    form: dict[str, Any] = json.loads(tags.removeprefix(MARK))
    return form
