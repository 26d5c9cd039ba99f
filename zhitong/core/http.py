"""Small helpers of views."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from zhitong.core.actor import Side
from zhitong.core.errors import FieldError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from django.http import HttpRequest

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Full-width = + - @ start formulas in some programs, too.
FORMULA_STARTS = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
# What a column of keys and one of counts can hold on both databases.
ONE_PART = re.compile(r"bytes=(?P<first>\d{0,12})-(?P<last>\d{0,12})", re.ASCII)
KEYS, COUNTS = 2**63, 2**31


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Send visitors without an account to the sign-in page and back again."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.actor.side is Side.ANONYMOUS:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return wrapped


def finish(
    request: HttpRequest,
    *,
    form: Any,
    perform: Callable[[dict[str, Any]], Any],
    then: str,
    template: str,
    then_args: tuple[Any, ...] = (),
    done: str = "",
    **context: Any,
) -> HttpResponse:
    """Show a form, or carry it out and go on, saying `done`; a refused field comes back to its input."""
    if request.method == "POST" and form.is_valid():
        try:
            perform(dict(form.cleaned_data))
        except FieldError as error:
            form.take_back(error)
        else:
            messages.success(request, done or _("Saved."))
            return redirect(then, *then_args)
    return render(request, template, {"form": form, **context})


def whole(typed: str, *, below: int) -> int | None:
    """Return the whole number somebody typed, or None: no digits, or more than the column can hold."""
    short = len(typed) <= len(str(below))
    number = int(typed) if short and typed.isascii() and typed.isdigit() else below
    return number if number < below else None


def seen_at(request: HttpRequest) -> datetime | None:
    """Return when the page was made that a form was sent from; None where the form does not say so."""
    try:
        moment = parse_datetime(request.POST.get("seen", ""))
    except ValueError:
        return None
    return moment if moment is not None and timezone.is_aware(moment) else None


def plain_cell(value: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(FORMULA_STARTS) else value


def hand_out(
    path: str, mime: str, name: str, *, inline: bool = False, part: str = ""
) -> FileResponse | HttpResponse:
    """Hand out a stored file, as something that can do nothing in the browser that shows it.

    `part` is the header Range: players of some phones play nothing else (RFC 9110, 14.2).
    """
    root = settings.MEDIA_ROOT.resolve()
    place = (root / path).resolve()
    if not place.is_relative_to(root) or not place.is_file():
        raise Http404
    span = _span(part, place.stat().st_size)
    if span is None:
        response = FileResponse(place.open("rb"), content_type=mime, as_attachment=not inline, filename=name)
    else:
        response = _piece(place, mime, span)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def _span(part: str, size: int) -> tuple[int, int] | None:
    """Return first and last byte of the one part that is asked for; None for the whole file."""
    match = ONE_PART.fullmatch(part.strip())
    if match is None or not size:
        return None
    first, last = match["first"], match["last"]
    if not first:
        return (max(0, size - int(last)), size - 1) if last and int(last) else None
    end = min(int(last), size - 1) if last else size - 1
    return (int(first), end) if int(first) <= end else None


def _piece(place: Path, mime: str, span: tuple[int, int]) -> HttpResponse:
    first, last = span
    with place.open("rb") as file:
        file.seek(first)
        response = HttpResponse(file.read(last - first + 1), content_type=mime, status=206)
    response.headers["Content-Range"] = f"bytes {first}-{last}/{place.stat().st_size}"
    return response
