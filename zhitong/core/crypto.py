"""National hash functions behind one small adapter, so that a certified module can take their place.

SM3 is GB/T 32905-2016; the keyed form is HMAC (RFC 2104) over it.
"""

from __future__ import annotations

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC


def sm3(data: bytes) -> bytes:
    """Return the 32-byte SM3 digest of `data`."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


def hmac_sm3(key: bytes, data: bytes) -> bytes:
    """Return the 32-byte keyed SM3 digest of `data`."""
    mac = HMAC(key, hashes.SM3())
    mac.update(data)
    return mac.finalize()
