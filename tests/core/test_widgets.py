"""Selects that are drawn once are those that would be drawn anew."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import override

from zhitong.core.widgets import KEPT, SharedSelect, _drawn


def _select(*edition: Any, label: Any = "A") -> SharedSelect:
    widget = SharedSelect(*edition)
    widget.choices = [("a", label), ("b", "B")]
    return widget


def test_a_shared_select_is_drawn_once_for_its_edition_language_value_and_attributes() -> None:
    plain = forms.Select(choices=[("a", "A"), ("b", "B")])
    assert _select("x").render("f", "a") == plain.render("f", "a")
    assert _select("x", label="Z").render("f", "a") == plain.render("f", "a"), "from memory"
    assert "Z" in _select("x", 2, label="Z").render("f", "a"), "another edition"
    assert _select("x").render("f", "b") == plain.render("f", "b")
    assert 'id="i"' in _select("x").render("f", "a", {"id": "i"})
    with override("en"):
        assert "Z" in _select("x", label="Z").render("f", "a"), "another language"


def test_what_is_remembered_of_selects_has_a_bound() -> None:
    for number in range(KEPT + 5):
        _select("bound").render("f", f"value {number}")
    assert len(_drawn) <= KEPT
