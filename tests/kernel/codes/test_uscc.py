"""Organisation codes: real ones pass, every slip of one sign is found (GB 32100-2015)."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhitong.kernel.codes import Fault, check_sign, is_valid, normalise, problem, region_of
from zhitong.kernel.codes.uscc import ALPHABET, LOOKALIKES

# Of companies listed on an exchange; public.
PUBLIC = [
    "91330100799655058B",
    "914403001922038216",
    "91350000154586155B",
    "91110000802100433B",
    "9144030071526726XG",
]
MADE = [
    "91350102MA0TEXT12D",
    "91350105MA0DEM021P",
    "91350111MA0DEM03X5",
    "91350112MA0DEM048K",
    "91350121MA0DEM056F",
    "91350181MA0DEM0647",
]
SIGNS = st.sampled_from(ALPHABET)
CODES = st.builds(
    lambda kind, region, rest: (first := kind + region + rest) + check_sign(first),
    st.text(SIGNS, min_size=2, max_size=2),
    st.text(st.sampled_from("0123456789"), min_size=6, max_size=6),
    st.text(SIGNS, min_size=9, max_size=9),
)


@pytest.mark.parametrize("code", PUBLIC + MADE)
def test_right_codes_are_right(code: str) -> None:
    assert problem(code) is None
    assert region_of(code) == code[2:8]


@given(CODES, st.integers(0, 17), SIGNS)
def test_every_wrong_sign_is_found(code: str, place: int, sign: str) -> None:
    assert is_valid(code)
    changed = code[:place] + sign + code[place + 1 :]
    assert is_valid(changed) == (changed == code)


@pytest.mark.parametrize("code", PUBLIC + MADE)
def test_every_wrong_sign_of_these_codes_is_found(code: str) -> None:
    for place, right in enumerate(code):
        wrong = [code[:place] + sign + code[place + 1 :] for sign in ALPHABET if sign != right]
        assert not [text for text in wrong if is_valid(text)]


@given(CODES, st.integers(0, 16))
def test_two_neighbours_exchanged_are_found(code: str, place: int) -> None:
    turned = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if turned == code:
        return
    found = problem(turned)
    assert found is not None
    if found.fault is Fault.CHECK and found.hint:
        assert is_valid(found.hint)


def test_an_exchange_is_hinted_at_when_it_is_the_only_one() -> None:
    assert problem("91350102MA0TXET12D").hint == "91350102MA0TEXT12D"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("91350102ma0text12d", "91350102MA0TEXT12D"),
        (" 9135 0102 MA0T EXT1 2D\n", "91350102MA0TEXT12D"),
        ("９１３５０１０２ＭＡ０ＴＥＸＴ１２Ｄ", "91350102MA0TEXT12D"),
        ("'91350102MA0TEXT12D", "91350102MA0TEXT12D"),
        ("91350102-MA0TEXT12D\u200b", "91350102MA0TEXT12D"),
    ],
)
def test_any_writing_is_read(text: str, kept: str) -> None:
    assert normalise(text) == kept
    assert is_valid(text)


@pytest.mark.parametrize(
    ("text", "fault", "place", "hint"),
    [
        ("", Fault.LENGTH, 0, "0"),
        ("91350102MA0TEXT12", Fault.LENGTH, 0, "17"),
        ("91350102MA0TEXT12DD", Fault.LENGTH, 0, "19"),
        ("9135O102MA0TEXT12D", Fault.SIGN, 5, "0"),
        ("91350102MA0TEXTI2D", Fault.SIGN, 16, "1"),
        ("91350102MA0TEXT12示", Fault.SIGN, 18, ""),
        ("9135A102MA0TEXT12D", Fault.REGION, 5, ""),
        ("91350102MA0TEXT12E", Fault.CHECK, 18, ""),
    ],
)
def test_what_is_wrong_is_said_with_place_and_hint(text: str, fault: Fault, place: int, hint: str) -> None:
    found = problem(text)
    assert (found.fault, found.place, found.hint) == (fault, place, hint)


def test_no_lookalike_is_a_sign() -> None:
    assert not set(LOOKALIKES) & set(ALPHABET)
    assert set(LOOKALIKES.values()) <= set(ALPHABET)
    assert len(ALPHABET) == 31


@given(st.text(max_size=40))
def test_any_text_is_answered(text: str) -> None:
    found = problem(text)
    assert (found is None) == is_valid(text)
    assert normalise(normalise(text)) == normalise(text)


def test_the_kernel_has_its_own_entry() -> None:
    command = [sys.executable, "-m", "zhitong.kernel.codes", MADE[0], "9135O102MA0TEXT12D"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines() == [
        "91350102MA0TEXT12D is right",
        "9135O102MA0TEXT12D: sign at place 5 O (0?)",
    ]
