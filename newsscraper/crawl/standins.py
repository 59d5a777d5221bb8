"""Hosts that are not asked themselves: another address stands in for them.

Below everything else, at the download handler, so that redirects, robots.txt and retries go the same way, and URLs stay
those of the host.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.http import Response
from scrapy.settings import BaseSettings

from newsscraper.errors import InputError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class StandInHandler(HTTP11DownloadHandler):
    """Asks the stand-in where the host has one, with the host's name in the Host header."""

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._table = read_stand_ins(crawler.settings)

    async def download_request(self, request: Request) -> Response:
        """The response of the stand-in or the host, under the URL that was asked for."""
        address = find_stand_in(request.url, self._table)
        if address is None:
            return await super().download_request(request)
        parts = urlsplit(request.url)
        asked = request.replace(url=urlunsplit(("http", address, parts.path or "/", parts.query, "")))
        asked.headers.setdefault("Host", parts.netloc.rpartition("@")[2])
        response = await super().download_request(asked)
        request.meta.update(asked.meta)
        return response.replace(url=request.url)


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
        return host == "localhost" or host.endswith(".localhost")


def _is_address(address: str) -> bool:
    try:
        parts = urlsplit(f"//{address}")
        return bool(parts.hostname) and parts.port is not None and not parts.path
    except ValueError:
        return False
