"""Requests come from the ledger's frontier: leased in small batches, only for hosts that have room, best first.

What redirect and retry middlewares make of a leased request keeps its lease and comes first. Nothing is asked twice in
a run: what is due again at once, since the next run is to ask it, is set aside until this one ends.
"""

from __future__ import annotations

import heapq
import itertools
import logging
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler, Scheduler
from scrapy.utils.httpobj import urlparse_cached

from newsscraper.crawl.entries import TIERS, tier_of
from newsscraper.crawl.revisits import AFTER_FAULT_OF_OURS
from newsscraper.crawl.spiders.news import LEASE, NewsSpider
from newsscraper.errors import LedgerError
from newsscraper.store import Frontier, Lease, Ledger, Settlement

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.defer import Deferred

logger = logging.getLogger(__name__)

_LEASE_SECONDS = 6 * 3600
"""As long as the process lives its leases are its own; this is for those that an accident has lost."""
_RESERVE = 2
"""Requests of a host beyond those under way, so that it need not wait for us."""
_NO_LIMIT = 64
_SITEMAPS = 2
"""Sitemaps, asked at once: one may hold fifty thousand addresses, some ten megabytes."""
_WALKERS = 2
"""Pages that may list stories, asked at once: what one of them says may make others needless."""
_FEW_AT_ONCE = frozenset({TIERS["sitemap"], TIERS["page"], TIERS["listing"]})
"""Tiers; of the others as many are asked as their host takes."""


