"""Cases as another program meets them: what a key sees, sends, and is not told."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.support.office import NOW, SEEDER, Office
from tests.support.programs import actor, ask, issue, key
from zhitong.cases import services
from zhitong.cases.models import Case, Entry
from zhitong.core import clock
from zhitong.core.actor import Actor
from zhitong.core.errors import NotPermittedError
from zhitong.core.models import AuditEvent, IdempotencyKey, Upload
from zhitong.enterprises.models import ApiToken, Enterprise

pytestmark = pytest.mark.django_db
SENT = {"text": "Trucks cannot pass.", "original_number": "12345-7", "region": "350111"}
BOTH = ("350111", "350105")


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests and keys happen at the office's moment, whatever day it is."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


def numbers(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["number"] for row in answer.json()["items"]]


def confidential(office: Office, firm: str = "a") -> Case:
    draft = services.Draft(text="They ask for presents.", protected=True, reporter="SecretName")
    return services.submit(by=office.actor(f"firm_{firm}"), now=NOW, draft=draft, firm=office.firms[firm])


def test_a_key_sees_the_cases_of_its_regions_but_no_confidential_one(office: Office) -> None:
    one, other, hidden = office.case("a"), office.case("b"), confidential(office)
    seen = {
        regions: numbers(ask(key(office, "cases.read", regions=regions), "/cases"))
        for regions in (("350111",), ("350105",), BOTH, ("",), ("350100",), ("350102",))
    }
    assert seen == {
        ("350111",): [one.number],
        ("350105",): [other.number],
        BOTH: [one.number, other.number],
        ("",): [one.number, other.number],
        ("350100",): [one.number, other.number],
        ("350102",): [],
    }
    secret = key(office, "cases.read", regions=("350105",))
    for number in (one.number, hidden.number, "ZT-2026-999999"):
        answer = ask(secret, f"/cases/{number}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    everything = ask(key(office, regions=("",)), "/cases").content
    assert hidden.number.encode() not in everything


@pytest.mark.parametrize(
    ("scope", "path", "given"),
    [
        ("cases.read", "/cases", None),
        ("cases.read", "/cases/{number}", None),
        ("cases.read", "/cases/states", {"original_numbers": ["x"]}),
        ("cases.files", "/cases/{number}/files", None),
        ("cases.submit", "/cases", SENT),
        ("cases.submit", "/cases/{number}/words", {"text": "more"}),
    ],
)
def test_each_address_asks_for_its_scope(office: Office, scope: str, path: str, given: Any) -> None:
    path = path.format(number=office.case().number)
    for held in ("firms.read", "cases.read", "cases.submit", "cases.files", "webhooks.keep"):
        answer = ask(key(office, held), path, given)
        assert (answer.status_code == 403) is (held != scope), (held, answer.content)
        assert answer.status_code in {200, 201, 403}


def test_the_answer_and_the_outcome_are_told_when_the_firm_is_told(office: Office) -> None:
    secret = key(office)
    drafted = office.until("answered")
    draft = ask(secret, f"/cases/{drafted.number}").json()
    assert {"answer", "outcome"}.isdisjoint(draft)
    assert draft["clock"]["due_at"]
    assert draft["clock"]["counted"]
    services.approve(by=office.actor("head"), now=NOW, case=drafted)
    told = ask(secret, f"/cases/{drafted.number}").json()
    assert (told["answer"], told["outcome"]) == ("已修好。", "solved")
    assert (told["firm"], told["lead"], told["department"]) == ("91350111MA0DEM03X5", "industry", "industry")


def test_nobodys_name_and_no_inside_word_is_told(office: Office) -> None:
    case = office.until("handling")
    services.note(by=office.actor("handler"), now=NOW, case=case, text="InsideWord", visibility="internal")
    case.refresh_from_db()
    services.note(by=office.actor("handler"), now=NOW, case=case, text="OutsideWord", visibility="firm")
    answer = ask(key(office), f"/cases/{case.number}").content.decode()
    assert "OutsideWord" in answer
    for word in ("InsideWord", "示例handler", "示例firma", "reporter"):
        assert word not in answer
    lines = json.loads(answer)["timeline"]
    assert lines[0]["action"] == "submit"


def test_lists_are_narrowed_and_come_in_pages(office: Office) -> None:
    secret = key(office, regions=("",))
    first, second, third = office.case(), office.until("handling"), office.case("b")
    asked = {
        "?state=handling": [second],
        "?department=industry": [second],
        "?firm=91350105MA0DEM021P": [third],
        "?firm=91350105MA0DEM0XXX": [],
        "?original_number=none": [],
        "?state=handling&department=district": [],
        "?until=2026-06-05T01:00:00Z": [],
        "?since=2026-06-05T09:00:00%2B08:00": [first, second, third],
        "?changed_since=2026-06-05T01:00:01Z": [],
    }
    for query, cases in asked.items():
        assert numbers(ask(secret, f"/cases{query}")) == [case.number for case in cases], query
    later = NOW + timedelta(hours=1)
    services.note(by=office.actor("handler", later), now=later, case=second, text="x", visibility="internal")
    assert numbers(ask(secret, "/cases?changed_since=2026-06-05T01:30:00Z")) == [], (
        "an inside word tells nothing"
    )
    second.refresh_from_db()
    services.note(by=office.actor("handler", later), now=later, case=second, text="x", visibility="firm")
    assert numbers(ask(secret, "/cases?changed_since=2026-06-05T01:30:00Z")) == [second.number]
    page = ask(secret, "/cases?limit=2").json()
    rest = ask(secret, f"/cases?limit=2&after={page['next']}").json()
    assert [len(page["items"]), len(rest["items"]), "next" in rest] == [2, 1, False]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?limit=501", "limit"),
        ("?stat=handling", "stat"),
        ("?since=2026-06-05", "since"),
        ("?since=2026-06-05T09:00:00", "since"),
        ("?since=0001-01-01T00:00:00Z", "since"),
        ("?state=%00", "state"),
        ("?after=99999999999999999999", "after"),
    ],
)
def test_what_nobody_knows_is_refused_by_name(office: Office, query: str, field: str) -> None:
    answer = ask(key(office), f"/cases{query}")
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert field in answer.json()["detail"]


def test_a_list_asks_as_often_for_many_cases_as_for_few(office: Office) -> None:
    secret = key(office)

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert ask(secret, "/cases").status_code == 200
        return len(seen)

    office.case()
    few = asked()
    for _ in range(5):
        office.case()
        office.until("handling")
    assert asked() == few


# ---------------------------------------------------------------- sending


def test_a_program_sends_a_case(office: Office) -> None:
    secret = key(office)
    answer = ask(secret, "/cases", SENT | {"reporter": "王女士", "urgent": True, "place": "北门"})
    assert answer.status_code == 201, answer.content
    case = Case.objects.get(number=answer.json()["number"])
    assert (case.original_number, case.reporter, case.channel) == ("12345-7", "王女士", "import")
    assert (case.intake.local_code, case.kind, case.place) == ("district", "urgent", "北门")
    event = AuditEvent.objects.filter(action="cases.receive", result="done").get()
    assert event.actor.startswith("machine:platform")
    assert event.request_id
    states = ask(secret, "/cases/states", {"original_numbers": ["12345-7", "unknown"]}).json()["items"]
    assert [(row["original_number"], row["state"]) for row in states] == [("12345-7", "submitted")]


def test_a_program_sends_for_a_firm_of_its_regions(office: Office) -> None:
    secret = key(office)
    good = ask(secret, "/cases", {"text": "x", "original_number": "1", "firm": "91350111ma0dem03x5"})
    assert Case.objects.get(number=good.json()["number"]).enterprise == office.firms["a"]
    for wrong, field in (
        ({"firm": "91350105MA0DEM021P"}, "firm"),
        ({"firm": "91350111MA0DEM0000"}, "firm"),
        ({"region": "350105"}, "region"),
        ({}, "region"),
        ({"region": "350102"}, "region"),
        ({"region": "350111", "text": "  "}, "text"),
        ({"region": "350111", "text": ""}, "given.text"),
        ({"region": "350111", "text": "a\x00b"}, "given.text"),
        ({"region": "350111", "confidential": True}, "given.confidential"),
    ):
        answer = ask(secret, "/cases", {"text": "y", "original_number": "2"} | wrong)
        assert (answer.status_code, answer.json()["field"]) == (422, field), wrong
    assert Case.objects.count() == 1


def test_where_no_unit_of_the_keys_regions_takes_in_nothing_is_sent(office: Office) -> None:
    """350102 has no unit of its own: the city's would take it in, which this key could never look at."""
    secret = key(office, regions=("350102",))
    answer = ask(secret, "/cases", SENT | {"region": "350102"})
    assert (answer.status_code, answer.json()["field"]) == (422, "region")
    assert not Case.objects.exists()


