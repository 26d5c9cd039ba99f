"""Return visits by somebody who did not handle the case, reminders, and cases left out of the rates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from tests.support.office import NOW, SEEDER, Office
from zhitong.cases import queries as case_queries
from zhitong.cases import services as case_services
from zhitong.cases.models import Case
from zhitong.cases.tasks import Remind, RunOut
from zhitong.cases.templatetags.texts import notice_url
from zhitong.core import outbox
from zhitong.core.errors import FasterError, FieldError, NotPermittedError, RefusedError
from zhitong.core.models import AuditEvent
from zhitong.feedback import queries, services
from zhitong.feedback.models import Exclusion, ReturnVisit
from zhitong.feedback.services import Said
from zhitong.feedback.tasks import RemindVisits
from zhitong.orgs import services as org_services
from zhitong.orgs.models import Notice
from zhitong.supervision import queries as supervision_queries
from zhitong.supervision import services as supervision
from zhitong.supervision.panels import CasePanel

CONTENT = Said(contacted=True, solved=True, grade=5)
BITTER = Said(contacted=True, solved=False, grade=1, words="还是停水")


def visit(office: Office, case: Case, said: Said = CONTENT, **given: Any) -> ReturnVisit:
    given = {"by": office.actor("district"), "now": NOW, "way": "call", "reached": True, **given}
    return services.visit_back(case=case, said=said, **given)


def closed(office: Office, stars: int = 5) -> Case:
    case = office.until("reviewed")
    services.rate(by=office.actor("firm_a"), now=NOW, case=case, stars=stars)
    case.refresh_from_db()
    return case_services.close(by=office.actor("district"), now=NOW, case=case, outcome="solved")


def test_a_whole_answer_makes_a_visit_valid(office: Office) -> None:
    case = closed(office)
    assert not visit(office, case, Said(contacted=True, solved=None, grade=4)).valid
    assert not visit(office, case, Said(words="无人接听"), reached=False).valid
    assert visit(office, case).valid
    with pytest.raises(RefusedError, match="asked already"):
        visit(office, case)


def test_nobody_reached_said_nothing(office: Office) -> None:
    found = visit(office, closed(office), Said(True, True, 5, "打了三次"), reached=False)
    assert (found.valid, found.contacted, found.solved, found.grade) == (False, None, None, None)
    with pytest.raises(FieldError) as caught:
        visit(office, closed(office), Said(), reached=False)
    assert caught.value.field == "words"


def test_who_handled_it_does_not_ask(office: Office) -> None:
    case = closed(office)
    by = office.users["handler"]
    org_services.add_post(by=SEEDER, now=NOW, user=by, department=office.units["district"], role="dispatcher")
    with pytest.raises(RefusedError, match="had a hand"):
        visit(office, case, by=office.actor("handler"))
    head = office.users["head"]
    org_services.add_post(
        by=SEEDER, now=NOW, user=head, department=office.units["district"], role="dispatcher"
    )
    with pytest.raises(RefusedError, match="had a hand"):
        visit(office, case, by=office.actor("head"))
    assert case_queries.had_a_hand(office.actor("head"), case)
    assert not case_queries.had_a_hand(office.actor("district"), case)


@pytest.mark.parametrize("who", ["other", "dispatcher", "handler", "supervisor", "firm_a"])
def test_only_the_intake_unit_asks(office: Office, who: str) -> None:
    with pytest.raises(NotPermittedError):
        visit(office, closed(office), by=office.actor(who))


def test_a_visit_comes_after_the_answer_and_not_too_late(office: Office) -> None:
    with pytest.raises(RefusedError, match="comes after the answer"):
        visit(office, office.until("handling"))
    case = closed(office)
    with pytest.raises(RefusedError) as caught:
        visit(office, case, now=NOW + timedelta(days=91))
    assert caught.value.params == {"days": 90}
    assert visit(office, case, now=NOW + timedelta(days=90)).valid


def test_a_bad_word_after_the_end_reopens_once_and_then_goes_to_people(office: Office) -> None:
    case = closed(office)
    visit(office, case, BITTER)
    case.refresh_from_db()
    assert (case.state, case.reopened) == ("handling", 1)
    given = {"by": office.actor("handler"), "now": NOW, "case": case, "outcome": "solved"}
    case = case_services.approve(
        by=office.actor("head"), now=NOW, case=case_services.answer(**given, text="已再修。")
    )
    services.rate(by=office.actor("firm_a"), now=NOW, case=case, stars=4)
    case.refresh_from_db()
    visit(office, case, BITTER)
    case.refresh_from_db()
    assert (case.state, case.reopened) == ("rated", 1), "not a second time by itself"
    outbox.drain(now=NOW)
    told = Notice.objects.filter(msgid__startswith="The firm is still not satisfied")
    assert set(told.values_list("user__username", flat=True)) == {"chief", "supervisor"}
    assert list(queries.second_bad(office.actor("supervisor"))) == [case]
    assert [row.case for row in queries.bad_again(office.actor("supervisor"), NOW)] == [case.pk]


def test_a_second_bad_rating_goes_to_people(office: Office) -> None:
    case = office.until("reviewed")
    services.rate(by=office.actor("firm_a"), now=NOW, case=case, stars=1)
    case.refresh_from_db()
    given = {"by": office.actor("handler"), "now": NOW, "case": case, "outcome": "solved"}
    case = case_services.approve(
        by=office.actor("head"), now=NOW, case=case_services.answer(**given, text="已再修。")
    )
    services.rate(by=office.actor("firm_a"), now=NOW, case=case, stars=2)
    outbox.drain(now=NOW)
    assert Notice.objects.filter(msgid__startswith="The firm is still not satisfied").count() == 2


def test_what_is_to_be_asked_leaves_the_list_with_a_valid_visit(office: Office) -> None:
    case, other = closed(office), office.until("reviewed", "b")
    assert list(queries.to_visit(office.actor("district"), NOW)) == [case]
    assert list(queries.to_visit(office.actor("other"), NOW)) == [other]
    assert list(queries.to_visit(office.actor("district"), NOW + timedelta(days=91))) == []
    visit(office, case)
    assert list(queries.to_visit(office.actor("district"), NOW)) == []


def test_a_firm_is_reminded_once_to_rate(office: Office) -> None:
    case = office.until("reviewed")  # answered on Friday 2026-06-05, rating until 06-12
    remind = Remind("reviewed", "remind_rating")
    assert remind.run(datetime(2026, 6, 8, 2, 0, tzinfo=UTC)) == ""
    assert remind.run(datetime(2026, 6, 9, 2, 0, tzinfo=UTC)) == "1 times remind_rating"
    assert remind.run(datetime(2026, 6, 10, 2, 0, tzinfo=UTC)) == ""
    RunOut("reviewed", "close_unrated").run(datetime(2026, 6, 14, tzinfo=UTC))
    case.refresh_from_db()
    assert (case.state, case.ratings.count()) == ("closed", 0), "silence is no rating"


def exclude(office: Office, case: Case) -> Exclusion:
    given = {"by": office.actor("district"), "now": NOW, "case": case}
    return services.ask_exclusion(**given, reason="routed", words="属诉讼事项")


def decide(office: Office, row: Exclusion, *, approved: bool = True, who: str = "supervisor") -> Exclusion:
    given = {"by": office.actor(who), "now": NOW, "exclusion": row}
    return services.decide_exclusion(**given, approved=approved, answer="依据不足")


def test_leaving_out_takes_two_people(office: Office) -> None:
    row = exclude(office, closed(office))
    with pytest.raises(RefusedError, match="asked for already"):
        exclude(office, row.case)
    with pytest.raises(NotPermittedError):
        decide(office, row, who="district")
    user = office.users["district"]
    org_services.add_post(by=SEEDER, now=NOW, user=user, department=office.units["city"], role="supervisor")
    with pytest.raises(RefusedError, match="cannot decide"):
        decide(office, row, who="district")
    assert decide(office, row).decision == "approved"
    with pytest.raises(FasterError):
        decide(office, row)


def test_what_stays_in_may_be_asked_for_again(office: Office) -> None:
    row = exclude(office, closed(office))
    with pytest.raises(FieldError):
        services.decide_exclusion(
            by=office.actor("leader"), now=NOW, exclusion=row, approved=False, answer=""
        )
    assert decide(office, row, approved=False).decision == "declined"
    assert exclude(office, row.case).decision == ""


def test_only_an_ended_case_is_left_out(office: Office) -> None:
    with pytest.raises(RefusedError, match="ended"):
        exclude(office, office.until("reviewed"))


def test_beyond_the_share_nothing_is_left_out(office: Office) -> None:
    first, second = closed(office), closed(office)
    for case in (first, second):
        visit(office, case)
    decide(office, exclude(office, first))
    with pytest.raises(RefusedError) as caught:
        decide(office, exclude(office, second))
    assert caught.value.params == {"most": 5, "visits": 2, "excluded": 1}


def test_a_bad_word_before_the_rating_reopens_too(office: Office) -> None:
    case = office.until("reviewed")
    visit(office, case, Said(contacted=True, solved=False, grade=3))
    case.refresh_from_db()
    assert (case.state, case.reopened) == ("handling", 1)
    outbox.drain(now=NOW)
    assert not Notice.objects.filter(msgid__startswith="The firm is still not satisfied").exists()


def test_a_second_word_that_nothing_is_solved_goes_to_people_whatever_the_stars(office: Office) -> None:
    case = office.until("reviewed")
    Case.objects.filter(pk=case.pk).update(reopened=1)
    case.refresh_from_db()
    visit(office, case, Said(contacted=True, solved=False, grade=4))
    case.refresh_from_db()
    assert case.state == "reviewed"
    assert list(queries.second_bad(office.actor("supervisor"))) == [case]


def bad_twice(office: Office) -> Case:
    """A rated case whose firm is dissatisfied with the second answer as well."""
    case = office.until("reviewed")
    Case.objects.filter(pk=case.pk).update(reopened=1)
    case.refresh_from_db()
    services.rate(by=office.actor("firm_a"), now=NOW, case=case, stars=1)
    case.refresh_from_db()
    return case


def lay_before_leader(office: Office, case: Case) -> Any:
    brief = supervision.Brief("仍漏水", "管网权属不清", "两家意见不一", "请市领导协调")
    return supervision.propose(
        by=office.actor("supervisor"), now=NOW, case=case, to_department=office.units["city"], brief=brief
    )


def test_a_case_closes_after_a_second_bad_word_only_when_a_leader_has_decided(office: Office) -> None:
    case = bad_twice(office)
    close = {"by": office.actor("district"), "now": NOW, "case": case, "outcome": "solved"}
    with pytest.raises(RefusedError, match="dissatisfied a second time"):
        case_services.close(**close)
    laid = lay_before_leader(office, case)
    with pytest.raises(RefusedError, match="dissatisfied a second time"):
        case_services.close(**close)
    supervision.decide(by=office.actor("leader"), now=NOW, referral=laid, words="同意分期改造。")
    assert case_services.close(**close).state == "closed"


def test_nothing_closes_by_itself_over_a_second_bad_word(office: Office) -> None:
    case = office.until("reviewed")
    Case.objects.filter(pk=case.pk).update(reopened=1)
    case.refresh_from_db()
    visit(office, case, Said(contacted=True, solved=False, grade=3))
    events = AuditEvent.objects.count()
    over = case.due_at + timedelta(days=1)
    assert RunOut("reviewed", "close_unrated").run(over) == ""
    assert AuditEvent.objects.count() == events, "what is held back is no refusal every ten minutes"
    supervision.decide(
        by=office.actor("leader"), now=NOW, referral=lay_before_leader(office, case), words="按解释说明办结。"
    )
    assert RunOut("reviewed", "close_unrated").run(over) == "1 times close_unrated"


def test_a_second_bad_word_after_the_end_can_still_be_laid_before_a_leader(office: Office) -> None:
    case = closed(office)
    with pytest.raises(RefusedError, match="has ended"):
        lay_before_leader(office, case)
    Case.objects.filter(pk=case.pk).update(reopened=1)
    case.refresh_from_db()
    visit(office, case, BITTER)
    by = office.actor("supervisor")
    assert [row["case"] for row in supervision_queries.candidates(by, NOW)] == [case]
    assert case_panel(office, case)["unheard"]
    laid = lay_before_leader(office, case)
    assert supervision_queries.candidates(by, NOW) == []
    supervision.decide(by=office.actor("leader"), now=NOW, referral=laid, words="重新研究。")
    assert supervision_queries.candidates(by, NOW) == [], "what was decided is not named again"
    assert not case_panel(office, case)["unheard"]


def case_panel(office: Office, case: Case) -> Any:
    return CasePanel().context(office.actor("supervisor"), case, NOW)


def test_each_ended_case_says_by_when_its_firm_is_asked(office: Office) -> None:
    case = closed(office)  # on Friday 2026-06-05
    assert str(queries.visit_due(case)) == "2026-06-09"
    assert queries.visit_due(office.until("reviewed", "b")) is None


@pytest.mark.parametrize(("day", "told"), [(6, 0), (8, 0), (9, 1), (10, 1), (20, 0)])
def test_dispatchers_are_told_on_the_day_how_many_visits_are_due(office: Office, day: int, told: int) -> None:
    closed(office)
    office.until("reviewed", "b")
    RemindVisits().run(datetime(2026, 6, day, 2, tzinfo=UTC))
    RemindVisits().run(datetime(2026, 6, day, 4, tzinfo=UTC))
    found = Notice.objects.filter(msgid__startswith="Return visits that are due")
    assert [(row.user.username, row.params) for row in found] == [("district", {"count": 1})] * told
    assert not told or notice_url(found[0]) == reverse("feedback:visits")
