"""Cases about the same matter handled in one, one case with two matters made two, and a first look on the spot."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support import asides
from tests.support.office import NOW, SEEDER, Office
from zhitong.cases import pages, queries, services
from zhitong.cases.models import Case
from zhitong.core import outbox
from zhitong.core.errors import FasterError, FieldError, NotPermittedError, RefusedError
from zhitong.enterprises import services as enterprise_services
from zhitong.orgs import services as org_services
from zhitong.orgs.models import Department, Notice

LATER = NOW + timedelta(hours=2)


def neighbour(office: Office) -> None:
    """A second firm of the first district, with a member."""
    firm = enterprise_services.register(
        by=SEEDER, now=NOW, code="91350111MA0DEM040C", name="示例三号厂", region="350111"
    )
    office.firms["c"] = firm
    user = office.users["firm_b"]
    enterprise_services.seat(by=SEEDER, now=NOW, enterprise=firm, user=user, role="firm_member")


def said_by(office: Office, firm: str) -> Case:
    """A case of a firm of the first district."""
    who = {"a": "firm_a", "c": "firm_b"}[firm]
    draft = services.Draft(text=f"园区停水。{next(office.told)}")
    return services.submit(by=office.actor(who), now=NOW, draft=draft, firm=office.firms[firm])


@pytest.fixture
def group(office: Office) -> tuple[Case, Case]:
    """A main case in handling, and another firm's case that is handled in it."""
    neighbour(office)
    main = office.until("handling")
    member = services.merge(
        by=office.actor("district"), now=LATER, case=said_by(office, "c"), main=main, reason="同一停水事项"
    )
    return main, member


def test_a_member_has_the_owner_and_the_time_of_its_group(office: Office, group: tuple[Case, Case]) -> None:
    main, member = group
    assert (member.state, member.clock, member.merged_into_id) == ("merged", "follow", main.pk)
    assert (member.due_at, member.deadline) == (main.due_at, main.deadline)
    assert member.accountable == office.units["district"]
    asked = asides.ask("extension", by=office.actor("handler"), now=LATER, case=main)
    granted = services.grant_extension(by=office.actor("district"), now=LATER, case=asked, message="同意")
    member.refresh_from_db()
    assert granted.due_at > main.due_at
    assert (member.due_at, member.deadline) == (granted.due_at, granted.deadline)


def test_every_firm_of_a_group_gets_the_answer_and_rates_it(office: Office, group: tuple[Case, Case]) -> None:
    main, member = group
    given = {"by": office.actor("handler"), "now": LATER, "case": main, "outcome": "solved"}
    answered = services.answer(**given, text="已恢复供水。")
    services.approve(by=office.actor("head"), now=LATER, case=answered)
    member.refresh_from_db()
    assert (member.state, member.answer, member.outcome) == ("reviewed", "已恢复供水。", "solved")
    assert (member.lead, member.clock) == (office.units["industry"], "rate")
    outbox.drain(now=LATER)
    told = Notice.objects.filter(user=office.users["firm_b"], subject=f"case:{member.pk}")
    assert told.filter(msgid__contains="has been answered").count() == 1
    rated = services.rate(by=office.actor("firm_b"), now=LATER, case=member, stars=5)
    assert rated.state == "rated"
    main.refresh_from_db()
    assert main.state == "reviewed", "each firm rates by itself"


@pytest.mark.parametrize("name", ["示例一号厂", "示例三号厂"])
def test_an_answer_to_several_firms_names_none(office: Office, group: tuple[Case, Case], name: str) -> None:
    given = {"by": office.actor("handler"), "now": LATER, "case": group[0], "outcome": "solved"}
    with pytest.raises(FieldError) as caught:
        services.answer(**given, text=f"{name}门前水管已修好。")
    assert (caught.value.field, caught.value.params) == ("text", {"number": 2})


