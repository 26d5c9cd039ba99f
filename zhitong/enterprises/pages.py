"""What the page of a firm shows: who it is, what is known, who stands up for it, who was there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from zhitong.core import data, permissions
from zhitong.core.clock import local_date
from zhitong.enterprises import caps, queries
from zhitong.enterprises.columns import ten_thousands
from zhitong.enterprises.facts import State, kinds_on, resolve, table_on
from zhitong.enterprises.models import FormerName, FurtherActivity, Patent, Product, Standard, Tag, Title
from zhitong.enterprises.services import handles_a_case
from zhitong.enterprises.states import activities, region_label, streets
from zhitong.enterprises.titles import kinds_on as titles_on
from zhitong.enterprises.words import CreditList, CreditState, TwinState

if TYPE_CHECKING:
    from datetime import date, datetime

    from zhitong.core.actor import Actor
    from zhitong.enterprises.facts import Answer, Kind
    from zhitong.enterprises.models import Enterprise, Fact

SHOWN = 5
SOON = 90  # days before its end from which a title says so


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer about a fact in words: its value, where it stands, whether others disagree."""

    text: str
    state: str
    fact: Fact | None
    disputed: bool


def shown(kind: Kind, answer: Answer) -> Shown:
    """Return an answer in the reader's words; missing says which kind of missing."""
    fact = answer.winner
    if answer.value is None:
        return Shown(State(answer.state).label, answer.state, fact, answer.disputed)
    return Shown(amount(kind, answer.value), answer.state, fact, answer.disputed)


def amount(kind: Kind, value: int) -> str:
    """Return a value as a number in the unit of `unit_words`."""
    return f"{ten_thousands(value).normalize():,f}" if kind.unit == "fen" else f"{value:,}"


def unit_words(kind: Kind) -> str:
    """Return the unit that stands beside the name of a kind of fact."""
    return {"fen": _("10,000 yuan"), "person": _("people"), "kwh": _("kWh")}[kind.unit]


def facts(firm: Enterprise, now: datetime) -> dict[str, Any]:
    """Return the table of facts: a line a kind with the last three years; kinds nobody stated are counted."""
    today = local_date(now)
    found = queries.lines(firm, today)
    # The newest year first: on a phone it is the one in sight.
    years = list(reversed(found[0].years)) if found else []
    rows = [
        {
            "kind": line.kind,
            "unit": unit_words(line.kind),
            "today": shown(line.kind, line.today),
            "years": [shown(line.kind, line.years[year]) for year in years],
        }
        for line in found
    ]
    stated = [row for row in rows if row["today"].state != State.NOT_COLLECTED]
    return {
        "years": years,
        "rows": stated,
        "lacking": [row["kind"].label for row in rows if row not in stated],
        "rule": data.label(table_on(today)["rule"]),
    }


def fact_history(firm: Enterprise, key: str, now: datetime) -> dict[str, Any] | None:
    """Return everything that was said about one kind, by period, with which word counts; None for no kind."""
    today = local_date(now)
    kind = kinds_on(today).get(key)
    if kind is None:
        return None
    table = table_on(today)
    periods: dict[str, list[Fact]] = {}
    for fact in queries.history(firm, key):
        periods.setdefault(fact.period, []).append(fact)
    groups = []
    for period, said in periods.items():
        winner = resolve(kind, [fact for fact in said if fact.replaced_at is None]).winner
        lines = [
            {
                "fact": fact,
                "text": amount(kind, fact.value) if fact.value is not None else State(fact.state).label,
                "source": data.label(table["sources"][fact.source]),
                "counts": winner is not None and fact.pk == winner.pk,
            }
            for fact in said
        ]
        groups.append({"period": period, "lines": lines})
    order = [data.label(table["sources"][source]) for source in kind.order]
    return {
        "kind": kind,
        "unit": unit_words(kind),
        "groups": groups,
        "rule": data.label(table["rule"]),
        "order": order,
    }


def titles(firm: Enterprise, today: date) -> list[dict[str, Any]]:
    """Return the firm's titles, those held first, with what becomes of them."""
    kinds = titles_on(today)
    rows = []
    for title in queries.of_firm(Title, firm).order_by("-granted_on", "id"):
        kind = kinds.get(title.kind)
        over = title.withdrawn_on or (
            title.expires_on if title.expires_on and title.expires_on <= today else None
        )
        left = (title.expires_on - today).days if title.expires_on and not over else None
        rows.append(
            {
                "title": title,
                "label": kind.label if kind else title.kind,
                "over": over,
                "soon": left if left is not None and left <= SOON else None,
            }
        )
    return sorted(rows, key=lambda row: row["over"] is not None)


