"""What hangs on many firms, written with a constant number of statements a chunk.

`write` returns, by firm, what an undo needs: the ids of the rows it made and of the statements it replaced.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from zhitong.enterprises.facts import State
from zhitong.enterprises.models import (
    ContactPerson,
    CreditMark,
    Fact,
    FormerName,
    FurtherActivity,
    Patent,
    Product,
    Standard,
    Tag,
    Title,
)
from zhitong.enterprises.sealed import sealed_phone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from zhitong.enterprises.models import Enterprise
    from zhitong.enterprises.records import FirmRecord

    Pairs = Sequence[tuple[Enterprise, FirmRecord]]
    Touched = dict[int, dict[str, Any]]

SOURCE = "import"


def write(pairs: Pairs, *, now: datetime) -> Touched:
    """Write all children of a chunk; those that stand already are left alone."""
    touched: Touched = {}
    _facts(pairs, touched, now)
    for name in PLAIN:
        _plain(pairs, touched, now, name)
    _credit(pairs, touched, now)
    return touched


def former_names(pairs: Pairs, before: dict[str, dict[str, Any]], touched: Touched, now: datetime) -> None:
    """Keep the names that firms gave up, and those that new firms had before."""
    given_up = [
        FormerName(enterprise=firm, name=before[firm.code]["name"], until=now)
        for firm in {firm.pk: firm for firm, _ in pairs}.values()
        if "name" in before.get(firm.code, ())
    ]
    earlier = [
        FormerName(enterprise=firm, name=name, until=until)
        for firm, record in pairs
        if firm.code not in before
        for name, until in record.former_names
    ]
    _note_made(touched, "former", FormerName.objects.bulk_create([*given_up, *earlier]))


def statements(firms: Iterable[Enterprise]) -> dict[int, dict[str, list[Fact]]]:
    """What every source says now, by firm and kind."""
    found: dict[int, dict[str, list[Fact]]] = {}
    rows = Fact.objects.filter(enterprise__in=[firm.pk for firm in firms], replaced_at__isnull=True)
    for fact in rows:
        found.setdefault(fact.enterprise_id, {}).setdefault(fact.kind, []).append(fact)
    return found


def _facts(pairs: Pairs, touched: Touched, now: datetime) -> None:
    said = statements(firm for firm, record in pairs if record.facts)
    standing = {
        (firm, fact.kind, fact.period, fact.source): fact
        for firm, kinds in said.items()
        for facts in kinds.values()
        for fact in facts
    }
    # A source says one thing: the last row does, where several speak of the same.
    wanted = {
        (firm.pk, kind, period, source): (firm, value, evidence)
        for firm, record in pairs
        for kind, period, value, source, evidence in record.facts
    }
    replaced, new = [], []
    for (pk, kind, period, source), (firm, value, evidence) in wanted.items():
        state = State.KNOWN if value is not None else State.NOT_APPLICABLE
        old = standing.get((pk, kind, period, source))
        if old is not None and (old.state, old.value) == (state, value):
            continue
        if old is not None:
            replaced.append(old.pk)
            _note(touched, firm, "replaced", old.pk)
        new.append(
            Fact(
                enterprise=firm, kind=kind, period=period, state=state, value=value, source=source,
                evidence=evidence, stated_at=now,
            )
        )  # fmt: skip
    Fact.objects.filter(pk__in=replaced).update(replaced_at=now)
    _note_made(touched, "facts", Fact.objects.bulk_create(new))


def _note(touched: Touched, firm: Enterprise, name: str, value: int) -> None:
    touched.setdefault(firm.pk, {}).setdefault(name, []).append(value)


def _note_made(touched: Touched, name: str, rows: Iterable[Any]) -> None:
    for row in rows:
        touched.setdefault(row.enterprise_id, {}).setdefault(name, []).append(row.pk)


def _titles(firm: Enterprise, record: FirmRecord, now: datetime) -> Iterable[Title]:
    return (
        Title(
            enterprise=firm, kind=kind, number=number, granted_on=granted, expires_on=expires, source=SOURCE,
            recorded_at=now,
        )
        for kind, number, granted, expires in record.titles
    )  # fmt: skip


def _products(firm: Enterprise, record: FirmRecord, now: datetime) -> Iterable[Product]:
    del now
    return (Product(enterprise=firm, name=name, leading=not at) for at, name in enumerate(record.products))


def _tags(firm: Enterprise, record: FirmRecord, now: datetime) -> Iterable[Tag]:
    del now
    return (Tag(enterprise=firm, text=text) for text in record.tags)


def _further(firm: Enterprise, record: FirmRecord, now: datetime) -> Iterable[FurtherActivity]:
    del now
    return (FurtherActivity(enterprise=firm, activity=code) for code in record.further)


def _patents(firm: Enterprise, record: FirmRecord, now: datetime) -> Iterable[Patent]:
    del now
    return (
        Patent(enterprise=firm, number=number, kind=kind, name=name, granted_on=granted, acquired_on=acquired)
        for number, kind, name, granted, acquired in record.patents
    )


def _standards(firm: Enterprise, record: FirmRecord, now: datetime) -> Iterable[Standard]:
    del now
    return (
        Standard(enterprise=firm, number=number, name=name, level=level, role=role, published_on=published)
        for number, name, level, role, published in record.standards
    )


def _people(firm: Enterprise, record: FirmRecord, now: datetime) -> Iterable[ContactPerson]:
    return (
        ContactPerson(enterprise=firm, name=name, duty=duty, source=SOURCE, since=now, **sealed_phone(phone))
        for name, duty, phone in record.contacts
    )


# child of a record -> its model, how rows are made, what says that two rows of a firm are the same
PLAIN: dict[str, tuple[Any, Callable[..., Iterable[Any]], Callable[[Any], Any]]] = {
    "titles": (Title, _titles, lambda row: (row.kind, row.granted_on)),
    "products": (Product, _products, lambda row: row.name),
    "tags": (Tag, _tags, lambda row: row.text),
    "further": (FurtherActivity, _further, lambda row: row.activity),
    "patents": (Patent, _patents, lambda row: row.number),
    "standards": (Standard, _standards, lambda row: row.number),
    "contacts": (ContactPerson, _people, lambda row: row.phone_index or row.name),
}


def _plain(pairs: Pairs, touched: Touched, now: datetime, name: str) -> None:
    model, make, identity = PLAIN[name]
    with_rows = [(firm, record) for firm, record in pairs if getattr(record, name)]
    if not with_rows:
        return
    rows = model.objects.filter(enterprise__in=[firm.pk for firm, _ in with_rows])
    if model is ContactPerson:
        rows = rows.filter(until__isnull=True)
    there = {(row.enterprise_id, identity(row)) for row in rows}
    had = {firm for firm, _ in there}
    new = []
    for firm, record in with_rows:
        for row in make(firm, record, now):
            if (firm.pk, identity(row)) in there:
                continue
            there.add((firm.pk, identity(row)))
            if model is Product and firm.pk in had:
                row.leading = False  # somebody said already which product leads
            new.append(row)
    _note_made(touched, name, model.objects.bulk_create(new))


def _credit(pairs: Pairs, touched: Touched, now: datetime) -> None:
    with_rows = [(firm, record) for firm, record in pairs if record.credit]
    rows = CreditMark.objects.filter(
        enterprise__in=[firm.pk for firm, _ in with_rows], replaced_at__isnull=True
    )
    there = {(row.enterprise_id, row.list): row for row in rows}
    new, replaced = [], []
    for firm, record in with_rows:
        for name, state, since, checked, source in record.credit:
            old = there.get((firm.pk, name))
            if old is not None and old.checked_on >= checked:
                continue
            if old is not None:
                replaced.append(old.pk)
                _note(touched, firm, "credit_replaced", old.pk)
            new.append(
                CreditMark(
                    enterprise=firm, list=name, state=state, since=since, checked_on=checked, source=source
                )
            )
    CreditMark.objects.filter(pk__in=replaced).update(replaced_at=now)
    _note_made(touched, "credit", CreditMark.objects.bulk_create(new))


MADE: dict[str, Any] = {
    **{name: model for name, (model, *_) in PLAIN.items()},
    "facts": Fact,
    "credit": CreditMark,
    "former": FormerName,
}


def taken_up(before: dict[str, Any]) -> bool:
    """Whether somebody has confirmed or replaced a statement that a row made."""
    made = Fact.objects.filter(pk__in=before.get("facts", ()))
    return made.filter(Q(confirmed_at__isnull=False) | Q(replaced_at__isnull=False)).exists()


def take_back(firm: int, before: dict[str, Any]) -> None:
    """Remove the children that a row made, and let the statements it replaced stand again."""
    for name, model in MADE.items():
        model.objects.filter(enterprise=firm, pk__in=before.get(name, ())).delete()
    for name, model in (("replaced", Fact), ("credit_replaced", CreditMark)):
        model.objects.filter(enterprise=firm, pk__in=before.get(name, ())).update(replaced_at=None)
