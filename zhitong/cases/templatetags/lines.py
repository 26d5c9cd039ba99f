"""Lines of lists of cases, written by code: as templates fifty of them took half the time of a page.

Every part goes through `fill`, which escapes it; only the words of HTML here are taken as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from zhitong.cases import reporters
from zhitong.cases.states import state_label
from zhitong.cases.templatetags.texts import category_label, until, urgent
from zhitong.core.markup import fill

if TYPE_CHECKING:
    from zhitong.cases.models import Case
    from zhitong.cases.pages import Row
    from zhitong.core.actor import Actor
    from zhitong.core.lamps import Clock

register = template.Library()

IN_TABLE = """<tr>
      <td class="data-table__number">{}</td>
      <td><a href="{}">{}</a>{}{}</td>
      <td>{}</td>
      <td>{}{}</td>
      <td>{}{}</td>
      <td>{}</td>
    </tr>"""
TICK = '<label class="data-table__tick"><input type="checkbox" name="case" value="{}"> {}</label>'
ABOUT = '<br><span class="muted">{}</span>'
HIT = '<p class="search-hit"><span class="muted">{}</span> {}</p>'
PERSON = " \u00b7 {}"
URGENT = ' <span class="tag tag--danger">{}</span>'
CLOCK = '<span class="tag tag--{}" title="{}">{}</span>'
HERE = mark_safe(' aria-current="page"')
IN_INBOX = """<li class="inbox-row{}">
  <a class="inbox-row__link" id="row-{}" href="{}"{}>
    <span class="inbox-row__line"><span class="inbox-row__firm">{}</span><time datetime="{}">{}</time></span>
    <span class="inbox-row__title">{}</span>
    <span class="inbox-row__line"><span class="muted">{}{}</span>{}</span>
  </a>
</li>"""


@register.simple_tag
def table_line(row: Row, actor: Actor, *, ticks: bool) -> SafeString:
    """Return a case's line in the office's list; `ticks` puts a box before the number."""
    case, hit = row.case, row.hit
    return fill(
        IN_TABLE,
        fill(TICK, case.pk, case.number) if ticks else case.number,
        row.url,
        hit.title if hit else case.title,
        fill(ABOUT, category_label(case)) if case.category else "",
        fill(HIT, hit.label, hit.piece) if hit and hit.piece else "",
        reporters.whose(actor, case),
        state_label(case),
        _urgent(case),
        case.accountable.label,
        fill(PERSON, case.person.name) if case.person else "",
        _ends(case, row.clock),
    )


@register.simple_tag
def inbox_line(row: Row, actor: Actor, current: int | None = None) -> SafeString:
    """Return a case's line in a narrow list; `current` is the key of the case that stands beside it."""
    case = row.case
    here, came = case.pk == current, timezone.localtime(case.created_at)
    return fill(
        IN_INBOX,
        " inbox-row--current" if here else "",
        case.pk,
        row.url,
        HERE if here else "",
        reporters.whose(actor, case),
        came.isoformat(),
        f"{came:%m-%d %H:%M}",
        case.title,
        state_label(case),
        _urgent(case),
        _tag(row.clock),
    )


def _urgent(case: Case) -> str:
    return fill(URGENT, gettext("Urgent")) if urgent(case) else ""


def _ends(case: Case, clock: Clock | None) -> str:
    if clock is None:
        return str(case.get_outcome_display())
    return fill("{} {}", until(clock.due, "m-d"), _tag(clock))


def _tag(clock: Clock | None) -> str:
    return fill(CLOCK, clock.tone, clock.ends, clock.left) if clock else ""
