"""Cases that need a leader: proposed by people, decided by words or by an instruction."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.http import Http404

from tests.cases.test_confidential import confide
from tests.support.office import NOW, SEEDER, Office
from zhitong.cases import services as case_services
from zhitong.core import outbox
from zhitong.core.errors import FasterError, FieldError, NotPermittedError, RefusedError
from zhitong.orgs.models import Notice
from zhitong.supervision import panels, queries, services
from zhitong.supervision.models import Referral
from zhitong.supervision.services import referrals

LATER = NOW + timedelta(hours=3)
BRIEF = services.Brief("道路破损", "权属不清", "两家单位意见不一", "请牵头会商")


def laid(office: Office, by: str = "district", unit: str = "city", **more: object) -> Referral:
    case = more.pop("case", None) or office.until("handling")
    given = {"case": case, "to_department": office.units[unit], "brief": BRIEF} | more
    return services.propose(by=office.actor(by), now=NOW, **given)


@pytest.mark.parametrize("by", ["district", "head", "chief", "supervisor"])
def test_people_lay_a_case_before_a_leader(office: Office, by: str) -> None:
    referral = laid(office, by)
    assert list(queries.referrals(office.actor("leader"))) == [referral]
    for name in ("worker", "other", "handler", "firm_a"):
        with pytest.raises(Http404):
            queries.get_referral(office.actor(name), referral.pk)


@pytest.mark.parametrize("by", ["handler", "other", "leader", "dispatcher"])
def test_others_do_not(office: Office, by: str) -> None:
    with pytest.raises(NotPermittedError):
        laid(office, by)


def test_a_case_lies_before_one_leader_at_a_time(office: Office) -> None:
    referral = laid(office)
    with pytest.raises(RefusedError, match="already"):
        laid(office, case=referral.case)
    given = {"by": office.actor("district"), "now": LATER, "referral": referral, "reason": "已解决"}
    assert services.withdraw_referral(**given).state == "withdrawn"
    with pytest.raises(FasterError):
        services.withdraw_referral(**given)
    assert laid(office, case=referral.case).state == "open"


def test_of_two_who_propose_at_once_one_is_told(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    case = laid(office).case
    # as the second one saw it: neither had proposed it yet
    monkeypatch.setattr(referrals, "_check_case", lambda _case: None)
    with pytest.raises(FasterError):
        laid(office, case=case)
    assert Referral.objects.count() == 1


def test_what_cannot_be_laid_before_a_leader(office: Office) -> None:
    with pytest.raises(FieldError, match="no leader"):
        laid(office, unit="district")
    with pytest.raises(FieldError, match="fill in"):
        laid(office, brief=services.Brief("a", "b", " ", "d"))
    with pytest.raises(RefusedError, match="confidential"):
        laid(office, case=confide(office))
    gone = case_services.withdraw(by=office.actor("firm_a"), now=NOW, case=office.case(), reason="x")
    with pytest.raises(RefusedError, match="ended"):
        laid(office, case=gone)


def test_the_brief_of_an_unseen_case_is_not_found(office: Office) -> None:
    referral = laid(office)
    assert queries.get_referral(office.actor("leader"), referral.pk) == referral
    type(referral.case).objects.filter(pk=referral.case_id).update(confidential=True)
    with pytest.raises(Http404):
        queries.get_referral(office.actor("leader"), referral.pk)


def test_a_leader_decides_in_words(office: Office) -> None:
    referral = laid(office)
    with pytest.raises(NotPermittedError):
        services.decide(by=office.actor("supervisor"), now=LATER, referral=referral, words="x")
    decided = services.decide(by=office.actor("leader"), now=LATER, referral=referral, words="周一会商")
    assert (decided.state, decided.words, decided.decided_by) == (
        "decided",
        "周一会商",
        office.users["leader"],
    )
    outbox.drain(now=LATER)
    rows = Notice.objects.filter(subject=f"referral:{referral.pk}")
    assert {(row.user.username, row.msgid[:8]) for row in rows} == {
        ("leader", "Somebody"),
        ("district", "There is"),
    }


def test_an_instruction_about_the_case_decides_it(office: Office) -> None:
    referral = laid(office)
    word = services.Word(
        departments=(office.units["industry"],), text="请牵头。", days=3, cases=(referral.case,)
    )
    matter = services.instruct(by=office.actor("leader"), now=LATER, word=word)
    referral.refresh_from_db()
    assert (referral.state, referral.matter, referral.words) == ("decided", matter, "")


def test_the_system_names_late_cases_and_lays_none_before_anybody(office: Office) -> None:
    case = office.until("handling")
    late = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
    case_services.raise_alarm(by=SEEDER, now=late, case=case, overdue=3)
    district = office.actor("district")
    assert queries.candidates(district, late) == []
    case_services.raise_alarm(by=SEEDER, now=late, case=case, overdue=5)
    assert [row["case"] for row in queries.candidates(district, late)] == [case]
    assert not Referral.objects.exists()
    assert queries.candidates(office.actor("other"), late) == []
    laid(office, case=case)
    assert queries.candidates(district, late) == []


def test_the_leader_finds_it_on_the_desk_and_everybody_reads_the_decision(office: Office) -> None:
    referral = laid(office)
    leader, district = office.actor("leader"), office.actor("district")
    assert panels.UnclearedPanel().context(leader, None, LATER)["waiting"] == [referral]
    shown = panels.CasePanel().context(leader, referral.case, LATER)
    assert (shown["referral"], shown["decide"], shown["decided"]) == (referral, True, None)
    shown = panels.CasePanel().context(district, referral.case, LATER)
    assert (shown["decide"], shown["propose"]) == (False, False), "it lies before a leader already"
    decided = services.decide(by=leader, now=LATER, referral=referral, words="周一会商")
    assert panels.UnclearedPanel().context(leader, None, LATER)["waiting"] == []
    shown = panels.CasePanel().context(district, referral.case, LATER)
    assert (shown["referral"], shown["decided"], shown["propose"]) == (None, decided, True)
