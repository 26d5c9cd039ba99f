"""One try, on a real connection: what counts as told, how long it may take, how little of an answer is read."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import socket
import ssl
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.webhooks.conftest import Listener, status
from zhitong.core.errors import FieldError
from zhitong.webhooks import addresses, states, wire
from zhitong.webhooks.addresses import ForbiddenPlaceError
from zhitong.webhooks.wire import Outcome, post


def rules(monkeypatch: pytest.MonkeyPatch, **given: Any) -> None:
    table = states.table() | given
    monkeypatch.setattr(states, "table", lambda: table)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (status(200), Outcome(200)),
        (status(204), Outcome(204)),
        (status(500), Outcome(500, "status")),
        (status(404), Outcome(404, "status")),
        (status(102), Outcome(102, "status")),
        (b"", Outcome(trouble="answer")),
        (b"hello\r\n", Outcome(trouble="answer")),
        (b"HTTP/1.1 200", Outcome(trouble="answer")),
        (b"HTTP/2 200 OK\r\n", Outcome(trouble="answer")),
        (b"x" * 4096, Outcome(trouble="answer")),
    ],
)
def test_only_a_success_counts_as_told(listener: Listener, answer: bytes, outcome: Outcome) -> None:
    listener.answers = [answer]
    assert post(listener.address, b'{"a":1}', {"Zhitong-Signature": "t=1"}) == outcome
    head, body = listener.heard[0]
    assert (head[""], body) == ("POST /told HTTP/1.1", b'{"a":1}')
    assert (head["Content-Type"], head["Zhitong-Signature"]) == ("application/json", "t=1")


def test_a_redirect_is_not_followed(listener: Listener) -> None:
    other = Listener()
    listener.answers = [status(307, f"Location: {other.address}\r\n")]
    assert post(listener.address, b"{}", {}) == Outcome(307, "status")
    assert other.heard == []
    other.close()


def test_who_says_nothing_is_left_in_time(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    rules(monkeypatch, timeout_seconds=1)
    listener.answers = [lambda _: listener.stop.wait(20)]
    began = time.monotonic()
    assert post(listener.address, b"{}", {}) == Outcome(trouble="timeout")
    listener.stop.set()
    assert time.monotonic() - began < 3


def test_who_drips_is_left_in_time(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each drop comes well within the time, all of them would take a minute."""
    rules(monkeypatch, timeout_seconds=1)
    sent: list[bytes] = []

    def drip(line: socket.socket) -> None:
        for drop in b"HTTP/1.1 200 " + b"x" * 200:
            line.sendall(bytes([drop]))
            sent.append(b".")
            if listener.stop.wait(0.3):
                return

    listener.answers = [drip]
    began = time.monotonic()
    assert post(listener.address, b"{}", {}) == Outcome(trouble="timeout")
    assert time.monotonic() - began < 3
    assert 1 < len(sent) < 10


