"""Taking an import back: who may, by parts, and what people did in the meantime stays."""

from __future__ import annotations

from typing import Any

import pytest

from tests.enterprises.test_lists import HEAD, bring, code, drop, line, outcome, take_back
from tests.support.office import NOW, SEEDER, Office
from zhitong.core.errors import FasterError, FieldError, NotPermittedError, RefusedError
from zhitong.core.search import find
from zhitong.enterprises import queries, running, services
from zhitong.enterprises.models import ContactPerson, Enterprise, Fact, ImportBatch, ImportChange

pytestmark = pytest.mark.django_db


def firm(number: int) -> Enterprise:
    return Enterprise.objects.get(code=code(number))


def state(office: Office, of: Enterprise, value: int, source: str) -> Fact:
    return services.state_fact(
        by=office.actor("handler"), now=NOW, enterprise=of, kind="revenue", period="2025", source=source,
        value=value,
    )  # fmt: skip


def revenue(of: Enterprise) -> list[tuple[str, int]]:
    rows = of.facts.filter(kind="revenue", replaced_at__isnull=True).order_by("source")
    return [(row.source, row.value) for row in rows]


def test_only_keepers_bring_lists_in_and_take_them_back(office: Office) -> None:
    batch = drop(office, [line(1)])
    for name in ("firm_a", "admin_a", "head", "leader", "sysadmin", "auditor"):
        with pytest.raises(NotPermittedError):
            services.start_import(by=office.actor(name), now=NOW, batch=batch, columns=batch.columns)
    batch = bring(office, batch)
    for name in ("firm_a", "head", "sysadmin"):
        with pytest.raises(NotPermittedError):
            services.undo_import(by=office.actor(name), now=NOW, batch=batch)
    with pytest.raises(NotPermittedError):
        services.undo_chunk(by=office.actor("handler"), now=NOW, batch=batch)
    with pytest.raises(NotPermittedError):
        services.import_chunk(by=office.actor("dispatcher"), now=NOW, batch=batch, rows=[])


def test_imports_are_in_sight_of_who_made_them_and_dispatchers_above(office: Office) -> None:
    batch = drop(office, [line(1)])
    seen = {
        name: queries.batches(office.actor(name)).filter(pk=batch.pk).exists()
        for name in ("handler", "colleague", "dispatcher", "district", "sysadmin", "firm_a")
    }
    assert [name for name, yes in seen.items() if yes] == ["handler", "dispatcher"]


def test_an_import_is_started_and_taken_back_once(office: Office) -> None:
    batch = drop(office, [line(1)])
    with pytest.raises(RefusedError, match="ended"):
        services.undo_import(by=office.actor("handler"), now=NOW, batch=batch)
    batch = bring(office, batch)
    with pytest.raises(FasterError):
        bring(office, batch)
    take_back(office, batch)
    with pytest.raises(RefusedError, match="ended"):
        take_back(office, batch)


def test_a_list_needs_its_source(office: Office) -> None:
    with pytest.raises(FieldError) as caught:
        drop(office, [line(1)], source=" ")
    assert caught.value.field == "source"
    assert not ImportBatch.objects.exists()


def test_an_import_is_taken_back_by_parts_and_resumed(office: Office) -> None:
    services.reindex(by=SEEDER, now=NOW)
    before = find("firms", "号厂")
    batch = bring(office, drop(office, [line(at) for at in range(5)]))
    batch = services.undo_import(by=office.actor("handler"), now=NOW, batch=batch)
    assert services.undo_chunk(by=SEEDER, now=NOW, batch=batch, limit=2) == 2
    assert Enterprise.objects.filter(code__startswith="91350111MA0LXT").count() == 3
    batch = running.take_back(batch, by=SEEDER, now=lambda: NOW)
    assert (batch.state, batch.kept) == ("undone", 0)
    assert not Enterprise.objects.filter(code__startswith="91350111MA0LXT").exists()
    assert find("firms", "号厂") == before
    assert not ImportChange.objects.filter(batch=batch, undone_at__isnull=True).exists()


