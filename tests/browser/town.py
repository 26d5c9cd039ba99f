"""The office of tests/support with a case in every state, files, messages and odd texts: what the pages are seen with.

A third firm, `busy`, and the city's dispatcher, `dispatcher`, are there for tests that change something; all others
find what they look at as it was built.
"""

from __future__ import annotations

import io
import wave
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.browser import town_learnt, town_register
from tests.browser.town_words import AGO, BUSY, LONG, LONG_FILE, LONG_NAME, ODD, Town, rated
from tests.reports.templates import workbook
from tests.support import office as offices
from tests.support.asides import FROM, aside
from tests.support.programs import hook
from zhitong.cases import services as case_services
from zhitong.cases.models import Case, Entry
from zhitong.core import outbox
from zhitong.core import services as core_services
from zhitong.core.actor import outside, system
from zhitong.core.clock import local_date
from zhitong.core.models import Upload
from zhitong.core.uploads.receive import examine_upload
from zhitong.drafts import services as draft_services
from zhitong.drafts.states import Source
from zhitong.enterprises import queries as enterprise_queries
from zhitong.enterprises import services as enterprise_services
from zhitong.feedback import services as feedback_services
from zhitong.orgs import services as org_services
from zhitong.orgs.models import User
from zhitong.replies import queries as reply_queries
from zhitong.replies import services as reply_services
from zhitong.replies.permissions import scope
from zhitong.reports import documents
from zhitong.reports import services as report_services
from zhitong.supervision import services as supervision_services
from zhitong.supervision.models import Check


def photo(*, size: tuple[int, int] = (640, 480), exif: Image.Exif | None = None) -> bytes:
    """A JPEG of the wanted size, with what a camera writes into it."""
    out = io.BytesIO()
    picture = Image.radial_gradient("L").resize(size).convert("RGB")
    picture.save(out, "JPEG", **({"exif": exif} if exif else {}))
    return out.getvalue()


