"""Instructions and orders: one matter, a task for each unit, cleared by somebody else than who reported."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404

from tests.browser.town import photo, voice
from tests.cases.test_confidential import confide
from tests.support.office import NOW, SEEDER, Office
from zhitong.core import outbox
from zhitong.core import services as core_services
from zhitong.core.clock import local_date
from zhitong.core.errors import FasterError, FieldError, NotPermittedError, RefusedError
from zhitong.core.uploads.receive import examine_upload
from zhitong.orgs import services as org_services
from zhitong.orgs.models import Notice
from zhitong.supervision import pages, panels, queries, services
from zhitong.supervision.models import Matter, Report, Task
from zhitong.supervision.tasks import TellOverdue

LATER = NOW + timedelta(hours=3)


def instructed(office: Office, *units: str, **more: object) -> Matter:
    """The city's leader tells units to do something within three working days."""
    word = services.Word(
        departments=tuple(office.units[name] for name in units or ("industry", "works")),
        text=str(more.pop("text", "请尽快修好北门道路。务必本周完成。")),
        days=more.pop("days", 3),
        **more,
    )
    return services.instruct(by=office.actor("leader"), now=NOW, word=word)


def task_of(matter: Matter, unit: str) -> Task:
    return matter.tasks.select_related("matter__department", "department").get(department__local_code=unit)


def step(office: Office, name: str, task: Task, by: str, **given: object) -> Task:
    return getattr(services, name)(by=office.actor(by), now=LATER, task=task, **given)


def reported(office: Office) -> Task:
    task = step(office, "sign", task_of(instructed(office), "industry"), "handler")
    return step(office, "close_report", task, "handler", text="已完成。")


def test_a_matter_has_a_number_a_title_and_a_task_for_each_unit(office: Office) -> None:
    matter = instructed(office)
    assert (matter.number, matter.kind, matter.medium, matter.title) == (
        "D2026-0001",
        "instruction",
        "text",
        "请尽快修好北门道路",
    )
    assert matter.department == office.units["city"]
    assert [(row.state, local_date(row.due_at).isoformat()) for row in matter.tasks.all()] == [
        ("issued", "2026-06-10")
    ] * 2
    assert instructed(office).number == "D2026-0002"


def test_a_deadline_may_be_a_day(office: Office) -> None:
    task = task_of(instructed(office, days=None, until=date(2026, 6, 20)), "works")
    assert local_date(task.due_at) == date(2026, 6, 20)
    for wrong in ({"days": 4}, {"days": None}, {"days": None, "until": date(2026, 6, 4)}):
        with pytest.raises(FieldError):
            instructed(office, **wrong)


@pytest.mark.parametrize(
    ("units", "field"), [((), "departments"), (("works", "works"), "departments"), (("city",), "departments")]
)
def test_units_are_those_below_with_a_handler(office: Office, units: tuple[str, ...], field: str) -> None:
    word = services.Word(departments=tuple(office.units[name] for name in units), text="x", days=1)
    with pytest.raises(FieldError) as caught:
        services.instruct(by=office.actor("leader"), now=NOW, word=word)
    assert caught.value.field == field


def test_a_unit_signs_reports_and_is_cleared_by_another(office: Office) -> None:
    task = task_of(instructed(office), "industry")
    with pytest.raises(FasterError):
        step(office, "close_report", task, "handler", text="未签收。")
    task = step(office, "sign", task, "handler")
    assert (task.state, task.person) == ("signed", office.users["handler"])
    task = step(office, "report", task, "colleague", text="已到现场。")
    with pytest.raises(RefusedError, match="not reported yet"):
        step(office, "clear", task, "supervisor")
    task = step(office, "close_report", task, "head", text="已完成。")
    task = step(office, "send_back", task, "supervisor", reason="照片未附。")
    assert (task.state, task.reported_by) == ("issued", None)
    task = step(office, "close_report", step(office, "sign", task, "head"), "head", text="附照片。")
    task = step(office, "clear", task, "supervisor")
    assert (task.state, task.cleared_by, task.ended_at) == ("cleared", office.users["supervisor"], LATER)
    assert [row.action for row in task.lines.all()] == [
        "issue", "sign", "report", "close_report", "send_back", "sign", "close_report", "clear",
    ]  # fmt: skip
    assert list(Report.objects.values_list("closing", flat=True)) == [False, True, True]


def test_nobody_clears_what_they_reported(office: Office) -> None:
    org_services.add_post(
        by=SEEDER, now=NOW, user=office.users["handler"], department=office.units["city"], role="supervisor"
    )
    task = reported(office)
    with pytest.raises(NotPermittedError):
        step(office, "clear", task, "handler")
    assert step(office, "clear", task, "supervisor").state == "cleared"


@pytest.mark.parametrize("name", ["worker", "leader", "dispatcher", "head"])
def test_only_the_supervision_office_clears(office: Office, name: str) -> None:
    with pytest.raises(NotPermittedError):
        step(office, "clear", reported(office), name)


