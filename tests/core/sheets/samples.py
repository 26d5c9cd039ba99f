"""Tables of every kind, made by hand: small, valid, and with the parts that attacks are made of."""

from __future__ import annotations

import io
import struct
import zipfile
from xml.sax.saxutils import escape

import openpyxl

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."
MB = 1024 * 1024

FIRMS = [["企业名称", "营业收入"], ["滕州机床厂", "120"], ["薛城水泥厂", "95.5"]]
FIRMS_XML = '<row r="1"><c r="A1" t="inlineStr"><is><t>企业名称</t></is></c></row><row r="2"><c r="A2"><v>7</v></c></row>'


# --- workbooks by a library


def book(*sheets, merged=(), hidden=()):
    """A workbook of openpyxl; each sheet is rows of values, or a mapping of places to values."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for number, values in enumerate(sheets, start=1):
        sheet = made.create_sheet(f"表{number}")
        if isinstance(values, dict):
            for place, value in values.items():
                sheet[place] = value
        else:
            for row in values:
                sheet.append(row)
        for span in merged:
            sheet.merge_cells(span)
        if number in hidden:
            sheet.sheet_state = "hidden" if number % 2 else "veryHidden"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


# --- workbooks by hand


def sheet_xml(rows=FIRMS_XML, prolog="", prefix=""):
    text = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    if prefix:
        text = text.replace("</", f"</{prefix}:").replace("<", f"<{prefix}:").replace(f"<{prefix}:/", "</")
        text = text.replace("xmlns=", f"xmlns:{prefix}=")
    return f'<?xml version="1.0" encoding="UTF-8"?>{prolog}{text}'


def parts(sheet="", *, place="xl/worksheets/sheet1.xml"):
    """The smallest workbook, as names and contents."""
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}sheet.main+xml"/>'
        f'<Override PartName="/{place}" ContentType="{TYPE}worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}relationships"><Relationship Id="a" '
        f'Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>'
        '<sheet name="名单" sheetId="1" r:id="a"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}relationships"><Relationship Id="a" '
        f'Type="{LINKS}/worksheet" Target="/{place}"/></Relationships>',
        place: sheet or sheet_xml(),
    }


def zipped(contents, *, stored=()):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, content in contents.items():
            box.writestr(name, content, zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def xlsx(rows=FIRMS_XML, *, extra=None, prolog="", prefix="", place="xl/worksheets/sheet1.xml"):
    return zipped({**parts(sheet_xml(rows, prolog, prefix), place=place), **(extra or {})})


def many(rows, columns):
    """Rows of numbers as a sheet's text."""
    letters = [chr(ord("A") + number) for number in range(columns)]
    return "".join(
        f'<row r="{row}">'
        + "".join(f'<c r="{letter}{row}"><v>{row}.5</v></c>' for letter in letters)
        + "</row>"
        for row in range(1, rows + 1)
    )


def cell(place, text):
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def far(prefix, place):
    """A cell with a value, with or without the prefix that some programs write."""
    sign = f"{prefix}:" if prefix else ""
    return f'<{sign}c r="{place}"><{sign}v>1</{sign}v></{sign}c>'


# --- what is said about the parts, changed afterwards


def central(data, name):
    """Where the entry of a part begins in the central directory."""
    at = -1
    while (at := data.find(b"PK\x01\x02", at + 1)) >= 0:
        length = struct.unpack_from("<H", data, at + 28)[0]
        if data[at + 46 : at + 46 + length] == name.encode():
            return at
    raise LookupError(name)


def patched(data, name, offset, form, value):
    changed = bytearray(data)
    struct.pack_into(form, changed, central(data, name) + offset, value)
    return bytes(changed)


def declared(data, name, size):
    """The same with another unpacked size in the central directory."""
    return patched(data, name, 24, "<I", size)


def under_password(data, name="xl/workbook.xml"):
    return patched(data, name, 8, "<H", 1)


# --- containers of old programs

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def _entry(name, kind, *, start, size, child=FREE, right=FREE):
    coded = (name + "\0").encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16sI8s8sIQ", coded, len(coded), kind, 1, FREE, right, child, b"", 0, b"", b"", start, size
    )


def ole(streams):
    """A compound file with large streams only, so that it needs no small sectors."""
    padded = {
        name: body.ljust(max(4096, -(-len(body) // SECTOR) * SECTOR), b"\0") for name, body in streams.items()
    }
    directories = -(-(len(padded) + 1) // 4)
    table, place, entries = [FAT], 1 + directories, []
    table += [*range(2, directories + 1), END]
    for number, (name, body) in enumerate(padded.items(), start=1):
        right = number + 1 if number < len(padded) else FREE
        entries.append(_entry(name, 2, start=place, size=len(body), right=right))
        count = len(body) // SECTOR
        table += [*range(place + 1, place + count), END]
        place += count
    assert len(table) <= SECTOR // 4
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"",
        0, 1, 1, 0, 4096, END, 0, END, 0,
    ) + struct.pack("<109I", 0, *[FREE] * 108)  # fmt: skip
    fat = struct.pack(f"<{SECTOR // 4}I", *table, *[FREE] * (SECTOR // 4 - len(table)))
    root = _entry("Root Entry", 5, start=END, size=0, child=1 if padded else FREE)
    listed = b"".join([root, *entries]).ljust(directories * SECTOR, b"\0")
    return header + fat + listed + b"".join(padded.values())


def _record(kind, body=b""):
    return struct.pack("<HH", kind, len(body)) + body


def biff(rows, *, name="名单", extra=b""):
    """The stream of an old workbook with one sheet."""
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0x0600)) + extra
    coded = name.encode("utf-16-le")
    length = len(start) + 4 + 8 + len(coded) + 4
    bound = _record(0x0085, struct.pack("<IBBBB", length, 0, 0, len(name), 1) + coded)
    body = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0x0600))
    for line, cells in enumerate(rows):
        for place, value in enumerate(cells):
            if isinstance(value, str):
                signs = value.encode("utf-16-le")
                body += _record(0x0204, struct.pack("<HHHHB", line, place, 0, len(value), 1) + signs)
            else:
                body += _record(0x0203, struct.pack("<HHHd", line, place, 0, value))
    return start + bound + _record(0x000A) + body + _record(0x000A)


def xls(rows=FIRMS, *, extra=b"", beside=None):
    return ole({"Workbook": biff(rows, extra=extra), **(beside or {})})


FILEPASS = _record(0x002F, struct.pack("<HHH", 1, 1, 1) + bytes(48))  # RC4
FILEPASS_XOR = _record(0x002F, bytes(6))
WRITEPROT = _record(0x0086)


# --- text


def csv(rows=FIRMS, *, delimiter=",", encoding="utf-8", ending="\r\n"):
    return "".join(delimiter.join(row) + ending for row in rows).encode(encoding)
