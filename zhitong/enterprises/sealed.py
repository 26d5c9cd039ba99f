"""Telephone numbers of firms' people as they are kept: sealed, with a mask and a keyed digest beside them."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from zhitong.core.errors import FieldError
from zhitong.core.phones import digits, mask
from zhitong.core.sealing import blind_index, seal

PLACE = "contact person's phone"
SHORTEST, LONGEST = 7, 20  # digits of a number, with area code and extension


def sealed_phone(phone: str) -> dict[str, str]:
    """Return the columns that keep a number; all empty for none. FieldError for what is no number."""
    plain = digits(phone)
    if not phone.strip():
        return {"phone_sealed": "", "phone_index": "", "phone_mask": ""}
    if not SHORTEST <= len(plain) <= LONGEST:
        raise FieldError("phone", gettext_noop("This is no telephone number. Check the digits."))
    return {
        "phone_sealed": seal(plain, place=PLACE),
        "phone_index": blind_index(plain, place=PLACE),
        "phone_mask": mask(plain),
    }
