"""The portal's style sheets, within the page or beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from zhitong.core import styles

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def style_sheets(context: dict[str, Any]) -> SafeString:
    """The sheets as links where the browser has them, else in the page, with the files fetched afterwards."""
    found, request = styles.bundle(), context.get("request")
    files = [(static(sheet),) for sheet in styles.SHEETS]
    if request is not None and request.COOKIES.get(styles.COOKIE) == found.name:
        return format_html_join("\n", '<link rel="stylesheet" href="{}">', files)
    later = format_html_join("\n", '<link rel="prefetch" as="style" href="{}">', files)
    text = mark_safe(found.text)  # noqa: S308 - our own files; escaped, their quotation marks would break
    return format_html('<style data-css="{}">{}</style>\n{}', found.name, text, later)