def test_firms_of_a_group_never_see_each_other(office: Office, group: tuple[Case, Case]) -> None:
    main, member = group
    mine, theirs = office.actor("firm_a"), office.actor("firm_b")
    assert not queries.sees(mine, member)
    assert not queries.sees(theirs, main)
    assert queries.main_of(theirs, member) is None
    assert list(queries.members(mine, main)) == []
    lines = [line for line in pages.timeline(theirs, member) if line.entry.action == "merge"]
    assert lines == [], "the reason is for the office"
    assert list(queries.members(office.actor("handler"), main)) == [member]


def test_when_the_main_case_ends_without_an_answer_its_members_go_on(
    office: Office, group: tuple[Case, Case]
) -> None:
    main, member = group
    services.withdraw(by=office.actor("firm_a"), now=LATER, case=main, reason="已自行解决")
    member.refresh_from_db()
    assert (member.state, member.clock, member.merged_into_id) == ("accepted", "dispatch", None)


def test_a_member_leaves_its_group(office: Office, group: tuple[Case, Case]) -> None:
    main, member = group
    with pytest.raises(NotPermittedError):
        services.separate(by=office.actor("handler"), now=LATER, case=member, reason="另一处")
    alone = services.separate(by=office.actor("district"), now=LATER, case=member, reason="另一处")
    assert (alone.state, alone.merged_into_id) == ("accepted", None)
    given = {"by": office.actor("handler"), "now": LATER, "case": main, "outcome": "solved"}
    services.approve(by=office.actor("head"), now=LATER, case=services.answer(**given, text="已恢复。"))
    alone.refresh_from_db()
    assert alone.state == "accepted"


def test_the_firm_may_still_take_a_merged_case_back(office: Office, group: tuple[Case, Case]) -> None:
    case = services.withdraw(by=office.actor("firm_b"), now=LATER, case=group[1], reason="已好")
    assert case.state == "withdrawn"


def test_groups_have_one_level_and_no_secrets(office: Office, group: tuple[Case, Case]) -> None:
    main, member = group
    by = office.actor("district")
    for case, other in ((office.case(), member), (main, main)):
        with pytest.raises((FieldError, FasterError)):
            services.merge(by=by, now=LATER, case=case, main=other, reason="x")
    secret = services.submit(
        by=office.actor("firm_a"),
        now=LATER,
        draft=services.Draft(text="保密反映。", confidential=True),
        firm=office.firms["a"],
    )
    with pytest.raises(RefusedError, match="handled alone"):
        services.merge(by=by, now=LATER, case=secret, main=main, reason="x")
    leading = office.until("accepted")
    services.merge(by=by, now=LATER, case=office.case(), main=leading, reason="同一事项")
    with pytest.raises(RefusedError, match="Take them out"):
        services.merge(by=by, now=LATER, case=leading, main=main, reason="x")


def test_a_case_of_another_unit_is_no_main_case(office: Office) -> None:
    elsewhere = office.until("accepted", "b")
    with pytest.raises(FieldError) as caught:
        services.merge(by=office.actor("district"), now=LATER, case=office.case(), main=elsewhere, reason="x")
    assert caught.value.field == "main"


def test_a_second_matter_becomes_a_case_of_its_own(office: Office) -> None:
    case = office.until("accepted")
    kept = services.split(
        by=office.actor("district"), now=LATER, case=case, text="另外，员工子女入学有困难。"
    )
    other = Case.objects.get(split_from=case)
    assert (kept.state, kept.version, other.state) == ("accepted", case.version + 1, "submitted")
    assert (other.title, other.enterprise, other.submitted_by) == (
        "另外，员工子女入学有困难",
        case.enterprise,
        case.submitted_by,
    )
    assert other.number != case.number
    assert queries.sees(office.actor("firm_a"), other)
    outbox.drain(now=LATER)
    msgs = Notice.objects.filter(user=office.users["firm_a"], subject=f"case:{case.pk}")
    assert msgs.filter(msgid__contains="was split").exists()


def test_a_split_keeps_secrets(office: Office) -> None:
    draft = services.Draft(text="两件事。", protected=True, accused=office.units["works"])
    case = services.submit(by=office.actor("firm_a"), now=NOW, draft=draft, firm=office.firms["a"])
    services.split(by=office.actor("district"), now=LATER, case=case, text="第二件事。")
    other = Case.objects.get(split_from=case)
    assert (other.confidential, other.protected, other.accused) == (True, True, office.units["works"])


