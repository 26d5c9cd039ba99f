"""The offer to take something back, beside the sentence that says it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from zhitong.core.undo import offered

if TYPE_CHECKING:
    from django.contrib.messages.storage.base import Message

register = template.Library()


@register.filter
def undo(message: Message) -> dict[str, Any] | None:
    """Address and fields of the form that takes back what a message tells of; None where nothing does."""
    return offered(message.extra_tags)