def test_the_same_number_is_the_same_case_or_a_conflict(office: Office) -> None:
    secret = key(office)
    first, again = ask(secret, "/cases", SENT), ask(secret, "/cases", SENT)
    assert (again.status_code, again.json()) == (201, first.json())
    other = ask(secret, "/cases", SENT | {"text": "Something else."})
    assert (other.status_code, other.json()["code"]) == (409, "conflict")
    assert first.json()["number"] in other.json()["detail"]
    assert Case.objects.count() == 1


def test_a_word_goes_where_the_case_waits_for_it(office: Office) -> None:
    secret = key(office)
    number = ask(secret, "/cases", SENT).json()["number"]
    case = Case.objects.get(number=number)
    assert ask(secret, f"/cases/{number}/words", {"text": "one"}).status_code == 201
    case.refresh_from_db()
    services.return_for_supplement(
        by=office.actor("district"), now=clock.now(), case=case, reason="which gate"
    )
    assert ask(secret, f"/cases/{number}/words", {"text": "two"}).status_code == 201
    case.refresh_from_db()
    assert case.state == "submitted"
    lines = Entry.objects.filter(case=case).order_by("id").values_list("action", "text", "visibility")
    assert list(lines)[1:] == [
        ("note", "one", "firm"), ("return", "which gate", "firm"), ("supplement", "two", "firm"),
    ]  # fmt: skip
    ended = office.case()
    services.withdraw(by=office.actor("firm_a"), now=NOW, case=ended, reason="x")
    late = ask(secret, f"/cases/{ended.number}/words", {"text": "three"})
    assert (late.status_code, late.json()["code"]) == (409, "changed_meanwhile")


