"""Facts by period: whose word counts, what is missing, and what follows from them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.office import NOW, SEEDER, Office
from zhitong.core.errors import FasterError, FieldError, NotPermittedError
from zhitong.enterprises import facts, queries, services
from zhitong.enterprises.facts import State, is_fresh, kinds_on, latest, period_end, resolve, table_on
from zhitong.enterprises.models import Fact
from zhitong.kernel.codes import Size

TODAY = date(2026, 6, 5)
KINDS = kinds_on(TODAY)
FEN = 100


def said(source: str, value: int | None = 1, **more: Any) -> SimpleNamespace:
    """A statement outside the database."""
    state = State.KNOWN if value is not None else State.NOT_APPLICABLE
    given = {"period": "2025", "stated_at": NOW, "confirmed_at": None} | more
    return SimpleNamespace(source=source, value=value, state=state, **given)


@pytest.mark.parametrize(
    ("statements", "value"),
    [
        ([said("firm", 1), said("audit", 2), said("tax", 3)], 2),
        ([said("firm", 1, confirmed_at=NOW), said("audit", 2)], 1),
        ([said("firm", 1, confirmed_at=NOW), said("audit", 2, confirmed_at=NOW)], 2),
        ([said("officer", 1), said("officer", 2, stated_at=NOW + timedelta(days=1))], 2),
        ([said("nobody knows", 1), said("import", 2)], 2),
        ([said("audit", None), said("firm", 7)], None),
        ([], None),
    ],
)
def test_whose_word_counts(statements: list[Any], value: int | None) -> None:
    assert resolve(KINDS["revenue"], statements).value == value


def test_each_kind_has_its_order() -> None:
    both = [said("audit", 1), said("statistics", 2)]
    assert resolve(KINDS["revenue"], both).value == 1
    assert resolve(KINDS["people"], both).value == 2


STATEMENTS = st.lists(
    st.builds(
        said,
        st.sampled_from(["audit", "tax", "firm"]),
        st.one_of(st.none(), st.integers(0, 3)),
        confirmed_at=st.sampled_from([None, NOW]),
        stated_at=st.integers(0, 10).map(lambda days: NOW + timedelta(days=days)),
    ),
    max_size=5,
)


@given(STATEMENTS, st.randoms())
def test_the_order_in_which_statements_are_read_does_not_matter(statements: list[Any], random: Any) -> None:
    kind = KINDS["revenue"]
    first = resolve(kind, statements)
    shuffled = list(statements)
    random.shuffle(shuffled)
    second = resolve(kind, shuffled)
    if first.winner is None:
        assert (statements, first.state) == ([], State.NOT_COLLECTED)
        return
    rank = ("confirmed_at", "source", "stated_at")
    assert [getattr(first.winner, name) for name in rank] == [getattr(second.winner, name) for name in rank]
    assert first.disputed == (len({(one.state, one.value) for one in statements}) > 1)
    assert len(first.others) == len(statements) - 1


@pytest.mark.parametrize(
    ("period", "end"),
    [
        ("2025", date(2026, 1, 1)),
        ("2025-Q1", date(2025, 4, 1)),
        ("2025-Q4", date(2026, 1, 1)),
        ("2025-02", date(2025, 3, 1)),
        ("2025-12", date(2026, 1, 1)),
    ],
)
def test_when_a_period_ends(period: str, end: date) -> None:
    assert period_end(period) == end


@pytest.mark.parametrize(
    "period", ["", "25", "2025-13", "2025-00", "2025-Q5", "2025-1", "3025", "2025 ", "2025\n"]
)
def test_what_is_no_period(period: str) -> None:
    assert period_end(period) is None


def test_freshness_ends_with_its_months() -> None:
    kind = KINDS["revenue"]
    assert kind.fresh == 18
    assert is_fresh(kind, "2025", date(2027, 6, 30))
    assert not is_fresh(kind, "2025", date(2027, 7, 1))


@pytest.mark.parametrize(
    ("statements", "state", "value"),
    [
        ([], State.NOT_COLLECTED, None),
        ([said("firm", 5, period="2023")], State.EXPIRED, None),
        ([said("firm", 5, period="2024"), said("firm", 6)], State.KNOWN, 6),
        ([said("audit", 5, period="2024"), said("firm", 6)], State.KNOWN, 6),
        ([said("firm", None)], State.NOT_APPLICABLE, None),
    ],
)
def test_what_is_known_today(statements: list[Any], state: State, value: int | None) -> None:
    found = latest(KINDS["revenue"], statements, TODAY)
    assert (found.state, found.value) == (state, value)


def test_every_kind_and_source_has_both_languages() -> None:
    table = table_on(TODAY)
    texts = [table["rule"], *table["sources"].values(), *(row["label"] for row in table["kind"].values())]
    assert all(set(text) == {"zh", "en"} and all(text.values()) for text in texts)
    assert all(set(kind.order) == set(table["sources"]) for kind in KINDS.values())
    assert facts.table_on(date(2020, 1, 1)) == table, "facts of earlier years begin with the first table"


# ---------------------------------------------------------------- services


def state(office: Office, by: str = "handler", **more: Any) -> Fact:
    given = {"kind": "revenue", "period": "2025", "source": "audit", "value": 500 * FEN}
    return services.state_fact(by=office.actor(by), now=NOW, enterprise=office.firms["a"], **given | more)


def test_a_source_corrects_itself_and_its_first_word_is_kept(office: Office) -> None:
    first, second = state(office), state(office, value=600 * FEN)
    first.refresh_from_db()
    assert (first.replaced_at, second.replaced_at) == (NOW, None)
    said_now = queries.statements(office.firms["a"])["revenue"]
    assert said_now == [second]
    assert Fact.objects.count() == 2


def test_sources_stand_beside_each_other(office: Office) -> None:
    state(office)
    state(office, by="firm_a", source="firm", value=700 * FEN)
    found = resolve(KINDS["revenue"], queries.statements(office.firms["a"])["revenue"])
    assert (found.value, found.disputed, len(found.others)) == (500 * FEN, True, 1)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "luck"}, "kind"),
        ({"period": "2025-13"}, "period"),
        ({"period": "2026"}, "period"),
        ({"period": "2026-06"}, "period"),
        ({"source": "rumour"}, "source"),
        ({"value": None}, "value"),
        ({"state": State.NOT_APPLICABLE}, "value"),
        ({"state": State.EXPIRED, "value": None}, "value"),
        ({"value": -1}, "value"),
        ({"value": 10**17}, "value"),
    ],
)
def test_what_cannot_be_is_refused(office: Office, change: dict[str, Any], field: str) -> None:
    with pytest.raises(FieldError) as caught:
        state(office, **change)
    assert caught.value.field == field
    assert not Fact.objects.exists()


def test_a_loss_is_possible_where_its_kind_says_so(office: Office) -> None:
    assert state(office, kind="profit", value=-5).value == -5
    assert state(office, kind="exports", value=None, state=State.NOT_APPLICABLE).value is None
    assert state(office, period="2026-05", kind="electricity", value=9).period == "2026-05"


def test_a_firm_speaks_for_itself_only(office: Office) -> None:
    with pytest.raises(FieldError) as caught:
        state(office, by="firm_a")
    assert caught.value.field == "source"
    with pytest.raises(NotPermittedError):
        state(office, by="firm_b", source="firm")


def test_a_confirmed_word_outranks_a_stronger_source(office: Office) -> None:
    state(office)
    own = state(office, by="firm_a", source="firm", value=700 * FEN)
    services.confirm_fact(by=office.actor("handler"), now=NOW, fact=own)
    found = resolve(KINDS["revenue"], queries.statements(office.firms["a"])["revenue"])
    assert (found.value, found.winner.confirmed_by) == (700 * FEN, office.users["handler"])
    with pytest.raises(FasterError):
        services.confirm_fact(by=office.actor("head"), now=NOW, fact=own)


def test_nobody_confirms_ones_own_word_and_no_program_confirms(office: Office) -> None:
    fact = state(office)
    with pytest.raises(FieldError):
        services.confirm_fact(by=office.actor("handler"), now=NOW, fact=fact)
    for by in (SEEDER, office.actor("firm_a")):
        with pytest.raises(NotPermittedError):
            services.confirm_fact(by=by, now=NOW, fact=fact)
    services.confirm_fact(by=office.actor("head"), now=NOW, fact=fact)


# ---------------------------------------------------------------- the firm itself


def change(office: Office, **more: Any) -> Any:
    firm = office.firms["a"]
    version = {"version": more.pop("version")} if "version" in more else {}
    given = {"name": firm.name, "region": firm.region, "activity": "3985"} | more
    return services.change(
        by=office.actor("handler"), now=NOW, enterprise=firm, given=services.Particulars(**given), **version
    )


def test_a_new_name_keeps_the_old_one(office: Office) -> None:
    firm = change(office, name="示例新名厂")
    assert [(row.name, row.until) for row in firm.former_names.all()] == [("示例一号厂", NOW)]
    assert (firm.name, firm.activity, firm.version) == ("示例新名厂", "C3985", 2)
    assert change(office, name="示例新名厂").former_names.count() == 1


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"activity": "C9999"}, "activity"),
        ({"founded_on": date(2026, 6, 6)}, "founded_on"),
        ({"capital": -1}, "capital"),
    ],
)
def test_a_firm_that_cannot_be(office: Office, more: dict[str, Any], field: str) -> None:
    with pytest.raises(FieldError) as caught:
        change(office, **more)
    assert caught.value.field == field


def test_the_slower_of_two_changes_nothing(office: Office) -> None:
    change(office)
    with pytest.raises(FasterError):
        change(office, version=1, name="zu spät")


def test_size_follows_from_facts_and_says_what_is_missing(office: Office) -> None:
    firm = office.firms["a"]
    assert queries.size_of(firm, "2025", TODAY).size.missing == ("activity",)
    firm = change(office)
    found = queries.size_of(firm, "2025", TODAY)
    assert (found.size.size, found.size.missing) == (Size.UNKNOWN, ("people", "revenue"))
    state(office, kind="people", value=300)
    state(office, value=2000 * 10_000 * FEN)
    found = queries.size_of(firm, "2025", TODAY)
    assert (found.size.size, found.scale.above) == (Size.MEDIUM, True)
    state(office, value=2000 * 10_000 * FEN - 1)
    found = queries.size_of(firm, "2025", TODAY)
    assert (found.size.size, found.scale.above) == (Size.SMALL, False)
    assert queries.size_of(firm, "2024", TODAY).size.size is Size.UNKNOWN


def test_two_at_once_leave_one_word(committed_db) -> None:
    from tests.core.threads import at_once
    from tests.support import office as offices

    office = offices.build(datetime(2026, 6, 5, 1, 0, tzinfo=UTC))

    def say(place: int) -> None:
        state(office, value=place + 1)

    outcomes = at_once(4, say)
    assert all(outcome is None or isinstance(outcome, FasterError) for outcome in outcomes), outcomes
    assert Fact.objects.filter(replaced_at__isnull=True).count() == 1
