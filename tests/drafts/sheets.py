"""Spreadsheets as a Friday's walk leaves them."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

HEAD = [
    "序号",
    "企业名称",
    "存在问题",
    "联系人",
    "联系电话",
    "走访日期",
    "责任单位",
    "编号",
    "是否紧急",
    "备注",
]


def xlsx(*rows: list[Any], head: list[str] = HEAD, title: str = "示例区走访问题清单") -> SimpleUploadedFile:
    """A workbook with a title over all columns, then the headings."""
    book = Workbook()
    sheet = book.active
    sheet.append([title])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(head))
    for row in (head, *rows):
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile("走访问题清单.xlsx", file.getvalue())
