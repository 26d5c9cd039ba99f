"""HTML written by code is what Django's own functions write."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.functional import lazystr
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from zhitong.core.markup import fill

PARTS = [
    "plain",
    "<b> & \"x\" 'y'",
    mark_safe("<i>&</i>"),
    gettext_lazy("State"),
    lazystr("<&>"),
    7,
    None,
    "",
]


@pytest.mark.parametrize("part", PARTS, ids=repr)
def test_filling_escapes_as_django_does(part: Any) -> None:
    written = fill("<p>{}</p>{}", part, "<")
    assert written == format_html("<p>{}</p>{}", part, "<")
    assert hasattr(written, "__html__")
