"""Signatures of what goes to a gateway and of what it reports: HMAC-SHA256 over time and content."""

from __future__ import annotations

import hashlib
import hmac

TIME, SIGNATURE = "X-Zhitong-Time", "X-Zhitong-Signature"
WINDOW = 300  # seconds by which a report's time may differ from ours


def sign(secret: str, name: str, moment: str, body: bytes) -> str:
    """Return the signature of a content sent under a name at a moment."""
    content = f"{name}\n{moment}\n".encode() + body
    return hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()


def valid(secret: str, name: str, moment: str, body: bytes, given: str) -> bool:
    """Whether a signature is the right one; compared without telling how near it came."""
    return hmac.compare_digest(sign(secret, name, moment, body).encode(), given.encode())
