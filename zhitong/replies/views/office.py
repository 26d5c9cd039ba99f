"""The office's pages: what lies with units without accounts, links, paper, taking in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhitong.core import clock, permissions
from zhitong.core.http import finish, signed_in
from zhitong.core.kept import filters_of, keeps_filters
from zhitong.replies import pages, queries, services
from zhitong.replies.forms import MakeLinkForm, PaperForm, RefuseForm, TakeForm, UnitForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from zhitong.replies.models import Reply

PAGE = 50


@signed_in
@require_GET
@keeps_filters("replies")
def reply_list(request: HttpRequest) -> HttpResponse:
    """What lies with units without accounts, and the replies that wait."""
    permissions.require(request.actor, "replies.see")
    every = queries.matters(request.actor)
    form = UnitForm(request.GET, units={row.department.pk: row.department.label for row in every})
    unit = form.cleaned_data["unit"] if form.is_valid() else None
    found = [row for row in every if row.department.pk == unit] if unit else every
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "query": filters_of(request),
        "page_obj": page,
        "rows": pages.rows(request.actor, page.object_list, clock.now()),
        "units": pages.units(request.actor, found),
    }
    return render(request, "replies/list.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def make_link(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Ask before an earlier link stops working; then show the new one, once, as a letter to hand over."""
    matter = queries.get_matter(request.actor, kind, pk)
    permissions.require(request.actor, "replies.link", matter)
    now = clock.now()
    form = MakeLinkForm(request.POST or None)
    context: dict[str, Any] = {"matter": matter, "form": form}
    if request.method == "POST":
        form.is_valid()
        made = form.perform(by=request.actor, now=now, matter=matter)
        address = request.build_absolute_uri(reverse("reply", args=[made.token]))
        response = render(request, "replies/letter.html", {**context, "address": address, "link": made.row})
        response.headers["Cache-Control"] = "no-store"
        return response
    context["live"] = queries.links([matter.case.pk], now).filter(department=matter.department).first()
    return render(request, "replies/make_link.html", context)


@signed_in
@require_POST
def revoke_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a link that has not been used."""
    link = queries.get_link(request.actor, pk)
    services.revoke_link(by=request.actor, now=clock.now(), link=link)
    messages.success(request, _("The link does not work any more."))
    return redirect("cases:detail", link.case_id)


@signed_in
@require_http_methods(["GET", "POST"])
def paper(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Enter a reply that came on paper."""
    matter = queries.get_matter(request.actor, kind, pk)
    permissions.require(request.actor, "replies.enter", matter)
    form = PaperForm(request.POST or None, request.FILES or None, matter=matter)
    return finish(
        request,
        form=form,
        perform=lambda _given: form.perform(by=request.actor, now=clock.now()),
        then="cases:detail",
        then_args=(matter.case.pk,),
        template="replies/paper.html",
        matter=matter,
    )


def _decide(
    request: HttpRequest, reply: Reply, form_class: type[TakeForm | RefuseForm], label: str
) -> HttpResponse:
    form = form_class(request.POST or None)
    return finish(
        request,
        form=form,
        perform=lambda _given: form.perform(by=request.actor, now=clock.now(), reply=reply),
        then="cases:detail",
        then_args=(reply.case_id,),
        template="replies/decide.html",
        reply=reply,
        rows=pages.shown(request.actor, [reply]),
        label=label,
        danger=form_class is RefuseForm,
    )


@signed_in
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a reply and take it in."""
    reply = queries.get_reply(request.actor, pk)
    permissions.require(request.actor, "replies.take", reply)
    return _decide(request, reply, TakeForm, _("Take the reply in"))


@signed_in
@require_http_methods(["GET", "POST"])
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Say why a reply is not taken in."""
    reply = queries.get_reply(request.actor, pk)
    permissions.require(request.actor, "replies.take", reply)
    return _decide(request, reply, RefuseForm, _("Do not take the reply in"))
