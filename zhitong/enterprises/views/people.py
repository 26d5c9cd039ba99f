"""People: a number in full, an invitation, joining a firm, the notice on personal data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from zhitong.core import clock, data, permissions
from zhitong.core.actor import Side
from zhitong.core.errors import FieldError, RefusedError
from zhitong.core.http import signed_in
from zhitong.enterprises import pages, queries, services
from zhitong.enterprises.forms.people import InviteForm, JoinForm, UnmaskForm
from zhitong.enterprises.views.firms import face

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest, HttpResponse

PAGE = 50


@signed_in
@require_http_methods(["GET", "POST"])
def phone(request: HttpRequest, pk: int) -> HttpResponse:
    """A number in full: at once for who has the firm's case in hand, with a reason for others."""
    person = queries.get_contact_person(request.actor, pk)
    permissions.require(request.actor, "enterprises.unmask", person.enterprise)
    in_hand = services.handles_a_case(by=request.actor, firm=person.enterprise)
    form = UnmaskForm(request.POST or None)
    context: dict[str, Any] = {"person": person, "firm": queries.standing(person.enterprise), "form": form}
    if request.method == "POST" and (form.is_valid() or in_hand):
        try:
            seen = services.unmask(
                by=request.actor, now=clock.now(), person=person, reason=form.cleaned_data.get("reason", "")
            )
        except FieldError as error:
            form.take_back(error)
        else:
            return render(request, "enterprises/phone.html", {**context, "phone": seen.phone})
    return render(request, "enterprises/phone.html", {**context, "phone": ""})


@signed_in
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an invitation; its code is shown on the answer and nowhere else."""
    firm = queries.get_firm(request.actor, pk)
    permissions.require(request.actor, "enterprises.invite", firm)
    now = clock.now()
    form = InviteForm(request.POST or None, firm=firm, actor=request.actor, now=now)
    context: dict[str, Any] = {"firm": firm, "form": form, "code": "", "name": "invite"}
    if request.method == "POST" and form.is_valid():
        made = form.perform(by=request.actor, now=now)
        context |= {"code": made.code, "until": made.row.expires_at}
    return render(request, f"enterprises/invite_{face(request)}.html", context)


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Take the seat of an invitation; open to people without an account, too."""
    now = clock.now()
    form = JoinForm(
        request.POST or None, actor=request.actor, initial={"invitation": request.GET.get("code", "")[:20]}
    )
    if request.method == "POST" and form.is_valid():
        try:
            form.perform(by=request.actor, now=now)
        except FieldError as error:
            form.take_back(error)
        except RefusedError as refusal:
            form.add_error(None, refusal.message)
        else:
            signed = request.actor.side is not Side.ANONYMOUS
            messages.success(
                request,
                _("Welcome. You now belong to the firm.")
                if signed
                else _("Welcome. Sign in with a code sent to your number."),
            )
            return redirect("home" if signed else "account_request_login_code")
    return render(request, "enterprises/join.html", {"form": form, "notice": notice(clock.local_date(now))})


def notice(today: date) -> dict[str, Any]:
    """Return the notice on personal data in the reader's language."""
    version = data.version_on("notices", "privacy", today)
    table = data.read("notices", f"privacy-{version}")
    return {
        "version": version,
        "title": data.label(table["title"]),
        "points": [data.label(point) for point in table["point"]],
        "in_force": table["in_force"],
    }


@require_http_methods(["GET", "POST"])
def privacy(request: HttpRequest) -> HttpResponse:
    """The notice on personal data, which anybody may read; who is signed in can agree to it."""
    now = clock.now()
    signed = request.actor.user is not None
    if request.method == "POST" and signed:
        services.consent(by=request.actor, now=now)
        messages.success(request, _("Thank you. Your agreement is kept."))
        return redirect("home")
    today = clock.local_date(now)
    agreed = queries.agreed(request.actor, notice(today)["version"]) if signed else None
    context = {"notice": notice(today), "agreed": agreed, "signed": signed}
    return render(request, "enterprises/privacy.html", context)


@signed_in
@require_GET
def contacts(request: HttpRequest, pk: int) -> HttpResponse:
    """The ledger: who came, why, and what is planned; the firm sees its own."""
    firm = queries.get_firm(request.actor, pk)
    page = Paginator(queries.ledger(firm), PAGE).get_page(request.GET.get("page"))
    rows = [
        {"row": row, "may": permissions.may(request.actor, "enterprises.contact_of_department", row)}
        for row in page.object_list
    ]
    context = {
        "firm": firm,
        "rows": rows,
        "page_obj": page,
        "contact": pages.contact_state(firm, request.actor, clock.now()),
        "may": pages.may(request.actor, firm),
    }
    return render(request, f"enterprises/contacts_{face(request)}.html", context)
