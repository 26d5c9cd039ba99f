"""The words that leave the system: made from the table, never from what somebody typed unless it is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from zhitong.core import slots
from zhitong.core.slots import OutsideName

if TYPE_CHECKING:
    from collections.abc import Iterable

    from zhitong.notices.states import Group, Table
    from zhitong.orgs.models import Notice

INSIDE = OutsideName("-", open=False)  # what no room names stays inside


def names(subjects: Iterable[str]) -> dict[str, OutsideName]:
    """Return what each subject may be called outside, as it stands now; asks each room once."""
    wanted = frozenset(subjects)
    found = dict.fromkeys(wanted, INSIDE)
    for room in slots.outside_names:
        found.update(room(wanted))
    return found


def key(language: str) -> str:
    """Return how the table names a language."""
    return "zh" if language.startswith("zh") else "en"


def sms(table: Table, group: Group, language: str, name: OutsideName) -> str:
    """Return a text message with its signature."""
    spoken = key(language)
    return table.raw["sms"]["signature"][spoken] + group.texts["sms"][spoken] % {"number": name.number}


def weixin(group: Group, language: str) -> str:
    """Return the words of a WeChat message; its number stands in a field of its own."""
    return group.texts["weixin"][key(language)]


def line(table: Table, notice: Notice, language: str, name: OutsideName) -> str:
    """Return what an e-mail says about one message: its sentence, or only the number of what stays inside."""
    texts, spoken = table.raw["email"], key(language)
    if not name.open:
        return texts["line_hidden"][spoken] % {"number": name.number}
    with translation.override(language):
        sentence = gettext(notice.msgid) % notice.params
    return texts["line"][spoken] % {
        "sentence": sentence,
        "number": name.number,
        "unit": notice.params.get("unit", ""),
    }


def email(table: Table, lines: list[str], language: str, *, digest: bool) -> tuple[str, str]:
    """Return subject and text of an e-mail about one message or several."""
    texts, spoken = table.raw["email"], key(language)
    ending = texts["ending"][spoken] % {"link": link()}
    if not digest:
        return texts["subject"][spoken], "\n\n".join([*lines, ending])
    count = {"count": len(lines)}
    listed = "\n".join(f"- {text}" for text in lines)
    opening = texts["digest_opening"][spoken] % count
    return texts["digest_subject"][spoken] % count, f"{opening}\n\n{listed}\n\n{ending}"


def code(table: Table, language: str, digits: str) -> tuple[str, str]:
    """Return subject and text of the e-mail that verifies an address."""
    texts, spoken = table.raw["email"], key(language)
    given = {"code": digits, "minutes": table.number("address", "minutes")}
    return texts["code_subject"][spoken], texts["code_text"][spoken] % given


def link() -> str:
    """Return where messages lead."""
    return f"{settings.SITE_URL}/" if settings.SITE_URL else ""
