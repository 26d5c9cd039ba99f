"""What sign-in changes or sends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext

from zhitong.core import permissions
from zhitong.core.service import Work, service

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.orgs.models import User

SHOWN_DIGITS = 4


@service("signin.send_code")
def send_code(work: Work, *, by: Actor, now: datetime, user: User, phone: str, code: str) -> None:
    """Leave a sign-in code for the worker to send as a text message in the reader's language."""
    del by, now
    text = gettext(
        "%(code)s is your sign-in code for Zhitong. It is valid for 5 minutes. Do not give it to anybody."
    ) % {"code": code}
    work.emit("signin.code", phone=phone, text=text)
    work.record(user, phone_ends_with=phone[-SHOWN_DIGITS:])


@service("signin.reset_second_factor")
def reset_second_factor(work: Work, *, by: Actor, now: datetime, user: User) -> None:
    """Remove the second factor of somebody who lost it: sessions end, the next sign-in sets up a new one."""
    del now
    permissions.require(by, "orgs.edit_staff")
    removed, _ = Authenticator.objects.filter(user=user).delete()
    work.record(user, removed=removed)
