"""Above a list of the office: one's own views of it, and which filters are on and stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext

from zhitong.core import slots
from zhitong.orgs import queries
from zhitong.orgs.forms import SaveViewForm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django import forms

register = template.Library()
LONG = 24  # signs of a value that a chip shows


@register.inclusion_tag("components/views.html", takes_context=True)
def list_views(context: dict[str, Any], place: str, form: forms.Form | None, query: str) -> dict[str, Any]:
    """Views of the list `place`, the filters of its bound `form` in words, and a way to keep them."""
    actor = context["actor"]
    return {
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
        "address": reverse(slots.lists[place].address),
        "views": list(queries.saved_views(actor).filter(place=place)),
        "query": query,
        "chosen": list(_words(form)) if form is not None and query else [],
        "save_form": SaveViewForm(initial={"place": place, "query": query}, auto_id="id_view_%s"),
    }


def _words(form: forms.Form) -> Iterator[str]:
    """Each filter that is on, in the words of the page."""
    cleaned = getattr(form, "cleaned_data", {})
    for bound in form.visible_fields():
        value = cleaned.get(bound.name)
        if value in (None, "", False, []):
            continue
        if value is True:
            yield str(bound.label)
        else:
            yield gettext("%(filter)s: %(value)s") % {
                "filter": bound.label,
                "value": _shown(bound, value)[:LONG],
            }


def _shown(bound: forms.BoundField, value: Any) -> str:
    choices = getattr(bound.field, "choices", None)
    if choices is None or hasattr(value, "pk"):
        return str(value)
    flat = {str(key): str(label) for key, label in choices if not isinstance(label, (list, tuple))}
    return flat.get(str(value), str(value))
