"""Secrets of second factors are stored sealed: who reads the database alone cannot make codes from it."""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from zhitong.core.crypto import hmac_sm3

VERSION = "v1."
NONCE = 12
PURPOSE = b"zhitong second factor secrets"


class SealBrokenError(ValueError):
    """A stored secret does not open with the present key."""


def seal(text: str) -> str:
    """Return the text encrypted with AES-256-GCM under a key derived from SECRET_KEY."""
    nonce = os.urandom(NONCE)
    box = AESGCM(_key(settings.SECRET_KEY)).encrypt(nonce, text.encode(), PURPOSE)
    return VERSION + urlsafe_b64encode(nonce + box).decode()


def unseal(sealed: str) -> str:
    """Return the text again; SealBrokenError if no present or former SECRET_KEY opens it."""
    if not sealed.startswith(VERSION):
        raise SealBrokenError("A stored second-factor secret has an unknown form.")
    box = urlsafe_b64decode(sealed.removeprefix(VERSION))
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return AESGCM(_key(key)).decrypt(box[:NONCE], box[NONCE:], PURPOSE).decode()
        except (InvalidTag, ValueError):
            continue
    raise SealBrokenError("A stored second-factor secret does not open: was ZHITONG_SECRET_KEY changed?")


def _key(secret: str) -> bytes:
    return hmac_sm3(secret.encode(), PURPOSE)
