"""Personal data at rest: sealed by an adapter (SM4-GCM by default), found again by a keyed digest.

A sealed text names the adapter and the key it was made with, so that both can change while old rows still
open. SM4 is GB/T 32907-2016, its GCM mode RFC 8998; the digest is HMAC over SM3 (GB/T 32905-2016).
"""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cache
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings
from django.utils.module_loading import import_string

from zhitong.core.crypto import hmac_sm3

VERSION = "v1"
NONCE = 12
TAG = 16
KEY = 16
INDEX = 32  # hexadecimal digits: 128 bits


class SealBrokenError(ValueError):
    """A sealed text does not open: another key, another place, or it was changed."""


class Sealer(Protocol):
    """Encrypts and authenticates with keys that it is given; a certified module can take its place."""

    name: str

    def seal(self, key: bytes, plain: bytes, place: bytes) -> bytes:
        """Return the sealed bytes, bound to `place`."""

    def open(self, key: bytes, sealed: bytes, place: bytes) -> bytes:
        """Return the plain bytes; SealBrokenError where key, bytes or place do not fit."""


class Sm4Gcm:
    """SM4 in GCM mode with a random nonce of 96 bits."""

    name = "sm4gcm"

    def seal(self, key: bytes, plain: bytes, place: bytes) -> bytes:
        """Return nonce, ciphertext and tag."""
        nonce = os.urandom(NONCE)
        encryptor = Cipher(algorithms.SM4(key[:KEY]), modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(place)
        box = encryptor.update(plain) + encryptor.finalize()
        return nonce + box + encryptor.tag

    def open(self, key: bytes, sealed: bytes, place: bytes) -> bytes:
        """Return the plain bytes of nonce, ciphertext and tag."""
        if len(sealed) < NONCE + TAG:
            raise SealBrokenError("A sealed text is too short.")
        nonce, box, tag = sealed[:NONCE], sealed[NONCE:-TAG], sealed[-TAG:]
        decryptor = Cipher(algorithms.SM4(key[:KEY]), modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(place)
        try:
            return decryptor.update(box) + decryptor.finalize()
        except InvalidTag as error:
            raise SealBrokenError("A sealed text does not open with this key.") from error


@cache
def _sealer(path: str) -> Sealer:
    sealer: Sealer = import_string(path)()
    return sealer


def _key(secret: bytes, purpose: str) -> bytes:
    return hmac_sm3(secret, f"zhitong {purpose}".encode())


def _mark(secret: bytes) -> str:
    """Name a key without telling anything of it."""
    return _key(secret, "name of the key").hex()[:6]


def seal(text: str, *, place: str) -> str:
    """Return a text sealed for one column (`place`), as version, adapter, key and box."""
    sealer, secret = _sealer(settings.CIPHER_ADAPTER), settings.DATA_KEYS[0]
    box = sealer.seal(_key(secret, "sealing"), text.encode(), place.encode())
    return "$".join([VERSION, sealer.name, _mark(secret), urlsafe_b64encode(box).decode()])


def unseal(sealed: str, *, place: str) -> str:
    """Return the text again; SealBrokenError where no present or former key opens it here."""
    try:
        version, name, mark, box = sealed.split("$")
        content = urlsafe_b64decode(box)
    except ValueError as error:
        raise SealBrokenError("A sealed text has an unknown form.") from error
    sealer = _sealer(settings.CIPHER_ADAPTER)
    if (version, name) != (VERSION, sealer.name):
        raise SealBrokenError("A sealed text was made by another adapter.")
    for secret in settings.DATA_KEYS:
        if _mark(secret) == mark:
            return sealer.open(_key(secret, "sealing"), content, place.encode()).decode()
    raise SealBrokenError("A sealed text was made with a key that this installation does not have.")


def blind_index(text: str, *, place: str) -> str:
    """Return the keyed digest under which a sealed text is found again; equal texts of a place are equal."""
    return hmac_sm3(_key(settings.DATA_KEYS[-1], f"index of {place}"), text.encode()).hex()[:INDEX]
