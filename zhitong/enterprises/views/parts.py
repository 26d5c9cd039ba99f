"""Steps on what hangs on a firm: confirm a fact, take a title away, end a seat, cancel a visit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from zhitong.core import clock, permissions
from zhitong.core.errors import FieldError
from zhitong.core.forms import ServiceForm
from zhitong.core.http import signed_in
from zhitong.enterprises import queries, services
from zhitong.enterprises.forms.contacts import NoteForm, ReasonForm, WithdrawTitleForm
from zhitong.enterprises.views.firms import face

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True, slots=True)
class Part:
    """One step on one row: how it is fetched, who may, what it asks, which service, as which argument."""

    get: Callable[..., Any]
    permission: str
    service: Callable[..., Any]
    argument: str
    heading: Any
    form: Any = ServiceForm
    subject: str = ""  # the permission is about this attribute of the row, not the row itself
    then: str = "enterprises:detail"
    danger: bool = False


PARTS = {
    "confirm_fact": Part(
        queries.get_fact, "confirm_fact", services.confirm_fact, "fact", gettext_lazy("Confirm this value"),
        subject="enterprise",
    ),
    "withdraw_title": Part(
        queries.get_title, "change", services.withdraw_title, "title",
        gettext_lazy("The title was taken away"), form=WithdrawTitleForm, subject="enterprise", danger=True,
    ),
    "end_relation": Part(
        queries.get_relation, "change", services.end_relation, "relation",
        gettext_lazy("This relation has ended"), subject="enterprise", danger=True,
    ),
    "end_sponsorship": Part(
        queries.get_sponsorship, "sponsor", services.end_sponsorship, "sponsorship",
        gettext_lazy("End this link"), subject="enterprise", danger=True,
    ),
    "end_person": Part(
        queries.get_contact_person, "keep_people", services.end_contact_person, "person",
        gettext_lazy("Not the one to call any more"), subject="enterprise", danger=True,
    ),
    "unseat": Part(
        queries.get_seat, "unseat", services.unseat, "membership", gettext_lazy("End this person's access"),
        danger=True,
    ),
    "withdraw_invitation": Part(
        queries.get_invitation, "invite", services.withdraw_invitation, "invitation",
        gettext_lazy("Withdraw this invitation"), subject="enterprise", danger=True,
    ),
    "finish_contact": Part(
        queries.get_contact, "contact_of_department", services.finish_contact, "contact",
        gettext_lazy("The contact took place"), form=NoteForm, then="enterprises:contacts",
    ),
    "cancel_contact": Part(
        queries.get_contact, "contact_of_department", services.cancel_contact, "contact",
        gettext_lazy("Cancel this contact"), form=NoteForm, then="enterprises:contacts", danger=True,
    ),
    "split": Part(
        queries.get_merge, "merge", services.split, "merge", gettext_lazy("These are two firms after all"),
        form=ReasonForm, subject="kept", danger=True,
    ),
}  # fmt: skip


def part_view(name: str) -> Callable[..., HttpResponse]:
    """Return the view of one step on a row: asked on GET, carried out on POST."""
    part = PARTS[name]

    @signed_in
    @require_http_methods(["GET", "POST"])
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        row = part.get(request.actor, pk)
        subject = getattr(row, part.subject) if part.subject else row
        permissions.require(request.actor, f"enterprises.{part.permission}", subject)
        firm = queries.standing(row.kept if name == "split" else row.enterprise)
        form = part.form(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                part.service(by=request.actor, now=clock.now(), **{part.argument: row}, **form.cleaned_data)
            except FieldError as error:
                form.take_back(error)
            else:
                messages.success(request, _("Saved."))
                return _on(request, part, firm.pk)
        context = {"firm": firm, "form": form, "heading": part.heading, "row": row, "danger": part.danger}
        return render(request, f"enterprises/part_{face(request)}.html", {**context, "name": name})

    view.__name__ = f"part_{name}"
    return view


def _on(request: HttpRequest, part: Part, firm: int) -> HttpResponse:
    """Go on to the firm, or home where the step took the firm out of sight."""
    if queries.visible(request.actor, merged=True).filter(pk=firm).exists():
        return redirect(part.then, pk=firm)
    return redirect("home")
