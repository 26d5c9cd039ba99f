"""What somebody sends who does everything right; a new form without an entry here fails the access test."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from tests.access.world import PASSWORD, SECRET
from zhitong.core import clock, data
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


def _code(_world: Any, _row: Any) -> dict[str, Any]:
    return {"code": second_factor.code_at(SECRET, second_factor.step_at(clock.now()))}


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
    "workbench:notices": {},
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
    "cases:close": {"outcome": "solved", "message": "visited"},
    "cases:assign": lambda world, _: {"person": world.users["handler:same"].pk},
    "cases:start": {},
    "cases:note": {"text": "called the firm", "visibility": "internal"},
    "cases:answer": {"text": "it is mended", "outcome": "solved"},
    "cases:approve": {},
    "cases:reject": {"reason": "say when"},
    "feedback:rate": {"stars": "4", "comment": "thank you"},
    "orgs:new_department": {"name": "示例局", "name_en": "Example", "tier": "county", "local_code": "new-1"},
    "orgs:department": {"name": "示例局", "name_en": "Example", "active": "on"},
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
    "orgs:new_day": {"date": "2026-08-06", "kind": "local_off", "name_zh": "示例日", "source": "No 2"},
    "orgs:load_year": _year,
    "orgs:remove_day": {},
}


def valid(world: Any, row: Any, *, key: str = "a-key-of-its-own") -> dict[str, Any]:
    """The input of a row's POST, with a one-time key and the version that the page carries."""
    given = INPUTS.get(row.name, {})
    sent = dict(given(world, row) if callable(given) else given)
    if row.name.startswith(("cases:", "orgs:", "feedback:")):
        sent["key"] = key
    if row.subject.startswith("case:"):
        sent["version"] = world.cases[row.subject.removeprefix("case:")].version
    return sent
