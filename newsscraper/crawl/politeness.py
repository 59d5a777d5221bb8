"""How fast a site is asked: by the settings, its profile, its robots.txt; not slowed down where it is this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.settings import BaseSettings

from newsscraper.crawl.standins import is_loopback, read_stand_ins
from newsscraper.crawl.target import Target

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


def settle_pace(settings: BaseSettings, target: Target) -> bool:
    """Set delay and concurrency for `target`, at spider priority: `-s` still wins. True where it is this machine."""
    stand_ins = read_stand_ins(settings)
    if all(is_loopback(found.url, stand_ins) for found in target.start):
        settings.set("DOWNLOAD_DELAY", 0, priority="spider")
        settings.set("CONCURRENT_REQUESTS_PER_DOMAIN", 8, priority="spider")
        return True
    politeness = target.profile.politeness if target.profile else None
    if politeness and politeness.delay is not None:
        settings.set("DOWNLOAD_DELAY", politeness.delay, priority="spider")
    if politeness and politeness.concurrency is not None:
        settings.set("CONCURRENT_REQUESTS_PER_DOMAIN", politeness.concurrency, priority="spider")
    return False


def keep_crawl_delay(crawler: Crawler, request: Request, delay: float | None) -> None:
    """`Crawl-delay` of the robots.txt of `request`'s host, in seconds: kept where it is slower than we are."""
    downloader = crawler.engine.downloader
    slot = downloader.slots.get(downloader.get_slot_key(request))
    if slot is not None and delay is not None and delay > slot.delay:
        slot.delay = min(delay, crawler.settings.getfloat("NEWSSCRAPER_MAX_CRAWL_DELAY"))
        slot.jitter = 0.0
        slot.concurrency = 1
