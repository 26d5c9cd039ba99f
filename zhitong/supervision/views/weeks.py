"""Weekly lists: all of them, one week with its cases, and what is put on, taken off and said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from zhitong.core import clock, permissions
from zhitong.core.http import finish, signed_in
from zhitong.supervision import exports, pages, queries
from zhitong.supervision.forms import ITEM_FORMS, AddForm, WeekFilterForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from zhitong.supervision.models import WeekList

PAGE = 50
HEADINGS = {
    "take_off": gettext_lazy("Take it off the list"),
    "say_why": gettext_lazy("Say why it is not cleared"),
}


@signed_in
@require_GET
def week_list(request: HttpRequest) -> HttpResponse:
    """The lists in sight with how many of their cases stand how."""
    permissions.require(request.actor, "supervision.see")
    page = Paginator(queries.weeks(request.actor), PAGE).get_page(request.GET.get("page"))
    numbers = queries.counts(request.actor, page.object_list)
    rows = [(week, numbers[week.pk]) for week in page.object_list]
    return render(request, "supervision/weeks.html", {"page_obj": page, "rows": rows})


@signed_in
@require_GET
def week(request: HttpRequest, pk: int) -> HttpResponse:
    """The cases of one list, narrowed by filters that stay in the address."""
    found = queries.get_week(request.actor, pk)
    form, rows = _narrowed(request, found)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    now = clock.now()
    context = {
        "week": found,
        "form": form,
        "page_obj": page,
        "rows": pages.week_rows(request.actor, page.object_list, now),
        "tabs": pages.week_tabs(queries.counts(request.actor, [found])[pk], request.GET.get("standing", "")),
        "query": kept.urlencode(),
        "running": found.ends_at > now,
        "may_add": found.ends_at > now and permissions.may(request.actor, "supervision.add_to_week", found),
    }
    return render(request, "supervision/week.html", context)


def _narrowed(request: HttpRequest, found: WeekList) -> tuple[WeekFilterForm, Any]:
    rows = queries.items(request.actor).filter(week=found)
    form = WeekFilterForm(request.GET, leads=queries.leads_of(rows))
    return form, queries.narrowed(rows, form.cleaned_data if form.is_valid() else {})


@signed_in
@require_GET
def week_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The narrowed list as a workbook."""
    found = queries.get_week(request.actor, pk)
    _form, rows = _narrowed(request, found)
    return exports.week(found, rows)


@signed_in
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a case on a list."""
    found = queries.get_week(request.actor, pk)
    permissions.require(request.actor, "supervision.add_to_week", found)
    form = AddForm(request.POST or None, initial={"number": request.GET.get("number", "")})
    return finish(
        request,
        form=form,
        perform=lambda _given: form.perform(by=request.actor, now=clock.now(), week=found),
        then="supervision:week",
        then_args=(pk,),
        template="supervision/week_step.html",
        week=found,
        heading=gettext_lazy("Put a case on the list"),
    )


def item_view(name: str) -> Any:
    """Return the view of one step of a listed case."""

    @signed_in
    @require_http_methods(["GET", "POST"])
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        item = queries.get_item(request.actor, pk)
        permissions.require(request.actor, f"supervision.{name}", item)
        form = ITEM_FORMS[name](
            request.POST or None, initial={"next_day": item.next_day} if name == "say_why" else None
        )
        return finish(
            request,
            form=form,
            perform=lambda _given: form.perform(by=request.actor, now=clock.now(), item=item),
            then="supervision:week",
            then_args=(item.week_id,),
            template="supervision/week_step.html",
            week=item.week,
            item=item,
            heading=HEADINGS[name],
        )

    view.__name__ = f"item_{name}"
    return view
