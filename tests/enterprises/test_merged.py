"""A merged firm goes on living: figures of both entries, lists that name either, chains, splits."""

from __future__ import annotations

from typing import Any

import pytest

from tests.enterprises.test_merging import merge, store
from tests.support.office import NOW, SEEDER, Office
from zhitong.cases import queries as case_queries
from zhitong.core.errors import FasterError, FieldError, NotPermittedError
from zhitong.core.search import find
from zhitong.enterprises import queries, services
from zhitong.enterprises.models import Enterprise, Fact, FormerName, LikelyTwin
from zhitong.enterprises.services import FirmRecord

pytestmark = pytest.mark.django_db


def fresh(office: Office, name: str) -> Enterprise:
    return Enterprise.objects.get(pk=office.firms[name].pk)


def state(office: Office, firm: str, kind: str, value: int, source: str = "tax") -> Fact:
    return services.state_fact(
        by=office.actor("handler"), now=NOW, enterprise=fresh(office, firm), kind=kind, period="2025",
        source=source, value=value,
    )  # fmt: skip


@pytest.fixture
def large(office: Office) -> Office:
    """One firm in two entries; only the figures of both together make it large."""
    firm = office.firms["a"]
    given = services.Particulars(firm.name, firm.region, activity="C3985")
    services.change(by=office.actor("handler"), now=NOW, enterprise=firm, given=given)
    state(office, "a", "revenue", 50_000_000_000)
    state(office, "b", "people", 1200)
    merge(office)
    assert {fresh(office, name).size for name in ("a", "b")} == {"large"}
    return office


def test_a_fact_of_the_dropped_entry_that_is_confirmed_leaves_the_size(large: Office) -> None:
    fact = Fact.objects.get(enterprise=large.firms["b"])
    services.confirm_fact(by=large.actor("head"), now=NOW, fact=fact)
    assert {fresh(large, name).size for name in ("a", "b")} == {"large"}


@pytest.mark.parametrize("named", ["a", "b"])
def test_a_list_that_names_either_entry_leaves_the_size(large: Office, named: str) -> None:
    record = FirmRecord(large.firms[named].code, columns={"address": "示例路9号"})
    services.store(by=SEEDER, now=NOW, records=[record])
    kept = fresh(large, "a")
    assert (kept.address, kept.size) == ("示例路9号", "large")
    assert fresh(large, "b").address == ""


def test_two_rows_of_one_chunk_for_one_firm_are_done_in_their_order(office: Office) -> None:
    merge(office)
    records = [
        FirmRecord(office.firms["a"].code, columns={"name": "示例改名厂", "address": "示例路1号"}),
        FirmRecord(office.firms["b"].code, columns={"name": "示例又改名厂"}),
    ]
    done = services.store(by=SEEDER, now=NOW, records=records)
    kept = fresh(office, "a")
    assert (kept.name, kept.address) == ("示例又改名厂", "示例路1号")
    assert [row.name for row in FormerName.objects.all()] == ["示例一号厂"]
    assert [one.before for one in done] == [{"name": "示例一号厂", "address": ""}, {}]
    assert {one.version for one in done} == {kept.version}


def test_cases_of_both_entries_are_seen_from_the_kept_one(office: Office) -> None:
    cases = {office.case(name).pk for name in ("a", "b")}
    merge(office)
    for name in ("firm_a", "firm_b"):
        assert set(case_queries.visible(office.actor(name)).values_list("pk", flat=True)) == cases


def test_a_member_of_the_dropped_entry_acts_for_the_kept_one(office: Office) -> None:
    merge(office)
    given: dict[str, Any] = {"now": NOW, "enterprise": fresh(office, "a"), "role": "firm_member"}
    assert services.invite(by=office.actor("admin_b"), **given)
    with pytest.raises(NotPermittedError):
        services.invite(by=office.actor("firm_b"), **given)
    with pytest.raises(FieldError, match="already belongs"):
        services.seat(by=SEEDER, user=office.users["firm_b"], **given)


def test_only_dispatchers_merge_and_with_a_reason(office: Office) -> None:
    pair = {"now": NOW, "kept": office.firms["a"], "dropped": office.firms["b"]}
    for name in ("handler", "admin_a", "sysadmin", "leader"):
        with pytest.raises(NotPermittedError):
            services.merge(by=office.actor(name), reason="x", **pair)
    with pytest.raises(NotPermittedError):
        services.merge(by=SEEDER, reason="x", **pair)
    with pytest.raises(FieldError):
        services.merge(by=office.actor("dispatcher"), reason=" ", **pair)


def test_a_chain_stands_for_one_firm_until_its_middle_is_split(office: Office) -> None:
    (third,) = store(["福州海峰机械有限公司"], 0)
    office.firms["c"] = Enterprise.objects.get(pk=third)
    merge(office, "a", "b")
    upper = merge(office, "c", "a")
    ids = {office.firms[name].pk for name in "abc"}
    assert queries.family([office.firms["b"].pk]) == ids
    assert queries.standing(fresh(office, "b")).pk == third
    assert (find("firms", "一号"), find("firms", "海峰")) == ([], [third])
    services.split(by=office.actor("dispatcher"), now=NOW, merge=upper, reason="两家")
    assert queries.standing(fresh(office, "b")) == fresh(office, "a")
    assert queries.family([third]) == {third}
    assert find("firms", "一号") == [office.firms["a"].pk]


def test_a_stale_sight_of_the_dropped_entry_merges_nothing(office: Office) -> None:
    stale = fresh(office, "b")
    given = services.Particulars("示例改名厂", "350105")
    services.change(by=office.actor("handler"), now=NOW, enterprise=fresh(office, "b"), given=given)
    with pytest.raises(FasterError):
        services.merge(
            by=office.actor("dispatcher"), now=NOW, kept=fresh(office, "a"), dropped=stale, reason="同"
        )
    assert fresh(office, "b").merged_into is None


def test_who_was_split_is_not_proposed_as_one_again(office: Office) -> None:
    first, second = store(["福州海峰机械有限公司", "福州海峰机械股份有限公司"], 0)
    office.firms |= {"c": Enterprise.objects.get(pk=first), "d": Enterprise.objects.get(pk=second)}
    row = merge(office, "d", "c")  # nobody had proposed them
    services.split(by=office.actor("dispatcher"), now=NOW, merge=row, reason="两家")
    assert services.find_twins(by=SEEDER, now=NOW, firms=[first, second]) == 0
    assert not LikelyTwin.objects.filter(state="open").exists()
