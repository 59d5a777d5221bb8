"""Hosts that ask to be left alone, by 429 or 503: for as long as they say (Retry-After), else for longer each time.

A host's requests wait meanwhile, those of others go on. What asked in vain is asked again afterwards, a few times.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Self

from scrapy import Request
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Headers, Response
from scrapy.utils.httpobj import urlparse_cached

from newsscraper.crawl.failures import HostResting, OutOfBounds
from newsscraper.crawl.offline import is_offline
from newsscraper.crawl.settings import own_settings
from newsscraper.crawl.spiders.news import NewsSpider
from newsscraper.crawl.walls import TURNED_AWAY

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_ASKS_FOR_REST = frozenset({429, 503})
_SENT = "newsscraper_sent"
_NOTED = "newsscraper_noted"
_LOOK_UP = 1.0
"""Seconds after which a request that waits looks whether the run has been stopped."""
_LONGEST_PAUSE = 12
"""So many times the first rest, and no longer, lie between two requests to a host that turns us away."""
_STRIKES = 16
"""More of them make no rest longer."""

logger = logging.getLogger(__name__)


@dataclass
class _Rest:
    until: float = 0.0
    """As the host asks."""
    strikes: int = 0
    paused: float = 0.0
    """As we think fit."""


class Rests:
    """Which hosts rest, and until when. Seconds of a clock that only goes forward."""

    def __init__(self, first: float) -> None:
        self._first = first
        self._rests: dict[str, _Rest] = {}

    def left(self, host: str, now: float) -> float:
        """Seconds that `host` still rests."""
        rest = self._rests.get(host)
        return max(0.0, max(rest.until, rest.paused) - now) if rest else 0.0

    def pause(self, host: str, seconds: float, now: float) -> None:
        """Let `host` rest without having been asked to."""
        rest = self._rests.setdefault(host, _Rest())
        rest.paused = max(rest.paused, now + seconds)

    def begin(self, host: str, told: float | None, *, sent: float, now: float) -> float:
        """Let `host` rest for `told` seconds, or as long as its strikes make it; how long it does now.

        What was sent before a rest began is answered within it: that makes it no longer.
        """
        rest = self._rests.setdefault(host, _Rest())
        is_new = sent >= rest.until
        rest.strikes += is_new
        own = self._first * 2 ** min(rest.strikes - 1, _STRIKES) if is_new else 0.0
        rest.until = max(rest.until, now + (own if told is None else told))
        return rest.until - now

    def forgive(self, host: str, *, sent: float) -> None:
        """`host` answered what was sent after its rest."""
        rest = self._rests.get(host)
        if rest is not None and sent >= rest.until:
            rest.until, rest.strikes = 0.0, 0


class BackoffMiddleware:
    """Makes requests wait for their host, and asks again what was answered with 429 or 503."""

    def __init__(self, crawler: Crawler, clock: Callable[[], float] = time.monotonic) -> None:
        settings, default = crawler.settings, own_settings()
        self._crawler = crawler
        self._clock = clock
        self._first = settings.getfloat("NEWSSCRAPER_BACKOFF", default["NEWSSCRAPER_BACKOFF"])
        self._rests = Rests(self._first)
        self._longest = settings.getfloat("NEWSSCRAPER_MAX_RETRY_AFTER", default["NEWSSCRAPER_MAX_RETRY_AFTER"])
        self._retries = settings.getbool("RETRY_ENABLED")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy makes it: for `news` spiders that ask somebody. Others keep Scrapy's own way with 429 and 503."""
        if not isinstance(crawler.spider, NewsSpider) or is_offline(crawler.settings):
            raise NotConfigured
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait until the host may be asked. Raises `HostResting` where that takes too long, or the run is stopped."""
        host = _host_of(request)
        while (left := self._rests.left(host, self._clock())) > 0:
            if left > self._longest or not self._crawler.crawling:
                raise HostResting(f"{host} wants to be left alone for {left:.0f} s")
            await asyncio.sleep(min(left, _LOOK_UP))
        self._stop_where_turned_away(request)

    def note_sent(self, request: Request) -> None:
        """`request` is about to be sent. Raises `HostResting` where its host began to rest while it stood in line.

        `OutOfBounds` where it was given up meanwhile.
        """
        now = self._clock()
        left = self._rests.left(_host_of(request), now)
        try:
            self._stop_where_turned_away(request)
            if left > 0:
                raise HostResting(f"{_host_of(request)} wants to be left alone for {left:.0f} s")
        except IgnoreRequest:
            # Counted when it came here.
            if isinstance(self._crawler.spider, NewsSpider):
                self._crawler.spider.course.tally_of(request.url).requests -= 1
            raise
        request.meta[_SENT] = now
        pause = self._pause_after_refusals(_host_of(request))
        if pause > 0:
            # Whoever stands behind it waits for that long.
            self._rests.pause(_host_of(request), pause, now)

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """What stood in line goes back to where it can wait."""
        is_short = self._rests.left(_host_of(request), self._clock()) <= self._longest
        if isinstance(exception, HostResting) and is_short and self._crawler.crawling:
            return request.replace(dont_filter=True)
        return None

    def note_answer(self, request: Request, response: Response) -> None:
        """An answer has come: the next in line is told before it is sent."""
        host, now = _host_of(request), self._clock()
        sent = request.meta.get(_SENT, now)
        request.meta[_NOTED] = True
        if response.status in _ASKS_FOR_REST:
            left = self._rests.begin(host, read_retry_after(response.headers), sent=sent, now=now)
            logger.info("%s answers %d: it is left alone for %.0f s", host, response.status, left)
        else:
            self._rests.forgive(host, sent=sent)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """The request again, after a rest; the answer where it has been asked often enough."""
        if not request.meta.pop(_NOTED, False):  # another's download handler
            self.note_answer(request, response)
        if response.status not in _ASKS_FOR_REST:
            return response
        is_short = self._rests.left(_host_of(request), self._clock()) <= self._longest
        again = self._again(request, response) if is_short else None
        # Whoever else retries has nothing to add.
        request.meta["dont_retry"] = True
        return again or response

    def _pause_after_refusals(self, host: str) -> float:
        """Seconds that a host is left alone which turns us away without asking for a rest: twice as long each time."""
        spider = self._crawler.spider
        in_a_row = spider.course.refusals_in_a_row(host) if isinstance(spider, NewsSpider) else 0
        return self._first * min(_LONGEST_PAUSE, 2 ** min(in_a_row - 1, _STRIKES)) if in_a_row else 0.0

    def _stop_where_turned_away(self, request: Request) -> None:
        """Raises `OutOfBounds` where the host was given up while `request` waited."""
        spider, found = self._crawler.spider, request.cb_kwargs.get("found")
        if isinstance(spider, NewsSpider) and found is not None and spider.course.is_turned_away(found.url):
            raise OutOfBounds(TURNED_AWAY)

    def _again(self, request: Request, response: Response) -> Request | None:
        spider = self._crawler.spider
        if spider is None or not self._retries or request.meta.get("dont_retry"):
            return None
        times = request.meta.get("max_retry_times")
        return get_retry_request(request, spider=spider, reason=f"status {response.status}", max_retry_times=times)


def read_retry_after(headers: Headers) -> float | None:
    """Seconds, 0 or more, from `Retry-After`; a date counts from the answer's own `Date`. None where there is none."""
    text = (headers.get("Retry-After") or b"").decode("latin-1").strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    moment = _read_date(text)
    if moment is None:
        return None
    now = _read_date((headers.get("Date") or b"").decode("latin-1")) or time.time()
    return max(0.0, moment - now)


def _read_date(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError, TypeError):
        return None


def _host_of(request: Request) -> str:
    return urlparse_cached(request).netloc
