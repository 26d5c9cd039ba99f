"""Selects written by code are those of Django's templates, sign for sign."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.forms.renderers import Jinja2
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from zhitong.core.renderer import Renderer

FLAT = [("", "All"), ("a&b", "<b> \"x\" 'y'"), (7, gettext_lazy("State")), (None, mark_safe("<i>&</i>"))]
GROUPED = [("Group <1>", [("a", "A"), ("b", "B")]), ("c", "C")]


class Marked(forms.Select):
    """A select whose options carry attributes, as those that depend on another field do."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add one attribute that is on, one that is off and one with signs to escape."""
        option = super().create_option(*args, **kwargs)
        option["attrs"] |= {"disabled": True, "hidden": False, "data-of": '"<1>"'}
        return option


class Own(forms.Select):
    """A select with a template of its own for its options."""

    option_template_name = "django/forms/widgets/radio_option.html"


@pytest.mark.parametrize("widget", [forms.Select, forms.SelectMultiple, Marked, Own])
@pytest.mark.parametrize("choices", [FLAT, GROUPED, []], ids=["flat", "grouped", "empty"])
@pytest.mark.parametrize("value", ["", "a", ["a", "b"], "a&b", None], ids=str)
def test_both_ways_write_the_same(widget: type[forms.Select], choices: list[Any], value: Any) -> None:
    """A difference of one sign would show in pages or in the tests that read them."""
    made = widget(attrs={"id": "id_x", "required": True, "hidden": False, "title": "<&>"})
    made.choices = choices
    assert _written(made, value, Renderer()) == _written(made, value, Jinja2())


def _written(widget: forms.Widget, value: Any, renderer: Any) -> list[str]:
    """The HTML without the white space between its tags; Jinja has other names for quotation marks."""
    html = widget.render("x", value, renderer=renderer).replace("&#34;", "&quot;").replace("&#39;", "&#x27;")
    return [line.strip() for line in html.split("\n") if line.strip()]