def credit(firm: Enterprise) -> list[dict[str, Any]]:
    """Return each public list with what the last look found; nobody looked means unknown, not clear."""
    marks = queries.credit(firm)
    return [
        {
            "label": label,
            "mark": marks.get(key),
            "bad": key in marks and marks[key].state == CreditState.LISTED,
        }
        for key, label in CreditList.choices
    ]


def identity(firm: Enterprise, today: date) -> dict[str, Any]:
    """Return what says who the firm is."""
    del today
    main = activities().path(firm.activity)
    further = queries.of_firm(FurtherActivity, firm).values_list("activity", flat=True)
    table = activities().by_code
    return {
        "region": region_label(firm.region),
        "street": streets().get(firm.street, ("", ""))[0],
        "activity_path": [row.name for row in main],
        "further": [f"{code} {table[code].name}" for code in further if code in table],
        "former_names": list(queries.of_firm(FormerName, firm)),
        "products": list(queries.of_firm(Product, firm)),
        "tags": list(queries.of_firm(Tag, firm)),
        "capital": ten_thousands(firm.capital),
        "merges": list(queries.merges(firm)),
        "relations": queries.relations(firm),
    }


def contact_state(firm: Enterprise, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return who was there last, what is planned, and what the caps leave: before anybody goes there."""
    today = local_date(now)
    table = caps.caps_on(today)
    key_firm = queries.is_key(firm, table, today)
    department = min(actor.departments(), default=0)
    rows = []
    for kind in ("visit", "check", "notice"):
        question = caps.Question(kind, today, department, key_firm)
        used = queries.used(firm, question)
        for cap in table.of(question):
            row = {"cap": cap, "used": used.get(cap.key, 0), "full": used.get(cap.key, 0) >= cap.limit}
            if cap.key not in {known["cap"].key for known in rows}:
                rows.append(row)
    return {
        "last": queries.last_contact(firm),
        "planned": list(queries.planned(firm)[:SHOWN]),
        "caps": rows,
        "key_firm": key_firm,
        "resting": firm.quiet_until if firm.quiet_until and firm.quiet_until >= today else None,
    }


def people(firm: Enterprise, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return who sits in the firm, whom one calls, who is invited, who stands up for it."""
    seats = list(queries.members(firm))
    return {
        "seats": [
            {"seat": seat, "may_end": permissions.may(actor, "enterprises.unseat", seat)} for seat in seats
        ],
        "no_admin": not any(seat.role == "firm_admin" for seat in seats),
        "callers": list(queries.contact_people(firm)),
        "invitations": list(queries.invitations(firm, now)),
        "sponsors": list(queries.sponsors(firm)),
        "in_hand": handles_a_case(by=actor, firm=firm),
    }


def holdings(firm: Enterprise) -> dict[str, Any]:
    """Return what the firm holds besides titles."""
    return {
        "patents": list(queries.of_firm(Patent, firm).order_by("-granted_on", "id")),
        "standards": list(queries.of_firm(Standard, firm).order_by("-published_on", "id")),
        "credit": credit(firm),
    }


def may(actor: Actor, firm: Enterprise) -> dict[str, bool]:
    """Return what the reader may do with the firm, by the short name of each permission."""
    names = (
        "change", "state_fact", "confirm_fact", "see_people", "seat", "invite", "replace_administrator",
        "keep_people", "unmask", "sponsor", "contact", "rest", "merge",
    )  # fmt: skip
    return {name: permissions.may(actor, f"enterprises.{name}", firm) for name in names}


def twins(actor: Actor) -> list[Any]:
    """Return the pairs that wait for somebody to look at them."""
    return list(queries.likely_twins(actor).filter(state=TwinState.OPEN)[:100])


def context(firm: Enterprise, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return everything that both faces of a firm's page show."""
    today = local_date(now)
    return {
        "firm": firm,
        "today": today,
        "identity": identity(firm, today),
        "facts": facts(firm, now),
        "titles": titles(firm, today),
        "holdings": holdings(firm),
        "people": people(firm, actor, now),
        "contact": contact_state(firm, actor, now),
        "may": may(actor, firm),
    }