def test_the_last_of_two_imports_goes_first_then_the_other(office: Office) -> None:
    one = bring(office, drop(office, [line(1)]))
    two = bring(office, drop(office, [line(1, name="示例改名厂", revenue="7")]))
    assert take_back(office, two).kept == 0
    assert (firm(1).name, revenue(firm(1))) == ("示例1号厂", [("import", 1_200_500_000)])
    assert find("firms", "改名") == []
    assert take_back(office, one).kept == 1, "its firm was changed since, if only back and forth"


def test_the_first_of_two_imports_leaves_what_the_second_changed(office: Office) -> None:
    one = bring(office, drop(office, [line(1)]))
    bring(office, drop(office, [line(1, revenue="7")]))
    assert take_back(office, one).kept == 1
    assert revenue(firm(1)) == [("import", 7_000_000)]


@pytest.fixture
def figures(office: Office) -> ImportBatch:
    """An import that changed one figure of a known firm."""
    bring(office, drop(office, [line(1)]))
    batch = bring(office, drop(office, [line(1, revenue="7")]))
    assert outcome(batch) == (0, 1, 0, 0)
    return batch


def test_a_figure_that_somebody_confirmed_stays(office: Office, figures: ImportBatch) -> None:
    fact = Fact.objects.get(enterprise=firm(1), kind="revenue", replaced_at__isnull=True)
    services.confirm_fact(by=office.actor("head"), now=NOW, fact=fact)
    assert take_back(office, figures).kept == 1
    fact.refresh_from_db()
    assert (fact.replaced_at, fact.value) == (None, 7_000_000)


def test_a_figure_that_somebody_corrected_stays(office: Office, figures: ImportBatch) -> None:
    state(office, firm(1), 9, "import")
    assert take_back(office, figures).kept == 1
    assert revenue(firm(1)) == [("import", 9)]


def test_what_another_source_says_neither_stays_behind_nor_hinders(
    office: Office, figures: ImportBatch
) -> None:
    state(office, firm(1), 9, "tax")
    assert take_back(office, figures).kept == 0
    assert revenue(firm(1)) == [("import", 1_200_500_000), ("tax", 9)]


@pytest.mark.parametrize("built", ["case", "contact", "sponsor", "person", "title"])
def test_a_firm_that_something_hangs_on_stays(office: Office, built: str) -> None:
    batch = bring(office, drop(office, [line(1), line(2)]))
    given: dict[str, Any] = {"by": office.actor("dispatcher"), "now": NOW, "enterprise": firm(1)}
    if built == "case":
        office.firms["a"] = firm(1)
        services.seat(user=office.users["firm_a"], role="firm_member", **given)
        office.case("a")
    elif built == "contact":
        coming = services.Coming("call", "问候", NOW.date(), office.units["city"])
        services.record_contact(coming=coming, **given)
    elif built == "sponsor":
        services.sponsor(user=office.users["handler"], duty="cadre", **given)
    elif built == "person":
        services.add_contact_person(name="某人", phone="059187776666", **given)
    else:
        services.grant_title(kind="giant", granted_on=NOW.date(), **given)
    batch = take_back(office, batch)
    assert (batch.state, batch.kept) == ("undone", 1)
    assert firm(1).facts.count() == 2
    assert not Enterprise.objects.filter(code=code(2)).exists()


@pytest.mark.parametrize(
    "phone", ["13900000001", "１３９" + "０" * 7 + "１", "+86 139-0000-0001", "＋86—139 0000 0001"]
)
def test_a_number_written_another_way_is_the_same_person(office: Office, phone: str) -> None:
    bring(office, drop(office, [line(1)]))
    text = "\n".join([HEAD, line(1, phone=phone)]).encode()
    assert outcome(bring(office, drop(office, text))) == (0, 0, 1, 0)
    assert ContactPerson.objects.get().phone_mask == "139****0001"
