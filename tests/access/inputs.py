"""What somebody sends who does everything right; a new form without an entry here fails the access test."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.access import commons
from tests.access.register import INVITATION
from tests.access.world import NOW, PASSWORD, SECRET
from zhitong.core import clock, data
from zhitong.enterprises.models import Enterprise
from zhitong.orgs.signin import second_factor

CODE = "000000"
NEW_PASSWORD = "another long test password"


def _year(_world: Any, _row: Any) -> dict[str, Any]:
    document = data.read("calendar", "cn-2026")
    lines = [
        f"year = {document['year']}",
        f'source = "{document["source"]}"',
        *_days(document),
    ]
    return {"file": io.BytesIO("\n".join(lines).encode())}


def _days(document: dict[str, Any]) -> list[str]:
    found = []
    for row in document["day"]:
        found += ["[[day]]", f"date = {row['date']}", f'kind = "{row["kind"]}"']
        found.append(f'name = {{ zh = "{row["name"]["zh"]}", en = "{row["name"]["en"]}" }}')
    return found


def _lead(world: Any, row: Any) -> dict[str, Any]:
    more = {"reason": "better"} if row.name == "cases:redispatch" else {"message": "look at it"}
    return {"lead": world.units["bureau_a"].pk, "person": world.users["handler:same"].pk, **more}


def _ahead(days: int) -> str:
    return (NOW + timedelta(days=days)).date().isoformat()


def _code(_world: Any, _row: Any) -> dict[str, Any]:
    return {"code": second_factor.code_at(SECRET, second_factor.step_at(clock.now()))}


def _list() -> io.BytesIO:
    file = io.BytesIO("统一社会信用代码,企业名称\n91350112MA0DEM048K,示例新厂\n".encode())
    file.name = "list.csv"
    return file


def _replies(world: Any) -> io.BytesIO:
    file = io.BytesIO(f"诉求编号,答复内容\n{world.cases['outside'].number},已处理\n".encode())
    file.name = "replies.csv"
    return file


def _troubles() -> io.BytesIO:
    file = io.BytesIO("企业名称,存在问题\nKrFirmA,路面破损\n".encode())
    file.name = "troubles.csv"
    return file


def _template(world: Any, _row: Any) -> dict[str, Any]:
    from tests.access import paper

    return {"name": "another", "file": paper.template()}


def _precedent(_world: Any, _row: Any) -> dict[str, Any]:
    return {
        "title": "a road",
        "question": "it is broken",
        "answer": "it is mended",
        "valid_until": _ahead(200),
    }


def _report(world: Any, _row: Any) -> dict[str, Any]:
    return {"kind": "week", "span": "week"}


def _other_firm(world: Any) -> str:
    return world.rows["free:a"].code


INPUTS: dict[str, dict[str, Any] | Callable[[Any, Any], dict[str, Any]]] = {
    "set_language": {"language": "en", "next": "/"},
    "account_login": {"login": "firm_member_own", "password": PASSWORD},
    "account_logout": {},
    "account_request_login_code": lambda world, _: {"phone": world.users["firm_admin:own"].phone},
    "account_confirm_login_code": {"code": CODE},
    "account_reauthenticate": {"password": PASSWORD},
    "account_change_password": {
        "oldpassword": PASSWORD,
        "password1": NEW_PASSWORD,
        "password2": NEW_PASSWORD,
    },
    "mfa_authenticate": _code,
    "mfa_reauthenticate": _code,
    "mfa_activate_totp": {"code": CODE},
    "mfa_deactivate_totp": {},
    "mfa_generate_recovery_codes": {},
    "portal:notices": {},
    "notices:choose": {"language": "en", "digest": "on"},
    "notices:address": {"address": "me@example.org"},
    "notices:confirm": {"code": CODE},
    "notices:remove_address": {},
    "notices:retry": {"channel": "sms"},
    "notices:report": {},
    "workbench:notices": {},
    "cases:own_alike": lambda world, _: {
        "firm": world.firms["a"].pk,
        "text": "the road to the plant is broken",
    },
    "cases:submit": lambda world, _: {
        "firm": world.firms["a"].pk,
        "text": "the road is broken",
        "place": "gate",
    },
    "cases:supplement": {"text": "here is the photo"},
    "cases:withdraw": {"reason": "solved by ourselves"},
    "cases:accept": {"kind": "normal", "message": "welcome"},
    "cases:return": {"reason": "which gate"},
    "cases:dispatch": _lead,
    "cases:redispatch": _lead,
    "cases:reclassify": {"kind": "complex", "reason": "more than one pole"},
    "cases:close": {"outcome": "solved", "message": "visited"},
    "cases:assign": lambda world, _: {"person": world.users["handler:same"].pk},
    "cases:start": {},
    "cases:note": {"text": "called the firm", "visibility": "internal"},
    "cases:answer": {"text": "it is mended", "outcome": "solved"},
    "cases:approve": {},
    "cases:take_back_answer": {},
    "cases:take_back_dispatch": {},
    "cases:take_back_category": {"category": "roads"},
    "cases:reject": {"reason": "say when"},
    "cases:urge": {"text": "how does it stand"},
    "cases:append": {"text": "it broke again"},
    "cases:refuse": {"route": "legal", "text": "please go to court"},
    "cases:overrule": {"reason": "it is yours"},
    "cases:uphold": {"reason": "it is theirs"},
    "cases:grant_extension": {"message": "granted"},
    "cases:grant_suspension": {"message": "granted"},
    "cases:grant_plan": {"message": "granted"},
    "cases:decline": {"reason": "no"},
    "cases:remind": {"reason": "move on"},
    "cases:reopen": {"reason": "it broke again"},
    "cases:object": {"reason": "not ours"},
    "cases:transfer": lambda world, _: {"lead": world.units["station_a"].pk, "reason": "near it"},
    "cases:ask_help": lambda world, _: {"department": world.units["station_a"].pk, "text": "look at it"},
    "feedback:visit": {"way": "call", "reached": "yes", "contacted": "yes", "solved": "yes", "grade": "5"},
    "feedback:expect": {"text": "the lorries pass", "expected_by": _ahead(20)},
    "feedback:thank": {"kind": "letter", "text": "thank you", "received_on": NOW.date().isoformat()},
    "feedback:withdraw_thanks": {"reason": "another case"},
    "feedback:effect_there": {"text": "seen on the road"},
    "feedback:effect_confirm": {"reason": "the manager said so"},
    "feedback:effect_deny": {"text": "still closed"},
    "feedback:effect_look": {"text": "half done"},
    "feedback:effect_drop": {"reason": "the firm moved"},
    "feedback:exclude": {"reason": "routed", "words": "it is at court"},
    "feedback:exclusion": {"approved": "no", "answer": "it is ours"},
    "cases:many": lambda world, _: {
        "step": "dispatch",
        "case": world.cases["accepted"].pk,
        "lead": world.units["bureau_a"].pk,
    },
    "cases:merge": lambda world, _: {"main": world.cases["handling"].pk, "reason": "the same matter"},
    "cases:separate": {"reason": "another matter"},
    "cases:split": {"title": "school", "text": "and the school"},
    "cases:pass_up": {"reason": "seen on the spot"},
    "cases:categorise": {"category": "roads"},
    "cases:call": {"reached": "yes", "words": "spoke to the manager"},
    "cases:sound": lambda world, _: {"departments": [world.units["station_a"].pk], "question": "yours?"},
    "cases:answer_sounding": {"answer": "not_ours", "basis": "the list of duties"},
    "cases:take_assist": {},
    "cases:answer_assist": {"text": "we looked at it"},
    "cases:assign_assist": lambda world, _: {"person": world.users["handler:same"].pk},
    "cases:return_assist": {"reason": "not ours"},
    "cases:insist_assist": {"reason": "it is yours"},
    "cases:cancel_assist": {"reason": "not needed"},
    "cases:contact": {"way": "call", "text": "they want a date"},
    "cases:ask_extension": {"days": "5", "reason": "parts"},
    "cases:ask_suspension": {"until": _ahead(20), "reason": "laboratory"},
    "cases:ask_plan": {"grade": "B", "goal_1": "design", "due_1": _ahead(30), "reason": "next year"},
    "cases:resume": {"reason": "it is here"},
    "cases:stage": {"text": "designed"},
    "cases:take_up": {"reason": "built"},
    "cases:review": {"message": "fine"},
    "commons:confirm": lambda world, _: commons.decision(world),
    "commons:dismiss": lambda world, _: {"reason": "not one matter", "version": world.rows["common"].version},
    "commons:settle": lambda world, _: {
        "cases": [world.rows["common:new"].pk],
        "step": "take_in",
        "version": world.rows["common:running"].version,
    },
    "commons:month": lambda world, _: commons.month(world),
    "drafts:paste": lambda world, _: {
        "text": "the road is broken",
        "channel": "phone",
        "unit": world.units["district_a"].pk,
    },
    "drafts:sheet": lambda world, _: {
        "file": _troubles(),
        "channel": "visit",
        "unit": world.units["district_a"].pk,
    },
    "drafts:draft": {"text": "the road is broken", "channel": "phone", "contact": "x"},
    "drafts:enter": {},
    "cases:link_firm": lambda world, _: {"firm": world.firms["a"].pk},
    "drafts:many": lambda world, _: {"step": "drop", "draft": [world.rows["draft"].pk], "reason": "twice"},
    "reports:fill": lambda world, _: {"template": world.rows["template"].pk},
    "reports:keep": {"query": "by=received"},
    "reports:add": _template,
    "reports:withdraw": {},
    "reports:list": _report,
    "replies:link": {},
    "replies:paper": {"text": "we looked", "name": "an officer", "outcome": "solved"},
    "replies:revoke": {},
    "replies:receive_sheet": lambda world, _: {"file": _replies(world)},
    "replies:sheet": {},
    "replies:take": {},
    "replies:refuse": {"reason": "say when"},
    "reply": {"text": "we looked", "name": "an officer", "outcome": "solved"},
    "insight:make": _precedent,
    "insight:edit": _precedent,
    "insight:send": {},
    "insight:publish": {"nobody_named": "on"},
    "insight:send_back": {"reason": "say when"},
    "insight:renew": {"valid_until": _ahead(200)},
    "insight:withdraw": {"reason": "the law has changed"},
    "insight:use": lambda world, _: {"precedent": world.rows["precedent:published"].pk},
    "insight:solved": {},
    "insight:add_canned": lambda world, _: {
        "department": world.units["bureau_a"].pk,
        "title": "another",
        "text": "{{firm}}: we come",
    },
    "insight:change_canned": {"title": "another", "text": "we come"},
    "insight:drop_canned": {},
    "feedback:rate": {"stars": "4", "comment": "thank you"},
    "supervision:instruct": lambda world, _: {
        "text": "mend the road",
        "departments": [world.units["bureau_a"].pk],
        "days": "3",
    },
    "supervision:order": lambda world, _: {
        "title": "the road",
        "text": "mend the road",
        "departments": [world.units["bureau_a"].pk],
        "until": _ahead(10),
    },
    "supervision:transcribe": {"text": "mend the road"},
    "supervision:propose": lambda world, _: {
        "to_department": world.units["district_a"].pk,
        "problem": "stuck",
        "sticking_point": "money",
        "views": "both",
        "proposal": "meet",
    },
    "supervision:decide": {"words": "meet on Monday"},
    "supervision:withdraw_referral": {"reason": "solved"},
    "supervision:samples": lambda world, _: {
        "department": world.units["district_a"].pk,
        "since": "2025-01-01",
        "until": "2025-01-31",
        "seed": "thrown",
    },
    "supervision:check": {"how": "phone", "finding": "false", "text": "nobody came"},
    "supervision:add_to_week": lambda world, _: {
        "number": world.cases["dispatched"].number,
        "text": "it burns",
    },
    "supervision:take_off": {"text": "solved above"},
    "supervision:say_why": lambda *_: {"text": "a part is missing", "next_day": _ahead(9)},
    "supervision:sign": {},
    "supervision:report": {"text": "we were there"},
    "supervision:close_report": {"text": "it is mended"},
    "supervision:talk": {
        "day": _ahead(0),
        "people": "the head",
        "place": "here",
        "text": "why",
        "result": "this week",
    },
    "supervision:circular": {"day": _ahead(0), "text": "not paid"},
    "supervision:send_back": {"reason": "no photo"},
    "supervision:clear": {"text": "seen"},
    "supervision:remind": {"reason": "move on"},
    "supervision:cancel": {"reason": "not needed"},
    "enterprises:new": {"code": "91350112MA0DEM048K", "name": "示例新厂", "region": "350111"},
    "orgs:save_view": {"place": "cases", "name": "late ones", "query": "late=on"},
    "orgs:restore_view": {"place": "cases", "name": "once mine", "query": "late=on"},
    "orgs:delete_view": {},
    "enterprises:imports": lambda *_: {"file": _list(), "source": "monthly list"},
    "enterprises:import": {"column_0": "code", "column_1": "name"},
    "enterprises:undo_import": {},
    "enterprises:settle_twin": lambda world, _: {"kept": str(world.firms["a"].pk)},
    "enterprises:tokens": {"name": "platform", "scopes": ["firms.read"], "regions": ["350111"], "days": "30"},
    "enterprises:withdraw_token": {},
    "webhooks:list": lambda world, _: {
        "token": world.rows["listener"].pk,
        "address": "https://8.8.8.8/other",
        "topics": ["case.closed"],
    },
    "webhooks:switch": {"on": "1"},
    "webhooks:renew_secret": {},
    "webhooks:resend": {},
    "enterprises:join": {
        "code": "91350111MA0DEM03X5",
        "invitation": INVITATION,
        "name": "新来的",
        "phone": "13911112222",
        "agreed": "on",
    },
    "enterprises:privacy": {},
    "enterprises:phone": {"reason": "to ask for the gate"},
    "enterprises:invite": {"role": "firm_member"},
    "enterprises:change": lambda world, _: {
        "name": "KrFirmA",
        "region": "350111",
        "activity": "C3985",
        "version": Enterprise.objects.get(pk=world.firms["a"].pk).version,
    },
    "enterprises:fact": {"kind": "people", "period": "2025", "source": "firm", "amount": "12"},
    "enterprises:title": {"kind": "giant", "granted_on": "2025-01-06"},
    "enterprises:patent": {"kind": "invention", "number": "ZL1", "name": "示例", "granted_on": "2025-01-06"},
    "enterprises:standard": {"number": "GB/T 1", "name": "示例", "level": "national", "role": "leads"},
    "enterprises:credit": {
        "list": "abnormal",
        "state": "clear",
        "checked_on": "2026-06-01",
        "source": "公示",
    },
    "enterprises:relation": lambda world, _: {"parent": _other_firm(world), "kind": "held", "share": "20"},
    "enterprises:merge": lambda world, _: {"kept": _other_firm(world), "reason": "the same"},
    "enterprises:member": {"name": "新来的", "phone": "13911112222", "role": "firm_member"},
    "enterprises:administrator": {"name": "新来的", "phone": "13911112222", "reason": "licence seen"},
    "enterprises:person": {"name": "新来的", "duty": "厂长", "phone": "0591-88887777"},
    "enterprises:sponsor": lambda world, _: {"user": world.users["handler:same"].pk, "duty": "team"},
    "enterprises:rest": {"until": "2026-07-01"},
    "enterprises:plan": {"kind": "visit", "day": "2026-06-30", "reason": "to ask"},
    "enterprises:record": {"kind": "visit", "day": "2026-06-01", "reason": "to ask", "note": "well"},
    "enterprises:confirm_fact": {},
    "enterprises:withdraw_title": {"day": "2026-06-01", "source": "No 3"},
    "enterprises:end_relation": {},
    "enterprises:end_sponsorship": {},
    "enterprises:end_person": {},
    "enterprises:unseat": {},
    "enterprises:withdraw_invitation": {},
    "enterprises:finish_contact": {"note": "well"},
    "enterprises:cancel_contact": {"note": "ill"},
    "enterprises:split": {"reason": "two after all"},
    "orgs:new_department": {
        "signing": "head",
        "name": "示例局",
        "name_en": "Example",
        "tier": "county",
        "local_code": "new-1",
    },
    "orgs:department": {"signing": "head", "name": "示例局", "name_en": "Example", "active": "on"},
    "orgs:new_staff": {"username": "newcomer", "name": "示例新人", "password": PASSWORD},
    "orgs:add_post": lambda world, _: {"department": world.units["bureau_a"].pk, "role": "section_head"},
    "orgs:set_password": {"password": NEW_PASSWORD},
    "orgs:reset_second_factor": {},
    "orgs:leave": lambda world, _: {"successor": world.users["handler:same"].pk},
    "orgs:delegate": lambda world, _: {
        "stand_in": world.users["handler:same"].pk,
        "since": "2026-06-08T09:00",
        "until": "2026-06-12T18:00",
        "reason": "leave",
    },
    "orgs:end_post": lambda world, _: {"successor": world.users["handler:same"].pk},
    "orgs:end_delegation": {},
    "orgs:new_duty": lambda world, _: {
        "department": world.units["bureau_a"].pk,
        "user": world.users["handler:own"].pk,
        "since": f"{NOW + timedelta(days=3):%Y-%m-%dT%H:%M}",
        "until": f"{NOW + timedelta(days=4):%Y-%m-%dT%H:%M}",
    },
    "orgs:remove_duty": {},
    "orgs:new_day": {"date": "2026-08-06", "kind": "local_off", "name_zh": "示例日", "source": "No 2"},
    "orgs:load_year": _year,
    "orgs:remove_day": {},
}


KEYED = (
    "commons:",
    "drafts:",
    "cases:",
    "orgs:",
    "feedback:",
    "enterprises:",
    "replies:",
    "reports:",
    "supervision:",
    "insight:",
)
# Buttons without a form, and what makes a new row of the one it is asked of.
KEYLESS = frozenset({"enterprises:privacy", "insight:solved"})
VERSIONLESS = frozenset({"insight:make", "insight:solved"})
# What is written down beside a case and competes with no step of it: the form carries no version. What a case is about
# carries the category that was seen (tests/cases/test_categorise.py).
BESIDE = frozenset(
    {
        "feedback:thank",
        "feedback:visit",
        "feedback:exclude",
        "feedback:expect",
        "cases:categorise",
        "cases:sound",
        "insight:use",
    }
)


def valid(world: Any, row: Any, *, key: str = "a-key-of-its-own") -> dict[str, Any]:
    """The input of a row's POST, with a one-time key and the version that the page carries."""
    given = INPUTS.get(row.name, {})
    sent = dict(given(world, row) if callable(given) else given)
    if row.name.startswith(KEYED) and row.name not in KEYLESS:
        sent["key"] = key
    if row.subject.startswith("case:") and row.name not in BESIDE:
        sent["version"] = world.cases[row.subject.removeprefix("case:")].version
    if row.name not in VERSIONLESS and row.subject.startswith(
        (
            "row:precedent:",
            "row:canned",
            "row:part:",
            "row:task:",
            "row:spoken",
            "row:referral",
            "row:effect",
            "row:draft",
            "row:stray",
        )
    ):
        sent["version"] = world.rows[row.subject.removeprefix("row:")].version
    return sent
