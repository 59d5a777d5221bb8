"""What a site reserves, from everywhere that it says so, goes into `rights`, and is kept to.

A story that may not be kept for the purpose of the corpus becomes an event, `withheld`; the links of a page that says
nofollow are not followed.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import AsyncIterator, Iterable, Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import DeferredLock

from newsscraper.crawl.archiving import with_exchanges
from newsscraper.crawl.failures import GONE, name_failure
from newsscraper.crawl.polite_purpose import bars_images, find_bar, is_bound_by_reservation, read_purpose
from newsscraper.crawl.revisits import AFTER_ROBOTS
from newsscraper.crawl.robots import RobotsMiddleware
from newsscraper.crawl.robots_signals import (
    TDM_FILE,
    TdmRule,
    find_tdm_rule,
    forbids_links,
    headers_of,
    read_markup,
    read_tdm_file,
)
from newsscraper.crawl.settled import Settled
from newsscraper.crawl.spiders.news import LEASE, NewsSpider
from newsscraper.extract.signals import Signals, merge_rights, read_headers
from newsscraper.store import State, format_instant, normalise_url
from newsscraper.story import Rights

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

TDM_UNKNOWN = "tdm-unknown"
"""Why a story is withheld for now: whether its host reserves it could not be learned."""
_TDM_BYTES = 1 << 20

logger = logging.getLogger(__name__)


class RightsMiddleware:
    """A spider middleware: stands between what `news` spiders make of an answer and what is committed."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._purpose = read_purpose(crawler.settings)
        self._agent = str(crawler.settings.get("ROBOTSTXT_USER_AGENT") or "")
        self._files: dict[str, list[TdmRule] | None] = {}
        self._locks: dict[str, DeferredLock] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy makes it."""
        return cls(crawler)

    def process_spider_output(self, response: Response, result: Iterable[Any]) -> Iterator[Any]:
        """What failures lead to: no story, but perhaps an archived error, where nothing that is known forbids it."""
        for item in result:
            yield self._settle_failure(response, item) if isinstance(item, Settled) else item

    async def process_spider_output_async(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Each outcome with the rights that were found, without what may not be kept or followed."""
        async for item in result:
            yield await self._settle(response, item) if isinstance(item, Settled) else item

    async def _settle(self, response: Response, settled: Settled) -> Settled:
        signals = read_headers(headers_of(response), self._agent)
        if settled.found.kind not in {"feed", "sitemap"} and forbids_links(signals, response.body, self._agent):
            settled = self._without_links(settled)
        record = settled.settlement.record
        if record is None:
            return await self._settle_page(response, settled, signals)
        of_host = await self._find_of_host(record.url or response.url)
        rights = merge_rights(record.rights, [signals, of_host or Signals()])
        record = dataclasses.replace(record, rights=rights)
        if bars_images(rights, self._purpose):
            record = dataclasses.replace(record, images=[])
        bar = find_bar(rights, self._purpose)
        if bar is not None:
            due = self._spider.clock.seconds() + AFTER_ROBOTS
            return self._withhold(settled, bar, response, state="refused", due=due)
        if of_host is None and rights["tdm_reservation"] is None:
            return self._withhold(settled, TDM_UNKNOWN, response, state="waiting", due=self._spider.course.started)
        return dataclasses.replace(settled, settlement=dataclasses.replace(settled.settlement, record=record))

    async def _settle_page(self, response: Response, settled: Settled, signals: Signals) -> Settled:
        """No story: what a site reserves decides whether the page is archived."""
        if not settled.settlement.exchanges:
            return settled
        of_host = await self._find_of_host(response.url)
        return settled if self._may_archive(response, signals, of_host) else with_exchanges(settled, ())

    def _settle_failure(self, response: Response, settled: Settled) -> Settled:
        if not settled.settlement.exchanges:
            return settled
        of_host = self._find_known(response.url)
        signals = read_headers(headers_of(response), self._agent)
        return settled if self._may_archive(response, signals, of_host) else with_exchanges(settled, ())

    def _may_archive(self, response: Response, signals: Signals, of_host: Signals | None) -> bool:
        beside = [read_markup(response.body, self._agent), signals, of_host or Signals()]
        rights = merge_rights(Rights(robots=[], noai=False, tdm_reservation=None, tdm_policy=None), beside)
        is_unknown = of_host is None and rights["tdm_reservation"] is None
        return find_bar(rights, self._purpose) is None and not is_unknown

    def _without_links(self, settled: Settled) -> Settled:
        """But for the page that this one says it is a copy of: that is no link."""
        kept = tuple(each for each in settled.settlement.discoveries if each.url == settled.settlement.copy_of)
        if kept == settled.settlement.discoveries:
            return settled
        self._spider.course.note("nofollow", settled.url)
        return dataclasses.replace(settled, settlement=dataclasses.replace(settled.settlement, discoveries=kept))

    def _withhold(self, settled: Settled, bar: str, response: Response, *, state: State, due: int) -> Settled:
        """An event in place of the record. What was read is forgotten: it is asked again when `due`, whoever runs."""
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
            state=state,
            due=due,
            record=None,
            fingerprint=None,
            aliases=(),
            copy_of=None,
            etag=None,
            last_modified=None,
            digest=None,
            events=(*settled.settlement.events, event),
            exchanges=(),
        )
        return dataclasses.replace(settled, settlement=settlement)

    async def _find_of_host(self, url: str) -> Signals | None:
        """What robots.txt and, where its word would bind us, `tdmrep.json` of `url`'s host say.

        None where that file could not be had: nobody knows what it reserves.
        """
        if is_bound_by_reservation(self._purpose):
            await self._fetch_tdm_file(url)
        return self._find_known(url)

    def _find_known(self, url: str) -> Signals | None:
        """The same, as far as it has been asked for."""
        robots = self._crawler.get_downloader_middleware(RobotsMiddleware)
        usage = tuple(robots.usage_of(url)) if robots is not None else ()
        if not is_bound_by_reservation(self._purpose):
            return Signals(robots=usage)
        rules = self._files.get(_home_of(url))
        return None if rules is None else dataclasses.replace(find_tdm_rule(rules, url), robots=usage)

    async def _fetch_tdm_file(self, url: str) -> None:
        """Once a run; empty where there is none, None where it could not be had."""
        home = _home_of(url)
        lock = self._locks.setdefault(home, DeferredLock())
        await maybe_deferred_to_future(lock.acquire())
        try:
            if home not in self._files:
                self._files[home] = await self._ask(home + TDM_FILE)
        finally:
            lock.release()

    async def _ask(self, url: str) -> list[TdmRule] | None:
        request = Request(url, callback=NO_CALLBACK, meta={"download_maxsize": _TDM_BYTES})
        try:
            response = await self._crawler.engine.download_async(request)
        except Exception as error:  # whatever keeps it away, it may reserve everything
            logger.warning("%s could not be had: %s", url, name_failure(error)[1] or error)
            return None
        self._spider.archiving.note_beside(response)
        if response.status in GONE:
            return []
        if response.status == HTTPStatus.OK:
            return read_tdm_file(response.body)
        logger.warning("%s could not be had: status %d", url, response.status)
        return None

    @property
    def _spider(self) -> NewsSpider:
        spider = self._crawler.spider
        if not isinstance(spider, NewsSpider):
            raise TypeError(f"an outcome of another spider: {spider}")
        return spider


def _home_of(url: str) -> str:
    parts = urlparse_cached(Request(url))
    return f"{parts.scheme}://{parts.netloc}"
