"""Where requests may go: the host is resolved once, judged, and that very address is connected to.

A name that resolves to an inner address (of this machine, of the cloud's metadata) would otherwise lend our
place in the network to whoever may name a host.
"""

import ipaddress
import socket
from collections.abc import Sequence
from urllib.parse import urlsplit

from visibility.core.errors import InputError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def check_address(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of an address. InputError for what is none, or holds a name and password."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise InputError("bad_setting", f"The address cannot be read: {error}.", "url") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError("bad_setting", "The address begins with https:// or http:// and a host.", "url")
    if parts.username or parts.password or parts.fragment or parts.query:
        raise InputError("bad_setting", "The address holds no name, password, query or fragment.", "url")
    return parts.scheme, parts.hostname, port or (443 if parts.scheme == "https" else 80)


def find_address(*, host: str, port: int, private: bool, allowed: Sequence[str]) -> Address:
    """The address to connect to. InputError where it must not be; OSError where the name is not known.

    `private`: an address inside may be meant. `allowed`: the only hosts there are, where any are named. All
    addresses of a host are judged: with one inside among them, none is taken.
    """
    if allowed and host.lower() not in {each.lower() for each in allowed}:
        raise InputError("not_allowed", f"{host} is not among the hosts that commands may be sent to.", "url")
    found = [_address(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for address in found:
        if not _is_allowed(address, private):
            raise InputError(
                "not_allowed",
                f"{host} is an address inside; the connection's settings do not allow that.",
                "url",
            )
    return found[0]


_CARRIES_V4 = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "::/96")))
"""IPv6 addresses that gateways turn into the IPv4 address they carry: NAT64, 6to4, and of long ago."""


def _address(text: object) -> Address:
    address = ipaddress.ip_address(str(text).partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address


def _is_allowed(address: Address, private: bool) -> bool:
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        return False  # the cloud's metadata is link-local: nobody means that
    if address.is_loopback:
        return private
    # What is carried inside may be any address of ours.
    if isinstance(address, ipaddress.IPv6Address) and (
        address.is_site_local or any(address in network for network in _CARRIES_V4)
    ):
        return False
    return address.is_global or (private and (address.is_private or address.is_loopback))
