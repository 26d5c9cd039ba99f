"""The tag `url`, which remembers the addresses that are the same on every page."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from django import template
from django.conf import settings
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as parsed
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse

if TYPE_CHECKING:
    from django.template.base import Parser, Token
    from django.template.context import Context

register = template.Library()
_known: dict[tuple[str, str, str], str] = {}


class Way(URLNode):
    """Django's tag; an address without arguments is looked up once.

    A page of the office names some thirty of them in its navigation, a thousandth of a second for every page.
    """

    def render(self, context: Context) -> str:
        """Return the address, or put it where the tag says."""
        if self.args or self.kwargs:
            return str(super().render(context))
        name = self.view_name.resolve(context)
        key = (name, get_script_prefix(), get_urlconf() or settings.ROOT_URLCONF)
        known = _known.get(key)
        if known is None:
            try:
                known = _known[key] = reverse(name)
            except NoReverseMatch:
                return str(super().render(context))
        if self.asvar:
            context[self.asvar] = known
            return ""
        return escape(known) if context.autoescape else known


@register.tag
def url(parser: Parser, token: Token) -> Way:
    """Read Django's tag as it is written, and remember what it finds."""
    node = parsed(parser, token)
    return Way(node.view_name, node.args, node.kwargs, node.asvar)