def test_an_answer_is_read_to_its_first_kilobyte_only(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    plain = wire._beginning

    def counting(line: socket.socket, end: float) -> bytes:
        found = plain(line, end)
        read.append(len(found))
        return found

    monkeypatch.setattr(wire, "_beginning", counting)
    listener.answers = [b"HTTP/1.1 200 OK\r\n" + b"x: " + b"y" * 5_000_000]
    assert post(listener.address, b"{}", {}) == Outcome(200)
    listener.answers = [b"HTTP/1.1 200 " + b"y" * 5_000_000]
    assert post(listener.address, b"{}", {}) == Outcome(trouble="answer")
    assert max(read) <= 1024


def test_nobody_there(listener: Listener) -> None:
    listener.close()
    assert post(listener.address, b"{}", {}) == Outcome(trouble="connection")


def certificate(folder: Path, name: str) -> Path:
    """A certificate for a name, with its key, that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, form, plain)
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


def test_the_certificate_has_to_be_that_of_the_name(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOK_LOOPBACK = True
    pem = certificate(tmp_path, "program.example")
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    listener = Listener(server)
    port = listener.door.getsockname()[1]
    here = look_up("127.0.0.1")
    monkeypatch.setattr(wire, "resolve", lambda target: _resolve(target, here))
    assert post(f"https://program.example:{port}/", b"{}", {}) == Outcome(trouble="certificate")
    trusting = ssl.create_default_context(cafile=str(pem))
    monkeypatch.setattr(wire, "_trust", lambda: trusting)
    assert post(f"https://program.example:{port}/", b"{}", {}) == Outcome(204)
    assert post(f"https://other.example:{port}/", b"{}", {}) == Outcome(trouble="certificate")
    listener.close()


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/", "ftp://example.org/", "example.org", "https://", "https:///x", "//example.org/",
        "https://user@example.org/", "https://user:x@example.org/", "https://example.org/#here",
        "https://example.org:0/", "https://example.org:70000/", "https://example.org:x/", "https://[::1/",
        "https://example.org/ x", "https://example.org/\r\nX: y", "https://" + "a" * 600, "https://exa mple.org/",
        "javascript:alert(1)", "file:///etc/passwd", "https://." , "https://a..b/",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(address: str, settings: Any) -> None:
    assert settings.WEBHOOK_LOOPBACK is False
    with pytest.raises(FieldError):
        addresses.parse(address)


def test_an_address_is_taken_apart() -> None:
    target = addresses.parse("https://Example.org:8443/a/b?c=d")
    assert (target.host, target.port, target.path, target.name) == (
        "example.org", 8443, "/a/b?c=d", "example.org:8443",
    )  # fmt: skip
    assert addresses.parse("https://example.org").name == "example.org"
    assert addresses.parse("https://[2001:4860::1]/").name == "[2001:4860::1]"


INSIDE = [
    "127.0.0.1", "127.9.9.9", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.1", "224.0.0.1",
    "255.255.255.255", "100.64.0.1", "192.0.2.1", "240.0.0.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2001:db8::1",
]  # fmt: skip
OUTSIDE = ["8.8.8.8", "114.114.114.114", "2400:3200::1", "64:ff9b::808:808"]


def test_which_places_may_be_reached(settings: Any) -> None:
    assert [place for place in INSIDE if addresses.may_reach(ipaddress.ip_address(place))] == []
    assert [place for place in OUTSIDE if not addresses.may_reach(ipaddress.ip_address(place))] == []
    settings.WEBHOOK_NETWORKS = ["10.1.0.0/16", "fc00::/7"]
    opened = [place for place in INSIDE if addresses.may_reach(ipaddress.ip_address(place))]
    assert opened == ["10.1.2.3", "fc00::1"]
    settings.WEBHOOK_LOOPBACK = True
    opened = [place for place in INSIDE if addresses.may_reach(ipaddress.ip_address(place))]
    assert opened == ["127.0.0.1", "127.9.9.9", "10.1.2.3", "::1", "fc00::1", "::ffff:127.0.0.1",
                      "64:ff9b::7f00:1", "2002:7f00:1::"]  # fmt: skip


def look_up(*places: str) -> Any:
    return lambda _, port, **__: [(0, 0, 0, "", (place, port)) for place in places]


def test_every_place_behind_a_name_is_checked_and_the_first_is_gone_to() -> None:
    target = addresses.parse("https://example.org/")
    assert addresses.resolve(target, look_up("8.8.8.8", "2400:3200::1")) == "8.8.8.8"
    for places in (("8.8.8.8", "10.0.0.1"), ("10.0.0.1", "8.8.8.8"), ("fe80::1%eth0",)):
        with pytest.raises(ForbiddenPlaceError):
            addresses.resolve(target, look_up(*places))
    with pytest.raises(OSError, match="not known"):
        addresses.resolve(target, look_up())


def test_a_name_that_leads_inside_later_is_not_gone_to(listener: Listener, settings: Any) -> None:
    """What was public when it was entered may point at this machine when something is sent."""
    settings.WEBHOOK_LOOPBACK = False
    assert post(listener.address.replace("http://", "https://"), b"{}", {}) == Outcome(trouble="address")
    assert listener.heard == []


def test_the_connection_goes_to_the_place_that_was_checked(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is resolved once: the second answer of a liar would lead elsewhere."""
    asked: list[str] = []

    def lying(host: str, port: int, **_: Any) -> list[tuple]:
        asked.append(host)
        return look_up("127.0.0.1" if len(asked) == 1 else "127.0.0.99")(host, port)

    monkeypatch.setattr(addresses, "resolve", lambda target: _resolve(target, lying))
    monkeypatch.setattr(wire, "resolve", lambda target: _resolve(target, lying))
    assert post(listener.address.replace("127.0.0.1", "program.example"), b"{}", {}) == Outcome(204)
    assert asked == ["program.example"]
    assert listener.heard[0][0]["Host"].startswith("program.example:")


_resolve = addresses.resolve


def test_the_signature_can_be_checked_as_the_documents_say() -> None:
    header = wire.signature(1_780_000_000, b'{"a":1}', ["one", "two"])
    moment, *marks = header.split(",")
    assert moment == "t=1780000000"
    expected = [
        hmac.new(secret, b'1780000000.{"a":1}', hashlib.sha256).hexdigest() for secret in (b"one", b"two")
    ]
    assert marks == [f"v1={mark}" for mark in expected]
