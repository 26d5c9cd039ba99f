"""The page of one firm, and every form about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from zhitong.core import clock, panels, permissions, slots
from zhitong.core.actor import Side
from zhitong.core.errors import FieldError
from zhitong.core.http import signed_in
from zhitong.enterprises import pages, queries
from zhitong.enterprises.forms import contacts as contact_forms
from zhitong.enterprises.forms import firms as firm_forms
from zhitong.enterprises.forms import people as people_forms

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


def face(request: HttpRequest) -> str:
    """Return which face of a page somebody sees."""
    return "firm" if request.actor.side is Side.FIRM else "staff"


@signed_in
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One firm on one page: to read before the door."""
    firm = queries.get_firm(request.actor, pk)
    if firm.pk != pk:
        return redirect("enterprises:detail", firm.pk)
    now = clock.now()
    context = pages.context(firm, request.actor, now)
    context["panels"] = panels.draw(slots.firm_panels, actor=request.actor, subject=firm, now=now)
    return render(request, f"enterprises/detail_{face(request)}.html", context)


@signed_in
@require_GET
def print_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The firm on paper."""
    firm = queries.get_firm(request.actor, pk)
    now = clock.now()
    context = pages.context(firm, request.actor, now)
    context["panels"] = panels.draw(slots.firm_panels, actor=request.actor, subject=firm, now=now)
    return render(request, "enterprises/print.html", context)


@signed_in
@require_GET
def fact_history(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Everything that was said about one fact of a firm, and whose word counts."""
    firm = queries.get_firm(request.actor, pk)
    found = pages.fact_history(firm, kind, clock.now())
    if found is None:
        raise Http404
    context = {"firm": firm, "may": pages.may(request.actor, firm), **found}
    return render(request, f"enterprises/facts_{face(request)}.html", context)


@dataclass(frozen=True, slots=True)
class Step:
    """One form about a firm: who may, which form, its heading, where it leads, which part of the page."""

    permission: str
    form: Any
    heading: Any
    then: str = "enterprises:detail"


STEPS = {
    "change": Step("change", firm_forms.ChangeForm, gettext_lazy("Change the firm")),
    "fact": Step("state_fact", firm_forms.FactForm, gettext_lazy("State a fact")),
    "title": Step("change", firm_forms.TitleForm, gettext_lazy("Add a title")),
    "patent": Step("change", firm_forms.PatentForm, gettext_lazy("Add a patent or right")),
    "standard": Step("change", firm_forms.StandardForm, gettext_lazy("Add a standard")),
    "credit": Step("change", firm_forms.CreditForm, gettext_lazy("Enter a look into a public list")),
    "relation": Step("change", firm_forms.RelationForm, gettext_lazy("Add a parent or holder")),
    "merge": Step("merge", firm_forms.MergeForm, gettext_lazy("This is the same firm as another entry")),
    "member": Step("seat", people_forms.MemberForm, gettext_lazy("Add a member")),
    "administrator": Step(
        "replace_administrator", people_forms.AdministratorForm, gettext_lazy("The administrator is lost")
    ),
    "person": Step("keep_people", people_forms.ContactPersonForm, gettext_lazy("Add somebody to call")),
    "sponsor": Step("sponsor", people_forms.SponsorForm, gettext_lazy("Link somebody of the office")),
    "rest": Step("rest", contact_forms.RestForm, gettext_lazy("Ask for rest"), "enterprises:contacts"),
    "plan": Step("contact", contact_forms.PlanForm, gettext_lazy("Plan a contact"), "enterprises:contacts"),
    "record": Step(
        "contact", contact_forms.RecordForm, gettext_lazy("Record a contact"), "enterprises:contacts"
    ),
}


def step_view(name: str) -> Callable[..., HttpResponse]:
    """Return the view of one form about a firm: shown on GET, carried out on POST."""
    step = STEPS[name]

    @signed_in
    @require_http_methods(["GET", "POST"])
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        firm = queries.get_firm(request.actor, pk)
        permissions.require(request.actor, f"enterprises.{step.permission}", firm)
        now = clock.now()
        form = step.form(request.POST or None, firm=firm, actor=request.actor, now=now)
        if request.method == "POST" and form.is_valid():
            try:
                form.perform(by=request.actor, now=now)
            except FieldError as error:
                form.take_back(error)
            else:
                messages.success(request, _("Saved."))
                return redirect(step.then, pk=firm.pk)
        context = {"firm": firm, "form": form, "heading": step.heading, "name": name}
        if name in {"plan", "record"}:
            context["contact"] = pages.contact_state(firm, request.actor, now)
        return render(request, f"enterprises/step_{face(request)}.html", context)

    view.__name__ = f"step_{name}"
    return view
