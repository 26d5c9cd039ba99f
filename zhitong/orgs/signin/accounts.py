"""Finding the account that a person means by what they typed."""

from __future__ import annotations

import re

from zhitong.orgs.models import User

MOBILE = re.compile(r"1[3-9]\d{9}")
ABROAD = re.compile(r"\+[1-9]\d{6,14}")
PREFIXES = ("+86", "0086", "86")


def plain_phone(typed: str) -> str:
    """Return a phone number in its one form (mainland numbers without prefix), or "" if it is none."""
    number = re.sub(r"[\s().-]", "", typed)
    for prefix in PREFIXES:
        if number.startswith(prefix) and MOBILE.fullmatch(number.removeprefix(prefix)):
            return number.removeprefix(prefix)
    return number if MOBILE.fullmatch(number) or ABROAD.fullmatch(number) else ""


def by_phone(typed: str) -> User | None:
    """Return the account with this phone number, however it was written."""
    number = plain_phone(typed)
    if not number:
        return None
    return User.objects.filter(phone__in=[number, *(prefix + number for prefix in PREFIXES)]).first()


def by_name(typed: str) -> User | None:
    """Return the account with this sign-in name in any case; none if several differ by case only."""
    found = list(User.objects.filter(username__iexact=typed.strip())[:2])
    return found[0] if len(found) == 1 else None


def find(typed: str) -> User | None:
    """Return the account meant by a name or a phone number."""
    return by_name(typed) or by_phone(typed)
