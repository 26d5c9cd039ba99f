"""What other programs are told of cases: only what is meant for the firm, no person, no reporter."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q
from django.http import Http404

from zhitong.cases import categories, pages, queries
from zhitong.cases.labels import entry_label
from zhitong.cases.models import Entry
from zhitong.cases.states import TOLD, Visibility, flow, is_urgent
from zhitong.core import data
from zhitong.core import queries as core_queries
from zhitong.enterprises import queries as enterprise_queries
from zhitong.kernel.codes import normalise

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from zhitong.cases.finding import Narrowed
    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor
    from zhitong.core.models import Upload


def page(actor: Actor, narrow: dict[str, Any], *, after: int) -> Narrowed:
    """Return the cases in sight behind a row, narrowed; oldest first, to be cut by the caller."""
    rows = queries.visible(actor).order_by("pk")
    plain = {
        "state": "state",
        "department": "accountable__local_code",
        "original_number": "original_number",
        "since": "created_at__gte",
        "until": "created_at__lt",
    }
    rows = rows.filter(**{plain[name]: value for name, value in narrow.items() if name in plain})
    if "category" in narrow:
        rows = rows.filter(category__in=categories.under(narrow["category"]))
    if "firm" in narrow:
        rows = rows.filter(queries.known_to(None), enterprise__in=_entries_of_firm(actor, narrow["firm"]))
    if "changed_since" in narrow:
        # Lines that the program may not read do not tell it either that there is one.
        newer = Entry.objects.filter(
            case=OuterRef("pk"), at__gte=narrow["changed_since"], visibility=Visibility.FIRM
        )
        rows = rows.filter(Exists(newer))
    # Common words are looked for among the newest of the whole list, so that all its pages fit together.
    found = queries.by_words(actor, rows, narrow.get("q"))
    return replace(found, rows=found.rows.filter(pk__gt=after))


def _entries_of_firm(actor: Actor, code: str) -> frozenset[int]:
    firm = enterprise_queries.visible(actor, merged=True).filter(code=normalise(code)[:18]).first()
    return enterprise_queries.same_firm(enterprise_queries.standing(firm)) if firm else frozenset()


def get_case(actor: Actor, number: str) -> Case:
    """Return a case in sight by its number; 404 for every other."""
    case = queries.visible(actor).filter(number=number).first()
    if case is None:
        raise Http404
    return case


def of_original_numbers(actor: Actor, numbers: list[str]) -> list[dict[str, Any]]:
    """Return where the cases in sight are that have these numbers of another platform, oldest first."""
    rows = queries.visible(actor).filter(~Q(original_number=""), original_number__in=set(numbers))
    columns = ("original_number", "number", "state", "due_at", "ended_at")
    return list(rows.order_by("pk").values(*columns))


def brief(case: Case) -> dict[str, Any]:
    """Return a case as it stands in a list; what is not there or not told is None, and left out."""
    told, firm = case.state in TOLD, queries.firm_of(None, case)
    return {
        "id": case.pk,
        "number": case.number,
        "original_number": case.original_number or None,
        "title": case.title,
        "state": case.state,
        "state_label": data.label(flow(case.flow_version).state(case.state).label),
        "kind": case.kind or None,
        "category": case.category or None,
        "urgent": is_urgent(case.sla_version, case.kind),
        "firm": firm.code if firm is not None else None,
        "department": case.accountable.local_code,
        "lead": case.lead.local_code if case.lead else None,
        "created_at": case.created_at,
        "due_at": case.due_at,
        "ended_at": case.ended_at,
        "outcome": (case.outcome or None) if told else None,
    }


def whole(actor: Actor, case: Case, now: datetime) -> dict[str, Any]:
    """Return a case with its words, its clock, its timeline, and its answer once the firm was told."""
    return {
        **brief(case),
        "text": case.text,
        "place": case.place or None,
        "answer": (case.answer or None) if case.state in TOLD else None,
        "clock": _clock(case, now),
        "timeline": _timeline(actor, case),
    }


def _clock(case: Case, now: datetime) -> dict[str, Any] | None:
    shown, why = pages.clock(case, now), pages.explanation(case)
    if shown is None or why is None:
        return None
    return {
        "name": case.clock,
        "label": shown.label,
        "due_at": case.due_at,
        "left": shown.left,
        "provisional": case.provisional,
        "unit": why.deadline.unit,
        "began_on": why.deadline.start,
        "given": why.deadline.days,
        "extended_by": why.deadline.extra,
        "counted": list(why.deadline.counted),
        "skipped": [{"day": row["date"], "why": row["why"]} for row in why.skipped],
        "paused": why.paused,
    }


def _timeline(actor: Actor, case: Case) -> list[dict[str, Any]]:
    table = flow(case.flow_version)
    return [
        {
            "at": entry.at,
            "action": entry.action,
            "label": entry_label(table, entry.action),
            "state": entry.to_state,
            "department": entry.department.local_code if entry.department else None,
            "text": entry.text or None,
        }
        for entry in queries.entries(actor, case)
    ]


def files(actor: Actor, case: Case) -> list[Upload]:
    """Return the files of a case that are meant for the firm, oldest first."""
    lines = [f"cases.entry:{entry.pk}" for entry in queries.entries(actor, case)]
    return core_queries.uploads_of_many(lines, firm=True)


def get_file(actor: Actor, case: Case, pk: UUID) -> Upload:
    """Return one of these files; 404 for every other."""
    found = next((file for file in files(actor, case) if file.pk == pk), None)
    if found is None:
        raise Http404
    return found
