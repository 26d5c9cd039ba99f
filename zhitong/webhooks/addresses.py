"""Where a message may go: an address is taken apart, its name resolved, and every place behind it checked."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_noop

from zhitong.core.errors import FieldError

if TYPE_CHECKING:
    from collections.abc import Callable

    Place = ipaddress.IPv4Address | ipaddress.IPv6Address

LONGEST = 500
NAT64 = ipaddress.ip_network("64:ff9b::/96")
LAST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart."""

    host: str
    port: int
    path: str
    secure: bool

    @property
    def name(self) -> str:
        """Host and port as the Host header names them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"


class ForbiddenPlaceError(ValueError):
    """An address behind which something lies that may not be reached."""


def parse(address: str) -> Target:
    """Return an address taken apart; FieldError for one that nothing may be sent to."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port
    except (ValueError, UnicodeError):
        raise _wrong() from None
    plain = address.isascii() and address.isprintable() and " " not in address and len(address) <= LONGEST
    if not plain or not host or parts.username is not None or parts.password is not None or parts.fragment:
        raise _wrong()
    secure = parts.scheme == "https"
    if not secure and not (parts.scheme == "http" and settings.WEBHOOK_LOOPBACK):
        raise FieldError("address", gettext_noop("The address has to begin with https://."))
    port = port if port is not None else (443 if secure else 80)
    if not 0 < port <= LAST_PORT:
        raise _wrong()
    path = parts.path or "/"
    return Target(host, port, f"{path}?{parts.query}" if parts.query else path, secure)


def _wrong() -> FieldError:
    return FieldError(
        "address", gettext_noop("This is no address that can be used: https:// and a host, no name, no mark.")
    )


def resolve(target: Target, look_up: Callable[..., list[tuple]] = socket.getaddrinfo) -> str:
    """Return the place behind a name; ForbiddenPlaceError where one of its places may not be reached.

    All are checked, since the next try may meet another; the connection then goes to the place returned, and
    no name is resolved a second time.
    """
    try:
        rows = look_up(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise OSError("The name is not known.") from error
    places = list(dict.fromkeys(str(row[4][0]).partition("%")[0] for row in rows))
    if not places:
        raise OSError("The name is not known.")
    for place in places:
        if not may_reach(ipaddress.ip_address(place)):
            raise ForbiddenPlaceError(place)
    return places[0]


def check(address: str) -> Target:
    """Take an address apart and look where it leads; FieldError says what is wrong with it."""
    target = parse(address)
    try:
        resolve(target)
    except ForbiddenPlaceError:
        raise FieldError(
            "address", gettext_noop("The address leads into a network that may not be reached from here.")
        ) from None
    except OSError:
        raise FieldError("address", gettext_noop("The name in the address is not known here.")) from None
    return target


def may_reach(place: Place) -> bool:
    """Whether a message may go to a place: public ones, and networks that the settings name."""
    place = _inner(place)
    networks = [ipaddress.ip_network(text, strict=False) for text in settings.WEBHOOK_NETWORKS]
    if any(place in network for network in networks if network.version == place.version):
        return True
    if place.is_loopback:
        return bool(settings.WEBHOOK_LOOPBACK)
    return place.is_global and not (place.is_multicast or place.is_reserved or place.is_unspecified)


def _inner(place: Place) -> Place:
    """Return the IPv4 address that an IPv6 address stands for, if it is such a one."""
    if not isinstance(place, ipaddress.IPv6Address):
        return place
    if place in NAT64:
        return ipaddress.IPv4Address(int(place) & 0xFFFF_FFFF)
    return place.ipv4_mapped or place.sixtofour or (place.teredo[1] if place.teredo else place)
