"""A report as a plain Word document that people go on writing in: real headings, tables, page numbers."""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from lxml import etree

from zhitong.core import data
from zhitong.reports import pages
from zhitong.reports.filling.words import CONTROLS
from zhitong.reports.states import FOLDER

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph

    from zhitong.reports.pages import Shown

LONG = 20  # signs beyond which a cell is no longer set in the middle
LINE = 16.0  # centimetres between the margins
NARROWEST, BROADEST = 8, 36  # signs of a column that count for its width
INDENT = Pt(32)  # two signs of the body
BLACK = RGBColor(0, 0, 0)
MARGIN = {"top": 3.0, "bottom": 2.8, "left": 2.6, "right": 2.4}
NAMES = {"Title": "title", "Heading 1": "heading", "Normal": "body", "Table": "table"}


@cache
def style() -> dict[str, Any]:
    """Return how reports look."""
    newest = max(stem for stem in data.stems(FOLDER) if stem.startswith("style-"))
    return data.read(FOLDER, newest)


def document(shown: Shown) -> bytes:
    """Return a report as a Word document."""
    made = Document()
    _dress(made)
    report = shown.report
    made.core_properties.title = pages.title(report)
    made.core_properties.author = report.made_by.name
    made.core_properties.comments = ""
    made.add_paragraph(pages.title(report), style="Title")
    _meta(made, shown)
    numbers = iter(style()["numbers"][_language()])
    made.add_heading(next(numbers) + _("Overview"), level=1)
    made.add_paragraph(pages.overview(shown))
    for title, heads, rows in pages.tables(shown):
        made.add_heading(next(numbers) + title, level=1)
        if rows:
            _table(made, heads, rows)
        else:
            made.add_paragraph(_("None."))
    _notes(made, shown)
    _page_numbers(made)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def _language() -> str:
    return "zh" if (get_language() or "zh").startswith("zh") else "en"


def _meta(made: Any, shown: Shown) -> None:
    report = shown.report
    line = _("%(unit)s · %(begin)s to %(end)s · made on %(day)s") % {
        "unit": report.department.label, "begin": report.begin, "end": report.end,
        "day": f"{timezone.localtime(report.at):%Y-%m-%d}",
    }  # fmt: skip
    paragraph = made.add_paragraph(line)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.first_line_indent = Pt(0)


def _notes(made: Any, shown: Shown) -> None:
    made.add_paragraph(
        _("Units stand in the order of their directory, not of their figures: this is no ranking.")
    )
    made.add_paragraph(_("A dash means that there is nothing to count."))
    if shown.hidden:
        made.add_paragraph(
            _("%(number)d more cases that need attention are confidential and not listed here.")
            % {"number": shown.hidden}
        )
    if shown.hidden_tasks:
        made.add_paragraph(
            _("%(number)d more supervised matters are not in your sight and not listed here.")
            % {"number": shown.hidden_tasks}
        )


def _table(made: Any, heads: list[str], rows: list[list[Any]]) -> None:
    table = made.add_table(rows=1, cols=len(heads), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        _write(cell, head, bold=True, middle=True)
    again = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(again)  # noqa: SLF001 - the heading comes again on each page
    for row in rows:
        cells = table.add_row().cells
        for number, (cell, value) in enumerate(zip(cells, row, strict=True)):
            _write(cell, value, bold=False, middle=number > 0 and len(str(value)) < LONG)
    _widths(table, heads, rows)
    for row in table.rows:
        whole = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(whole)  # noqa: SLF001 - no row is cut by the end of a page


def _widths(table: Any, heads: list[str], rows: list[list[Any]]) -> None:
    """Give each column a share of the line by the longest word that stands in it."""
    longest = [max(signs(str(cell)) for cell in column) for column in zip(heads, *rows, strict=True)]
    shares = [min(max(number, NARROWEST), BROADEST) for number in longest]
    for column, share in zip(table.columns, shares, strict=True):
        column.width = Cm(LINE * share / sum(shares))
        for cell in column.cells:
            cell.width = column.width


def signs(text: str) -> int:
    """Return how broad a text is in signs of half width."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _write(cell: Any, value: Any, *, bold: bool, middle: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.style = "Table"
    run = paragraph.add_run(CONTROLS.sub("", str(value)))
    run.bold = bold
    if middle:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _dress(made: Any) -> None:
    """Set page, types and sizes."""
    section = made.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    for side, centimetres in MARGIN.items():
        setattr(section, f"{side}_margin", Cm(centimetres))
    made.styles.add_style("Table", WD_STYLE_TYPE.PARAGRAPH)
    for name, key in NAMES.items():
        look, part = made.styles[name], style()[key]
        look.font.size = Pt(part["size"])
        look.font.color.rgb = BLACK
        look.font.bold = False
        fonts = look.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in list(fonts.attrib):
            del fonts.attrib[attribute]
        for attribute in ("w:ascii", "w:hAnsi"):
            fonts.set(qn(attribute), "Times New Roman")
        fonts.set(qn("w:eastAsia"), part["font"])
    _paragraphs(made)
    _stand_ins(made)


def _paragraphs(made: Any) -> None:
    title, heading, body, table = (made.styles[name].paragraph_format for name in NAMES)
    title.alignment, title.space_after = WD_ALIGN_PARAGRAPH.CENTER, Pt(12)
    borders = made.styles["Title"].element.pPr.find(qn("w:pBdr"))
    if borders is not None:
        made.styles["Title"].element.pPr.remove(borders)
    heading.space_before, heading.space_after, heading.keep_with_next = Pt(14), Pt(6), True
    body.space_after, body.line_spacing, body.first_line_indent = Pt(4), Pt(28), INDENT
    table.space_before, table.space_after, table.line_spacing = Pt(3), Pt(3), 1.0
    for look in (title, table):
        look.first_line_indent = Pt(0)


def _stand_ins(made: Any) -> None:
    """Name the types that stand in for those that a machine lacks, in the table of types."""
    part = next(part for part in made.part.package.iter_parts() if part.partname == "/word/fontTable.xml")
    tree = etree.fromstring(part.blob)
    for key in NAMES.values():
        look = style()[key]
        if "instead" not in look:
            continue
        font = etree.SubElement(tree, qn("w:font"))
        font.set(qn("w:name"), look["font"])
        etree.SubElement(font, qn("w:altName")).set(qn("w:val"), ",".join(look["instead"]))
        etree.SubElement(font, qn("w:charset")).set(qn("w:val"), "86")
        etree.SubElement(font, qn("w:family")).set(qn("w:val"), "auto")
        etree.SubElement(font, qn("w:pitch")).set(qn("w:val"), "variable")
    part._blob = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)  # noqa: SLF001 - python-docx has no door to it


def _page_numbers(made: Any) -> None:
    paragraph: Paragraph = made.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        run.font.size = Pt(14)
        mark = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark.text = text
        run._r.append(mark)  # noqa: SLF001 - fields have no door in python-docx
