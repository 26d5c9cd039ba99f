"""Configuration screens: staff, posts, leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhitong.core import clock, permissions
from zhitong.core.errors import NotPermittedError
from zhitong.core.http import finish, signed_in
from zhitong.orgs import queries, services
from zhitong.orgs.forms import DelegationForm, FirstPasswordForm, NewStaffForm, PostForm, SuccessorForm
from zhitong.orgs.signin import services as signin_services
from zhitong.orgs.states import ROLE_LABELS
from zhitong.orgs.views.general import may_see_staff

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@signed_in
@require_GET
def staff(request: HttpRequest) -> HttpResponse:
    """Everybody with a post, for administrators."""
    if not may_see_staff(request.actor):
        raise NotPermittedError
    people = queries.staff().prefetch_related("postings__department")
    rows = [
        {
            "user": user,
            "posts": [
                {"role": ROLE_LABELS[post.role], "department": post.department}
                for post in user.postings.all()
                if post.until is None
            ],
        }
        for user in people
    ]
    context = {"rows": rows, "may_edit": permissions.may(request.actor, "orgs.edit_staff")}
    return render(request, "orgs/staff.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def new_staff(request: HttpRequest) -> HttpResponse:
    """Open an account."""
    permissions.require(request.actor, "orgs.edit_staff")
    return finish(
        request,
        form=NewStaffForm(request.POST or None),
        perform=lambda given: services.create_staff(by=request.actor, now=clock.now(), **given),
        then="orgs:staff",
        template="orgs/form.html",
        heading=_("New staff account"),
        back="orgs:staff",
    )


@signed_in
@require_GET
def member(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: posts, delegations, and what can be changed."""
    user = queries.get_staff(request.actor, pk)
    posts = [{"row": post, "role": ROLE_LABELS[post.role]} for post in queries.posts_of(user)]
    context = {
        "person": user,
        "posts": posts,
        "delegations": queries.delegations_of(user),
        "now": clock.now(),
        "may_edit": permissions.may(request.actor, "orgs.edit_staff"),
        "may_edit_posts": permissions.may(request.actor, "orgs.edit_posts"),
        "may_delegate": permissions.may(request.actor, "orgs.delegate", user),
    }
    return render(request, "orgs/member.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def add_post(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a person a post."""
    user = queries.get_staff(request.actor, pk)
    permissions.require(request.actor, "orgs.edit_posts")
    return finish(
        request,
        form=PostForm(request.POST or None),
        perform=lambda given: services.add_post(by=request.actor, now=clock.now(), user=user, **given),
        then="orgs:member",
        then_args=(pk,),
        template="orgs/form.html",
        heading=_("New post for %(name)s") % {"name": user.name},
        back="orgs:staff",
    )


@signed_in
@require_http_methods(["GET", "POST"])
def end_post(request: HttpRequest, pk: int) -> HttpResponse:
    """End a post and say who takes over."""
    posting = queries.get_posting(request.actor, pk)
    return finish(
        request,
        form=SuccessorForm(request.POST or None, besides=posting.user_id),
        perform=lambda given: services.end_post(by=request.actor, now=clock.now(), posting=posting, **given),
        then="orgs:member",
        then_args=(posting.user_id,),
        template="orgs/form.html",
        heading=_("End the post of %(name)s in %(unit)s")
        % {"name": posting.user.name, "unit": posting.department.label},
        back="orgs:staff",
    )


@signed_in
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the account of somebody who leaves."""
    user = queries.get_staff(request.actor, pk)
    permissions.require(request.actor, "orgs.edit_staff")
    return finish(
        request,
        form=SuccessorForm(request.POST or None, besides=user.pk),
        perform=lambda given: services.leave(by=request.actor, now=clock.now(), user=user, **given),
        then="orgs:staff",
        template="orgs/form.html",
        heading=_("%(name)s leaves") % {"name": user.name},
        back="orgs:staff",
    )


@signed_in
@require_http_methods(["GET", "POST"])
def delegate(request: HttpRequest, pk: int) -> HttpResponse:
    """Name a stand-in for a time."""
    user = queries.get_staff(request.actor, pk)
    permissions.require(request.actor, "orgs.delegate", user)
    now = clock.now()
    return finish(
        request,
        form=DelegationForm(request.POST or None, absentee=user, now=now),
        perform=lambda given: services.delegate(by=request.actor, now=now, absentee=user, **given),
        then="orgs:member",
        then_args=(pk,),
        template="orgs/form.html",
        heading=_("Stand-in for %(name)s") % {"name": user.name},
        back="orgs:index",
    )


@signed_in
@require_POST
def end_delegation(request: HttpRequest, pk: int) -> HttpResponse:
    """End a delegation now."""
    row = queries.get_delegation(request.actor, pk)
    services.end_delegation(by=request.actor, now=clock.now(), delegation=row)
    messages.success(request, _("The delegation has ended."))
    return redirect("orgs:member", row.absentee_id)


@signed_in
@require_http_methods(["GET", "POST"])
def set_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Give somebody a new first password."""
    user = queries.get_staff(request.actor, pk)
    permissions.require(request.actor, "orgs.edit_staff")
    return finish(
        request,
        form=FirstPasswordForm(request.POST or None),
        perform=lambda given: services.set_password(by=request.actor, now=clock.now(), user=user, **given),
        then="orgs:member",
        then_args=(pk,),
        template="orgs/form.html",
        heading=_("New password for %(name)s") % {"name": user.name},
        back="orgs:staff",
    )


@signed_in
@require_POST
def reset_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove the second factor of somebody who lost their phone."""
    user = queries.get_staff(request.actor, pk)
    signin_services.reset_second_factor(by=request.actor, now=clock.now(), user=user)
    messages.success(request, _("The second factor was removed; a new one is set up at the next sign-in."))
    return redirect("orgs:member", pk)