def test_who_sees_a_matter(office: Office) -> None:
    matter = instructed(office, "industry")
    for name in ("leader", "supervisor", "handler", "head", "chief"):
        assert queries.get_matter(office.actor(name), matter.pk) == matter
    for name in ("worker", "workhead", "district", "other", "dispatcher", "sysadmin", "firm_a"):
        with pytest.raises(Http404):
            queries.get_matter(office.actor(name), matter.pk)


def test_a_unit_sees_its_own_task_and_who_else_was_told(office: Office) -> None:
    matter = instructed(office)
    shown = list(queries.tasks(office.actor("worker")))
    assert [row.department for row in shown] == [office.units["works"]]
    assert queries.others_told(matter, shown) == [office.units["industry"]]
    report = Report.objects.get(task=reported(office))
    with pytest.raises(Http404):
        queries.get_report(office.actor("worker"), report.pk)


def test_a_case_is_named_only_to_those_who_see_it(office: Office) -> None:
    case = office.until("handling")
    matter = instructed(office, cases=(case,))
    assert queries.linked(office.actor("handler"), matter) == ([case], 0)
    assert queries.linked(office.actor("worker"), matter) == ([], 1)
    assert [row.department.local_code for row in queries.about(office.actor("leader"), case)] == [
        "works",
        "industry",
    ]


def test_a_case_out_of_sight_cannot_be_linked(office: Office) -> None:
    case = confide(office, accused="works")
    with pytest.raises(FieldError) as caught:
        instructed(office, cases=(case,))
    assert caught.value.field == "cases"


def test_a_unit_is_not_told_of_a_complaint_against_it(office: Office) -> None:
    org_services.add_post(
        by=SEEDER,
        now=NOW,
        user=office.users["leader"],
        department=office.units["district"],
        role="dispatcher",
    )
    case = confide(office, accused="works")
    with pytest.raises(FieldError) as caught:
        instructed(office, "industry", "works", cases=(case,))
    assert caught.value.field == "departments"


def test_those_a_complaint_is_about_never_see_the_matter(office: Office) -> None:
    case = office.until("handling")
    matter = instructed(office, "industry", cases=(case,))
    org_services.add_post(
        by=SEEDER, now=NOW, user=office.users["handler"], department=office.units["works"], role="handler"
    )
    assert queries.tasks(office.actor("handler")).filter(matter=matter).exists()
    type(case).objects.filter(pk=case.pk).update(confidential=True, accused=office.units["works"])
    assert not queries.tasks(office.actor("handler")).filter(matter=matter).exists()
    assert queries.tasks(office.actor("head")).filter(matter=matter).exists()


def test_a_spoken_word_is_written_down_later(office: Office) -> None:
    voice_file = examine_upload(SimpleUploadedFile("voice.wav", voice()))
    with pytest.raises(FieldError):
        instructed(office, text="", medium="voice")
    matter = instructed(office, text="", medium="voice", files=(voice_file,))
    assert (matter.title, matter.text) == ("", "")
    with pytest.raises(NotPermittedError):
        services.transcribe(by=office.actor("leader"), now=LATER, matter=matter, text="请修路。")
    matter = services.transcribe(
        by=office.actor("supervisor"), now=LATER, matter=matter, text="请修路。谢谢。"
    )
    assert (matter.title, matter.text, matter.version) == ("请修路", "请修路。谢谢。", 2)
    with pytest.raises(FasterError):
        services.transcribe(by=office.actor("supervisor"), now=LATER, matter=matter, text="x", version=1)
    written = instructed(office)
    with pytest.raises(FieldError, match="in writing"):
        services.transcribe(by=office.actor("supervisor"), now=LATER, matter=written, text="x")


def test_an_order_is_written(office: Office) -> None:
    photo_file = examine_upload(SimpleUploadedFile("a.jpg", photo()))
    given = {"departments": (office.units["works"],), "days": 1, "files": (photo_file,)}
    with pytest.raises(FieldError):
        services.order(by=office.actor("supervisor"), now=NOW, word=services.Word(medium="photo", **given))
    word = services.Word(text="请报送情况。", title="情况报送", **given)
    matter = services.order(by=office.actor("supervisor"), now=NOW, word=word)
    assert (matter.kind, matter.title) == ("order", "情况报送")
    for name, service in (("leader", services.order), ("supervisor", services.instruct)):
        with pytest.raises(NotPermittedError):
            service(by=office.actor(name), now=NOW, word=word)


def test_a_typhoon_day_moves_a_task(office: Office) -> None:
    task = task_of(instructed(office), "works")
    core_services.set_local_day(
        by=SEEDER, now=LATER, date=date(2026, 6, 9), kind="local_off", name_zh="台风", name_en="Typhoon",
        source="市政府通知",
    )  # fmt: skip
    task.refresh_from_db()
    assert (local_date(task.due_at), task.version) == (date(2026, 6, 11), 1)


