"""The unified social credit code of an organisation (GB 32100-2015)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I O S V Z: too like 1 0 5 U 2
LENGTH = 18
WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH - 1))
# What people write for what was printed.
LOOKALIKES = {"I": "1", "O": "0", "S": "5", "V": "U", "Z": "2"}
# What copying from documents and spreadsheets adds.
DROPPED = dict.fromkeys(map(ord, " \t\r\n\u3000\u00a0\u200b\ufeff-_.'"))
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
REGION = slice(2, 8)


class Fault(StrEnum):
    """What can be wrong with a code."""

    LENGTH = "length"
    SIGN = "sign"
    REGION = "region"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a text is no code: the fault, the place of the sign (from 1, or 0 for the whole), the sign, a hint.

    The hint of SIGN is the sign that was probably meant, of LENGTH the number of signs found, of CHECK the
    code with two neighbours exchanged, if exactly one exchange makes it right.
    """

    fault: Fault
    place: int = 0
    found: str = ""
    hint: str = ""


def normalise(text: str) -> str:
    """Return a text as codes are kept: upper case, half width, without blanks and dashes."""
    return text.translate(FULL_WIDTH).translate(DROPPED).upper()


def check_sign(first: str) -> str:
    """Return the last sign that belongs to the first 17; ValueError where they are not 17 of the alphabet."""
    total = sum(ALPHABET.index(sign) * weight for sign, weight in zip(first, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def problem(text: str) -> Problem | None:
    """Return the first thing that is wrong with a code in any writing, or None."""
    code = normalise(text)
    for place, sign in enumerate(code, 1):
        if sign not in ALPHABET:
            return Problem(Fault.SIGN, place, sign, LOOKALIKES.get(sign, ""))
    if len(code) != LENGTH:
        return Problem(Fault.LENGTH, hint=str(len(code)))
    for place, sign in enumerate(code[REGION], REGION.start + 1):
        if not sign.isdigit():
            return Problem(Fault.REGION, place, sign)
    if check_sign(code[:-1]) != code[-1]:
        return Problem(Fault.CHECK, LENGTH, code[-1], _exchanged(code))
    return None


def _exchanged(code: str) -> str:
    """The one right code with two neighbours exchanged; empty if there is none or more than one."""
    turns = (code[:at] + code[at + 1] + code[at] + code[at + 2 :] for at in range(LENGTH - 1))
    found = {turn for turn in turns if turn[REGION].isdigit() and check_sign(turn[:-1]) == turn[-1]}
    return found.pop() if len(found) == 1 else ""


def is_valid(text: str) -> bool:
    """Whether a text is a code in any writing."""
    return problem(text) is None


def region_of(code: str) -> str:
    """Return the six digits of the region in which the organisation was registered (GB/T 2260)."""
    return normalise(code)[REGION]
