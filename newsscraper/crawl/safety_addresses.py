"""Which addresses a crawl may connect to: public ones, and where it was told to begin.

A page or a name server must not lead it into the network that it runs in.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable, Sequence

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_IPV4_COMPATIBLE = ipaddress.IPv6Network("::/96")
_NUMBERS = re.compile(r"(0x[0-9a-f]*|\d+)(\.(0x[0-9a-f]*|\d+)){0,3}\.?", re.IGNORECASE)


class Reach:
    """What one crawl may connect to. `own`: the hosts that it was told to begin at, wherever they are."""

    def __init__(self, own: Iterable[str]) -> None:
        self._own = frozenset(fix_host(host) for host in own)
        self._public: set[str] = set()
        self.refused: dict[str, str] = {}
        """Host -> the address that it was refused for, last."""

    def choose(self, host: str, addresses: Sequence[str]) -> list[str]:
        """Those of `addresses`, an answer for `host`, that may be asked.

        One of our own hosts that was public once stays so: its name server may not lead elsewhere later.
        """
        host = fix_host(host)
        public = [address for address in addresses if is_public(address)]
        if public:
            self._public.add(host)
        elif host in self._own and host not in self._public:
            return list(addresses)
        elif addresses:
            self.refused[host] = addresses[0]
        return public

    def admits_literal(self, host: str) -> bool:
        """False where `host` is itself an address that may not be asked, or a name of this machine."""
        host = fix_host(host)
        if host in self._own:
            return True
        address = read_literal(host)
        return not is_loopback_name(host) if address is None else is_public(str(address))


def is_public(address: str) -> bool:
    """True for an address of the public Internet: not private, loopback, link-local, multicast or reserved."""
    try:
        read = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(_is_global(each) for each in (read, *_embedded(read)))


def read_literal(host: str) -> _Address | None:
    """The address that `host` is in whatever spelling: `10.0.0.1`, `0x7f.1`, `2130706433`, `[::1]`; None for a name."""
    bare = host.strip("[]").partition("%")[0]
    try:
        return ipaddress.ip_address(bare)
    except ValueError:
        pass
    if not _NUMBERS.fullmatch(bare):
        return None
    try:
        # As the system's own resolver reads it.
        return ipaddress.IPv4Address(socket.inet_aton(bare.rstrip(".")))
    except OSError:
        return None


def is_loopback_name(host: str) -> bool:
    """`localhost`, and what lies below it (RFC 6761)."""
    return host == "localhost" or host.endswith(".localhost")


def fix_host(host: str) -> str:
    """A host name as names are compared: lower case, without brackets and the root's dot."""
    return host.lower().strip("[]").removesuffix(".")


def _is_global(address: _Address) -> bool:
    is_old_site_local = isinstance(address, ipaddress.IPv6Address) and address.is_site_local
    return address.is_global and not address.is_multicast and not is_old_site_local


def _embedded(address: _Address) -> list[ipaddress.IPv4Address]:
    """The IPv4 addresses that an IPv6 one leads to."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64 or address in _IPV4_COMPATIBLE:
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [each for each in found if each is not None]
