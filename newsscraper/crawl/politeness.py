"""How fast a site is asked: by its profile, by the settings, and not slowed down where the site is this machine."""

from __future__ import annotations

from scrapy.settings import BaseSettings

from newsscraper.crawl.standins import is_loopback, read_stand_ins
from newsscraper.crawl.target import Target


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