def voice(seconds: int = 1) -> bytes:
    """A wav recording of silence."""
    out = io.BytesIO()
    with wave.open(out, "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(2)
        recording.setframerate(8000)
        recording.writeframes(b"\0\0" * 8000 * seconds)
    return out.getvalue()


def build(now: datetime) -> Town:
    """Build the town; everything but one late case happens at `now`."""
    office = offices.build(now - AGO)
    town = Town(dict(office.users))
    _more_people(office, town, now)
    for state in ("submitted", "accepted", "dispatched", "handling", "answered", "reviewed"):
        town.keys[state] = office.until(state, now=now).pk
    _other_states(office, town, now)
    _rich(office, town, now)
    _drafts(office, town, now)
    town.keys["late"] = office.until("dispatched", now=now - AGO + timedelta(days=1)).pk
    _other_rows(office, town, now)
    town_register.build(office, town, now)
    _supervised(office, town, now)
    outbox.drain(now=now)
    return town


def _more_people(office: offices.Office, town: Town, now: datetime) -> None:
    firm = enterprise_services.register(
        by=offices.SEEDER, now=now, code="91350112MA0DEM048K", name="示例三号厂", region="350100"
    )
    nobody = User(username="nofirm", name="示例无企业", created_at=now)
    busy = User(username="busy", name="示例忙人", created_at=now)
    for user in (nobody, busy):
        user.save()
    enterprise_services.seat(by=offices.SEEDER, now=now, enterprise=firm, user=busy, role="firm_member")
    actor = enterprise_queries.firm_actor(busy, now)
    for number in range(BUSY):
        draft = case_services.Draft(text=f"第{number + 1}件事。")
        case_services.submit(by=actor, now=now, draft=draft, firm=firm)
    newcomer = org_services.create_staff(by=offices.SEEDER, now=now, username="newcomer", name="示例新人")
    org_services.add_post(
        by=offices.SEEDER, now=now, user=newcomer, department=office.units["industry"], role="handler"
    )
    coder = org_services.create_staff(by=offices.SEEDER, now=now, username="coder", name="示例验证码")
    org_services.add_post(
        by=offices.SEEDER, now=now, user=coder, department=office.units["works"], role="handler"
    )
    User.objects.filter(pk=newcomer.pk).update(password=offices.password())
    User.objects.filter(username="firm_a").update(phone="13800138000", phone_verified=True)
    for user in (nobody, busy, newcomer, coder, office.users["firm_a"]):
        user.refresh_from_db()
        town.people[user.username] = user


def _effects(office: offices.Office, town: Town, case: Case, now: datetime) -> None:
    """Effects of an answered case: expected, and said to be there."""
    given = {"by": office.actor("handler", now), "now": now}
    for state in ("expected", "there"):
        row = feedback_services.expect_effect(
            case=case, text=f"{state} {ODD}", expected_by=local_date(now) + timedelta(days=9), **given
        )
        if state == "there":
            row = feedback_services.say_effect_there(effect=row, text=ODD, **given)
        town.keys[f"effect_{state}"] = row.pk
    for kind in ("banner", "words"):
        row = feedback_services.give_thanks(
            case=case,
            kind=kind,
            text=(LONG + ODD)[:300],
            received_on=local_date(now),
            files=_files("锦旗.jpg"),
            **given,
        )
        town.keys["thanks"] = row.pk
        if kind == "words":
            feedback_services.withdraw_thanks(thanks=row, reason=LONG[:200], by=given["by"], now=now)
            town.keys["thanks"] = case.thanks.get(kind="banner").pk


def _ended_states(office: offices.Office, town: Town, now: datetime) -> None:
    district, firm = office.actor("district", now), office.actor("firm_a", now)
    left_out = office.until("reviewed", now=now)
    feedback_services.rate(by=firm, now=now, case=left_out, stars=4, comment="")
    left_out.refresh_from_db()
    left_out = case_services.close(by=district, now=now, case=left_out, outcome="routed")
    said = feedback_services.Said(contacted=True, solved=True, grade=4, words=f"{LONG} {ODD}")
    feedback_services.visit_back(by=district, now=now, case=left_out, way="call", reached=True, said=said)
    town.keys["exclusion"] = feedback_services.ask_exclusion(
        by=district, now=now, case=left_out, reason="routed", words=f"属诉讼事项。{ODD}"
    ).pk
    for state in ("rated", "closed"):
        case = office.until("reviewed", now=now)
        feedback_services.rate(by=firm, now=now, case=case, stars=4, comment=f"{LONG} {ODD}")
        case.refresh_from_db()
        if state == "closed":
            case = case_services.close(by=district, now=now, case=case, outcome="partly", message="已回访。")
        town.keys[state] = case.pk
    _effects(office, town, case, now)


def _other_states(office: offices.Office, town: Town, now: datetime) -> None:
    district, firm = office.actor("district", now), office.actor("firm_a", now)
    town.keys["returned"] = case_services.return_for_supplement(
        by=district, now=now, case=office.case(now=now), reason="请补充照片。"
    ).pk
    town.keys["withdrawn"] = case_services.withdraw(
        by=firm, now=now, case=office.case(now=now), reason="已自行解决。"
    ).pk
    for state, before in FROM.items():
        case, handler = office.until(before, now=now), office.actor("handler", now)
        town.keys[state] = aside(state, case=case, now=now, intake=district, handler=handler).pk
    for state in ("part", "part_returned"):
        helped, lead = office.until("handling", now=now), office.actor("handler", now)
        given = {"by": lead, "now": now, "case": helped, "department": office.units["works"]}
        case_services.ask_help(text=f"请查看厂区外管线。{ODD}", **given)
        part = helped.assists.get()
        if state == "part_returned":
            worker = office.actor("worker", now)
            part = case_services.return_assist(by=worker, now=now, assist=part, reason="属水务职责。")
        town.keys[state], town.keys[f"case_of_{state}"] = part.pk, helped.pk
    asked = office.until("accepted", now=now)
    given = {"by": district, "now": now, "case": asked, "question": f"是否属你单位职责？{ODD}"}
    case_services.sound(departments=[office.units["industry"], office.units["works"]], **given)
    answered, open_ = asked.soundings.all()
    given = {"answer": "not_ours", "basis": f"{LONG} {ODD}"}
    case_services.answer_sounding(by=office.actor("handler", now), now=now, sounding=answered, **given)
    town.keys |= {"sounding": open_.pk, "case_of_sounding": asked.pk}
    main = office.until("handling", now=now)
    member = case_services.merge(
        by=district, now=now, case=office.case(now=now), main=main, reason=f"同一事项。{ODD}"
    )
    town.keys["merged"] = member.pk
    draft = case_services.Draft(text="全厂停电，生产线停了。", urgent=True)
    urgent = case_services.submit(by=firm, now=now, draft=draft, firm=office.firms["a"])
    town.keys["urgent"] = urgent.pk
    for key, whom in (("call", "firm"), ("call_unit", "unit")):
        call = case_services.ask_to_call(by=offices.SEEDER, now=now, case=urgent, whom=whom, source=key)
        town.keys[key] = call.pk
    given = {"by": office.actor("secadmin", now), "now": now, "department": office.units["district"]}
    turn = org_services.add_duty(
        user=office.users["district"], since=now, until=now + timedelta(hours=12), **given
    )
    town.keys["duty"] = turn.pk
    signed = office.until("answered", now=now)
    Case.objects.filter(pk=signed.pk).update(chain="head_leader")
    town.keys["signed"] = signed.pk
    _outside(office, town, now)
    _ended_states(office, town, now)
    unassigned = case_services.accept(by=district, now=now, case=office.case(now=now), kind="complex")
    town.keys["unassigned"] = case_services.dispatch(
        by=district, now=now, case=unassigned, lead=office.units["industry"]
    ).pk


def _outside(office: offices.Office, town: Town, now: datetime) -> None:
    """A case that a unit without accounts leads, with a link; a part of another with a reply that waits."""
    unit = org_services.create_department(
        by=offices.SEEDER, now=now, name=f"示例税务局{LONG_NAME}", name_en="Tax Bureau", tier="city",
        local_code="tax", parent=office.units["city"], region="", intake=False,
    )  # fmt: skip
    district, handler = office.actor("district", now), office.actor("handler", now)
    case = case_services.dispatch(by=district, now=now, case=office.until("accepted", now=now), lead=unit)
    matter = reply_queries.get_matter(district, "lead", case.pk)
    made = reply_services.make_link(by=district, now=now, **matter.given())
    town.keys["outside"], town.keys["link"] = [case.pk, "lead"], [made.token]
    town.keys["outside_unit"] = unit.pk
    for name in ("sheet", "entered_sheet"):
        town.keys[name] = _sheet(office, unit, now).pk
    reply_services.enter_sheet(
        by=district, now=now, sheet=reply_queries.get_sheet(district, town.keys["entered_sheet"])
    )
    helped = office.until("handling", now=now)
    case_services.ask_help(by=handler, now=now, case=helped, department=unit, text=f"请核实税款。{ODD}")
    part = reply_queries.get_matter(handler, "part", helped.assists.get().pk)
    link = reply_services.make_link(by=handler, now=now, **part.given()).row
    by = outside(unit.name, scope(link.pk))
    town.keys["reply"] = reply_services.reply_by_link(
        by=by, now=now, link=link, text=LONG, name="示例科长"
    ).pk


def _sheet(office: offices.Office, unit: Any, now: datetime) -> Any:
    """A sheet with a row that can be entered, one that cannot and one that nobody filled in."""
    district = office.actor("district", now)
    case = case_services.dispatch(by=district, now=now, case=office.until("accepted", now=now), lead=unit)
    rows = [(3, case.number, LONG, "solved", "示例科长"), (4, LONG_NAME, ODD, "", ""), (5, "X-1", "", "", "")]
    given = reply_services.ReceivedSheet(
        f"{LONG_NAME}.xlsx", "0" * 64, tuple(reply_services.SheetRow(*row) for row in rows)
    )
    return reply_services.receive_sheet(by=district, now=now, department=unit, given=given)


def _drafts(office: offices.Office, town: Town, now: datetime) -> None:
    """A spreadsheet with rows of every kind, and one row of it entered."""
    by, unit = office.actor("district", now), office.units["district"]
    texts = [LONG, LONG, "", "车间又停电，生产线全停了", f"示例一号厂{ODD}"]
    rows = [
        draft_services.Row(
            line,
            columns={"channel": "visit", "contact": LONG_NAME[:40], "text": text, "raw": f"{LONG} {ODD}"},
            names=(LONG_NAME,),
        )
        for line, text in enumerate(texts, start=3)
    ]
    given = draft_services.Received(Source.SHEET, LONG_FILE, "0" * 64, tuple(rows), ("序号", "备注"))
    lot = draft_services.receive(by=by, now=now, given=given, unit=unit)
    first, twin, _empty, entered, dropped = lot.drafts.all()
    town.keys |= {"draft": first.pk, "draft_twin": twin.pk, "draft_entered": entered.pk}
    draft_services.enter(by=by, now=now, draft=entered)
    draft_services.drop(by=by, now=now, draft=dropped, reason=LONG[:200])


def _rich(office: offices.Office, town: Town, now: datetime) -> None:
    """A case with all that a page can hold: long words, photos, sound, notes of both kinds."""
    district, handler = office.actor("district", now), office.actor("handler", now)
    draft = case_services.Draft(
        text=f"{LONG}\n{ODD}", place=ODD, files=_files("北门.jpg", LONG_FILE, "voice.wav")
    )
    case = case_services.submit(by=office.actor("firm_a", now), now=now, draft=draft, firm=office.firms["a"])
    case = case_services.accept(by=district, now=now, case=case, kind="normal", message=LONG)
    case = case_services.dispatch(
        by=district,
        now=now,
        case=case,
        lead=office.units["industry"],
        person=office.users["handler"],
        message=ODD,
    )
    case = case_services.start(by=handler, now=now, case=case)
    for visibility in ("firm", "internal"):
        case = case_services.note(
            by=handler,
            now=now,
            case=case,
            text=f"{visibility} {ODD}",
            visibility=visibility,
            files=_files("现场.jpg"),
        )
    town.keys["rich"] = case.pk
    entry = Entry.objects.filter(case=case, action="submit").get()
    town.keys["file"] = Upload.objects.filter(subject=f"cases.entry:{entry.pk}", kind="photo").first().pk


def _supervised(office: offices.Office, town: Town, now: datetime) -> None:
    """An instruction to two units with long words, one reported done, one handwritten and not yet read."""
    leader, handler = office.actor("leader", now), office.actor("handler", now)
    units = (office.units["industry"], office.units["works"])
    case = Case.objects.get(pk=town.keys["rich"])
    word = supervision_services.Word(departments=units, text=f"{LONG}\n{ODD}", days=3, cases=(case,))
    matter = supervision_services.instruct(by=leader, now=now, word=word)
    signed = matter.tasks.get(department=office.units["industry"])
    signed = supervision_services.sign(by=handler, now=now, task=signed)
    supervision_services.report(by=handler, now=now, task=signed, text=ODD, files=_files("现场.jpg"))
    done = supervision_services.instruct(by=leader, now=now, word=supervision_services.Word(
        departments=units, text="请尽快办结。", days=1,
    ))  # fmt: skip
    reported = done.tasks.get(department=office.units["industry"])
    reported = supervision_services.sign(by=handler, now=now, task=reported)
    reported = supervision_services.close_report(by=handler, now=now, task=reported, text="已办结。")
    spoken = supervision_services.instruct(by=leader, now=now, word=supervision_services.Word(
        departments=units, medium="photo", days=5, files=_files("批示.jpg"),
    ))  # fmt: skip
    _drawn(office, town, now)
    _measures(office, town, now)
    _paper(office, town, now)
    _listed(office, town, now)
    town_learnt.build(office, town, now)
    for key, state in (("referral", "handling"), ("referral_decided", "accepted")):
        laid = supervision_services.propose(
            by=office.actor("district", now), now=now, case=Case.objects.get(pk=town.keys[state]),
            to_department=office.units["city"], brief=supervision_services.Brief(LONG, ODD, LONG, ODD),
        )  # fmt: skip
        town.keys[key] = laid.pk
    supervision_services.decide(by=leader, now=now, referral=laid, words=ODD)
    town.keys |= {"matter": matter.pk, "matter_done": done.pk, "spoken": spoken.pk}
    town.keys |= {"task_signed": signed.pk, "task_reported": reported.pk}
    town.keys["task"] = matter.tasks.get(department=office.units["works"]).pk


def _measures(office: offices.Office, town: Town, now: datetime) -> None:
    """Orders about arrears that were not obeyed: one sent back, one talked about, one criticised."""
    supervisor, handler = office.actor("supervisor", now), office.actor("handler", now)
    for name in ("refused", "talked", "criticised"):
        case = office.until("handling", now=now)
        Case.objects.filter(pk=case.pk).update(kind="arrears")
        word = supervision_services.Word(
            departments=(office.units["industry"],), title="支付货款", text="请支付。", days=3, cases=(case,)
        )
        matter = supervision_services.order(by=supervisor, now=now, word=word)
        given = {"now": now, "task": matter.tasks.get()}
        given["task"] = supervision_services.sign(by=handler, **given)
        given["task"] = supervision_services.close_report(by=handler, text="已付。", **given)
        given["task"] = supervision_services.send_back(by=supervisor, reason="未到账。", **given)
        if name != "refused":
            talk = supervision_services.Talk(local_date(now), LONG_NAME, "督查室", LONG, ODD)
            given["task"] = supervision_services.talk(by=supervisor, given=talk, **given)
        if name == "criticised":
            letter = supervision_services.Circular(local_date(now), f"{LONG}\n{ODD}", "示例督通〔2026〕1号")
            given["task"] = supervision_services.circular(by=supervisor, given=letter, **given)
        town.keys |= {f"task_{name}": given["task"].pk, f"matter_{name}": matter.pk}


def _listed(office: offices.Office, town: Town, now: datetime) -> None:
    """A list of the week with a case that stood there before, one struck out, and long words on each."""
    for at in (now - timedelta(days=7), now):
        week = supervision_services.make_week(by=system("tick"), now=at, department=office.units["district"])
    district, handler = office.actor("district", now), office.actor("handler", now)
    rows = []
    for _ in range(2):
        case = office.until("handling", now=now)
        rows.append(
            week.items.filter(case=case).first()
            or supervision_services.add_to_week(
                by=district, now=now, week=week, number=case.number, text=LONG
            )
        )
    day = local_date(now) + timedelta(days=9)
    supervision_services.say_why(by=handler, now=now, item=rows[0], text=LONG + ODD, next_day=day)
    supervision_services.take_off(by=district, now=now, item=rows[1], text=LONG)
    town.keys |= {"week": week.pk, "listed": rows[0].pk}


def _drawn(office: offices.Office, town: Town, now: datetime) -> None:
    """Two drawn cases, one of them falsely closed, with long words."""
    day = local_date(now) - timedelta(days=1)
    for _ in range(2):
        case = case_services.close(
            by=office.actor("district", now), now=now, outcome="solved", case=rated(office, now)
        )
        Case.objects.filter(pk=case.pk).update(ended_at=now - timedelta(days=1))
    supervisor = office.actor("supervisor", now)
    sample = supervision_services.draw(
        by=supervisor, now=now, department=office.units["city"], since=day, until=day, seed="x" * 64
    )
    case = case_services.close(
        by=office.actor("district", now), now=now, outcome="solved", case=rated(office, now)
    )
    more = Check.objects.create(sample=sample, case=case, place=2)
    supervision_services.check(
        by=supervisor, now=now, check=sample.checks.first(), how="site", finding="false", text=LONG + ODD
    )
    town.keys |= {"sample": sample.pk, "check": more.pk}


def _paper(office: offices.Office, town: Town, now: datetime) -> None:
    """A template with an unknown field and an odd name, and a report of the district."""
    district, unit = office.actor("district", now), office.units["district"]
    file = SimpleUploadedFile("台账.xlsx", workbook(line=("编号", "标题", "办里期限")))
    version = report_services.add_template(
        by=district, now=now, department=unit, name=ODD[:50], given=documents.receive(file)
    )
    day = local_date(now)
    made = report_services.make_report(
        by=district, now=now, department=unit, kind="week", begin=day - timedelta(days=6), end=day
    )
    town.keys |= {"template": version.template_id, "made_report": made.pk}


def _files(*names: str) -> tuple[Any, ...]:
    contents = {"jpg": photo(), "wav": voice()}
    return tuple(examine_upload(SimpleUploadedFile(name, contents[name.rsplit(".", 1)[1]])) for name in names)


def _other_rows(office: offices.Office, town: Town, now: datetime) -> None:
    handler, colleague = office.users["handler"], office.users["colleague"]
    town.keys["delegation"] = org_services.delegate(
        by=offices.SEEDER, now=now, absentee=handler, stand_in=colleague, reason=ODD[:200],
        since=now + timedelta(days=20), until=now + timedelta(days=21),
    ).pk  # fmt: skip
    town.keys["local_day"] = core_services.set_local_day(
        by=offices.SEEDER, now=now, date=local_date(now), kind="local_off", name_zh="台风停工",
        name_en="Typhoon", source="示例防指〔2026〕1号",
    ).pk  # fmt: skip
    town.keys["hook"] = hook(office, now).pk
    town.keys["posting"] = handler.postings.get(until=None).pk
    town.keys |= {"person": handler.pk, "unit": office.units["industry"].pk}
    firm = office.firms["a"]
    type(firm).objects.filter(pk=firm.pk).update(name=LONG_NAME)
