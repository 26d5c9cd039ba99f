from __future__ import annotations

import pytest
from allauth.socialaccount.models import SocialAccount

from tests.notices import scenes
from tests.notices.scenes import DAY, HOUR, MINUTE, at, send, states, told
from tests.support.office import NOW, Office
from zhitong.core import outbox
from zhitong.core.models import OutboxMessage
from zhitong.notices import sending, services
from zhitong.notices.adapters import http
from zhitong.notices.models import Choice, Preference
from zhitong.notices.states import table_on
from zhitong.orgs.models import Notice, User

pytestmark = pytest.mark.django_db


def test_a_firm_is_told_by_text_message_with_the_number_of_its_case_and_nothing_else(
    office: Office, gateway
) -> None:
    scenes.phone(office, "firm_a")
    case, rows = told(office, "cases.accept")
    assert [(row.channel, row.state) for row in rows] == [("sms", "waiting")]
    send()
    assert states() == [("sms", "sent", "")]
    (body,) = gateway.of("/sms")
    assert body == {
        "id": f"notice-{rows[0].pk}",
        "to": scenes.PHONE,
        "text": f"【直通】您的诉求{case.number}已受理，办理进度可登录直通查看。",
    }
    assert scenes.deliveries().get().parts == 1


def test_wechat_comes_before_a_text_message_where_it_is_bound(office: Office, gateway) -> None:
    scenes.phone(office, "firm_a")
    scenes.weixin(office, "firm_a")
    case, _ = told(office, "cases.return")
    send()
    assert states() == [("weixin", "sent", "")]
    (body,) = [body for path, _, body in gateway.asked if "template" in path]
    assert (body["touser"], body["template_id"], body["url"]) == (
        "o-1",
        "template-1",
        "https://zhitong.example/",
    )
    assert body["data"] == {
        "character_string1": {"value": case.number},
        "thing2": {"value": "诉求需要补充材料"},
        "time3": {"value": "2026-06-05 09:00"},
    }


def test_a_real_accepting_of_a_case_reaches_the_firm(office: Office, gateway) -> None:
    scenes.phone(office, "firm_a")
    case = office.until("accepted")
    outbox.drain(now=NOW)  # the move
    outbox.drain(now=NOW)  # the message that it made
    send()
    assert [row["text"] for row in gateway.of("/sms")] == [
        f"【直通】您的诉求{case.number}已受理，办理进度可登录直通查看。"
    ]


def test_who_has_no_number_is_not_sent_anything_and_that_is_seen(office: Office, gateway) -> None:
    told(office, "cases.accept")
    send()
    assert states() == [("sms", "dropped", "no_address")]
    assert gateway.asked == []


def test_steps_that_nobody_chose_stay_inside(office: Office, gateway) -> None:
    scenes.phone(office, "firm_a")
    told(office, "cases.start")
    assert states() == []


@pytest.mark.parametrize("switch", ["all", "group"])
def test_the_off_switch_holds_also_for_what_waits_already(office: Office, gateway, switch) -> None:
    user = scenes.phone(office, "firm_a")
    told(office, "cases.accept")
    if switch == "all":
        Preference.objects.create(user=user, off=True)
    else:
        Choice.objects.create(user=user, group="accepted", channel="sms", on=False)
    told(office, "cases.accept", now=NOW + MINUTE)
    send(NOW + MINUTE)
    assert gateway.asked == []
    # The person without a way of the ladder that is on: the new message is off by the same word.
    reasons = [reason for _, _, reason in states()]
    assert reasons[0] == "off"
    assert reasons[1] == ("off" if switch == "all" else "no_address")


def test_nothing_goes_to_a_closed_account(office: Office, gateway) -> None:
    user = scenes.phone(office, "firm_a")
    told(office, "cases.accept")
    User.objects.filter(pk=user.pk).update(is_active=False)
    send()
    assert states() == [("sms", "dropped", "closed")]


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-06-05 20:59", None),
        ("2026-06-05 21:00", "2026-06-06 08:00"),
        ("2026-06-05 23:59", "2026-06-06 08:00"),
        ("2026-06-06 00:00", "2026-06-06 08:00"),
        ("2026-06-06 07:59", "2026-06-06 08:00"),
        ("2026-06-06 08:00", None),
    ],
)
def test_quiet_hours_over_midnight(office: Office, gateway, now, until) -> None:
    scenes.phone(office, "firm_a")
    told(office, "cases.accept", now=at(now))
    send(at(now))
    if until is None:
        assert states() == [("sms", "sent", "")]
        return
    row = scenes.deliveries().get()
    assert (row.state, row.reason, row.due_at, row.attempts) == ("held", "quiet", at(until), 0)
    send(at(until) - MINUTE)
    assert gateway.asked == []
    send(at(until))
    assert states() == [("sms", "sent", "")]