@pytest.fixture
def park(office: Office) -> Department:
    """A park with a dispatcher that takes its firms' cases in first; the first firm is there."""
    unit = org_services.create_department(
        by=SEEDER, now=NOW, name="示例园区", name_en="Example Park", tier="park", local_code="park",
        parent=office.units["district"], region="PARK-1", intake=True,
    )  # fmt: skip
    user = org_services.create_staff(by=SEEDER, now=NOW, username="parkman", name="示例园区专员")
    org_services.add_post(by=SEEDER, now=NOW, user=user, department=unit, role="dispatcher")
    office.users["parkman"] = user
    office.firms["a"].park = unit
    office.firms["a"].save(update_fields=["park"])
    return unit


def test_a_park_that_takes_in_sees_its_firms_cases_first_and_passes_them_up(
    office: Office, park: Department
) -> None:
    case = office.case()
    assert case.intake == park
    up = services.pass_up(by=office.actor("parkman"), now=LATER, case=case, reason="现场核实：供水管爆裂。")
    assert (up.state, up.intake, up.accountable, up.clock) == (
        "submitted",
        office.units["district"],
        office.units["district"],
        "accept",
    )
    assert up.clock_started_at == LATER
    again = services.pass_up(by=office.actor("district"), now=LATER, case=up, reason="需市级协调。")
    assert again.intake == office.units["city"]
    with pytest.raises(RefusedError, match="No unit above"):
        services.pass_up(by=office.actor("dispatcher"), now=LATER, case=again, reason="x")


def test_switched_off_the_park_is_passed_over(office: Office, park: Department) -> None:
    Department.objects.filter(pk=park.pk).update(intake=False)
    assert office.case().intake == office.units["district"]


def test_a_street_takes_in_before_its_district(office: Office) -> None:
    street = org_services.create_department(
        by=SEEDER, now=NOW, name="示例街道", name_en="Example Street", tier="town", local_code="street",
        parent=office.units["district"], region="350111001", intake=True,
    )  # fmt: skip
    office.firms["a"].street = "350111001"
    office.firms["a"].save(update_fields=["street"])
    assert office.case().intake == street


def test_what_may_not_be_known_above_stays_below(office: Office, park: Department) -> None:
    draft = services.Draft(text="反映区里某单位。", accused=office.units["district"])
    case = services.submit(by=office.actor("firm_a"), now=NOW, draft=draft, firm=office.firms["a"])
    assert case.intake == office.units["city"], "the park belongs to the district"
    Case.objects.filter(pk=case.pk).update(intake=park, accountable=park, accused=office.units["city"])
    case.refresh_from_db()
    with pytest.raises(NotPermittedError):
        services.pass_up(by=office.actor("handler"), now=LATER, case=case, reason="x")
    with pytest.raises(RefusedError, match="does not learn"):
        services.pass_up(by=office.actor("parkman"), now=LATER, case=case, reason="x")


def test_a_protected_reporter_is_read_by_those_who_take_in_alone(office: Office) -> None:
    draft = services.Draft(text="反映偷排。", protected=True)
    case = services.submit(by=office.actor("firm_a"), now=NOW, draft=draft, firm=office.firms["a"])
    assert case.confidential
    case = services.accept(by=office.actor("district"), now=NOW, case=case, kind="normal")
    given = {"lead": office.units["industry"], "person": office.users["handler"]}
    case = services.dispatch(by=office.actor("district"), now=NOW, case=case, **given)

    def first_name(who: str) -> str:
        return pages.timeline(office.actor(who), case)[-1].by

    assert first_name("district") == "示例firma"
    assert first_name("firm_a") == "示例firma"
    assert first_name("handler") == "受保护的反映人"
    asked = services.urge(by=office.actor("firm_a"), now=LATER, case=case, text="请尽快。")
    assert pages.timeline(office.actor("handler"), asked)[0].by == "受保护的反映人"
