"""Finding the account that a person means by what they typed."""

from __future__ import annotations

from zhitong.core.phones import PREFIXES, account_number
from zhitong.orgs.models import User


def by_phone(typed: str) -> User | None:
    """Return the account with this phone number, however it was written."""
    number = account_number(typed)
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
