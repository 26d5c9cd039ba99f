"""Words that templates need: labels from flow and profile, messages, bounded counters."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from zhitong.cases import categories
from zhitong.cases.states import flow, grades, is_urgent, kinds
from zhitong.core import data, permissions

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor
    from zhitong.orgs.models import Notice

register = template.Library()
BOUND = 99
PLACES = {
    "case": "cases:detail",
    "matter": "supervision:detail",
    "referral": "supervision:referral",
    "week": "supervision:week",
}  # what a message is about, and its page


@register.simple_tag
def state_label(case: Case) -> str:
    """The state of a case in the reader's language, by the flow it began with."""
    return data.label(flow(case.flow_version).state(case.state).label)


@register.simple_tag
def grade_label(case: Case) -> str:
    """The class of a case on the plan, by the deadlines it began with."""
    return grades(case.sla_version).get(case.grade, case.grade)


@register.simple_tag
def state_label_of(case: Case, state: str) -> str:
    """Another state of the same case's flow."""
    return data.label(flow(case.flow_version).state(state).label)


@register.simple_tag
def category_label(case: Case) -> str:
    """What a case is about, or that nobody has said so yet."""
    return categories.label_of(case.category) or str(categories.UNDETERMINED)


@register.simple_tag
def kind_label(case: Case) -> str:
    """The kind of matter of a case."""
    return kinds(case.sla_version)[case.kind]


@register.simple_tag
def reporter_name(case: Case, actor: Actor) -> str:
    """Who said it, unless the reporter is protected from this reader."""
    return case.reporter if permissions.may(actor, "cases.see_reporter", case) else _("Protected reporter")


@register.filter
def urgent(case: Case) -> bool:
    """Whether a running case counts hours, day and night."""
    return case.ended_at is None and is_urgent(case.sla_version, case.kind)


@register.filter
def until(moment: datetime | None, day: str = "Y-m-d") -> str:
    """The day on which something ends, with its hour where it does not end with the day."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    last = local.time().replace(microsecond=0) == time(23, 59, 59)
    return date_format(local, day if last else f"{day} H:i")


@register.simple_tag
def notice_text(notice: Notice) -> str:
    """A message in the reader's language."""
    return gettext(notice.msgid) % notice.params


@register.simple_tag
def notice_url(notice: Notice) -> str:
    """Where a message leads."""
    kind, _, pk = notice.subject.partition(":")
    return reverse(PLACES[kind], args=[pk]) if kind in PLACES else reverse("home")


@register.filter
def bounded(number: int) -> str:
    """A counter that stops at 99+."""
    return f"{BOUND}+" if number > BOUND else str(number)
