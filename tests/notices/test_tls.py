"""A gateway whose certificate nobody vouches for is not spoken to."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.support import gateway as gateways
from zhitong.core import clock
from zhitong.core.messaging import UnreachableError
from zhitong.notices.adapters import http


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for this machine that signed itself, with its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), clock.now()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gateway")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "gateway.pem"
    file.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return file


@pytest.fixture
def secure(certificate: Path) -> Iterator[gateways.Gateway]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with gateways.gateway(context) as found:
        yield found


def test_a_certificate_that_signed_itself_is_refused(secure) -> None:
    with pytest.raises(UnreachableError) as caught:
        http.post(f"{secure.url}/sms", b'{"id": "1"}')
    assert caught.value.code == "SSLCertVerificationError"
    assert secure.asked == []


def test_one_that_this_machine_trusts_is_taken(secure, certificate, monkeypatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    http._opener.cache_clear()
    try:
        assert http.post(f"{secure.url}/sms", b'{"id": "1"}').body["status"] == "accepted"
    finally:
        http._opener.cache_clear()
