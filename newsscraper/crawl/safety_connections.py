"""Connections, checked where they are made: a name that leads to an address that may not be asked leads nowhere.

Scrapy hands names to Twisted, which asks the reactor's name resolver when it opens a connection, for literal addresses
too. So that is where every answer is looked at; which crawl asks is known from the pool that it gets connections from.
A proxy, which the user has set, makes its connections itself.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.endpoints import TCP4ClientEndpoint
from twisted.web._newclient import HEADER, STATUS

from newsscraper.crawl.failures import PrivateAddress
from newsscraper.crawl.polite_backoff import BackoffMiddleware
from newsscraper.crawl.safety_addresses import Reach, fix_host
from newsscraper.crawl.standins import find_stand_in, read_stand_ins
from newsscraper.crawl.target import Target

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_HEADER_BYTES = 1 << 20
"""Far more than any server sends; what comes of a body in one piece with them is counted, too."""
_connecting: ContextVar[Reach | None] = ContextVar("connecting", default=None)
"""Whose connection is being opened; None: one that is not ours to check."""


class CheckedHandler(HTTP11DownloadHandler):
    """Scrapy's; for `news` spiders it connects to what their `Reach` lets it. Other spiders see no difference."""

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._reach = find_reach(crawler)
        if self._reach is not None:
            _check_connections(self._pool, self._reach)

    async def download_request(self, request: Request) -> Response:
        """The response. Raises `PrivateAddress` where the host's name leads to no address that may be asked."""
        if self._reach is None:
            return await super().download_request(request)
        _install_resolver()
        try:
            return await super().download_request(request)
        except CannotResolveHostError as fault:
            host = fix_host(urlparse_cached(request).hostname or "")
            address = self._reach.refused.pop(host, None)
            if address is None:
                raise
            raise PrivateAddress(f"{host} leads to {address}, which is no public address") from fault


class StandInHandler(CheckedHandler):
    """Asks the stand-in where the host has one, with the host's name in the Host header; asks nobody who rests."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._table = read_stand_ins(crawler.settings)

    async def download_request(self, request: Request) -> Response:
        """The response of the stand-in or the host, under the URL that was asked for."""
        backoff = self._crawler.get_downloader_middleware(BackoffMiddleware)
        if backoff is not None:
            backoff.note_sent(request)
        response = await self._ask(request)
        if backoff is not None:
            backoff.note_answer(request, response)
        return response

    async def _ask(self, request: Request) -> Response:
        address = find_stand_in(request.url, self._table)
        if address is None:
            return await super().download_request(request)
        parts = urlsplit(request.url)
        asked = request.replace(url=urlunsplit(("http", address, parts.path or "/", parts.query, "")))
        asked.headers.setdefault("Host", parts.netloc.rpartition("@")[2])
        response = await super().download_request(asked)
        request.meta.update(asked.meta)
        return response.replace(url=request.url)


def find_reach(crawler: Crawler) -> Reach | None:
    """What `crawler` may connect to; None where its spider is none of ours."""
    target = getattr(crawler.spider, "target", None)
    return make_reach(target, crawler.settings) if isinstance(target, Target) else None


def make_reach(target: Target, settings: BaseSettings) -> Reach:
    """Where `target` begins, and the stand-ins that the user named."""
    stand_ins = [f"//{address}" for address in read_stand_ins(settings).values()]
    return Reach(
        host for url in [*(found.url for found in target.start), *stand_ins] if (host := urlsplit(url).hostname)
    )


def _check_connections(pool: Any, reach: Reach) -> None:
    """Each connection of `pool` is opened, and opened again, under `reach`."""
    take = pool.getConnection

    def take_checked(key: tuple[Any, ...], endpoint: Any) -> Any:
        # The second is how Scrapy opens a tunnel.
        is_proxy = key[0] == b"http-proxy" or isinstance(endpoint, TCP4ClientEndpoint)
        return take(key, endpoint if is_proxy else _CheckedEndpoint(endpoint, reach))

    pool.getConnection = take_checked


class _CheckedEndpoint:
    def __init__(self, endpoint: Any, reach: Reach) -> None:
        self._endpoint = endpoint
        self._reach = reach

    def connect(self, factory: Any) -> Any:
        _bound_headers(factory)
        token = _connecting.set(self._reach)
        try:
            # The resolver is called before this returns.
            return self._endpoint.connect(factory)
        finally:
            _connecting.reset(token)


def _bound_headers(factory: Any) -> None:
    """Cut the connections of `factory` over which headers come without end: Scrapy's bounds begin with the body."""
    build = factory.buildProtocol

    def build_bounded(address: Any) -> Any:
        protocol = build(address)
        receive, received = protocol.dataReceived, 0

        def receive_bounded(data: bytes) -> None:
            nonlocal received
            parser = getattr(protocol, "_parser", None)
            received = received + len(data) if parser is not None and parser.state in {STATUS, HEADER} else 0
            if received > _HEADER_BYTES:
                protocol.transport.abortConnection()
            else:
                receive(data)

        protocol.dataReceived = receive_bounded
        return protocol

    factory.buildProtocol = build_bounded


class CheckedResolver:
    """Another resolver (Twisted's `IHostnameResolver`), with the answers to our own questions checked."""

    def __init__(self, resolver: Any) -> None:
        self._resolver = resolver

    def resolveHostName(self, receiver: Any, host: str, *further: Any, **named: Any) -> Any:  # noqa: N802 (Twisted's)
        """As Twisted calls it: what `receiver` is told of `host` is what may be asked."""
        reach = _connecting.get()
        checked = receiver if reach is None else _CheckedReceiver(receiver, host, reach)
        return self._resolver.resolveHostName(checked, host, *further, **named)


class _CheckedReceiver:
    """Hands an answer on when all of it is there, without the addresses that may not be asked."""

    def __init__(self, receiver: Any, host: str, reach: Reach) -> None:
        self._receiver = receiver
        self._host = host
        self._reach = reach
        self._addresses: list[Any] = []

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802 (Twisted's)
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802 (Twisted's)
        self._addresses.append(address)

    def resolutionComplete(self) -> None:  # noqa: N802 (Twisted's)
        chosen = self._reach.choose(self._host, [address.host for address in self._addresses])
        for address in self._addresses:
            if address.host in chosen:
                self._receiver.addressResolved(address)
        self._receiver.resolutionComplete()


def _install_resolver() -> None:
    """Before each request: Scrapy, or a project, may have set another one since."""
    from twisted.internet import reactor  # noqa: PLC0415 (importing it installs one)

    pluggable: Any = reactor
    if not isinstance(pluggable.nameResolver, CheckedResolver):
        pluggable.installNameResolver(CheckedResolver(pluggable.nameResolver))
