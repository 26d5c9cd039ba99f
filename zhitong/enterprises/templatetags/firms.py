"""Words that pages about firms need."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import template
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from zhitong.core.actor import Role
from zhitong.enterprises.states import region_label
from zhitong.enterprises.titles import kinds_on
from zhitong.orgs.states import ROLE_LABELS

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from zhitong.enterprises.columns import Row
    from zhitong.enterprises.models import Enterprise, ImportRefusal, LikelyTwin

register = template.Library()
HUNDRED = 100


@register.filter
def cell(value: Any) -> str:
    """A value of the register: numbers with separators, days as numbers, nothing as a dash."""
    if value is None or value == "":
        return "—"
    if isinstance(value, Decimal):
        return f"{value.normalize():,f}"
    if isinstance(value, int):
        return f"{value:,}"
    return value.isoformat() if isinstance(value, date) else str(value)


@register.simple_tag
def cells(row: Row) -> SafeString:
    """The cells of a row of the register; fifty rows of them in a template would be half the page's work."""
    amount = ' class="data-table__amount"'
    shown = (
        f"<td{amount if column.number else ''}>{escape(cell(value))}</td>" for column, value in row.cells
    )
    return mark_safe("".join(shown))  # noqa: S308 - every value is escaped above


@register.filter
def or_unknown(value: Any) -> str:
    """A value, or that it is unknown."""
    return gettext("Unknown") if value in {None, ""} else cell(value)


@register.filter
def day_or_unknown(value: date | None) -> str:
    """A day, or that it is unknown."""
    return gettext("Unknown") if value is None else date_format(value, "Y-m-d")


@register.filter
def percent(basis_points: int) -> str:
    """A share as percent."""
    return f"{(Decimal(basis_points) / HUNDRED).normalize():f}%"


@register.filter
def role_name(role: str) -> str:
    """The name of a role in a firm."""
    return str(ROLE_LABELS[Role(role)])


@register.filter
def region_name(code: str) -> str:
    """The name of a district."""
    return region_label(code)


@register.filter
def both(twin: LikelyTwin) -> tuple[Enterprise, Enterprise]:
    """The two firms of a pair."""
    return (twin.first, twin.second)


@register.simple_tag
def refusal_words(row: ImportRefusal) -> str:
    """Why a row was refused."""
    text = gettext(row.msgid)
    return text % row.params if row.params else text


@register.simple_tag
def part_words(name: str, row: Any) -> str:
    """What a step on a row is about."""
    if name == "withdraw_title":
        kind = kinds_on(row.granted_on).get(row.kind)
        return f"{kind.label if kind else row.kind} {row.granted_on}"
    if name == "confirm_fact":
        return f"{row.kind} {row.period}: {row.value if row.value is not None else '—'}"
    words = {
        "end_relation": lambda: row.parent.name,
        "end_sponsorship": lambda: f"{row.get_duty_display()}: {row.user.name}",
        "end_person": lambda: f"{row.name} {row.phone_mask}",
        "unseat": lambda: row.user.name,
        "withdraw_invitation": lambda: date_format(row.expires_at, "Y-m-d"),
        "split": lambda: f"{row.dropped.name} {row.dropped.code}",
    }
    return words[name]() if name in words else f"{row.get_kind_display()} {row.day} {row.department.label}"
