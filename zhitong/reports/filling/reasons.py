"""Why a template was refused, in sentences that tell the sender what to do."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum, unique


def gettext_noop(message: str) -> str:
    """Mark a sentence for the catalogue without needing a framework in the child process."""
    return message


@unique
class Reason(StrEnum):
    """Stable codes of refusal."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"  # params: limit_mb
    UNKNOWN_TYPE = "unknown_type"
    OLD = "old"  # doc, xls, or under a password: one container
    BOMB = "bomb"  # params: limit_mb
    MACROS = "macros"
    EMBEDDED = "embedded"  # objects, controls, other documents inside
    EXTERNAL = "external"  # params: part
    COMMANDS = "commands"  # field codes that fetch or start something; params: code
    FORMULAS = "formulas"  # params: cell
    PICTURES = "pictures"
    STATEMENTS = "statements"  # {% … %}; params: place
    OPEN = "open"  # {{ without }}; params: place
    NO_FIELDS = "no_fields"
    TWO_LISTS = "two_lists"  # params: place
    MERGED = "merged"  # params: cell
    TOO_WIDE = "too_wide"  # params: rows, columns
    TOO_MANY_FIELDS = "too_many_fields"  # params: limit
    TOO_MANY_CASES = "too_many_cases"  # params: limit
    DAMAGED = "damaged"
    BUSY = "busy"
    UNREADABLE = "unreadable"


SENTENCES: Mapping[Reason, str] = {
    Reason.EMPTY: gettext_noop("The file is empty. Please choose the template again."),
    Reason.TOO_LARGE: gettext_noop(
        "The template is larger than %(limit_mb)d MB. Take pictures and data out of it."
    ),
    Reason.UNKNOWN_TYPE: gettext_noop("A template is a Word or Excel file. Save it as docx or xlsx."),
    Reason.OLD: gettext_noop(
        "This is an old file or one under a password. Save it as docx or xlsx without a password."
    ),
    Reason.BOMB: gettext_noop("The template unpacks to more than %(limit_mb)d MB. Save it anew and smaller."),
    Reason.MACROS: gettext_noop("The template holds macros. Save it as docx or xlsx without macros."),
    Reason.EMBEDDED: gettext_noop(
        "The template holds embedded objects or other documents. Delete them, or paste them as text."
    ),
    Reason.EXTERNAL: gettext_noop(
        "The template is linked to something outside itself (%(part)s). Break the link and save it again."
    ),
    Reason.COMMANDS: gettext_noop(
        "The template holds the field code %(code)s, which fetches or starts something. Delete it."
    ),
    Reason.FORMULAS: gettext_noop(
        "A formula stands in %(cell)s. Templates hold none: write the field of the figure instead."
    ),
    Reason.PICTURES: gettext_noop(
        "Pictures and charts in Excel templates would be lost. Delete them and send the template again."
    ),
    Reason.STATEMENTS: gettext_noop(
        "A command stands in “%(place)s”. A template holds fields only; the line of a list repeats by itself."
    ),
    Reason.OPEN: gettext_noop("A field in “%(place)s” has no end. Write it between {{ and }}."),
    Reason.NO_FIELDS: gettext_noop(
        "No field was found. Write the names of fields between {{ and }} where values shall stand."
    ),
    Reason.TWO_LISTS: gettext_noop(
        "Two lines of a list meet at “%(place)s”. Keep the fields of a case in one line of one table a sheet."
    ),
    Reason.MERGED: gettext_noop(
        "The line of the list is merged with another line at %(cell)s. Undo the merging of these cells."
    ),
    Reason.TOO_WIDE: gettext_noop(
        "A sheet of the template reaches beyond %(rows)d rows or %(columns)d columns. Delete what is empty."
    ),
    Reason.TOO_MANY_FIELDS: gettext_noop("The template has more than %(limit)d places with a field."),
    Reason.TOO_MANY_CASES: gettext_noop(
        "The list has more than %(limit)d cases. Narrow it by the filters first."
    ),
    Reason.DAMAGED: gettext_noop("The file is damaged. Open it, save it anew and send that."),
    Reason.BUSY: gettext_noop("Other documents are being made just now. Please try again in a minute."),
    Reason.UNREADABLE: gettext_noop(
        "The document could not be made within the limits. Narrow the list or simplify the template."
    ),
}


class TemplateRefused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """A template that is not taken, with the code of the reason and what its sentence needs."""

    def __init__(self, code: Reason, params: Mapping[str, int | str] | None = None) -> None:
        self.code = code
        self.params = dict(params or {})
        super().__init__(code)
