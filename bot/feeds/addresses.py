"""Which network addresses may be reached: the public internet, and what the admin allows beyond it.

`ipaddress.is_global` alone lets several forms pass that lead inwards (measured; see docs/decisions/0022).
"""

import errno
import socket
from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from bot.errors import FetchForbidden

Network = IPv4Network | IPv6Network
AddressInfo = tuple[int, int, int, str, tuple[object, ...]]
DEFAULT_PORTS = frozenset({80, 443, 8080, 8443})

_NEVER = tuple(
    ip_network(block)
    for block in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "::/8", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    )
)  # fmt: skip

_LOCAL_DOMAINS = frozenset({"localhost", "local", "internal", "lan", "home", "corp", "intranet", "arpa"})


class ForbiddenAddressError(OSError):
    """A connection was about to go where it may not."""

    def __init__(self) -> None:
        super().__init__(errno.EACCES, "the address is not on the public internet")


def is_allowed(address: IPv4Address | IPv6Address, allowed: Iterable[Network] = ()) -> bool:
    """Whether a connection to this address may be made."""
    if isinstance(address, IPv6Address) and address.scope_id:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    target = mapped or address
    if any(target in network for network in allowed if network.version == target.version):
        return True
    if mapped:  # no name leads to one: whoever writes it wants to pass a guard
        return False
    return target.is_global and not any(target in network for network in _NEVER if network.version == target.version)


def guarded_sockets(allowed: Sequence[Network]) -> Callable[[AddressInfo], socket.socket]:
    """A socket factory that sees the address really connected to, so that no name can be rebound in between."""

    def make(info: AddressInfo) -> socket.socket:
        family, kind, protocol, _, target = info
        if not is_allowed(ip_address(str(target[0])), allowed):
            raise ForbiddenAddressError
        made = socket.socket(family, kind, protocol)
        made.setblocking(False)
        return made

    return make


def check_url(url: str, ports: frozenset[int]) -> str:
    """The host of a URL that may be fetched, in lower case.

    Raises:
        FetchForbidden: not http(s), with credentials, without a host, or a port that is not open to us.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise FetchForbidden("the address cannot be read") from error
    if parts.scheme not in {"http", "https"}:
        raise FetchForbidden(
            f"only http and https addresses are fetched, not {parts.scheme or 'one without a scheme'!r}"
        )
    if not host:
        raise FetchForbidden("the address names no host")
    if parts.username is not None or parts.password is not None:
        raise FetchForbidden("an address with a user name or password is not fetched")
    if port is not None and port not in ports:
        raise FetchForbidden(f"port {port} is not fetched from; it is if it stands in FEEDS")
    return host.rstrip(".")


def check_proxied(host: str, allowed: Sequence[Network]) -> None:
    """Refuse what leads inwards by its name or number alone: a proxy looks the name up, and connects for us.

    Raises:
        FetchForbidden: an address that is not public, in any notation, or a name of the inside; the latter only while
            no private network is allowed.
    """
    address = _literal(host)
    is_inside = not is_allowed(address, allowed) if address else not allowed and _is_local_name(host)
    if is_inside:
        raise FetchForbidden(f"{host} is not on the public internet (see ALLOWED_NETWORKS)")


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    """The address that a host is in digits, short, octal and hexadecimal ones included; None for a name."""
    try:
        return ip_address(socket.inet_aton(host))
    except OSError:
        pass
    try:
        return ip_address(host)
    except ValueError:
        return None


def _is_local_name(host: str) -> bool:
    return "." not in host or host.rpartition(".")[2] in _LOCAL_DOMAINS


def ports_of(urls: Iterable[str]) -> frozenset[int]:
    """The ports that an admin wrote in the addresses of feeds."""
    found = set()
    for url in urls:
        try:
            port = urlsplit(url).port
        except ValueError:
            continue
        if port is not None:
            found.add(port)
    return frozenset(found)
