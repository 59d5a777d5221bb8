"""How fast a site is asked: by the settings, its profile, its robots.txt; not slowed down where it is this machine."""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.settings import BaseSettings

from newsscraper.crawl.standins import find_stand_in, is_loopback, read_stand_ins
from newsscraper.crawl.target import Target

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


logger = logging.getLogger(__name__)


def settle_pace(settings: BaseSettings, target: Target) -> None:
    """Set delay and concurrency for `target`, at spider priority: `-s` still wins."""
    stand_ins = read_stand_ins(settings)
    if all(is_loopback(found.url, stand_ins) for found in target.start):
        settings.set("DOWNLOAD_DELAY", 0, priority="spider")
        settings.set("CONCURRENT_REQUESTS_PER_DOMAIN", 8, priority="spider")
        # No more than the host takes at once: what waits behind them would have had its budget asked too early.
        settings.set("CONCURRENT_REQUESTS", 8, priority="spider")
        return
    politeness = target.profile.politeness if target.profile else None
    if politeness and politeness.delay is not None:
        settings.set("DOWNLOAD_DELAY", politeness.delay, priority="spider")
    if politeness and politeness.concurrency is not None:
        settings.set("CONCURRENT_REQUESTS_PER_DOMAIN", politeness.concurrency, priority="spider")


def check_contact(settings: BaseSettings, target: Target) -> None:
    """Warn, once a process, where sites of others are crawled and nobody is named who does it."""
    stand_ins = read_stand_ins(settings)
    foreign = [
        found.url
        for found in target.start
        if find_stand_in(found.url, stand_ins) is None and not is_loopback(found.url, stand_ins)
    ]
    if foreign and not settings.get("NEWSSCRAPER_CONTACT"):
        _ask_for_contact()


@cache
def _ask_for_contact() -> None:
    logger.warning("NEWSSCRAPER_CONTACT is not set: the site cannot tell who is crawling it")


def keep_crawl_delay(crawler: Crawler, request: Request, delay: float | None) -> None:
    """`Crawl-delay` of the robots.txt of `request`'s host, in seconds: kept where it is slower than we are."""
    downloader = crawler.engine.downloader
    slot = downloader.slots.get(downloader.get_slot_key(request))
    if slot is not None and delay is not None and delay > slot.delay:
        slot.delay = min(delay, crawler.settings.getfloat("NEWSSCRAPER_MAX_CRAWL_DELAY"))
        slot.jitter = 0.0
        slot.concurrency = 1
