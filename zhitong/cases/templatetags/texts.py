"""Words that templates need: labels from flow and profile, messages, bounded counters."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext

from zhitong.cases import categories, reporters
from zhitong.cases.states import flow, grades, is_urgent, kinds, state_label
from zhitong.core import data

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor
    from zhitong.enterprises.models import Enterprise
    from zhitong.orgs.models import Notice

register = template.Library()
register.simple_tag(state_label)
BOUND = 99
PLACES = {
    "case": "cases:detail",
    "matter": "supervision:detail",
    "referral": "supervision:referral",
    "week": "supervision:week",
    "precedent": "insight:detail",
    "common": "commons:detail",
}  # what a message is about, and its page
LISTS = {"visits": "feedback:visits"}  # what a message about several things leads to


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
def reporter_name(case: Case, actor: Actor | None) -> str:
    """Who said it, unless the reporter is protected from this reader."""
    return reporters.reporter_of(actor, case)


@register.simple_tag
def whose(case: Case, actor: Actor | None) -> str:
    """The firm of a case, or who said it without one, unless they are protected from this reader."""
    return reporters.whose(actor, case)


@register.simple_tag
def firm_of(case: Case, actor: Actor | None) -> Enterprise | None:
    """The firm of a case, for a link to its page; nothing where it is protected from this reader."""
    return reporters.firm_of(actor, case)


@register.simple_tag
def said(case: Case, actor: Actor | None, text: str) -> str:
    """Words about a case, without what names a reporter who is protected from this reader."""
    return reporters.said(actor, case, text)


@register.filter
def known_to(case: Case, actor: Actor) -> bool:
    """Whether this reader may know who is behind a case."""
    return reporters.known(actor, case)


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
    if kind in LISTS:
        return reverse(LISTS[kind])
    return reverse(PLACES[kind], args=[pk]) if kind in PLACES else reverse("home")


@register.filter
def bounded(number: int) -> str:
    """A counter that stops at 99+."""
    return f"{BOUND}+" if number > BOUND else str(number)
