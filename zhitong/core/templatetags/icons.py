"""The icons of the sprite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.templatetags.static import static
from django.utils.html import format_html

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

register = template.Library()
SPRITE = "vendor/tabler/sprite.svg"


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon beside a word; readers of the screen do not meet it.

    A tag, since a page has twenty of them and an included template costs as much as a query.
    """
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static(SPRITE),
        name,
    )
