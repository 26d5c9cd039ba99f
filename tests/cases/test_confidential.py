"""Confidential cases: seen by those who work on them, and by nobody of the unit that they are about."""

from __future__ import annotations

import pytest
from django.http import Http404

from tests.support.office import NOW, SEEDER, Office
from zhitong.cases import queries, services
from zhitong.cases.models import Case
from zhitong.core import outbox
from zhitong.core.errors import FieldError, NotPermittedError
from zhitong.orgs import queries as org_queries
from zhitong.orgs import services as org_services
from zhitong.orgs.models import Department, Notice

WORDS = "窗口办事员态度生硬，多次要求重复提交材料。"


def confide(office: Office, *, accused: str = "", text: str = WORDS) -> Case:
    unit = office.units[accused] if accused else None
    draft = services.Draft(text=text, confidential=True, accused=unit)
    return services.submit(by=office.actor("firm_a"), now=NOW, draft=draft, firm=office.firms["a"])


def led(office: Office, case: Case) -> Case:
    district = office.actor("district")
    case = services.accept(by=district, now=NOW, case=case, kind="normal")
    return services.dispatch(
        by=district, now=NOW, case=case, lead=office.units["industry"], person=office.users["handler"]
    )


def who_sees(office: Office, case: Case) -> set[str]:
    names = ("firm_a", "firm_b", "district", "other", "dispatcher", "supervisor", "leader")
    names += ("handler", "colleague", "head", "worker", "sysadmin", "auditor")
    return {name for name in names if queries.sees(office.actor(name), case)}


def test_only_those_who_work_on_it_see_it(office: Office) -> None:
    case = confide(office)
    assert who_sees(office, case) == {"firm_a", "district"}
    case = led(office, case)
    assert who_sees(office, case) == {"firm_a", "district", "handler", "colleague", "head"}


def test_an_open_case_is_seen_by_those_who_look_on(office: Office) -> None:
    case = led(office, office.case())
    assert who_sees(office, case) >= {"dispatcher", "supervisor", "leader"}


def test_it_stands_in_nobody_elses_lists(office: Office) -> None:
    case = led(office, confide(office))
    for name in ("dispatcher", "supervisor", "leader", "worker"):
        actor = office.actor(name)
        for rows in (
            queries.running(actor),
            queries.to_do(actor, NOW),
            queries.of_firm(actor, case.enterprise),
        ):
            assert case not in rows
        with pytest.raises(Http404):
            queries.get_case(actor, case.pk)
        with pytest.raises(NotPermittedError):
            services.remind(by=actor, now=NOW, case=case, reason="请尽快")


def test_the_unit_it_is_about_never_gets_it(office: Office) -> None:
    district = office.actor("district")
    below = org_services.create_department(
        by=SEEDER, now=NOW, name="示例所", name_en="Station", tier="town", local_code="station",
        parent=office.units["works"],
    )  # fmt: skip
    org_services.add_post(
        by=SEEDER, now=NOW, user=office.users["colleague"], department=below, role="handler"
    )
    case = services.accept(by=district, now=NOW, case=confide(office, accused="works"), kind="normal")
    for unit in (office.units["works"], below):
        with pytest.raises(FieldError, match="does not learn"):
            services.dispatch(by=district, now=NOW, case=case, lead=unit)
    case = services.dispatch(by=district, now=NOW, case=case, lead=office.units["industry"])
    for unit, field in ((office.units["works"], "department"), (below, "department")):
        with pytest.raises(FieldError) as caught:
            services.ask_help(by=district, now=NOW, case=case, department=unit, text="请查看")
        assert caught.value.field == field
    assert not queries.sees(office.actor("colleague"), case), "a post in the unit's station is enough"
    assert queries.sees(office.actor("handler"), case)


def test_what_is_about_the_intake_unit_goes_to_the_one_above(office: Office) -> None:
    case = confide(office, accused="district")
    assert case.intake == office.units["city"]
    assert who_sees(office, case) == {"firm_a", "dispatcher"}


def test_where_nobody_is_outside_it_cannot_be_taken_in(office: Office) -> None:
    Department.objects.filter(local_code="other").update(intake=False)
    assert org_queries.intake_outside(office.units["city"]) is None
    with pytest.raises(FieldError) as caught:
        confide(office, accused="city")
    assert caught.value.field == "accused"
    assert not Case.objects.exists()


def test_naming_a_unit_makes_it_confidential(office: Office) -> None:
    draft = services.Draft(text=WORDS, accused=office.units["works"])
    case = services.submit(by=office.actor("firm_a"), now=NOW, draft=draft, firm=office.firms["a"])
    assert case.confidential


def test_messages_reach_only_those_who_see_it(office: Office) -> None:
    case = led(office, confide(office))
    org_services.add_post(
        by=SEEDER,
        now=NOW,
        user=office.users["worker"],
        department=office.units["district"],
        role="dispatcher",
    )
    org_services.add_post(
        by=SEEDER, now=NOW, user=office.users["colleague"], department=office.units["works"], role="handler"
    )
    Case.objects.filter(pk=case.pk).update(accused=office.units["works"])
    services.urge(by=office.actor("firm_a"), now=NOW, case=Case.objects.get(pk=case.pk))
    services.object_to(
        by=office.actor("handler"), now=NOW, case=Case.objects.get(pk=case.pk), reason="不属职责"
    )
    outbox.drain(now=NOW)
    told = Notice.objects.filter(subject=f"case:{case.pk}", msgid__startswith="An objection")
    assert set(told.values_list("user__username", flat=True)) == {"district"}, (
        "the worker belongs to the unit"
    )


def test_messages_about_parts_reach_only_those_who_see_it(office: Office) -> None:
    case = services.start(by=office.actor("handler"), now=NOW, case=led(office, confide(office)))
    services.ask_help(
        by=office.actor("handler"), now=NOW, case=case, department=office.units["works"], text="请查看"
    )
    # Somebody of the helping department holds a post in the unit that it is about, too.
    helper = org_services.create_staff(by=SEEDER, now=NOW, username="helper", name="示例helper")
    for unit in ("works", "other"):
        org_services.add_post(by=SEEDER, now=NOW, user=helper, department=office.units[unit], role="handler")
    Case.objects.filter(pk=case.pk).update(accused=office.units["other"])
    outbox.drain(now=NOW)
    told = Notice.objects.filter(subject=f"case:{case.pk}", msgid__startswith="Your department is asked")
    assert set(told.values_list("user__username", flat=True)) == {"worker"}
