"""How fast a site is asked: by the settings, its profile, its robots.txt; not slowed down where it is this machine."""

from __future__ import annotations

import re
from collections.abc import Mapping
from time import monotonic
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings
from scrapy.utils.httpobj import urlparse_cached

from newsscraper.crawl.offline import is_offline, settle_offline
from newsscraper.crawl.polite_purpose import read_purpose
from newsscraper.crawl.settings import own_settings
from newsscraper.crawl.standins import find_stand_in, is_loopback, read_stand_ins
from newsscraper.crawl.target import Target
from newsscraper.errors import InputError
from newsscraper.sites.checks import shown
from newsscraper.store.records import package_version

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_CONTACT = re.compile(r"[^\s@]@[^\s@]|https?://[^\s/]", re.IGNORECASE)
_RETRIED = "RETRY_HTTP_CODES"
_OWN = "newsscraper_own"
"""In the settings of a slot: those that the user gave it."""
_TOLD = "newsscraper_told"
"""And the delay that each robots.txt of the host asks for, by host and port."""


def settle_pace(settings: BaseSettings, target: Target) -> None:
    """Set delay and concurrency for `target`, at spider priority: `-s` still wins. Raises `InputError`."""
    read_purpose(settings)
    if is_offline(settings):
        settle_offline(settings)
        return
    check_contact(settings, target)
    _leave_rests_to_backoff(settings)
    stand_ins = read_stand_ins(settings)
    if all(is_loopback(found.url, stand_ins) for found in target.start):
        settings.set("DOWNLOAD_DELAY", 0, priority="spider")
        settings.set("NEWSSCRAPER_BACKOFF", 0.1, priority="spider")
        settings.set("CONCURRENT_REQUESTS_PER_DOMAIN", 8, priority="spider")
        # No more than the host takes at once: what waits behind them would have had its budget asked too early.
        settings.set("CONCURRENT_REQUESTS", 8, priority="spider")
        return
    politeness = target.profile.politeness if target.profile else None
    if politeness and politeness.delay is not None:
        settings.set("DOWNLOAD_DELAY", politeness.delay, priority="spider")
    if politeness and politeness.concurrency is not None:
        settings.set("CONCURRENT_REQUESTS_PER_DOMAIN", politeness.concurrency, priority="spider")


def _leave_rests_to_backoff(settings: BaseSettings) -> None:
    """Scrapy's own retries keep off 429 and 503, unless the project has codes of its own."""
    if (settings.getpriority(_RETRIED) or 0) <= SETTINGS_PRIORITIES["addon"]:
        settings.set(_RETRIED, own_settings()[_RETRIED], priority="spider")


def check_contact(settings: BaseSettings, target: Target) -> None:
    """Raises `InputError` where hosts of others would be asked, and nobody is named whom they could write to."""
    stand_ins = read_stand_ins(settings)
    foreign = [
        urlsplit(found.url).hostname
        for found in target.start
        if find_stand_in(found.url, stand_ins) is None and not is_loopback(found.url, stand_ins)
    ]
    if not foreign:
        return
    contact = str(settings.get("NEWSSCRAPER_CONTACT") or "").strip()
    agent = str(settings.get("USER_AGENT") or "")
    if (settings.getpriority("USER_AGENT") or 0) > SETTINGS_PRIORITIES["addon"]:
        if not _names_somebody(agent):
            raise InputError(
                f"USER_AGENT: expected a URL or a mail address in it, such as 'mybot (+https://example.org/bot)', for "
                f"{foreign[0]} to write to, got {shown(agent)}"
            )
    elif not _names_somebody(contact):
        raise InputError(
            f"NEWSSCRAPER_CONTACT: expected a URL or a mail address for {foreign[0]} to write to about this crawl "
            f"(-s NEWSSCRAPER_CONTACT=you@example.org), got {shown(contact) if contact else 'nothing'}"
        )


def user_agent(contact: str | None) -> str:
    """Product, version and, where one is given, contact: `newsscraper/0.1.0 (+https://example.org/bot)`."""
    product = f"newsscraper/{package_version()}"
    return f"{product} (+{contact})" if contact else product


def agent_of(settings: BaseSettings) -> str:
    """The user agent of a crawl, also before the add-on has set it."""
    if (settings.getpriority("USER_AGENT") or 0) >= SETTINGS_PRIORITIES["addon"]:
        return str(settings.get("USER_AGENT"))
    return user_agent(settings.get("NEWSSCRAPER_CONTACT"))


def _names_somebody(text: str) -> bool:
    return bool(_CONTACT.search(text)) and text.isprintable()


def keep_crawl_delay(crawler: Crawler, request: Request, delay: float | None) -> None:
    """`delay`, in seconds, of the robots.txt of `request`'s host: kept where it is slower than we are.

    One request at a time, and the delay counts from the end of the last one: whatever holds us or the line up between
    here and there, what arrives is as far apart. What is told again later takes the place of what was told.
    """
    if is_offline(crawler.settings):
        return
    downloader = crawler.engine.downloader
    key = downloader.get_slot_key(request)
    known = downloader.per_slot_settings.get(key, {})
    longest = crawler.settings.getfloat("NEWSSCRAPER_MAX_CRAWL_DELAY")
    told = known.get(_TOLD, {}) | {urlparse_cached(request).netloc: min(delay or 0.0, longest)}
    own = {name: value for name, value in known.get(_OWN, known).items() if name not in {_OWN, _TOLD}}
    # The downloader drops a slot that has not been used for a while, and makes it anew from these.
    kept = downloader.per_slot_settings[key] = _slow_down(crawler.settings, own, max(told.values()))
    kept |= {_OWN: own, _TOLD: told}
    slot = downloader.slots.get(key)
    if slot is not None:
        slot.delay, slot.jitter, slot.concurrency = kept["delay"], kept["jitter"], kept["concurrency"]
        slot.lastseen = max(slot.lastseen, monotonic() if delay else 0.0)


def _slow_down(settings: BaseSettings, own: Mapping[str, Any], delay: float) -> dict[str, Any]:
    """What Scrapy's `DOWNLOAD_SLOTS` may tell of a slot: `own`, or `delay` where that is slower."""
    pace: dict[str, Any] = {
        "delay": settings.getfloat("DOWNLOAD_DELAY"),
        "jitter": settings.getfloat("DOWNLOAD_DELAY_JITTER"),
        "concurrency": settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"),
    }
    pace |= own
    least = pace["delay"] * (1 - pace["jitter"])
    return pace if delay <= least else pace | {"delay": max(delay, pace["delay"]), "jitter": 0.0, "concurrency": 1}


class CrawlDelays:
    """An extension: the delay that a robots.txt asks for counts from the end of each request; nothing shortens it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        crawler.signals.connect(self._after, signals.response_downloaded)
        crawler.signals.connect(self._after, signals.request_left_downloader)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy makes it."""
        return cls(crawler)

    def _after(self, request: Request) -> None:
        downloader = self._crawler.engine.downloader
        key = downloader.get_slot_key(request)
        slot, told = downloader.slots.get(key), downloader.per_slot_settings.get(key, {}).get(_TOLD)
        if slot is not None and told and max(told.values()) > 0:
            slot.delay = max(slot.delay, *told.values())
            slot.lastseen = max(slot.lastseen, monotonic())
