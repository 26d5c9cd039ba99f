"""Units in which nobody signs in: they are charged and asked like others, and others enter what they reply."""

from __future__ import annotations

from typing import Any

import pytest
from django.template.loader import render_to_string

from tests.support.office import NOW, SEEDER, Office
from zhitong.cases import services
from zhitong.cases.models import Case, Entry
from zhitong.core.actor import Role
from zhitong.core.errors import NotPermittedError, RefusedError
from zhitong.orgs import queries as org_queries
from zhitong.orgs import services as org_services


@pytest.fixture
def bureau(office: Office) -> Any:
    """A bureau without accounts."""
    return org_services.create_department(
        by=SEEDER, now=NOW, name="示例税务局", name_en="Tax Bureau", tier="city", local_code="tax",
        parent=office.units["city"], region="", intake=False,
    )  # fmt: skip


def led_by(office: Office, bureau: Any) -> Case:
    """A case that a bureau leads."""
    case = office.until("accepted")
    return services.dispatch(by=office.actor("district"), now=NOW, case=case, lead=bureau)


def test_who_has_no_accounts(office: Office, bureau: Any) -> None:
    assert list(org_queries.without_accounts()) == [bureau]
    worker = org_services.create_staff(by=SEEDER, now=NOW, username="taxman", name="示例税务员")
    org_services.add_post(by=SEEDER, now=NOW, user=worker, department=bureau, role=Role.HANDLER)
    assert not org_queries.is_without_accounts(bureau.pk)
    org_services.leave(by=office.actor("sysadmin"), now=NOW, user=worker, successor=None)
    assert org_queries.is_without_accounts(bureau.pk)
    assert not org_queries.is_without_accounts(None)


def test_the_answer_of_a_lead_without_accounts_is_entered_for_it(office: Office, bureau: Any) -> None:
    case = led_by(office, bureau)
    given = {"by": office.actor("district"), "now": NOW, "text": "已办结。", "outcome": "solved"}
    done = services.answer_for(case=case, **given)
    assert (done.state, done.answer, done.outcome, done.accountable) == (
        "reviewed",
        "已办结。",
        "solved",
        bureau,
    )
    line = Entry.objects.filter(case=case).latest("id")
    assert (line.department, line.by_user, line.visibility) == (bureau, office.users["district"], "firm")


def test_nobody_answers_for_a_lead_whose_people_can(office: Office) -> None:
    given = {"now": NOW, "text": "已办结。", "outcome": "solved"}
    case = office.until("handling")
    with pytest.raises(RefusedError, match="accounts of its own"):
        services.answer_for(by=office.actor("district"), case=case, **given)
    with pytest.raises(NotPermittedError):
        services.answer_for(by=office.actor("handler"), case=case, **given)


def test_the_reply_of_a_helper_without_accounts_is_entered_by_those_who_steer(
    office: Office, bureau: Any
) -> None:
    case = office.until("handling")
    given = {"now": NOW, "department": bureau, "text": "请核实税款。"}
    services.ask_help(by=office.actor("handler"), case=case, **given)
    part = case.assists.get()
    with pytest.raises(NotPermittedError):
        services.answer_assist_for(by=office.actor("worker"), now=NOW, assist=part, text="已核实。")
    done = services.answer_assist_for(by=office.actor("handler"), now=NOW, assist=part, text="已核实。")
    html = render_to_string("cases/_parts.html", {"parts": [{"assist": done}]})
    assert "示例税务局（示例handler 代录）" in html
    assert (done.state, done.reply, done.replied_by) == ("answered", "已核实。", office.users["handler"])
    assert Entry.objects.filter(case=case).latest("id").department == bureau


def test_nobody_replies_for_a_helper_whose_people_can(office: Office) -> None:
    case = office.until("handling")
    given = {"now": NOW, "department": office.units["works"], "text": "请查看。"}
    services.ask_help(by=office.actor("handler"), case=case, **given)
    with pytest.raises(RefusedError, match="accounts of its own"):
        services.answer_assist_for(
            by=office.actor("handler"), now=NOW, assist=case.assists.get(), text="已查看。"
        )


def test_an_entered_answer_waits_for_every_part(office: Office, bureau: Any) -> None:
    case = led_by(office, bureau)
    asking = {"by": office.actor("district"), "now": NOW, "department": office.units["works"], "text": "看"}
    case = services.ask_help(case=case, **asking)
    given = {"by": office.actor("district"), "now": NOW, "text": "已办结。", "outcome": "solved"}
    with pytest.raises(RefusedError, match="Still waiting"):
        services.answer_for(case=case, **given)