def test_quiet_hours_of_ones_own_outrank_the_citys(office: Office, gateway) -> None:
    user = scenes.phone(office, "firm_a")
    Preference.objects.create(user=user, quiet_from="12:00", quiet_to="14:00")
    told(office, "cases.accept", now=at("2026-06-05 22:00"))
    send(at("2026-06-05 22:00"))
    told(office, "cases.accept", now=at("2026-06-06 12:30"))
    send(at("2026-06-06 12:30"))
    assert states() == [("sms", "sent", ""), ("sms", "held", "quiet")]


def test_the_urgent_class_goes_out_at_any_hour(office: Office, gateway) -> None:
    scenes.phone(office, "dispatcher")
    night = at("2026-06-06 03:00")
    told(office, "cases.call", name="dispatcher", now=night)
    send(night)
    assert ("sms", "sent", "") in states()


def test_a_person_gets_so_many_text_messages_a_day_and_the_urgent_class_beyond(
    office: Office, gateway
) -> None:
    scenes.phone(office, "firm_a")
    most = table_on(NOW.date()).number("sms", "most_a_day")
    for step in range(most + 1):
        told(office, "cases.accept", now=NOW + MINUTE * step)
        send(NOW + MINUTE * step)
    assert states() == [("sms", "sent", "")] * most + [("sms", "dropped", "limit")]
    told(office, "cases.accept", now=NOW + DAY)
    send(NOW + DAY)
    assert states()[-1] == ("sms", "sent", "")


def test_the_same_outbox_message_delivered_twice_plans_once(office: Office, gateway) -> None:
    scenes.phone(office, "firm_a")
    told(office, "cases.accept")
    OutboxMessage.objects.filter(topic="orgs.notice").update(state=OutboxMessage.PENDING, done_at=None)
    outbox.drain(now=NOW)
    send()
    send(NOW + HOUR)
    assert states() == [("sms", "sent", "")]
    assert set(gateway.seen.values()) == {1}


def test_telling_the_same_again_emits_nothing_new(office: Office) -> None:
    for _ in range(2):
        scenes.tell(office.users["firm_a"], "cases.accept", source="test:same")
    assert Notice.objects.filter(source="test:same").count() == 1
    assert OutboxMessage.objects.filter(topic="orgs.notice").count() == 1


def test_a_worker_that_dies_after_sending_sends_again_under_the_same_name(
    office: Office, gateway, monkeypatch
) -> None:
    scenes.phone(office, "firm_a")
    _, (row,) = told(office, "cases.accept")

    class KilledError(BaseException):
        pass

    def killed(*_args, **_values):
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(sending, "finish", killed)
        with pytest.raises(KilledError):
            send()
    send(NOW + MINUTE)  # the lease of the dead worker runs
    assert gateway.seen == {f"notice-{row.pk}": 1}
    send(NOW + MINUTE * 5)
    assert gateway.seen == {f"notice-{row.pk}": 2}
    assert len(gateway.texts) == 1, "the gateway knows it by its name and drops the second"
    assert states() == [("sms", "sent", "")]


def test_a_worker_that_comes_back_too_late_changes_nothing(office: Office, gateway) -> None:
    scenes.phone(office, "firm_a")
    _, (row,) = told(office, "cases.accept")
    table = table_on(NOW.date())
    slow = sending.claim(row.pk, NOW, table)
    assert sending.claim(row.pk, NOW + MINUTE, table) is None, "nobody else takes it before the lease is over"
    send(NOW + MINUTE * 5)
    assert sending.finish([slow], state="failed", reason="given_up", due_at=None) == 0
    assert states() == [("sms", "sent", "")]


