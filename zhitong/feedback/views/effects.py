"""Effects of answers: what is expected, its steps, the list and its workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from zhitong.cases import queries as case_queries
from zhitong.core import clock, permissions
from zhitong.core.actor import Side
from zhitong.core.http import finish, signed_in
from zhitong.core.kept import filters_of, keeps_filters
from zhitong.feedback import exports, queries, services
from zhitong.feedback.forms import EffectPlainForm, EffectsForm, EffectTextForm, ExpectForm
from zhitong.feedback.states import EffectState

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from zhitong.feedback.models import Effect

PAGE = 50
# Of a step: the service, the heading, the field of its sentence, what is asked for.
SAYS: dict[str, tuple[Any, Any, str, Any]] = {
    "there": (
        services.say_effect_there, gettext_lazy("The effect is there"), "text", gettext_lazy("What shows it"),
    ),
    "confirm": (
        services.confirm_effect, gettext_lazy("Confirm the effect"), "reason",
        gettext_lazy("Who of the firm said so by phone, and why it does not confirm itself"),
    ),
    "deny": (
        services.deny_effect, gettext_lazy("The effect is not there yet"), "text",
        gettext_lazy("What is still missing"),
    ),
    "look": (
        services.look_again, gettext_lazy("Looked, not there yet"), "text", gettext_lazy("What you found"),
    ),
    "drop": (
        services.drop_effect, gettext_lazy("Stop following the effect"), "reason",
        gettext_lazy("Why it is not followed any more; the firm reads this"),
    ),
}  # fmt: skip


def _base(request: HttpRequest) -> str:
    return "portal/page.html" if request.actor.side is Side.FIRM else "workbench/page.html"


@signed_in
@require_http_methods(["GET", "POST"])
def expect(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down an effect that is expected of an answer."""
    case = case_queries.get_case(request.actor, pk)
    permissions.require(request.actor, "feedback.expect_effect", case)
    return finish(
        request,
        form=ExpectForm(request.POST or None),
        perform=lambda given: services.expect_effect(by=request.actor, now=clock.now(), case=case, **given),
        then="cases:detail",
        then_args=(pk,),
        template="feedback/effect.html",
        case=case,
        base=_base(request),
        heading=_("Follow an effect"),
    )


@signed_in
@require_http_methods(["GET", "POST"])
def effect(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """One step of an effect."""
    row = queries.get_effect(request.actor, pk)
    permissions.require(request.actor, queries.STEPS[step][0], row.case)
    verb, heading, field, label = SAYS[step]
    initial = {"version": row.version}
    form: Any
    if step == "confirm" and request.actor.side is Side.FIRM:
        form = EffectPlainForm(request.POST or None, initial=initial)
    else:
        form = EffectTextForm(request.POST or None, initial=initial, label=label, field=field)
    return finish(
        request,
        form=form,
        perform=lambda given: verb(by=request.actor, now=clock.now(), effect=row, **given),
        then="cases:detail",
        then_args=(row.case_id,),
        template="feedback/effect.html",
        case=row.case,
        effect=row,
        base=_base(request),
        heading=heading,
    )


@signed_in
@require_GET
@keeps_filters("effects")
def effects(request: HttpRequest) -> HttpResponse:
    """Effects of the cases in sight, with counts that open their rows."""
    permissions.require(request.actor, "feedback.see_effects")
    every, form, found = _found(request)
    context = {
        "page_obj": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "form": form,
        "query": filters_of(request),
        "today": clock.local_date(clock.now()),
        "counts": [(state, label, every.filter(state=state).count()) for state, label in EffectState.choices],
        "late": queries.late_looks(every, clock.local_date(clock.now())).count(),
    }
    return render(request, "feedback/effects.html", context)


@signed_in
@require_GET
def effect_export(request: HttpRequest) -> HttpResponse:
    """The list as a workbook."""
    permissions.require(request.actor, "feedback.see_effects")
    _every, _form, found = _found(request)
    return exports.effects(found, clock.local_date(clock.now()), actor=request.actor)


def _found(request: HttpRequest) -> tuple[QuerySet[Effect], EffectsForm, QuerySet[Effect]]:
    """All effects in sight, the filters of the address, and what they leave."""
    every = queries.effects(request.actor)
    leads = every.order_by("case__lead__name").values_list("case__lead", "case__lead__name").distinct()
    form = EffectsForm(request.GET, departments=list(leads))
    given = form.cleaned_data if form.is_valid() else {}
    return every, form, queries.narrowed(every, given, clock.local_date(clock.now()))