def test_the_task_of_somebody_who_leaves_goes_back_to_the_unit(office: Office) -> None:
    task = step(office, "sign", task_of(instructed(office), "works"), "worker")
    org_services.leave(by=office.actor("sysadmin"), now=LATER, user=office.users["worker"], successor=None)
    task.refresh_from_db()
    assert (task.person, task.state) == (None, "signed")


def test_those_concerned_are_told_and_nobody_else(office: Office) -> None:
    task = reported(office)
    step(office, "send_back", task, "supervisor", reason="未完成。")
    outbox.drain(now=LATER)
    told = {
        (row.user.username, row.msgid.split(":")[0])
        for row in Notice.objects.filter(subject__startswith="matter")
    }
    assert {name for name, words in told if words.startswith("A supervised task for")} == {
        "handler", "colleague", "head", "chief", "worker", "workhead",
    }  # fmt: skip
    assert {name for name, words in told if words.startswith("A unit reports")} == {"leader", "supervisor"}
    assert {name for name, words in told if words.startswith("A supervised task came back")} == {
        "handler", "colleague", "head", "chief",
    }  # fmt: skip


def test_a_unit_is_told_once_that_its_task_is_overdue(office: Office) -> None:
    task = task_of(instructed(office, "works"), "works")
    morning = datetime(2026, 6, 11, 1, 0, tzinfo=UTC)
    assert TellOverdue().run(morning - timedelta(hours=4)) == ""  # before the hours of the office
    assert TellOverdue().run(datetime(2026, 6, 13, 1, 0, tzinfo=UTC)) == ""  # a Saturday
    assert TellOverdue().run(morning) == "1 units told"
    assert TellOverdue().run(morning + timedelta(days=1)) == ""
    with pytest.raises(RefusedError):
        services.tell_overdue(by=SEEDER, now=morning, task=Task.objects.get(pk=task.pk))


@pytest.mark.parametrize(
    ("by", "state", "names"),
    [
        ("worker", "issued", []),
        ("handler", "issued", ["sign"]),
        ("head", "signed", ["report", "close_report"]),
        ("supervisor", "signed", ["remind", "cancel"]),
        ("leader", "signed", ["remind", "cancel"]),
        ("leader", "reported", ["send_back"]),
        ("supervisor", "reported", ["clear", "send_back"]),
        ("handler", "reported", []),
    ],
)
def test_buttons_are_those_of_the_permissions(office: Office, by: str, state: str, names: list[str]) -> None:
    task = task_of(instructed(office), "industry")
    if state != "issued":
        task = step(office, "sign", task, "handler")
    if state == "reported":
        task = step(office, "close_report", task, "handler", text="已完成。")
    cards = pages.cards(office.actor(by), task.matter, LATER)
    assert [button.name for card in cards if card.task == task for button in card.buttons] == names


def test_a_late_task_shows_red_until_it_is_reported(office: Office) -> None:
    late = datetime(2026, 6, 12, 1, 0, tzinfo=UTC)
    task = reported(office)
    (row, other) = sorted(pages.rows(task.matter.tasks.all(), late), key=lambda row: row.clock is not None)
    assert (row.task, row.clock, other.clock.tone) == (task, None, "danger")


def test_the_filters_narrow_the_list(office: Office) -> None:
    task, leader = reported(office), office.actor("leader")
    late = datetime(2026, 6, 12, 1, 0, tzinfo=UTC)
    found = {
        name: queries.listed(leader, {"standing": name}, late).count()
        for name in ("open", "overdue", "cleared")
    }
    assert found == {"open": 2, "overdue": 1, "cleared": 0}
    step(office, "clear", task, "supervisor")
    assert list(queries.listed(leader, {"standing": "cleared"}, late)) == [task]
    assert not queries.listed(leader, {"kind": "order"}, late).exists()
    assert queries.listed(leader, {"q": "北门"}, late).count() == 2
    assert queries.listed(leader, {"department": office.units["works"]}, late).count() == 1


def test_the_desk_shows_what_is_next(office: Office) -> None:
    reported(office)
    unit, over = panels.UnitPanel(), panels.UnclearedPanel()
    assert unit.context(office.actor("handler"), None, LATER) is None
    assert len(unit.context(office.actor("worker"), None, LATER)["rows"]) == 1
    first = over.context(office.actor("supervisor"), None, LATER)["rows"][0]
    assert first.task.state == "reported"
    assert over.context(office.actor("worker"), None, LATER) is None
    case = office.until("handling")
    assert panels.CasePanel().context(office.actor("firm_a"), case, LATER) is None
    assert panels.CasePanel().context(office.actor("handler"), case, LATER) is None
    assert panels.CasePanel().context(office.actor("leader"), case, LATER)["instruct"]