@pytest.mark.parametrize("answer", ["error", "garbage", "list", "huge", "redirect"])
def test_an_answer_that_is_none_is_tried_again_with_growing_pauses_until_the_last(
    office: Office, gateway, answer
) -> None:
    scenes.phone(office, "firm_a")
    told(office, "cases.accept")
    pauses = table_on(NOW.date()).raw["retry"]["pauses_minutes"]
    gateway.then = [answer] * (len(pauses) + 1)
    moment, gaps = NOW, []
    while states() == [("sms", "waiting", "")]:
        send(moment)
        due = scenes.deliveries().get().due_at
        if due is None:
            break
        gaps.append((due - moment) // MINUTE)
        moment = due
    assert gaps == pauses
    assert states() == [("sms", "failed", "given_up")]
    assert all(path != "/elsewhere" for path, _, _ in gateway.asked)
    assert set(gateway.seen.values()) == {len(pauses) + 1}


def test_a_gateway_that_says_nothing_does_not_hold_the_worker(office: Office, gateway, monkeypatch) -> None:
    monkeypatch.setattr(http, "TIMEOUT", 0.2)
    scenes.phone(office, "firm_a")
    told(office, "cases.accept")
    gateway.then = ["silent"]
    send()
    row = scenes.deliveries().get()
    assert (row.state, row.error) == ("waiting", "TimeoutError")


def test_a_refusal_is_final_and_a_throttle_is_not_a_try(office: Office, gateway) -> None:
    scenes.phone(office, "firm_a")
    told(office, "cases.accept")
    gateway.then = ["throttle"]
    send()
    row = scenes.deliveries().get()
    assert (row.state, row.reason, row.attempts, row.due_at) == ("waiting", "throttled", 0, NOW + MINUTE * 10)
    gateway.then = ["refuse"]
    send(row.due_at)
    row.refresh_from_db()
    assert (row.state, row.reason, row.error) == ("failed", "rejected", "BLACKLIST")


def test_what_could_not_leave_for_two_days_is_not_sent_any_more(office: Office, gateway) -> None:
    scenes.phone(office, "firm_a")
    told(office, "cases.accept")
    send(NOW + DAY * 2 + MINUTE)
    assert states() == [("sms", "failed", "too_late")]
    assert gateway.asked == []


def test_the_administrator_puts_back_what_failed(office: Office, gateway) -> None:
    scenes.phone(office, "firm_a")
    told(office, "cases.accept")
    gateway.then = ["refuse"]
    send()
    later = NOW + DAY * 3
    assert services.retry(by=office.actor("sysadmin"), now=later, channel="sms") == 1
    send(later)
    assert states() == [("sms", "sent", "")]


def test_no_plain_http_leaves_the_machine(office: Office, gateway, settings) -> None:
    settings.SMS_URL = "http://gateway.example/sms"
    scenes.phone(office, "firm_a")
    told(office, "cases.accept")
    send()
    assert states() == [("sms", "failed", "rejected")]


# ---------------------------------------------------------------- WeChat


def test_a_token_is_kept_for_all_and_renewed_when_it_is_refused(office: Office, gateway) -> None:
    scenes.weixin(office, "firm_a")
    told(office, "cases.accept")
    send()
    told(office, "cases.return")
    gateway.then = [40001]
    send()
    assert states() == [("weixin", "sent", "")] * 2
    used = [path.rpartition("=")[2] for path, _, _ in gateway.asked if "template" in path]
    assert used == ["token-1", "token-1", "token-2"]
    asked = gateway.of("/cgi-bin/stable_token")
    assert [body["force_refresh"] for body in asked] == [False, True]


def test_who_does_not_follow_the_account_is_told_by_text_message_from_then_on(
    office: Office, gateway
) -> None:
    user = scenes.phone(office, "firm_a")
    scenes.weixin(office, "firm_a")
    told(office, "cases.accept")
    gateway.then = [43004]
    send()
    assert states() == [("weixin", "dropped", "unbound"), ("sms", "sent", "")]
    assert Preference.objects.get(user=user).unbound_at == NOW
    told(office, "cases.return")
    assert states()[-1] == ("sms", "waiting", "")
    SocialAccount.objects.filter(user=user).update(date_joined=NOW + MINUTE)  # followed and connected again
    told(office, "cases.return", now=NOW + HOUR)
    assert states()[-1] == ("weixin", "waiting", "")


def test_the_daily_limit_of_wechat_means_later(office: Office, gateway) -> None:
    scenes.weixin(office, "firm_a")
    told(office, "cases.accept")
    gateway.then = [45009]
    send()
    row = scenes.deliveries().get()
    assert (row.state, row.reason, row.due_at) == ("waiting", "throttled", NOW + MINUTE * 30)
