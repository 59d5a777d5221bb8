"""Hosts that are not asked themselves: another address stands in for them.

Below everything else, at the download handler (`safety_connections`), so that redirects, robots.txt and retries go the
same way, and URLs stay those of the host.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

from scrapy.settings import BaseSettings

from newsscraper.crawl.safety_addresses import fix_host, is_loopback_name
from newsscraper.errors import InputError


def read_stand_ins(settings: BaseSettings) -> dict[str, str]:
    """`NEWSSCRAPER_RESOLVE`: host -> `address:port`. Raises `InputError` where it is something else."""
    try:
        table = settings.getdict("NEWSSCRAPER_RESOLVE")
    except (ValueError, TypeError) as fault:
        raise InputError(f'NEWSSCRAPER_RESOLVE: expected {{"host": "address:port"}}, got {fault}') from fault
    for host, address in table.items():
        if not isinstance(address, str) or not _is_address(address):
            raise InputError(f"NEWSSCRAPER_RESOLVE: expected `address:port` for {host}, got {address!r}")
    return {str(host).lower().removeprefix("www."): address for host, address in table.items()}


def find_stand_in(url: str, table: Mapping[str, str]) -> str | None:
    """The address that stands in for `url`'s host: the host's own entry, or that of the nearest domain above it."""
    name = (urlsplit(url).hostname or "").lower()
    while name:
        if name in table:
            return table[name]
        name = name.partition(".")[2]
    return None


def is_loopback(url: str, table: Mapping[str, str]) -> bool:
    """True where `url` leads to this machine, by itself or by its stand-in."""
    host = urlsplit(f"//{find_stand_in(url, table) or urlsplit(url).netloc}").hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return is_loopback_name(fix_host(host))


def _is_address(address: str) -> bool:
    try:
        parts = urlsplit(f"//{address}")
        return bool(parts.hostname) and parts.port is not None and not parts.path
    except ValueError:
        return False
