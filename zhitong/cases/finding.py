"""By which words a case is found, who finds it by which of them, and what the list shows of the places."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from zhitong.cases import reporters
from zhitong.cases.models import Case
from zhitong.cases.states import TOLD
from zhitong.core import search
from zhitong.core.actor import Side
from zhitong.core.search import marks, texts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from django.utils.safestring import SafeString

    from zhitong.core.actor import Actor

INDEX = "cases"
# What all read who see the case; the firm's name; the answer once the firm was told; the draft before.
FIELDS = SAID, WHOSE, ANSWER, DRAFT = "said", "whose", "answer", "draft"
BATCH = 500
# A change of these is a change of what is found.
COLUMNS = (
    "number",
    "original_number",
    "title",
    "text",
    "place",
    "enterprise_id",
    "protected",
    "answer",
)


def document(case: Case) -> dict[str, str]:
    """Return the texts of a case by the fields of the index.

    Of a protected reporter's case all but number and title, in which nobody is named, stands with the firm's
    name: the words may name it as well.
    """
    name = case.enterprise.name if case.enterprise is not None else ""
    if case.protected:
        told = case.answer if case.state in TOLD else ""
        kept = (name, case.original_number, case.text, case.place, told)
        return {SAID: _open(case), WHOSE: "\n".join(kept)}
    said = (case.number, case.original_number, case.title, case.text, case.place)
    return {
        SAID: "\n".join(said),
        WHOSE: name,
        ANSWER if case.state in TOLD else DRAFT: case.answer,
    }


def _open(case: Case) -> str:
    """What names nobody, whoever reported the case."""
    return f"{case.number}\n{case.title}"


def index(cases: Iterable[Case]) -> None:
    """Write the words of cases, within the caller's transaction."""
    texts.put(INDEX, [(case.pk, document(case)) for case in cases])


def follow(before: Case, after: Case) -> None:
    """Write the words of a case anew if a step changed them, or who may find it by its answer."""
    told = after.answer and (before.state in TOLD) != (after.state in TOLD)
    if told or any(getattr(before, name) != getattr(after, name) for name in COLUMNS):
        index([after])


def follow_firms(*, enterprises: frozenset[int]) -> None:
    """Write the words of all cases of some firms anew, whose names may have changed."""
    rows = Case.objects.filter(enterprise__in=enterprises).select_related("enterprise").order_by("pk")
    part: list[Case] = []
    for case in rows.iterator(chunk_size=BATCH):
        part.append(case)
        if len(part) == BATCH:
            index(part)
            part = []
    index(part)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A list of cases, and how its words were looked for (None where none were asked for)."""

    rows: QuerySet[Case]
    found: texts.Found | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """The words that each case has."""
        return self.found.words if self.found else ()

    @property
    def notice(self) -> texts.Found | None:
        """What the reader has to know of how the words were looked for, if anything."""
        found = self.found
        return found if found and (found.among is not None or found.short) else None


def by_words(actor: Actor, rows: QuerySet[Case], query: str | None) -> Narrowed:
    """Keep the cases in which each word of a query stands, where the actor may read it."""
    query = (query or "").strip()
    if not query:
        return Narrowed(rows)
    inside = actor.side in {Side.STAFF, Side.SYSTEM}

    def newest(most: int) -> list[int]:
        plain = rows.select_related(None).prefetch_related(None).order_by("-pk")
        return list(plain.values_list("pk", flat=True)[:most])

    number = _numbered(query)
    if number is not None:
        found = texts.Found([number], (search.plain(query),))
    else:
        fields = None if inside else (SAID, WHOSE, ANSWER)
        found = texts.find(INDEX, query, among=newest, fields=fields)
        found = replace(found, ids=_without_kept(actor, found))
    return Narrowed(search.keep(rows, found.ids), found)


def _without_kept(actor: Actor, found: texts.Found) -> list[int]:
    """Leave out what was found by words that could tell the actor who a protected reporter is."""
    hidden = search.keep(Case.objects.filter(protected=True), found.ids).exclude(reporters.known_to(actor))
    kept = {case.pk for case in hidden if marks.contained(_open(case), found.words) < len(found.words)}
    return [pk for pk in found.ids if pk not in kept] if kept else found.ids


def _numbered(query: str) -> int | None:
    """Return the case whose whole number was typed: it needs no index, in which all numbers are alike."""
    typed = search.plain(query).upper()
    if not typed.isascii() or "-" not in typed:
        return None
    return Case.objects.filter(number=typed).values_list("pk", flat=True).first()


@dataclass(frozen=True, slots=True)
class Hit:
    """Why a case is in the list: its title with the words marked, and where else they stand."""

    title: SafeString
    label: str
    piece: SafeString


def hit(actor: Actor, case: Case, words: tuple[str, ...]) -> Hit:
    """Return where the words stand in a case, from what this actor may read of it."""
    title = marks.marked(case.title, words)
    best, most = ("", ""), 0
    if marks.contained(case.title, words) < len(words):
        for label, text in _places(actor, case):
            number = marks.contained(text, words)
            if number > most:
                best, most = (label, text), number
    return Hit(title, best[0], marks.snippet(best[1], words))


def _places(actor: Actor, case: Case) -> list[tuple[Any, str]]:
    kept = document(case)
    answer = kept.get(ANSWER, "") or (kept.get(DRAFT, "") if actor.side is Side.STAFF else "")
    return [
        (_("What the firm says"), reporters.said(actor, case, case.text)),
        (_("Answer"), answer),
        (_("Firm"), "" if case.protected else kept[WHOSE]),
        (_("Where"), reporters.said(actor, case, case.place)),
        (_("Number"), case.number),
        (_("Number of the other platform"), case.original_number),
    ]
