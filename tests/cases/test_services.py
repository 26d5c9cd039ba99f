from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.access.world import stored
from tests.support.office import NOW, SEEDER, Office
from zhitong.cases import services
from zhitong.cases.models import Case
from zhitong.cases.services import Draft
from zhitong.cases.tasks import RunOut
from zhitong.core import outbox
from zhitong.core.errors import FasterError, FieldError, NotPermittedError, RefusedError
from zhitong.core.models import OutboxMessage
from zhitong.core.slots import guards
from zhitong.orgs import services as org_services
from zhitong.orgs.models import Notice

INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("text", "title", "shown"),
    [
        ("厂区停电。已三小时。", "", "厂区停电"),
        ("厂区停电！急", "", "厂区停电"),
        ("第一行\n第二行", "", "第一行"),
        ("长" * 60, "", "长" * 40),
        ("厂区停电", "  请派人  ", "请派人"),
        ("厂区停电", "题" * 100, "题" * 80),
        ("。。。", "", "。。。"),
        ("  \n厂区停电；急", "", "厂区停电"),
    ],
)
def test_a_case_always_has_a_title(office: Office, text: str, title: str, shown: str) -> None:
    draft = Draft(text=text, title=title)
    case = services.submit(by=office.actor("firm_a"), now=NOW, draft=draft, firm=office.firms["a"])
    assert (case.title, case.text) == (shown, text.strip())


@pytest.mark.parametrize("text", ["", "  \n "])
def test_a_case_says_what_the_trouble_is(office: Office, text: str) -> None:
    with pytest.raises(FieldError) as caught:
        services.submit(by=office.actor("firm_a"), now=NOW, draft=Draft(text=text), firm=office.firms["a"])
    assert caught.value.field == "text"


@pytest.mark.parametrize(("by", "error"), [("firm_b", FieldError), ("handler", NotPermittedError)])
def test_a_firm_speaks_for_itself(office: Office, by: str, error: type[RefusedError]) -> None:
    with pytest.raises(error):
        services.submit(by=office.actor(by), now=NOW, draft=Draft(text="停电"), firm=office.firms["a"])
    assert not Case.objects.exists()


def test_what_is_said_again_at_once_is_the_same_case(office: Office) -> None:
    """The back button brings the form again with another key."""

    def say(name: str, now: datetime = NOW, **more: object) -> Case:
        firm = office.firms[name[-1]]
        draft = Draft(text="停电", **more)
        return services.submit(by=office.actor(name, now), now=now, draft=draft, firm=firm)

    first = say("firm_a")
    assert say("firm_a", NOW + timedelta(minutes=9)) == first
    others = [
        say("firm_a", NOW + timedelta(minutes=11)),
        say("firm_a", place="东门"),
        say("admin_a"),
        say("firm_b"),
    ]
    assert len({first.pk, *(case.pk for case in others)}) == 5
    assert first.entries.count() == 1


def test_what_was_taken_back_and_is_said_again_is_another_case(office: Office) -> None:
    first = office.case(text="停电")
    services.withdraw(by=office.actor("firm_a"), now=NOW, case=first, reason="写错了")
    second = office.case(text="停电")
    assert (second.state, second == first) == ("submitted", False)
    assert office.case(text="停电") == second


def test_said_again_with_another_photo_it_is_another_case(office: Office) -> None:
    def say(*contents: str) -> Case:
        draft = Draft(text="停电", files=[stored(content) for content in contents])
        return services.submit(by=office.actor("firm_a"), now=NOW, draft=draft, firm=office.firms["a"])

    first = say("one", "two")
    assert say("two", "one") == first
    assert len({first.pk, say("one").pk, say().pk, say("one", "two", "three").pk}) == 4


def test_numbers_follow_each_other_within_the_citys_year(office: Office) -> None:
    eve = datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)
    numbers = [
        office.case(now=moment).number.split("-")[1:] for moment in (NOW, eve, eve + timedelta(seconds=1))
    ]
    assert numbers == [["2026", "000001"], ["2026", "000002"], ["2027", "000001"]]


def test_a_stray_case_gets_its_firm_once(office: Office) -> None:
    draft = Draft(text="停电", reporter="王女士", region="350111", channel="import", original_number="X1")
    case = services.submit(by=SEEDER, now=NOW, draft=draft)
    assert (case.enterprise, case.reporter, case.intake) == (None, "王女士", office.units["district"])
    given = {"now": NOW, "case": case, "firm": office.firms["a"]}
    for name in ("other", "handler", "firm_a"):
        with pytest.raises(NotPermittedError):
            services.link_firm(by=office.actor(name), **given)
    linked = services.link_firm(by=office.actor("district"), **given)
    assert (linked.enterprise, linked.version) == (office.firms["a"], 2)
    with pytest.raises(FasterError):
        services.link_firm(by=office.actor("district"), **given | {"case": linked, "firm": office.firms["b"]})


def test_whoever_was_slower_is_told_what_happened(office: Office) -> None:
    case = office.case()
    services.accept(by=office.actor("district"), now=NOW, case=case, kind="normal")
    with pytest.raises(FasterError) as caught:
        services.return_for_supplement(by=office.actor("district"), now=NOW, case=case, reason="请补充")
    assert caught.value.last.action == "accept"


def test_a_slower_firm_is_not_told_what_is_internal(office: Office) -> None:
    case = office.until("handling")
    given = {"by": office.actor("handler"), "now": NOW, "case": case}
    services.note(**given, text="内部意见", visibility="internal")
    with pytest.raises(FasterError) as caught:
        services.withdraw(by=office.actor("firm_a"), now=NOW, case=case, reason="已解决")
    assert caught.value.last.text != "内部意见"


