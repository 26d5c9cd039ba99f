"""Pages before a dispatch: of which firm a case is, and whose duty it may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhitong.cases import pages, queries, services, soundings
from zhitong.cases.forms import AnswerSoundingForm, LinkForm, SoundForm
from zhitong.core import clock, permissions
from zhitong.core.http import finish, signed_in

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@signed_in
@require_http_methods(["GET", "POST"])
def sound(request: HttpRequest, pk: int) -> HttpResponse:
    """Which units are asked before the dispatch whether the case is theirs."""
    case = queries.get_case(request.actor, pk)
    permissions.require(request.actor, "cases.sound", case)
    if request.method == "GET":  # a form sent twice must still find its first result
        services.check_soundable(case)
    form = SoundForm(request.POST or None, case=case)
    return finish(
        request,
        form=form,
        perform=lambda _given: form.perform(by=request.actor, now=clock.now()),
        then="cases:detail",
        then_args=(pk,),
        done=_("The units are asked. Their answers appear on this page."),
        template="cases/action_staff.html",
        case=case,
        label=_("Ask units beforehand"),
        danger=False,
        advice=None,
        beginnings=[],
    )


@signed_in
@require_http_methods(["GET", "POST"])
def answer_sounding(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether a case is one's unit's duty; who has answered may not see the case any more."""
    row = soundings.get_sounding(request.actor, pk)
    permissions.require(request.actor, "cases.answer_sounding", row)
    form = AnswerSoundingForm(request.POST or None, sounding=row)
    if request.method == "GET" and row.ended_at is not None:
        return redirect("home")
    return finish(
        request,
        form=form,
        perform=lambda _given: form.perform(by=request.actor, now=clock.now()),
        then="home",
        done=_("Your unit's answer is with the dispatcher."),
        template="cases/answer_sounding.html",
        case=row.case,
        sounding=row,
    )


@signed_in
@require_http_methods(["GET", "POST"])
def link_firm(request: HttpRequest, pk: int) -> HttpResponse:
    """Which firm a case is of that came in with a name only: those it may mean, and why."""
    case = queries.get_case(request.actor, pk)
    permissions.require(request.actor, "cases.link_firm", case)
    now = clock.now()
    words = request.GET.get("find", "").strip()
    firms = pages.firms_meant(request.actor, case, words, now)
    form = LinkForm(request.POST or None, case=case, firms=firms)
    return finish(
        request,
        form=form,
        perform=lambda _given: form.perform(by=request.actor, now=now),
        then="cases:detail",
        then_args=(pk,),
        template="cases/link_firm.html",
        case=case,
        find=words,
        found=bool(firms),
    )
