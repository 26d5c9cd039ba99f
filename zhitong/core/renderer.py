"""How form fields become HTML: Django's own templates, and plain code where a list of choices is long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.forms.renderers import Jinja2
from django.utils.safestring import SafeString, mark_safe

from zhitong.core.markup import safe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.http import HttpRequest

SELECT = "django/forms/widgets/select.html"
OPTION = "django/forms/widgets/select_option.html"


class Renderer(Jinja2):
    """Writes selects by code: a template for each option took a quarter of a list page's time."""

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> SafeString:
        """Return a field's HTML, the same as Django's template for it gives."""
        if template_name == SELECT and _plain(context["widget"]):
            return mark_safe("".join(_select(context["widget"])))  # noqa: S308 - every part is escaped
        return super().render(template_name, context, request)


def _plain(widget: Mapping[str, Any]) -> bool:
    """Whether all options are written by Django's own template, which is what `_select` writes."""
    return all(row["template_name"] == OPTION for _name, rows, _place in widget["optgroups"] for row in rows)


def _select(widget: Mapping[str, Any]) -> Iterator[str]:
    yield f'<select name="{safe(widget["name"])}"{_attributes(widget["attrs"])}>'
    for name, rows, _place in widget["optgroups"]:
        if name:
            yield f'\n  <optgroup label="{safe(name)}">'
        for row in rows:
            value, label = safe(row["value"]), safe(row["label"])
            yield f'\n  <option value="{value}"{_attributes(row["attrs"])}>{label}</option>\n'
        if name:
            yield "\n  </optgroup>"
    yield "\n</select>"


def _attributes(attrs: Mapping[str, Any]) -> str:
    written = (
        f" {name}" if value is True else f' {name}="{safe(value)}"'
        for name, value in attrs.items()
        if value is not False
    )
    return "".join(written)