def test_the_version_on_the_form_counts(office: Office) -> None:
    case = office.until("handling")
    given = {"by": office.actor("handler"), "now": NOW, "text": "说明"}
    services.note(**given, case=case, version=case.version)
    case.refresh_from_db()
    with pytest.raises(FasterError):
        services.note(**given, case=case, version=case.version - 1)
    services.note(**given, case=case, version=case.version)


def test_taking_up_and_passing_on_leave_the_clock_alone(office: Office) -> None:
    case = office.until("dispatched")
    before = (case.clock, case.clock_started_at, case.due_at)
    later = NOW + timedelta(days=3)
    case = services.start(by=office.actor("handler", later), now=later, case=case)
    assert (case.clock, case.clock_started_at, case.due_at) == before
    case = services.assign(
        by=office.actor("head", later), now=later, case=case, person=office.users["colleague"]
    )
    assert (case.clock, case.clock_started_at, case.due_at) == before


def test_nobody_reviews_ones_own_answer(office: Office) -> None:
    org_services.add_post(
        by=SEEDER,
        now=NOW,
        user=office.users["handler"],
        department=office.units["industry"],
        role="section_head",
    )
    case = office.until("answered")
    for review, more in ((services.approve, {}), (services.reject, {"reason": "请写明"})):
        with pytest.raises(NotPermittedError):
            review(by=office.actor("handler"), now=NOW, case=case, **more)
    with pytest.raises(NotPermittedError):
        services.approve(by=office.actor("workhead"), now=NOW, case=case)
    services.approve(by=office.actor("head"), now=NOW, case=case)


def test_sending_an_answer_back_gives_no_new_time(office: Office) -> None:
    case = office.until("answered")
    due = case.stretches.get(clock="handle", state="handling").due_at
    later = NOW + timedelta(days=4)
    back = services.reject(by=office.actor("head", later), now=later, case=case, reason="请写明")
    assert (back.state, back.clock, back.due_at, back.clock_started_at) == ("handling", "handle", due, NOW)


def test_lateness_is_written_down_when_a_clock_ends(office: Office) -> None:
    case = office.case()
    on_time, late = case.due_at, case.due_at + INSTANT
    other = office.case()
    services.accept(by=office.actor("district", on_time), now=on_time, case=case, kind="normal")
    services.accept(by=office.actor("district", late), now=late, case=other, kind="normal")
    assert [row.stretches.get().late for row in (case, other)] == [False, True]


def test_a_guard_of_a_room_above_holds_an_action_up(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    case = office.case()
    reasons = {"accept": "Wait for the visit."}
    monkeypatch.setattr(guards, "_members", {"test": lambda *, action, subject: reasons.get(action)})  # noqa: ARG005 - the guard's signature
    with pytest.raises(RefusedError, match="Wait for the visit"):
        services.accept(by=office.actor("district"), now=NOW, case=case, kind="normal")
    services.return_for_supplement(by=office.actor("district"), now=NOW, case=case, reason="请补充")


def test_an_unknown_outcome_is_refused(office: Office) -> None:
    case = office.until("handling")
    with pytest.raises(FieldError):
        services.answer(by=office.actor("handler"), now=NOW, case=case, text="已修好。", outcome="miracle")


# ---------------------------------------------------------------- what follows


def test_a_case_nobody_rates_is_closed_when_the_window_has_passed(office: Office) -> None:
    case = office.until("reviewed")
    with pytest.raises(RefusedError):
        services.close_unrated(by=SEEDER, now=case.due_at, case=case)
    assert RunOut("reviewed", "close_unrated").run(case.due_at) == ""
    assert RunOut("reviewed", "close_unrated").run(case.due_at + INSTANT) == "1 times close_unrated"
    assert RunOut("reviewed", "close_unrated").run(case.due_at + INSTANT) == ""
    case.refresh_from_db()
    assert (case.state, case.accountable, case.outcome) == ("closed", office.units["industry"], "solved")
    assert not hasattr(case, "rating")


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("submitted", {"district"}),
        ("accepted", {"firm_a", "admin_a"}),
        ("dispatched", {"handler"}),
        ("handling", {"firm_a", "admin_a"}),
        ("answered", {"head", "chief"}),
        ("reviewed", {"firm_a", "admin_a"}),
    ],
)
def test_each_step_tells_those_concerned_once(office: Office, state: str, told: set[str]) -> None:
    office.until(state)
    last = OutboxMessage.objects.latest("pk")
    for _ in range(2):
        outbox.drain(now=NOW)
    assert not OutboxMessage.objects.exclude(state="done").exists()
    names = list(Notice.objects.filter(source=f"outbox:{last.pk}").values_list("user__username", flat=True))
    assert sorted(names) == sorted(told)


def test_whoever_acted_is_not_told(office: Office) -> None:
    case = office.until("accepted")
    industry = office.units["industry"]
    services.dispatch(by=office.actor("district"), now=NOW, case=case, lead=industry)
    services.start(by=office.actor("colleague"), now=NOW, case=Case.objects.get(pk=case.pk))
    services.assign(
        by=office.actor("head"), now=NOW, case=Case.objects.get(pk=case.pk), person=office.users["handler"]
    )
    outbox.drain(now=NOW)
    assert Notice.objects.filter(user=office.users["handler"]).count() == 2
    assert not Notice.objects.filter(user=office.users["head"]).exists()
