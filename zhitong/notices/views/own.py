"""How one is told: ways, hours, and the e-mail address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from zhitong.core import clock
from zhitong.core.actor import Side
from zhitong.core.clock import local_date
from zhitong.core.http import finish, signed_in
from zhitong.notices import queries, services
from zhitong.notices.forms import AddressForm, ChooseForm, CodeForm
from zhitong.notices.states import Channel, table_on
from zhitong.orgs import services as org_services

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from zhitong.notices.queries import Person


def _base(request: HttpRequest) -> str:
    return "portal/page.html" if request.actor.side is Side.FIRM else "workbench/page.html"


def _person(request: HttpRequest) -> Person:
    return queries.person(org_services.own_account(by=request.actor))


@signed_in
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """By which ways one is told of what, and when not."""
    person = _person(request)
    form = ChooseForm(request.POST or None, person=person, table=table_on(local_date(clock.now())))
    return finish(
        request,
        form=form,
        perform=lambda _given: form.perform(by=request.actor, now=clock.now()),
        then="notices:choose",
        template="notices/choose.html",
        base=_base(request),
        address=queries.address_of(person.preference),
        reached=[(way, way.label, bool(person.reach(way))) for way in Channel],
        unbound=person.preference.unbound_at is not None and not person.reach(Channel.WEIXIN),
    )


@signed_in
@require_http_methods(["GET", "POST"])
def address(request: HttpRequest) -> HttpResponse:
    """The e-mail address to which a code is sent."""
    return finish(
        request,
        form=AddressForm(request.POST or None),
        perform=lambda given: services.ask_address(by=request.actor, now=clock.now(), **given),
        then="notices:confirm",
        template="notices/address.html",
        base=_base(request),
        address=queries.address_of(_person(request).preference),
    )


@signed_in
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """The code that came back."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.count_try(by=request.actor)
    return finish(
        request,
        form=form,
        perform=lambda given: services.confirm_address(by=request.actor, now=clock.now(), **given),
        then="notices:choose",
        template="notices/confirm.html",
        base=_base(request),
    )


@signed_in
@require_POST
def remove_address(request: HttpRequest) -> HttpResponse:
    """Forget the address."""
    services.remove_address(by=request.actor, now=clock.now())
    messages.success(request, _("Saved."))
    return redirect("notices:choose")
