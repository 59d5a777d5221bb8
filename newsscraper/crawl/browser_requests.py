"""What a page that is being drawn asks for: only what draws its text, and by the crawl's own downloader.

So robots.txt, the pace, the site's limits, the bounds of a response and the addresses that may be connected to hold for
scripts and data as for pages. The browser itself asks nobody.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from newsscraper.crawl.failures import name_failure
from newsscraper.crawl.outcome import Answer

if TYPE_CHECKING:
    from playwright.async_api import Request as Asked
    from playwright.async_api import Route
    from scrapy.crawler import Crawler

_WANTED = frozenset({"script", "fetch", "xhr"})
"""Of Playwright's resource types. Pictures, films, fonts, styles, frames, beacons and sockets draw no text."""
_HANDED_ON = ("accept", "origin")
"""Headers of the browser that an answer may depend on. Whoever asks says that it is us."""
_OF_THE_LINE = frozenset({"content-encoding", "content-length", "set-cookie", "transfer-encoding", "connection"})
"""Headers of an answer that spoke of how it came, or would keep something."""
_KEPT_BYTES = 32 * 1024 * 1024
_PAGE_HOSTS = "newsscraper_page_hosts"
"""In a request's meta: the hosts beside the site's own that a page's scripts may be led to."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Given:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Scripts:
    """The scripts of a run that have come already: many pages have the same ones."""

    _known: dict[str, _Given] = field(default_factory=dict)
    _locks: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    """Of those that are under way: a lock goes with the last who holds it."""
    _bytes: int = 0

    async def find(self, url: str, ask: Callable[[], Awaitable[_Given | None]]) -> _Given | None:
        """What came for `url`, asked for by `ask` where nothing has: by one page, however many wait for it."""
        lock = self._locks.setdefault(url, asyncio.Lock())
        async with lock:
            known = self._known.get(url)
            if known is not None:
                return known
            given = await ask()
            if given is not None and given.status == HTTPStatus.OK and self._bytes + len(given.body) <= _KEPT_BYTES:
                self._known[url] = given
                self._bytes += len(given.body)
            return given


def may_be_led_to(request: Request) -> bool:
    """Whether a redirect of what a page's script asked for ends at a host that the page's profile names."""
    return _is_of(request.meta.get(_PAGE_HOSTS, ()), request.url)


class PageRequests:
    """Answers what one page asks for; `most` requests, `hosts` beside the site's own."""

    def __init__(  # noqa: PLR0913 (what a page's requests depend on)
        self,
        crawler: Crawler,
        answer: Answer,
        scripts: Scripts,
        *,
        owns: Callable[[str], bool],
        hosts: tuple[str, ...],
        most: int,
    ) -> None:
        self._crawler = crawler
        self._answer = answer
        self._scripts = scripts
        self._owns = owns
        self._hosts = hosts
        self._left = most
        self._is_begun = False

    async def handle(self, route: Route, asked: Asked) -> None:
        """As Playwright calls it, for each request."""
        if asked.is_navigation_request() and not self._is_begun:
            self._is_begun = True
            await route.fulfill(
                status=200, headers={"Content-Type": self._answer.content_type or "text/html"}, body=self._answer.body
            )
            return
        why = self._find_refusal(asked)
        given = await self._give(asked) if why is None else None
        if given is None:
            if why is not None:
                self._count(why)
            # A navigation that fails otherwise leaves the browser's own error page in place of the page.
            await route.abort("aborted" if asked.is_navigation_request() else "failed")
        else:
            await route.fulfill(status=given.status, headers=given.headers, body=given.body)

    def _find_refusal(self, asked: Asked) -> str | None:
        """Why a request is not made: one word, None where it is."""
        # Whatever leads elsewhere, a script's reload among it: the page that came is the one that is read.
        if asked.resource_type not in _WANTED or asked.is_navigation_request():
            return "kind"
        if asked.method != "GET":
            return "method"
        return None if self._owns(asked.url) or _is_of(self._hosts, asked.url) else "host"

    async def _give(self, asked: Asked) -> _Given | None:
        if asked.resource_type == "script":
            return await self._scripts.find(asked.url, lambda: self._ask(asked))
        return await self._ask(asked)

    async def _ask(self, asked: Asked) -> _Given | None:
        if self._left <= 0:
            self._count("number")
            return None
        self._left -= 1
        try:
            response = await self._crawler.engine.download_async(self._request_for(asked))
        except Exception as error:  # whatever keeps it away, the page goes on without it
            log = logger.debug if isinstance(error, IgnoreRequest) else logger.warning
            name, detail = name_failure(error)
            log("%s: %s, which %s asks for: %s", name, asked.url, self._answer.url, detail)
            self._count("failed")
            return None
        self._count("asked")
        return _read(response)

    def _request_for(self, asked: Asked) -> Request:
        headers = {name: asked.headers[name] for name in _HANDED_ON if name in asked.headers}
        meta: dict[str, Any] = {_PAGE_HOSTS: self._hosts}
        if _is_of(self._hosts, asked.url):
            meta["allow_offsite"] = True
        return Request(asked.url, headers=headers, meta=meta, dont_filter=True)

    def _count(self, what: str) -> None:
        name = "requests" if what == "asked" else f"refused/{what}"
        self._crawler.stats.inc_value(f"newsscraper/browser/{name}")


def _is_of(hosts: tuple[str, ...], url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return any(host == named or host.endswith(f".{named}") for named in hosts)


def _read(response: Response) -> _Given:
    headers = {
        name.decode("latin-1"): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
        if name.decode("latin-1").lower() not in _OF_THE_LINE
    }
    return _Given(response.status, headers, response.body)
