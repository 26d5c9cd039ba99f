"""Why a table was refused, in sentences that tell the sender what to do."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum, unique


def gettext_noop(message: str) -> str:
    """Mark a sentence for the catalogue without needing a framework in the child process."""
    return message


@unique
class Reason(StrEnum):
    """Stable codes of refusal; the comment names what leads to each."""

    EMPTY = "empty"  # 0 bytes, or no row with a value
    TOO_LARGE = "too_large"  # more bytes than allowed; params: limit_mb
    NOT_A_FILE = "not_a_file"  # a link, folder, pipe, device or nothing at all
    UNKNOWN_TYPE = "unknown_type"  # neither workbook nor text
    OTHER_OFFICE = "other_office"  # Word, PowerPoint, OpenDocument, WPS, binary workbooks
    BOMB = "bomb"  # unpacks to far more than it is; params: limit_mb
    MACROS = "macros"  # programs inside
    ENCRYPTED = "encrypted"  # under a password
    ENTITIES = "entities"  # XML that declares entities
    FORMULAS = "formulas"  # formulas without a stored value; params: count, cell
    TOO_MANY_ROWS = "too_many_rows"  # params: limit
    TOO_MANY_COLUMNS = "too_many_columns"  # params: limit
    ENCODING = "encoding"  # text in no known encoding
    DAMAGED = "damaged"  # truncated, or not what its first bytes promise
    BUSY = "busy"  # too many tables are being read in this process
    UNREADABLE = "unreadable"  # the reading crashed, was killed or ran out of time


SENTENCES: Mapping[Reason, str] = {
    Reason.EMPTY: gettext_noop("The list is empty. Choose another file or sheet."),
    Reason.TOO_LARGE: gettext_noop("The file is larger than %(limit_mb)d MB. Split the list."),
    Reason.NOT_A_FILE: gettext_noop("No file arrived. Please choose the file again."),
    Reason.UNKNOWN_TYPE: gettext_noop("This is no list. Save it as xlsx or csv and send that."),
    Reason.OTHER_OFFICE: gettext_noop(
        "Documents of this kind are not read. Open it, save the table as xlsx and send that."
    ),
    Reason.BOMB: gettext_noop(
        "The file unpacks to more than %(limit_mb)d MB. Copy the values into a new workbook and send that."
    ),
    Reason.MACROS: gettext_noop("The workbook holds macros. Save it as xlsx without macros and send that."),
    Reason.ENCRYPTED: gettext_noop(
        "The workbook is under a password. Remove the password and send it again."
    ),
    Reason.ENTITIES: gettext_noop(
        "The workbook was made by an unusual program. Open it in Excel or WPS, save it and send it again."
    ),
    Reason.FORMULAS: gettext_noop(
        "%(count)d formulas have no stored result, the first in %(cell)s. Open the workbook, let it "
        "calculate, save it and send it again."
    ),
    Reason.TOO_MANY_ROWS: gettext_noop(
        "The sheet reaches beyond %(limit)d rows. Delete the empty rows below the list, or split it."
    ),
    Reason.TOO_MANY_COLUMNS: gettext_noop(
        "The sheet reaches beyond %(limit)d columns. Delete the empty columns beside the list."
    ),
    Reason.ENCODING: gettext_noop("The text is in no known encoding. Save the list as xlsx or as UTF-8 csv."),
    Reason.DAMAGED: gettext_noop("The file is damaged. Open it, save it anew and send that."),
    Reason.BUSY: gettext_noop("Other lists are being read just now. Please try again in a minute."),
    Reason.UNREADABLE: gettext_noop(
        "The file could not be read within the limits. Copy the values into a new workbook and send that."
    ),
}


class SheetRefused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """A table that is not read, with the code of the reason and what its sentence needs."""

    def __init__(self, code: Reason, params: Mapping[str, int | str] | None = None) -> None:
        self.code = code
        self.params = dict(params or {})
        super().__init__(code)