def test_the_services_ask_themselves_whose_case_it_is(office: Office) -> None:
    program = actor(office, regions=("350105",))
    case, hidden = office.case("a"), confidential(office, "b")
    for by, target in (
        (program, case),
        (program, hidden),
        (actor(office, "cases.read"), case),
        (office.actor("dispatcher"), case),
        (Actor(side=program.side, label="x", scopes=program.scopes), case),
    ):
        with pytest.raises(NotPermittedError):
            services.say_more(by=by, now=NOW, case=target, text="x")
    for by in (office.actor("firm_a"), SEEDER):
        with pytest.raises(NotPermittedError):
            services.receive(by=by, now=NOW, sent=services.Sent(**SENT))


def test_files_meant_for_the_firm_are_handed_out(office: Office, settings: Any) -> None:
    case = office.case()
    line = case.entries.get()
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    rows = {}
    for name, shown in (("told.txt", True), ("inside.txt", False)):
        (settings.MEDIA_ROOT / name).write_text(name)
        rows[name] = Upload.objects.create(
            owner="x", subject=f"cases.entry:{line.pk}", visible_to_firm=shown, kind="document",
            mime="text/plain", name=name, size=4, sha256="0" * 64, path=name, created_at=NOW,
        )  # fmt: skip
    secret = key(office)
    listed = ask(secret, f"/cases/{case.number}/files").json()
    assert [row["name"] for row in listed] == ["told.txt"]
    told = ask(secret, f"/cases/{case.number}/files/{rows['told.txt'].pk}")
    assert b"".join(told.streaming_content) == b"told.txt"
    assert "attachment" in told.headers["Content-Disposition"]
    other = office.case().number
    for number, name in ((case.number, "inside.txt"), (other, "told.txt")):
        assert ask(secret, f"/cases/{number}/files/{rows[name].pk}").status_code == 404


# ---------------------------------------------------------------- once, and not too often


