"""robots.txt as RFC 9309 has it: one that cannot be had says no, a missing one says nothing, an old one is asked again.

Ours in place of Scrapy's, which reads a server's error as leave to go ahead.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urljoin
from weakref import WeakKeyDictionary

from scrapy import Request, signals
from scrapy.exceptions import IgnoreRequest, NotConfigured, StopDownload
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import DeferredLock
from w3lib.url import safe_url_string

from newsscraper.crawl.failures import NotArchived, RobotsUnreachable, name_failure
from newsscraper.crawl.robots_rules import MAX_BYTES, RobotRules
from newsscraper.crawl.settings import own_settings

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

robots_fetched = object()
"""A Scrapy signal, `response`: what came for a robots.txt, redirects and errors too, for those who archive it."""

_REDIRECTS = 5
_ABSURD = 32 * 1024 * 1024
"""Bytes, announced or unpacked: what is larger is taken for one that cannot be had."""
_MARK = "newsscraper_robots"
_LEAST = 600.0
"""Seconds: however briefly a robots.txt is to be cached, and until one that could not be had is asked for again."""
_MAX_AGE = re.compile(r"\bmax-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_UNCACHED = re.compile(r"\bno-(?:store|cache)\b", re.IGNORECASE)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Known:
    """What is known of a host's robots.txt: its rules, or why there are none."""

    expires: float
    rules: RobotRules | None = None
    cause: Exception | int = 0
    body: bytes = b""


class RobotsMiddleware:
    """Asks each host's robots.txt before anything else of it; `ROBOTSTXT_OBEY` switches it off, as it does Scrapy's."""

    def __init__(self, crawler: Crawler, clock: Callable[[], float] = time.monotonic) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self._crawler = crawler
        self._clock = clock
        self._agent = str(crawler.settings.get("ROBOTSTXT_USER_AGENT") or crawler.settings.get("USER_AGENT"))
        hours = "NEWSSCRAPER_ROBOTS_HOURS"
        self._longest = crawler.settings.getfloat(hours, own_settings()[hours]) * 3600
        self._known: dict[str, _Known] = {}
        self._locks: dict[str, DeferredLock] = {}
        self._received: WeakKeyDictionary[Request, int] = WeakKeyDictionary()
        crawler.signals.connect(self._on_bytes, signals.bytes_received)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy makes it."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raises `RobotsUnreachable` where robots.txt could not be had, `IgnoreRequest` where it forbids `request`."""
        if request.meta.get("dont_obey_robotstxt") or urlparse_cached(request).scheme not in {"http", "https"}:
            return
        known = await self._find(request)
        if known.rules is None:
            raise RobotsUnreachable(known.cause)
        if not known.rules.allowed(request.url, self._agent):
            self._count("robotstxt/forbidden")
            raise IgnoreRequest("Forbidden by robots.txt")

    def usage_of(self, url: str) -> list[str]:
        """What the robots.txt of `url`'s host says that texts may be used for; empty before it has come."""
        known = self._known.get(_home_of(Request(url)))
        return known.rules.usage_of(url, self._agent) if known and known.rules else []

    async def _find(self, request: Request) -> _Known:
        """What holds for `request` now: fetched once, however many wait for it."""
        home = _home_of(request)
        lock = self._locks.setdefault(home, DeferredLock())
        if lock.locked or self._is_stale(home):
            await maybe_deferred_to_future(lock.acquire())
            try:
                if self._is_stale(home):
                    await self._renew(home, request)
            finally:
                lock.release()
        return self._known[home]

    def _is_stale(self, home: str) -> bool:
        known = self._known.get(home)
        return known is None or known.expires <= self._clock()

    async def _renew(self, home: str, request: Request) -> None:
        before = self._known.get(home)
        fresh = await self._fetch(f"{home}/robots.txt")
        if fresh.rules is None and before is not None and before.rules is not None:
            # One that is known holds on while its host cannot answer (section 2.4).
            fresh = _Known(fresh.expires, before.rules, body=before.body)
        self._known[home] = fresh
        if fresh.rules is not None and (before is None or before.rules is None or before.body != fresh.body):
            await self._crawler.signals.send_catch_log_async(
                signal=signals.robots_parsed, robotparser=fresh.rules, request=request
            )

    async def _fetch(self, url: str) -> _Known:
        self._count("robotstxt/request_count")
        try:
            response = await self._follow(url)
        except NotArchived:
            # Whoever made the archive has kept to it, or there was none.
            return _Known(self._expiry(None), RobotRules(b""))
        except Exception as error:  # whatever keeps it away, the host is not asked without it
            logger.warning("%s could not be had: %s", url, name_failure(error)[1] or error)
            return _Known(self._expiry(_LEAST), cause=error)
        self._count("robotstxt/response_count")
        self._count(f"robotstxt/response_status_count/{response.status}")
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR or response.status == HTTPStatus.TOO_MANY_REQUESTS:
            # The RFC would let 429 pass as a file that is not there; but whoever says "later" has not said "yes".
            logger.warning("%s could not be had: status %d", url, response.status)
            return _Known(self._expiry(_LEAST), cause=response.status)
        # The text of an error page holds no rules; nor does a redirect that leads nowhere.
        body = response.body if response.status < HTTPStatus.MULTIPLE_CHOICES else b""
        return _Known(self._expiry(read_max_age(response)), RobotRules(body), body=body[: MAX_BYTES + 1])

    async def _follow(self, url: str) -> Response:
        """The answer for `url`, at other hosts too, which hold for this one then."""
        for _ in range(_REDIRECTS):
            response = await self._ask(url)
            location = response.headers.get("Location")
            if not (HTTPStatus.MULTIPLE_CHOICES <= response.status < HTTPStatus.BAD_REQUEST and location):
                return response
            url = urljoin(url, safe_url_string(location))
        return await self._ask(url)

    async def _ask(self, url: str) -> Response:
        own: dict[str, Any] = {_MARK: True, "dont_obey_robotstxt": True, "dont_redirect": True, "allow_offsite": True}
        own |= {"download_maxsize": _ABSURD, "download_warnsize": 0}
        # What is packed cannot be cut where the limit is.
        request = Request(url, callback=NO_CALLBACK, headers={"Accept-Encoding": "identity"}, meta=own, priority=1000)
        response = await self._crawler.engine.download_async(request)
        self._crawler.signals.send_catch_log(robots_fetched, response=response)
        return response

    def _on_bytes(self, data: bytes, request: Request) -> None:
        """Raises `StopDownload` when as much of a robots.txt has come as is read."""
        if request.meta.get(_MARK):
            # Not in its meta, which the next try has too.
            self._received[request] = received = self._received.get(request, 0) + len(data)
            if received > MAX_BYTES:
                raise StopDownload(fail=False)

    def _expiry(self, seconds: float | None) -> float:
        return self._clock() + min(self._longest, self._longest if seconds is None else max(seconds, _LEAST))

    def _count(self, name: str) -> None:
        self._crawler.stats.inc_value(name)


def read_max_age(response: Response) -> float | None:
    """Seconds that `Cache-Control` lets an answer be kept; None where it does not say."""
    text = b",".join(response.headers.getlist("Cache-Control")).decode("latin-1")
    match = _MAX_AGE.search(text)
    return 0.0 if _UNCACHED.search(text) else float(match[1]) if match else None


def _home_of(request: Request) -> str:
    """Scheme and authority: each has a robots.txt of its own."""
    parts = urlparse_cached(request)
    return f"{parts.scheme}://{parts.netloc}"
