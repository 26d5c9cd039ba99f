"""A circular as a plain Word document, in the letter format of offices (GB/T 9704)."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from zhitong.core import data

if TYPE_CHECKING:
    from zhitong.supervision.models import Measure

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MARGIN = {"top": 3.7, "bottom": 3.5, "left": 2.8, "right": 2.6}  # centimetres, GB/T 9704-2012
INDENT = Pt(32)  # two signs of the body
# What XML cannot hold.
CONTROLS = {code: None for code in range(32) if code not in (9, 10, 13)}


def circular(row: Measure) -> bytes:
    """Return a circular as a Word document that the office stamps and sends."""
    made = Document()
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    for side, centimetres in MARGIN.items():
        setattr(section, f"{side}_margin", Cm(centimetres))
    issuer, unit = row.task.matter.department.label, row.task.department.label
    _write(made, _("Circular criticism"), "title", WD_ALIGN_PARAGRAPH.CENTER)
    if row.number:
        _write(made, row.number, "body", WD_ALIGN_PARAGRAPH.CENTER)
    _write(made, _("%(unit)s:") % {"unit": unit}, "body")
    for line in row.text.splitlines():
        _write(made, line, "body", indent=INDENT)
    _write(made, "", "body")
    _write(made, issuer, "body", WD_ALIGN_PARAGRAPH.RIGHT)
    day = {"year": row.day.year, "month": row.day.month, "day": row.day.day}
    _write(made, _("%(year)s-%(month)s-%(day)s") % day, "body", WD_ALIGN_PARAGRAPH.RIGHT)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def _write(made: Any, text: str, look: str, align: Any = None, *, indent: Any = None) -> None:
    part = data.read("reports", data.stems("reports")[-1])[look]
    paragraph = made.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.first_line_indent = indent
    paragraph.paragraph_format.line_spacing = Pt(28)
    run = paragraph.add_run(text.translate(CONTROLS))
    run.font.size = Pt(part["size"])
    run.font.name = "Times New Roman"
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), part["font"])  # noqa: SLF001 - no other door
