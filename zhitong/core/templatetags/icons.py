"""The icons of the sprite."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django import template
from django.templatetags.static import static

from zhitong.core.markup import fill

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

register = template.Library()
DRAWN = '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>'
SPRITE = "vendor/tabler/sprite.svg"


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon beside a word; readers of the screen do not meet it.

    A tag, since a page has twenty of them and an included template costs as much as a query.
    """
    return _drawn(name)


@lru_cache(maxsize=256)
def _drawn(name: str) -> SafeString:
    return fill(DRAWN, static(SPRITE), name)
