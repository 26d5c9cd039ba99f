"""Effects: expected, looked at, said to be there, confirmed or denied, dropped; reminders and sight."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.http import Http404

from tests.feedback.test_visits import closed
from tests.support.office import NOW, Office
from zhitong.cases.models import Case
from zhitong.core import outbox
from zhitong.core.errors import FasterError, FieldError, NotPermittedError, RefusedError
from zhitong.feedback import queries, services
from zhitong.feedback.models import Effect
from zhitong.feedback.tasks import RemindLook
from zhitong.orgs.models import Notice

DAY = date(2026, 6, 12)
VERBS: dict[str, tuple[Any, dict[str, str]]] = {
    "there": (services.say_effect_there, {"text": "已通车"}),
    "confirm": (services.confirm_effect, {"reason": "厂长来电"}),
    "deny": (services.deny_effect, {"text": "仍未通车"}),
    "look": (services.look_again, {"text": "正在铺设"}),
    "drop": (services.drop_effect, {"reason": "企业搬迁"}),
}
# Of each state the steps that go on from it, and where to.
GOES = {
    "expected": {"there": "there", "look": "expected", "drop": "dropped"},
    "there": {"confirm": "confirmed", "deny": "expected", "drop": "dropped"},
    "confirmed": {},
    "dropped": {},
}
WHO = {"there": "handler", "confirm": "firm_a", "deny": "firm_a", "look": "handler", "drop": "head"}


def expect(office: Office, case: Case, who: str = "handler", **given: Any) -> Effect:
    given = {"text": "货车通行", "expected_by": DAY, **given}
    return services.expect_effect(by=office.actor(who), now=NOW, case=case, **given)


def step(office: Office, row: Effect, name: str, who: str = "", **given: Any) -> Effect:
    verb, words = VERBS[name]
    return verb(by=office.actor(who or WHO[name]), now=NOW, effect=row, **{**words, **given})


def in_state(office: Office, state: str) -> Effect:
    row = expect(office, closed(office))
    for name in {
        "expected": (),
        "there": ("there",),
        "confirmed": ("there", "confirm"),
        "dropped": ("drop",),
    }[state]:
        row = step(office, row, name)
    return row


@pytest.mark.parametrize("state", GOES)
@pytest.mark.parametrize("name", VERBS)
def test_each_step_goes_from_its_states_only(office: Office, state: str, name: str) -> None:
    row = in_state(office, state)
    if name in GOES[state]:
        assert step(office, row, name).state == GOES[state][name]
    else:
        with pytest.raises(FasterError):
            step(office, row, name)


def test_a_stale_version_changes_nothing(office: Office) -> None:
    row = in_state(office, "expected")
    step(office, row, "look")
    with pytest.raises(FasterError):
        step(office, row, "there", version=row.version)


@pytest.mark.parametrize(
    ("name", "state", "who"),
    [
        ("there", "expected", "district"),
        ("there", "expected", "firm_b"),
        ("look", "expected", "firm_a"),
        ("drop", "expected", "handler"),
        ("drop", "expected", "firm_a"),
        ("confirm", "there", "handler"),
        ("confirm", "there", "firm_b"),
        ("deny", "there", "district"),
        ("deny", "there", "handler"),
    ],
)
def test_who_may_not(office: Office, name: str, state: str, who: str) -> None:
    with pytest.raises(NotPermittedError):
        step(office, in_state(office, state), name, who)


def test_what_may_be_expected(office: Office) -> None:
    case = closed(office)
    row = expect(office, case)
    assert (row.state, row.next_look) == ("expected", date(2026, 6, 29)), "ten workdays, Dragon Boat left out"
    with pytest.raises(RefusedError, match="followed already"):
        expect(office, case)
    for field, given in (("text", {"text": " "}), ("expected_by", {"expected_by": date(2026, 6, 4)}),
                         ("expected_by", {"expected_by": date(2039, 1, 1)})):  # fmt: skip
        with pytest.raises(FieldError) as caught:
            expect(office, case, **given)
        assert caught.value.field == field
    for at in range(4):
        expect(office, case, text=f"效果{at}")
    with pytest.raises(RefusedError, match="At most"):
        expect(office, case, text="再一个")


def test_before_the_answer_nothing_is_expected(office: Office) -> None:
    for state in ("handling", "answered"):
        with pytest.raises(RefusedError, match="after an answer"):
            expect(office, office.until(state))
    with pytest.raises(NotPermittedError):
        expect(office, closed(office), "firm_a")


def test_the_firms_own_word_confirms_at_once(office: Office) -> None:
    row = step(office, in_state(office, "expected"), "there", "firm_a")
    assert (row.state, row.confirmed_by_phone) == ("confirmed", False)


def test_by_phone_with_a_reason(office: Office) -> None:
    row = in_state(office, "there")
    with pytest.raises(FieldError):
        step(office, row, "confirm", "district", reason="")
    assert step(office, row, "confirm", "district").confirmed_by_phone


def test_a_denial_is_looked_at_again_and_reopens_nothing(office: Office) -> None:
    row = step(office, in_state(office, "there"), "deny")
    assert (row.said_text, row.denied_text, row.next_look) == ("", "仍未通车", date(2026, 6, 22))
    assert (row.case.state, row.case.reopened) == ("closed", 0)


def test_each_side_is_told_of_the_other(office: Office) -> None:
    row = in_state(office, "there")
    step(office, row, "deny")
    outbox.drain(now=NOW)
    told = set(Notice.objects.filter(msgid__contains="effect").values_list("user__username", "msgid"))
    assert {user for user, text in told if "says that an effect" in text and "unit" in text} == {
        "firm_a",
        "admin_a",
    }
    assert {user for user, text in told if text.startswith("The firm says")} == {"handler"}


def test_firm_b_sees_nothing_of_firm_a(office: Office) -> None:
    row = in_state(office, "expected")
    assert queries.get_effect(office.actor("firm_a"), row.pk) == row
    for who in ("firm_b", "worker", "other"):
        with pytest.raises(Http404):
            queries.get_effect(office.actor(who), row.pk)


def test_a_confidential_case_leaves_the_list(office: Office) -> None:
    row = in_state(office, "expected")
    assert list(queries.effects(office.actor("supervisor"))) == [row]
    Case.objects.filter(pk=row.case_id).update(confidential=True)
    assert list(queries.effects(office.actor("supervisor"))) == []
    assert list(queries.effects(office.actor("handler"))) == [row]


def test_a_look_is_reminded_once_and_on_workdays(office: Office) -> None:
    row = in_state(office, "expected")
    found = Notice.objects.filter(msgid__contains="to be looked at:")
    for day, told in ((26, 0), (28, 0), (29, 1), (30, 1)):
        RemindLook().run(datetime(2026, 6, day, 2, 0, tzinfo=UTC))
        assert found.count() == told
    Effect.objects.filter(pk=row.pk).update(next_look=date(2026, 7, 4))  # a Saturday
    for day, told in ((4, 1), (6, 2), (7, 2)):
        RemindLook().run(datetime(2026, 7, day, 2, 0, tzinfo=UTC))
        assert found.count() == told
    assert set(found.values_list("user__username", flat=True)) == {"handler"}
