"""Keys of other programs and the feed of changes that they read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.support.office import NOW, SEEDER, Office
from zhitong.core.actor import Actor
from zhitong.core.errors import FasterError, FieldError, NotPermittedError
from zhitong.enterprises import queries, services
from zhitong.enterprises.models import ApiToken, Enterprise, EnterpriseChange
from zhitong.enterprises.permissions import SCOPES
from zhitong.enterprises.services import FirmRecord

pytestmark = pytest.mark.django_db
NEW = "91350112MA0DEM048K"
END = NOW + timedelta(days=9)


def issue(office: Office, *, by: str = "sysadmin", **given: Any) -> Any:
    asked = {"name": "平台", "scopes": SCOPES, "regions": ("350111",), "expires_at": END} | given
    return services.issue_token(by=office.actor(by), now=NOW, **asked)


def program(office: Office, *regions: str, scopes: tuple[str, ...] = SCOPES) -> Actor:
    return queries.machine(issue(office, regions=regions, scopes=scopes).row)


def numbers(actor: Actor, after: int = 0, limit: int = 100, now: Any = NOW) -> list[int]:
    return [row.pk for row in queries.changes(actor, after=after, limit=limit, now=now)]


def test_a_key_opens_from_its_making_to_its_end(office: Office) -> None:
    made = issue(office)
    found = {
        moment: queries.token(made.secret, NOW + moment)
        for moment in (timedelta(seconds=-1), timedelta(0), timedelta(days=9, seconds=-1), timedelta(days=9))
    }
    assert [row is not None for row in found.values()] == [False, True, True, False]
    assert queries.token(made.row.digest, NOW) is None, "the digest is no key"
    services.withdraw_token(by=office.actor("sysadmin"), now=NOW, token=made.row)
    assert queries.token(made.secret, NOW) is None
    with pytest.raises(FasterError):
        services.withdraw_token(by=office.actor("sysadmin"), now=NOW, token=made.row)


def test_only_the_system_administrator_keeps_keys(office: Office) -> None:
    for name in ("dispatcher", "secadmin", "auditor", "admin_a", "handler"):
        with pytest.raises(NotPermittedError):
            issue(office, by=name)
    with pytest.raises(NotPermittedError):
        services.issue_token(by=SEEDER, now=NOW, name="x", scopes=SCOPES, regions=("",), expires_at=END)
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"scopes": ()}, "scopes"),
        ({"scopes": ("firms.read", "everything")}, "scopes"),
        ({"regions": ()}, "regions"),
        ({"expires_at": NOW}, "expires_at"),
    ],
)
def test_a_key_says_what_where_and_until_when(office: Office, given: dict[str, Any], field: str) -> None:
    with pytest.raises(FieldError) as caught:
        issue(office, **given)
    assert caught.value.field == field


def test_a_program_writes_within_its_regions_only(office: Office) -> None:
    inside, outside = office.firms["a"].code, office.firms["b"].code
    actor = program(office, "350111")
    before = list(Enterprise.objects.values())
    for record in (
        FirmRecord(outside, columns={"name": "示例改名厂"}),
        FirmRecord(inside, columns={"region": "350105"}),
        FirmRecord(NEW, columns={"name": "示例新厂", "region": "350105"}),
    ):
        with pytest.raises(NotPermittedError):
            services.store(
                by=actor, now=NOW, records=[FirmRecord(inside, columns={"name": "同批"}), record][-2:]
            )
        assert list(Enterprise.objects.values()) == before, "all or none"
    done = services.store(by=actor, now=NOW, records=[FirmRecord(inside, columns={"name": "示例改名厂"})])
    assert done[0].before == {"name": "示例一号厂"}
    with pytest.raises(NotPermittedError):
        services.store(by=program(office, "350111", scopes=("firms.read",)), now=NOW, records=[])


def test_a_program_does_not_reach_a_firm_through_an_entry_merged_into_it(office: Office) -> None:
    services.merge(
        by=office.actor("dispatcher"), now=NOW, kept=office.firms["b"], dropped=office.firms["a"], reason="同"
    )
    actor = program(office, "350111")
    with pytest.raises(NotPermittedError):
        services.store(
            by=actor, now=NOW, records=[FirmRecord(office.firms["a"].code, columns={"name": "示例改名厂"})]
        )
    assert Enterprise.objects.get(pk=office.firms["b"].pk).name == "示例二号厂"


def test_a_program_makes_no_firm_without_a_region(office: Office) -> None:
    with pytest.raises(NotPermittedError):
        services.store(by=program(office, "350111"), now=NOW, records=[FirmRecord(NEW)])
    assert not Enterprise.objects.filter(code=NEW).exists()


def test_the_feed_is_read_in_order_and_by_pages(office: Office) -> None:
    actor = program(office, "")
    all_ = numbers(actor, now=NOW + timedelta(hours=1))
    assert all_ == sorted(all_)
    assert len(all_) == 2
    first = numbers(actor, limit=1, now=NOW + timedelta(hours=1))
    assert first + numbers(actor, after=first[-1], now=NOW + timedelta(hours=1)) == all_
    assert numbers(actor, now=NOW + timedelta(seconds=19)) == []
    assert numbers(actor, now=NOW + timedelta(seconds=20)) == all_


def test_no_change_is_passed_over_because_an_older_number_is_still_young(office: Office) -> None:
    """A later number may carry an earlier time: its transaction began first and took longer."""
    firm = office.firms["a"]
    late = EnterpriseChange.objects.create(
        enterprise=firm.pk, code=firm.code, action="change", at=NOW + timedelta(seconds=3)
    )
    early = EnterpriseChange.objects.create(enterprise=firm.pk, code=firm.code, action="change", at=NOW)
    actor = program(office, "")
    first = [row.pk for row in EnterpriseChange.objects.order_by("pk")[:2]]
    seen: list[int] = []
    for second in range(15, 40):
        seen += numbers(actor, after=seen[-1] if seen else 0, now=NOW + timedelta(seconds=second))
    assert seen == [*first, late.pk, early.pk]


def test_a_program_hears_of_the_firms_of_its_regions_only(office: Office) -> None:
    later = NOW + timedelta(hours=1)
    heard = {
        region: [row.code for row in queries.changes(program(office, region), after=0, limit=9, now=later)]
        for region in ("350111", "350100", "350102")
    }
    a, b = office.firms["a"].code, office.firms["b"].code
    assert heard == {"350111": [a], "350100": [a, b], "350102": []}


def test_a_program_hears_that_a_firm_is_gone(office: Office) -> None:
    from tests.enterprises.test_lists import bring, code, drop, line, take_back

    take_back(office, bring(office, drop(office, [line(1)])))
    later = NOW + timedelta(hours=1)
    for region, heard in (("", True), ("350100", True), ("350111", True), ("350105", False)):
        rows = queries.changes(program(office, region), after=0, limit=9, now=later)
        assert ((code(1), "delete") in [(row.code, row.action) for row in rows]) is heard, region
