from __future__ import annotations

from typing import Any

import pytest
from django.http import Http404

from tests.support.office import NOW, Office
from zhitong.core.actor import Role
from zhitong.core.errors import FieldError, NotPermittedError
from zhitong.orgs import queries, services, states
from zhitong.orgs.models import Department


def create(office: Office, *, by: str = "sysadmin", **columns: Any) -> Department:
    given = {"name": "新区", "name_en": "New Area", "tier": "park", "local_code": "new"} | columns
    return services.create_department(by=office.actor(by), now=NOW, **given)


def change(office: Office, row: Department, *, by: str = "sysadmin", **columns: Any) -> Department:
    given = {name: getattr(row, name) for name in ("name", "name_en", "region", "intake", "active")} | columns
    return services.change_department(by=office.actor(by), now=NOW, department=row, **given)


def test_a_departments_path_lies_below_its_parents(office: Office) -> None:
    row = create(office, parent=office.units["district"])
    below = create(office, parent=row, local_code="town")
    assert below.path.startswith(row.path)
    assert row.path.startswith(office.units["district"].path)
    assert list(queries.departments())[0] == office.units["city"]  # noqa: RUF015 - the order is what is tested


@pytest.mark.parametrize("by", ["secadmin", "auditor", "handler", "firm_a"])
def test_only_the_system_administrator_edits_departments(office: Office, by: str) -> None:
    with pytest.raises(NotPermittedError):
        create(office, by=by)
    with pytest.raises(NotPermittedError):
        change(office, office.units["works"], by=by)


def test_a_code_names_one_department(office: Office) -> None:
    with pytest.raises(FieldError) as caught:
        create(office, local_code="works")
    assert caught.value.field == "local_code"


@pytest.mark.parametrize(("region", "field"), [("", "region"), ("350111", "intake")])
def test_a_region_has_one_intake_unit(office: Office, region: str, field: str) -> None:
    for action in (
        lambda: create(office, region=region, intake=True),
        lambda: change(office, office.units["works"], region=region, intake=True),
    ):
        with pytest.raises(FieldError) as caught:
            action()
        assert caught.value.field == field


def test_a_closed_intake_unit_leaves_its_region_to_another(office: Office) -> None:
    services.end_post(
        by=office.actor("secadmin"), now=NOW, posting=queries.posts_of(office.users["district"]).get()
    )
    change(office, office.units["district"], active=False)
    row = create(office, region="350111", intake=True)
    assert queries.intake_department("350111") == row


def test_a_department_with_people_stays_open(office: Office) -> None:
    with pytest.raises(FieldError) as caught:
        change(office, office.units["works"], active=False)
    assert caught.value.field == "active"
    for posting in office.units["works"].postings.all():
        services.end_post(by=office.actor("secadmin"), now=NOW, posting=posting)
    change(office, office.units["works"], active=False)
    assert office.units["works"] not in queries.departments()
    assert office.units["works"] in queries.departments(active=False)


def test_a_name_changes_in_place(office: Office) -> None:
    row = change(office, office.units["works"], name="城市管理局")
    row.refresh_from_db()
    assert (row.name, row.local_code, row.label) == ("城市管理局", "works", "城市管理局")


# ---------------------------------------------------------------- who takes a case in


@pytest.mark.parametrize(
    ("region", "unit"),
    [
        ("350111", "district"),
        ("350105", "other"),
        ("350111005", "district"),  # a street: by its district
        ("350105012009", "other"),  # a village by its 12 digits
        ("350102", "city"),  # a district without an intake unit
        ("350100", "city"),
        ("110101", "city"),  # another province
        ("GXQ01", "city"),  # a unit without a GB/T 2260 code
        ("", "city"),
    ],
)
def test_the_nearest_intake_unit_takes_a_region(office: Office, region: str, unit: str) -> None:
    assert queries.intake_department(region) == office.units[unit]


def test_a_park_without_a_national_code_takes_its_own_cases_in(office: Office) -> None:
    park = create(office, name="高新区", tier="park", local_code="GXQ", region="GXQ01", intake=True)
    assert queries.intake_department("GXQ01") == park
    assert queries.intake_department("GXQ02") == office.units["city"]


def test_without_any_intake_unit_the_reason_is_said(db) -> None:
    with pytest.raises(LookupError, match="Mark one as an intake unit"):
        queries.intake_department("350111")


def test_leads_are_departments_with_a_handler(office: Office) -> None:
    assert set(queries.leads()) == {office.units["industry"], office.units["works"]}
    services.leave(by=office.actor("sysadmin"), now=NOW, user=office.users["worker"])
    assert set(queries.leads()) == {office.units["industry"]}


@pytest.mark.parametrize(("who", "sees"), [("handler", True), ("auditor", True), ("firm_a", False)])
def test_departments_are_for_staff(office: Office, who: str, sees: bool) -> None:
    def get() -> Department:
        return queries.get_department(office.actor(who), office.units["works"].pk)

    if sees:
        assert get() == office.units["works"]
    else:
        with pytest.raises(Http404):
            get()


def test_holders_are_those_who_hold_a_role_now(office: Office) -> None:
    unit = office.units["industry"].pk
    assert {user.username for user in queries.holders(unit, Role.HANDLER, now=NOW)} == {
        "handler",
        "colleague",
    }
    assert [user.username for user in queries.everyone_with(Role.LEADER, now=NOW)] == ["leader"]
    assert not queries.holders(office.units["district"].pk, Role.HANDLER, now=NOW).exists()


def test_a_chain_is_signed_by_people_of_the_department(monkeypatch: pytest.MonkeyPatch) -> None:
    """A signature that nobody of the department can give would wait on nobody's list."""
    chain = {
        "outside": {"label": {"zh": "外", "en": "Outside"}, "step": [{"roles": ["section_head", "leader"]}]}
    }
    monkeypatch.setattr(states, "_chains", lambda: chain)
    with pytest.raises(ValueError, match="only handler, section_head, leader_in_charge"):
        states.chain_steps("outside")