def test_a_repeat_gets_the_first_answer(office: Office) -> None:
    secret = key(office, regions=("",))
    number = ask(secret, "/cases", SENT).json()["number"]
    firm = {"code": "91350112MA0DEM048K", "name": "示例新厂", "region": "350111"}
    for path, given, other in (
        ("/cases", SENT | {"original_number": "9"}, {"title": "other"}),
        ("/cases", SENT | {"original_number": "10"}, {"region": "350105"}),
        ("/cases", SENT | {"original_number": "11"}, {"reporter": "x"}),
        (f"/cases/{number}/words", {"text": "more"}, {"text": "less"}),
    ):
        once = f"once-{given.get('original_number', 'word')}"
        first, again = ask(secret, path, given, once=once), ask(secret, path, given, once=once)
        assert first.status_code == again.status_code == 201, first.content
        assert first.json() == again.json()
        taken = ask(secret, path, given | other, once=once)
        assert (taken.status_code, taken.json()["code"]) == (409, "key_reused")
        assert "Idempotency-Key" in taken.json()["detail"]
    first, again = (ask(secret, "/firms", [firm], once="firms-1") for _ in range(2))
    assert first.json() == again.json() == {"created": 1, "changed": 0, "same": 0}
    assert ask(secret, "/firms", [firm | {"name": "示例改"}], once="firms-1").status_code == 409
    assert Entry.objects.filter(action="note").count() == 1


def test_a_case_that_moved_on_changes_nothing_about_the_repeat(office: Office) -> None:
    secret = key(office)
    number = ask(secret, "/cases", SENT).json()["number"]
    case = Case.objects.get(number=number)
    services.return_for_supplement(by=office.actor("district"), now=clock.now(), case=case, reason="which")
    first, again = (ask(secret, f"/cases/{number}/words", {"text": "two"}, once="word-1") for _ in range(2))
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert Entry.objects.filter(case=case, action__in=["supplement", "note"]).count() == 1


@pytest.mark.parametrize("bad", ["x" * 65, "a b", "é", "a/b", "a;b"])
def test_a_key_that_cannot_be_one_is_refused(office: Office, bad: str) -> None:
    answer = ask(key(office), "/cases", SENT, once=bad)
    assert (answer.status_code, answer.json()["field"]) == (422, "Idempotency-Key")
    assert not Case.objects.exists()
    assert not IdempotencyKey.objects.exists()


def test_a_key_is_heard_so_often_a_minute(office: Office, settings: Any, monkeypatch: Any) -> None:
    settings.API_PER_MINUTE = 3
    at = NOW + timedelta(seconds=10)
    monkeypatch.setattr(clock, "now", lambda: at)
    secret, other = key(office), key(office)
    assert [ask(secret, "/cases").status_code for _ in range(5)] == [200] * 3 + [429] * 2
    refused = ask(secret, "/cases")
    assert refused.headers["Retry-After"] == "50"
    assert refused.json()["code"] == "too_many"
    assert "50" in refused.json()["detail"]
    assert ask(other, "/cases").status_code == 200, "each key has its own count"
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=1))
    assert [ask(secret, "/cases").status_code for _ in range(4)] == [200] * 3 + [429]


def test_too_much_is_not_read(office: Office) -> None:
    answer = ask(key(office), "/cases", SENT | {"text": "x" * (1024 * 1024)})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    many = ask(key(office), "/cases/states", {"original_numbers": ["x"] * 501})
    assert (many.status_code, many.json()["field"]) == (422, "given.original_numbers")


def test_asking_by_post_leaves_no_event(office: Office) -> None:
    secret = key(office)
    before = AuditEvent.objects.count()
    assert ask(secret, "/cases/states", {"original_numbers": ["x"]}).status_code == 200
    assert AuditEvent.objects.count() == before
    ask("zt_wrong", "/cases/states", {"original_numbers": ["x"]})
    assert AuditEvent.objects.latest("id").result == "refused"


def test_sentences_come_in_the_readers_language(office: Office) -> None:
    secret = key(office)
    english, chinese = (ask(secret, "/cases?x=1", language=one).json()["detail"] for one in ("en", "zh-hans"))
    assert "Nothing is known here" in english
    assert english != chinese
    assert "x" in chinese


def test_the_key_of_a_program_is_named_in_its_actor(office: Office) -> None:
    made = issue(office)
    assert ApiToken.objects.get().pk == made.row.pk
    assert actor(office).token == ApiToken.objects.latest("id").pk
    assert Enterprise.objects.exists()
