"""Pages for what went wrong before any view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import JsonResponse
from django.shortcuts import render

from zhitong.core.api import of_missing

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PROGRAMS = "/api/"


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say kindly that the form is too old; the reason is for the log, not for the person."""
    del reason
    return render(request, "errors/csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is nothing here, or nothing for this person; a program reads it as JSON."""
    if request.path.startswith(PROGRAMS):
        return JsonResponse(of_missing(exception)[1], status=404)
    return render(request, "errors/not_found.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that it is our fault; no context processors, they may be what failed."""
    return render(request, "errors/server_error.html", status=500)
