"""Which firm a text, a name or a number means: for messages that come in without one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext, gettext_noop

from zhitong.core import search
from zhitong.core.errors import FieldError
from zhitong.enterprises.models import ContactPerson, Enterprise, FormerName
from zhitong.enterprises.queries.register import narrow
from zhitong.enterprises.queries.scope import INDEX, standing, visible
from zhitong.enterprises.sealed import sealed_phone
from zhitong.enterprises.twins import LIKELY, core, likeness
from zhitong.kernel.codes import is_valid, normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from zhitong.core.actor import Actor

CODE = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{18}(?![0-9A-Za-z])")
SHORTEST = 3  # signs of the core of a name that is looked for inside a text
PIECE, PIECES = 3, 120  # signs of a piece of a text that is looked up, and how many pieces
FEW = 20  # firms that a piece or a core may fit to say anything
MOST = 5  # firms that are named
LOOKED_UP = 8  # firms that a search finds beside them


class Why(StrEnum):
    """Why a firm may be meant, the surest reason first."""

    CODE = "code"
    NAME = "name"
    PHONE = "phone"
    WITHIN = "within"
    ALIKE = "alike"


REASONS = {
    Why.CODE: gettext_noop("its credit code is named"),
    Why.NAME: gettext_noop("its name is the same"),
    Why.PHONE: gettext_noop("a contact person has this number"),
    Why.WITHIN: gettext_noop("the text names it"),
    Why.ALIKE: gettext_noop("its name is alike"),
}
SURE = (Why.CODE, Why.NAME, Why.PHONE)


@dataclass(frozen=True, slots=True)
class Named:
    """A firm that may be meant, and why."""

    firm: Enterprise
    why: Why | None = None  # none where somebody looked it up

    @property
    def label(self) -> str:
        """The firm as somebody chooses it: name, code and why it may be meant, in the reader's language."""
        given = {"name": self.firm.name, "code": self.firm.code}
        if self.why is None:
            return gettext("%(name)s (%(code)s)") % given
        return gettext("%(name)s (%(code)s): %(why)s") % (given | {"why": gettext(REASONS[self.why])})


def named(actor: Actor, *, text: str = "", names: Iterable[str] = (), phone: str = "") -> list[Named]:
    """Return the firms in sight that a message may mean, the surest first, at most five, each once.

    A code, a whole name (present or former) and a contact person's number are sure; that a text holds the
    core of a name, or that two names are alike, is only likely.
    """
    names = [name.strip() for name in names if name.strip()]
    found: dict[int, Named] = {}
    for why, firms in (
        (Why.CODE, _by_code(actor, " ".join([text, *names]))),
        (Why.NAME, _by_name(actor, names)),
        (Why.PHONE, _by_phone(actor, phone)),
        (Why.WITHIN, _within(actor, text)),
        (Why.ALIKE, _alike(actor, names)),
    ):
        for firm in firms:
            top = standing(firm)
            found.setdefault(top.pk, Named(top, why))
        if found and why not in SURE[:-1]:
            break  # a guess says nothing beside something sure
    return list(found.values())[:MOST]


def candidates(
    actor: Actor, *, text: str, names: Iterable[str] = (), phone: str = "", words: str = "", today: date
) -> list[Named]:
    """Return the firms to choose from for a message: those it may mean with why, those that words find."""
    found = {row.firm.pk: row for row in named(actor, text=text, names=names, phone=phone)}
    if words:
        for firm in narrow(visible(actor), {"q": words[:40]}, today).rows[:LOOKED_UP]:
            found.setdefault(firm.pk, Named(firm))
    return list(found.values())


WORDS_OF = ("former_names", "memberships__user", "contact_people")  # what `called` reads besides the firm


def called(firm: Enterprise) -> list[str]:
    """Return what in a text may mean a firm: names, what is special about them, code, address, its people."""
    names = [firm.name, *(former.name for former in firm.former_names.all())]
    people = [seat.user.name for seat in firm.memberships.all()]
    people += [person.name for person in firm.contact_people.all()]
    return list(filter(None, [*names, *(core(name) for name in names), firm.code, firm.address, *people]))


def meant(found: list[Named]) -> Enterprise | None:
    """Return the firm if exactly one is named for sure; otherwise a person has to say."""
    sure = [row.firm for row in found if row.why in SURE]
    return sure[0] if len(sure) == 1 else None


def _by_code(actor: Actor, text: str) -> Iterable[Enterprise]:
    codes = {normalise(match) for match in CODE.findall(text)}
    wanted = [code for code in codes if is_valid(code)]
    return visible(actor, merged=True).filter(code__in=wanted) if wanted else ()


def _by_name(actor: Actor, names: list[str]) -> Iterable[Enterprise]:
    if not names:
        return ()
    former = FormerName.objects.filter(name__in=names).values("enterprise")
    rows = visible(actor, merged=True)
    return [*rows.filter(name__in=names)[:FEW], *rows.filter(pk__in=former)[:FEW]]


def _by_phone(actor: Actor, phone: str) -> Iterable[Enterprise]:
    try:
        index = sealed_phone(phone)["phone_index"]
    except FieldError:
        return ()
    if not index:
        return ()
    people = ContactPerson.objects.filter(phone_index=index, until__isnull=True)
    return visible(actor, merged=True).filter(pk__in=people.values("enterprise"))[:FEW]


def _within(actor: Actor, text: str) -> Iterable[Enterprise]:
    """Firms the core of whose name stands in the text; longer cores first."""
    plain = "".join(sign for sign in search.plain(text) if sign.isalnum())
    ids: set[int] = set()
    for piece in dict.fromkeys(_pieces(text)):
        ids.update(search.find(INDEX, piece, limit=FEW) or ())
    firms = visible(actor, merged=True).filter(pk__in=ids)
    held = [firm for firm in firms if len(core(firm.name)) >= SHORTEST and core(firm.name) in plain]
    return sorted(held, key=lambda firm: (-len(core(firm.name)), firm.pk))


def _pieces(text: str) -> Iterator[str]:
    """Neighbouring signs of each run; a piece that nearly every name has fits too many firms to tell."""
    count = 0
    for run in search.RUN.findall(search.plain(text)):
        for at in range(len(run) - PIECE + 1):
            if count == PIECES:
                return
            count += 1
            yield run[at : at + PIECE]


def _alike(actor: Actor, names: list[str]) -> Iterable[Enterprise]:
    found = []
    for name in names:
        ids = search.find(INDEX, core(name), limit=FEW) or []
        for firm in visible(actor, merged=True).filter(pk__in=ids):
            alike = likeness((name, ""), (firm.name, ""))
            if alike >= LIKELY:
                found.append((-alike, firm.pk, firm))
    return [firm for _alike, _pk, firm in sorted(found, key=lambda row: row[:2])]