class FrontierScheduler(BaseScheduler):
    """For `news` spiders; `from_crawler` gives any other spider of a project Scrapy's own scheduler."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._returned: deque[Request] = deque()
        self._waiting: list[tuple[int, int, str, Lease]] = []
        self._under_way: dict[int, int] = {}
        self._for_next_run: set[int] = set()
        self._numbers = itertools.count()
        self._is_blocked = False
        self._is_single = False
        """When the frontier was last asked, the best were such as few may go at once: they are leased one by one."""
        self._is_closed = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> BaseScheduler:  # type: ignore[override] # no Self: it may be another's
        """As Scrapy makes it."""
        if isinstance(crawler.spider, NewsSpider):
            return cls(crawler)
        return Scheduler.from_crawler(crawler)

    def open(self, spider: Spider) -> Deferred[None] | None:
        """The spider is told whom its outcomes are to be reported to."""
        self._spider.scheduler = self
        return None

    def close(self, reason: str) -> Deferred[None] | None:
        """What was leased and not begun is anybody's again."""
        self._is_closed = True
        leases = [(site, lease) for _, _, site, lease in self._waiting]
        leases += [request.meta[LEASE] for request in self._returned if LEASE in request.meta]
        for site, lease in leases:
            with suppress(LedgerError, OSError):  # the next opening frees them
                self._spider.course.ledgers[site].frontier.release([lease.key])
        self._waiting.clear()
        self._returned.clear()
        return None

    def enqueue_request(self, request: Request) -> bool:
        """A request that did not come from the frontier: one that goes on with a lease, or a stranger's."""
        self._returned.append(request)
        self._crawler.stats.inc_value("scheduler/enqueued")
        return True

    def has_pending_requests(self) -> bool:
        """True while something is ready. Asked when nothing is under way: whatever was, has been lost."""
        if self._is_closed or self._spider.course.stories_left == 0:
            return False
        self._under_way.clear()
        self._is_blocked = False
        return bool(self._returned or self._waiting or self._is_ready())

    def next_request(self) -> Request | None:
        """The next one whose turn it is."""
        if self._is_closed or self._spider.is_busy or self._spider.course.stories_left == 0:
            return None
        if self._returned:
            self._crawler.stats.inc_value("scheduler/dequeued")
            return self._returned.popleft()
        try:
            request = self._next_leased()
            if request is None and self._is_idle() and (self._release_copies() or self._spider.begin_again()):
                request = self._next_leased()
        except Exception as fault:  # raised into the engine, it would leave a run that neither asks nor ends
            self._give_up(fault)
            return None
        return request

    def _is_ready(self) -> bool:
        try:
            return any(ledger.frontier.ready_hosts() for _, ledger in self._sound_ledgers())
        except Exception as fault:
            self._give_up(fault)
            return False

    def _sound_ledgers(self) -> Iterator[tuple[str, Ledger]]:
        """Those whose outcomes can be committed."""
        course = self._spider.course
        return ((site, ledger) for site, ledger in course.ledgers.items() if site not in course.faults)

    def _give_up(self, fault: Exception) -> None:
        self._is_closed = True
        if not isinstance(fault, (LedgerError, OSError)):
            logger.error("the scheduler broke", exc_info=fault)
            fault = RuntimeError(f"the scheduler broke: {fault!r}")
        self._spider.give_up(self._spider.target.scope.label, fault)

    def settled(self, settlement: Settlement) -> None:
        """The ledger has the outcome of a lease."""
        self._is_blocked = False
        if settlement.key is None:
            return
        self._under_way.pop(settlement.key, None)
        if settlement.due is not None and settlement.due <= self._spider.course.started:
            self._for_next_run.add(settlement.key)

    def forget(self, key: int) -> None:
        """A lease ended without an outcome: the ledger decides whether it is asked again."""
        self._under_way.pop(key, None)
        self._is_blocked = False

    def refresh(self) -> None:
        """The frontier has something new."""
        self._is_blocked = False

    def _next_leased(self) -> Request | None:
        while (taken := self._take()) is not None:
            site, lease = taken
            try:
                request = self._spider.make_request(lease, site)
            except Exception as fault:  # a row that no request can be made of must not end the run
                self._put_off(site, lease, fault)
            else:
                self._under_way[lease.key] = tier_of(lease)
                self._crawler.stats.inc_value("scheduler/dequeued")
                return request
        return None

    def _put_off(self, site: str, lease: Lease, fault: Exception) -> None:
        logger.error("no request could be made for %s", lease.entry.url, exc_info=fault)
        course = self._spider.course
        course.note("failed:not_asked", lease.entry.url, repr(fault))
        ledger = course.ledgers[site]
        now = ledger.clock.seconds()
        ledger.settle(Settlement(key=lease.key, state="waiting", visited_at=now, due=now + AFTER_FAULT_OF_OURS))

    def _take(self) -> tuple[str, Lease] | None:
        """The best lease whose turn it is."""
        if self._is_blocked:
            return None
        if not self._waiting:
            self._fill()
        if not self._waiting:
            return None
        _, _, site, lease = self._waiting[0]
        self._is_single = tier_of(lease) in _FEW_AT_ONCE
        if not self._may_go(lease):
            self._put_back()
            return None
        heapq.heappop(self._waiting)
        return site, lease

    def _fill(self) -> None:
        """Lease what there is room for: by site and host, best first."""
        downloader = self._crawler.engine.downloader
        room = (downloader.total_concurrency or _NO_LIMIT) - len(downloader.active) + _RESERVE
        is_picky = self._is_single or self._spider.course.stories_left is not None
        for site, ledger in self._sound_ledgers():
            for host in ledger.frontier.ready_hosts():
                count = min(room, self._room_of(host), 1 if is_picky else room)
                leases = self._lease(ledger.frontier, host, count) if count > 0 else []
                for lease in leases:
                    heapq.heappush(self._waiting, (-lease.entry.rank, next(self._numbers), site, lease))
                room -= len(leases)
                if room <= 0:
                    return

    def _lease(self, frontier: Frontier, host: str, count: int) -> list[Lease]:
        """At most `count` leases; what this run has asked already stays leased, and nobody's, until it ends."""
        while True:
            leases = frontier.lease(count, [host], seconds=_LEASE_SECONDS)
            fresh = [lease for lease in leases if lease.key not in self._for_next_run]
            if fresh or not leases:
                return fresh

    def _room_of(self, host: str) -> int:
        downloader = self._crawler.engine.downloader
        name = urlsplit(f"//{host}").hostname or ""
        slot = downloader.slots.get(name)
        concurrency = downloader.domain_concurrency if slot is None else slot.concurrency
        active = sum((request.meta.get("download_slot") or _host_of(request)) == name for request in downloader.active)
        return int((concurrency or _NO_LIMIT) + _RESERVE - active)

    def _may_go(self, lease: Lease) -> bool:
        """Sitemaps go two by two. Pages that may list stories wait for files, whose answers name more, and for others.

        Where stories are limited everything waits for files, and no more is under way than stories may still come;
        with `since` pages wait for stories, too: their dates tell whether it is worth going on.
        """
        tiers, left = self._under_way.values(), self._spider.course.stories_left
        if left is not None and (any(tier > TIERS["story"] for tier in tiers) or len(tiers) >= left):
            return False
        if tier_of(lease) == TIERS["sitemap"]:
            return sum(tier == TIERS["sitemap"] for tier in tiers) < _SITEMAPS
        if tier_of(lease) >= TIERS["story"]:
            return True
        if self._spider.target.window.since is not None and TIERS["story"] in tiers:
            return False
        return not any(tier > TIERS["story"] for tier in tiers) and sum(t < TIERS["story"] for t in tiers) < _WALKERS

    def _put_back(self) -> None:
        """Until something is settled: what is found meanwhile may be better."""
        self._is_blocked = True
        for site, ledger in self._spider.course.ledgers.items():
            keys = [lease.key for _, _, own, lease in self._waiting if own == site]
            if keys:
                ledger.frontier.release(keys)
        self._waiting.clear()

    def _is_idle(self) -> bool:
        engine = self._crawler.engine
        scraper = engine.scraper.slot
        return not engine.downloader.active and (scraper is None or scraper.is_idle())

    def _release_copies(self) -> bool:
        self._is_blocked = False
        ledgers = [ledger for _, ledger in self._spider.course.ledgers.items()]
        return sum(ledger.frontier.release_copies() for ledger in ledgers) > 0

    @property
    def _spider(self) -> NewsSpider:
        spider = self._crawler.spider
        if not isinstance(spider, NewsSpider):
            raise TypeError(f"no news spider: {spider}")
        return spider


def _host_of(request: Request) -> str:
    return urlparse_cached(request).hostname or ""
