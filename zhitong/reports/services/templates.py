"""Templates come in, are withdrawn, and are filled in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_noop

from zhitong.core import permissions
from zhitong.core.errors import FasterError, FieldError
from zhitong.core.service import Work, service
from zhitong.reports.models import Made, Template, TemplateVersion
from zhitong.reports.states import NAME, QUERY

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.orgs.models import Department

MOST = 100  # templates in use of one unit


@dataclass(frozen=True, slots=True)
class ReceivedTemplate:
    """A template that was examined: what it is, which fields it holds, its bytes and their hash."""

    format: str
    file_name: str
    content: bytes = field(repr=False)
    sha256: str = ""
    fields: tuple[dict[str, Any], ...] = ()

    @property
    def fingerprint(self) -> str:
        """What a repeat of the same form has to match."""
        return self.sha256


@service("reports.add_template")
def add_template(
    work: Work, *, by: Actor, now: datetime, department: Department, name: str, given: ReceivedTemplate
) -> TemplateVersion:
    """Keep a template of a unit; a name that is in use there gets a new version."""
    permissions.require(by, "reports.add_template", department)
    name = " ".join(name.split())
    if not name or len(name) > NAME:
        raise FieldError("name", gettext_noop("Give the template a name."))
    rows = Template.objects.select_for_update().filter(department=department, withdrawn_at__isnull=True)
    template = rows.filter(name=name).first()
    if template is not None and template.format != given.format:
        raise FieldError(
            "file",
            gettext_noop("“%(name)s” is of another format. Give the new template another name."),
            name=name,
        )
    if template is None:
        if rows.count() >= MOST:
            raise FieldError("name", gettext_noop("The unit has many templates already. Withdraw one first."))
        template = Template.objects.create(
            department=department, name=name, format=given.format, made_by_id=by.user, made_at=now
        )
    last = TemplateVersion.objects.filter(template=template).order_by("-number").first()
    version = TemplateVersion.objects.create(
        template=template, number=last.number + 1 if last else 1, content=given.content, sha256=given.sha256,
        file_name=given.file_name[:120], fields=list(given.fields), uploaded_by_id=by.user, at=now,
    )  # fmt: skip
    work.record(version, unit=department.pk, template=template.pk, number=version.number, sha256=given.sha256)
    return version


@service("reports.withdraw_template")
def withdraw_template(work: Work, *, by: Actor, now: datetime, template: Template) -> Template:
    """Offer a template no longer; what was made of it keeps its version."""
    permissions.require(by, "reports.withdraw_template", template)
    rows = Template.objects.filter(pk=template.pk, withdrawn_at__isnull=True)
    if not rows.update(withdrawn_at=now, withdrawn_by_id=by.user):
        raise FasterError(gettext_noop("This template was withdrawn already."))
    template.refresh_from_db()
    work.record(template, unit=template.department_id)
    return template


@service("reports.note_document")
def note_document(
    work: Work, *, by: Actor, now: datetime, version: TemplateVersion, query: str, rows: int, sha256: str
) -> Made:
    """Note a document that was made: of which version, by which filter, with how many cases."""
    permissions.require(by, "reports.fill", version.template)
    row = Made.objects.create(
        version=version, by_user_id=by.user, at=now, query=query[:QUERY], rows=rows, sha256=sha256
    )
    work.record(row, version=version.pk, number=version.number, query=query[:QUERY], rows=rows, sha256=sha256)
    return row


@service("reports.note_ledger")
def note_ledger(work: Work, *, by: Actor, now: datetime, query: str, rows: int) -> None:
    """Leave an event that says who took the ledger out of the system, by which filter, how many cases."""
    del now
    permissions.require(by, "reports.see_ledger")
    work.record("cases.case", query=query[:QUERY], rows=rows)
