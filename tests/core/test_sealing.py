"""Sealed texts: they open with the right key, in the right place, unchanged; and with nothing else."""

from __future__ import annotations

import pytest

from zhitong.core import phones, sealing

KEY, OTHER = b"k" * 40, b"o" * 40


@pytest.fixture(autouse=True)
def one_key(settings) -> None:
    settings.DATA_KEYS = [KEY]


def test_the_cipher_is_sm4_gcm_as_in_rfc_8998(monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 8998 A.1: nonce, key, additional data, and what has to come out."""
    nonce = bytes.fromhex("00001234567800000000ABCD")
    key = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    place = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    plain = bytes.fromhex("AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD"
                          "EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA")  # fmt: skip
    box = bytes.fromhex("17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
                        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D")  # fmt: skip
    tag = bytes.fromhex("83DE3541E4C2B58177E065A9BF7B62EC")
    monkeypatch.setattr(sealing.os, "urandom", lambda _: nonce)
    sealed = sealing.Sm4Gcm().seal(key, plain, place)
    assert sealed == nonce + box + tag
    assert sealing.Sm4Gcm().open(key, sealed, place) == plain


def test_a_text_opens_in_its_place_only(settings) -> None:
    sealed = sealing.seal("13911112222", place="phone")
    assert sealing.unseal(sealed, place="phone") == "13911112222"
    assert sealed != sealing.seal("13911112222", place="phone")
    assert "139" not in sealed.split("$")[-1]
    changed = sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:]
    for text, place in ((sealed, "name"), (changed, "phone"), ("", "phone"), ("v1$x$y$z", "phone")):
        with pytest.raises(sealing.SealBrokenError):
            sealing.unseal(text, place=place)
    settings.DATA_KEYS = [OTHER]
    with pytest.raises(sealing.SealBrokenError):
        sealing.unseal(sealed, place="phone")


def test_a_new_key_seals_and_old_texts_still_open_and_are_found(settings) -> None:
    old, index = sealing.seal("1", place="p"), sealing.blind_index("1", place="p")
    settings.DATA_KEYS = [OTHER, KEY]
    new = sealing.seal("1", place="p")
    assert [sealing.unseal(text, place="p") for text in (old, new)] == ["1", "1"]
    assert old.split("$")[2] != new.split("$")[2]
    assert sealing.blind_index("1", place="p") == index != sealing.blind_index("1", place="q")


@pytest.mark.parametrize(
    ("typed", "digits", "mask"),
    [
        ("+86 138-0013-8000", "13800138000", "138****8000"),
        ("0086 13800138000", "13800138000", "138****8000"),
        ("0591-8777 6666", "059187776666", "059****6666"),
        ("8777666", "8777666", "****66"),
        ("+4930123456", "4930123456", "493****3456"),
        ("１３８００１３８０００", "13800138000", "138****8000"),
        ("＋８６（138）0013－8000", "13800138000", "138****8000"),
        ("+86–138—0013‑8000", "13800138000", "138****8000"),
        ("138\u200b00138000\u202c", "13800138000", "138****8000"),
    ],
)
def test_numbers_have_one_form_and_a_mask(typed: str, digits: str, mask: str) -> None:
    assert (phones.digits(typed), phones.mask(phones.digits(typed))) == (digits, mask)


@pytest.mark.parametrize(
    "typed", ["13800138000", "+86 138 0013 8000", "１３８００１３８０００", "８６13800138000"]
)
def test_a_number_one_signs_in_with_has_one_form(typed: str) -> None:
    assert phones.account_number(typed) == "13800138000"


@pytest.mark.parametrize("typed", ["", "138001380", "23800138000", "1380013800०", "059187776666"])
def test_what_one_cannot_sign_in_with_is_none(typed: str) -> None:
    assert phones.account_number(typed) == ""


@pytest.mark.parametrize("at", range(0, 44, 5))
def test_no_part_of_a_sealed_text_can_be_changed(at: int) -> None:
    box = sealing.Sm4Gcm().seal(KEY, b"13911112222 abcd", b"phone")
    assert len(box) == 12 + 16 + 16
    broken = box[:at] + bytes([box[at] ^ 1]) + box[at + 1 :]
    for wrong in (broken, box[:-1], box[:27], b""):
        with pytest.raises(sealing.SealBrokenError):
            sealing.Sm4Gcm().open(KEY, wrong, b"phone")


def test_another_adapter_is_named_in_the_text_and_not_opened_by_this_one() -> None:
    version, name, mark, box = sealing.seal("1", place="p").split("$")
    assert (version, name) == ("v1", "sm4gcm")
    for other in (f"v2${name}${mark}${box}", f"v1$hsm${mark}${box}", f"v1${name}$000000${box}"):
        with pytest.raises(sealing.SealBrokenError):
            sealing.unseal(other, place="p")
