"""Pages that belong to no room: the way in, the health check, stored files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from zhitong.cases import queries as case_queries
from zhitong.core import queries as core_queries
from zhitong.core import slots
from zhitong.core.actor import Side
from zhitong.core.http import hand_out
from zhitong.drafts import queries as draft_queries
from zhitong.feedback import queries as feedback_queries
from zhitong.replies import queries as reply_queries
from zhitong.supervision import queries as supervision_queries

if TYPE_CHECKING:
    from uuid import UUID

    from zhitong.core.models import Upload

# Who may read the row that a file hangs on may read the file.
READABLE = {
    "cases.entry": case_queries.get_entry,
    "drafts.draft": draft_queries.get_draft,
    "feedback.thanks": feedback_queries.get_thanks,
    "replies.reply": reply_queries.get_reply,
    "supervision.matter": supervision_queries.get_matter,
    "supervision.report": supervision_queries.get_report,
}


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Send a person to the first page of their side."""
    for find in slots.homes:
        address = find(request)
        if address:
            return redirect(address)
    return redirect("account_login")


@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """Say that the database answers; for the supervisor and the load balancer."""
    del request
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@require_GET
def download(request: HttpRequest, pk: UUID) -> FileResponse:
    """Hand out a stored file to those who may read the line it hangs on."""
    file = _readable(request, pk)
    return hand_out(file.path, file.mime, file.name, part=request.headers.get("Range", ""))


@require_GET
def thumbnail(request: HttpRequest, pk: UUID) -> FileResponse:
    """Hand out the small picture of a photo to those who may see the photo."""
    file = _readable(request, pk)
    if not file.thumbnail:
        raise Http404
    return hand_out(file.thumbnail, "image/jpeg", "small.jpg", inline=True)


def _readable(request: HttpRequest, pk: UUID) -> Upload:
    file = core_queries.upload(str(pk))
    label, _, subject = file.subject.partition(":")
    readable = READABLE.get(label)
    if readable is None:
        raise Http404
    row = readable(request.actor, int(subject))
    if getattr(row, "case", None) is not None:
        file.name = case_queries.said(request.actor, row.case, file.name)
    if request.actor.side is Side.FIRM and not file.visible_to_firm:
        raise Http404
    return file
