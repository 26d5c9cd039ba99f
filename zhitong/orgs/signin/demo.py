"""Help for newcomers to the demo: its accounts on the sign-in page, and codes they would need a phone for.

Everything here rests on the list that building the demo city wrote. Switching the demo on over real data
shows nobody's password or code: real people are not in that list.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import get_language

from zhitong.core.actor import Role
from zhitong.orgs.signin import second_factor
from zhitong.orgs.states import ROLE_LABELS

if TYPE_CHECKING:
    from datetime import datetime

    from allauth.mfa.models import Authenticator

    from zhitong.orgs.models import User

FILE = "demo-accounts.json"


def demo_accounts() -> list[dict[str, Any]]:
    """Return the demo's accounts with their roles in the reader's language; nothing outside the demo."""
    if not settings.DEMO:
        return []
    try:
        rows = json.loads((settings.HOME / FILE).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return []
    return [{**row, "role_label": _label(row), "unit": _unit(row)} for row in rows]


def _unit(row: dict[str, Any]) -> str:
    chinese = (get_language() or "zh").startswith("zh")
    return str(row["unit"] if chinese else row.get("unit_en", row["unit"]))


def _label(row: dict[str, Any]) -> str:
    role = row.get("role", "")
    return str(ROLE_LABELS[Role(role)]) if role in set(Role) else str(role)


def demo_account(username: str) -> dict[str, Any] | None:
    """Return one of the demo's accounts."""
    return next((row for row in demo_accounts() if row["username"] == username), None)


def enrol_totp(user: User, secret: str) -> Authenticator:
    """Set up an authenticator app for a demo account, with a base32 secret that everybody may know."""
    return second_factor.enrol(user, secret)


def current_code(user: User, now: datetime) -> str:
    """Return a code that a demo account's app would show and that was not used yet; "" if there is none."""
    account = demo_account(user.username)
    app = second_factor.app_of(user)
    if not account or not account.get("totp_secret") or app is None:
        return ""
    present = second_factor.step_at(now)
    # Somebody may just have used the present code; the next one is accepted too.
    step = max(present, second_factor.last_step(app) + 1)
    return second_factor.code_at(account["totp_secret"], step) if step <= present + 1 else ""
