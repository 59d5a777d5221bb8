"""What a site reserves, from everywhere that it says so, goes into `rights`, and is kept to.

A story that may not be kept for the purpose of the corpus becomes an event, `withheld`; the links of a page that says
nofollow are not followed.
"""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Iterable, Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import DeferredLock

from newsscraper.crawl.polite_purpose import bars_images, find_bar, is_bound_by_reservation, read_purpose
from newsscraper.crawl.robots import RobotsMiddleware
from newsscraper.crawl.robots_signals import (
    TDM_FILE,
    Signals,
    forbids_links,
    merge_rights,
    read_headers,
    read_tdm_file,
)
from newsscraper.crawl.settled import Settled
from newsscraper.crawl.spiders.news import LEASE, NewsSpider
from newsscraper.store import format_instant, normalise_url

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_TDM_BYTES = 1 << 20


class RightsMiddleware:
    """A spider middleware: stands between what `news` spiders make of an answer and what is committed."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._purpose = read_purpose(crawler.settings)
        self._agent = str(crawler.settings.get("ROBOTSTXT_USER_AGENT") or "")
        self._files: dict[str, bytes] = {}
        self._locks: dict[str, DeferredLock] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy makes it."""
        return cls(crawler)

    def process_spider_output(self, response: Response, result: Iterable[Any]) -> Iterator[Any]:
        """What failures lead to: nothing of it is kept in any case."""
        yield from result

    async def process_spider_output_async(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Each outcome with the rights that were found, without what may not be kept or followed."""
        async for item in result:
            yield await self._settle(response, item) if isinstance(item, Settled) else item

    async def _settle(self, response: Response, settled: Settled) -> Settled:
        headers = _headers_of(response)
        signals = read_headers(headers, self._agent)
        if settled.found.kind not in {"feed", "sitemap"} and forbids_links(signals, response.body, self._agent):
            settled = self._without_links(settled)
        record = settled.settlement.record
        if record is None:
            return settled
        rights = merge_rights(record.rights, [signals, await self._find_of_host(record.url or response.url)])
        record = dataclasses.replace(record, rights=rights)
        if bars_images(rights, self._purpose):
            record = dataclasses.replace(record, images=[])
        bar = find_bar(rights, self._purpose)
        if bar is not None:
            return self._withhold(settled, bar, response)
        return dataclasses.replace(settled, settlement=dataclasses.replace(settled.settlement, record=record))

    def _without_links(self, settled: Settled) -> Settled:
        """But for the page that this one says it is a copy of: that is no link."""
        kept = tuple(each for each in settled.settlement.discoveries if each.url == settled.settlement.copy_of)
        if kept == settled.settlement.discoveries:
            return settled
        self._spider.course.note("nofollow", settled.url)
        return dataclasses.replace(settled, settlement=dataclasses.replace(settled.settlement, discoveries=kept))

    def _withhold(self, settled: Settled, bar: str, response: Response) -> Settled:
        """An event in place of the record. What was read is forgotten: another purpose may read it again."""
        spider = self._spider
        spider.course.note(f"withheld:{bar}", settled.url)
        _, lease = response.meta.get(LEASE, (None, None))
        event = {
            "event": "withheld",
            "url": normalise_url(settled.url),
            "story_key": lease.story_key if lease else None,
            "status": response.status,
            "at": format_instant(spider.clock.now()),
            "run_id": spider.course.run_id,
            "reason": bar,
            "purpose": self._purpose,
        }
        settlement = dataclasses.replace(
            settled.settlement,
            record=None,
            fingerprint=None,
            aliases=(),
            copy_of=None,
            etag=None,
            last_modified=None,
            digest=None,
            events=(*settled.settlement.events, event),
        )
        return dataclasses.replace(settled, settlement=settlement)

    async def _find_of_host(self, url: str) -> Signals:
        """What robots.txt and, where its word would bind us, `tdmrep.json` of `url`'s host say."""
        robots = self._crawler.get_downloader_middleware(RobotsMiddleware)
        usage = tuple(robots.usage_of(url)) if robots is not None else ()
        if not is_bound_by_reservation(self._purpose):
            return Signals(robots=usage)
        told = read_tdm_file(await self._fetch_tdm_file(url), url)
        return dataclasses.replace(told, robots=usage)

    async def _fetch_tdm_file(self, url: str) -> bytes:
        """Once a run; empty where there is none."""
        parts = urlparse_cached(Request(url))
        home = f"{parts.scheme}://{parts.netloc}"
        lock = self._locks.setdefault(home, DeferredLock())
        await maybe_deferred_to_future(lock.acquire())
        try:
            if home not in self._files:
                self._files[home] = await self._ask(home + TDM_FILE)
        finally:
            lock.release()
        return self._files[home]

    async def _ask(self, url: str) -> bytes:
        request = Request(url, callback=NO_CALLBACK, meta={"download_maxsize": _TDM_BYTES})
        try:
            response = await self._crawler.engine.download_async(request)
        except Exception:  # whatever keeps it away, it reserves nothing then
            return b""
        return response.body if response.status == HTTPStatus.OK else b""

    @property
    def _spider(self) -> NewsSpider:
        spider = self._crawler.spider
        if not isinstance(spider, NewsSpider):
            raise TypeError(f"an outcome of another spider: {spider}")
        return spider


def _headers_of(response: Response) -> dict[str, list[str]]:
    return {
        name.decode("latin-1").lower(): [value.decode("latin-1") for value in values]
        for name, values in response.headers.items()
    }
