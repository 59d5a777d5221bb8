"""What of a crawl goes into the archive: which answers, with which outcome. The ledger writes what it is given here.

`stories`: what led to a record, from the redirects to a story's last page; that a known story's page is what it was
(which the archive tells in a few hundred bytes); and what the rights of records were read from beside the pages: the
robots.txt and tdmrep.json of their hosts. `all`: every answer that came to an end, errors, lists and files too.
An answer that broke off, or came from Scrapy's cache, is not archived, nor is one that was asked again.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable
from typing import Literal, get_args

from scrapy import Request
from scrapy.http import Response
from scrapy.settings import BaseSettings

from newsscraper.crawl.captures import CAPTURES, Captures, is_capturable, read_exchange
from newsscraper.crawl.discovery.found import Found
from newsscraper.crawl.politeness import agent_of
from newsscraper.crawl.settings import own_settings
from newsscraper.crawl.settled import Settled
from newsscraper.errors import InputError
from newsscraper.sites.checks import shown, suggestion
from newsscraper.store import Clock, Lease, Settlement, StoryStore, format_instant
from newsscraper.store.archive.types import Exchange

What = Literal["stories", "all", "none"]


def read_what(settings: BaseSettings) -> What:
    """`NEWSSCRAPER_ARCHIVE`; nothing in an offline crawl, which has its pages from an archive. Raises `InputError`."""
    given = settings.get("NEWSSCRAPER_ARCHIVE", own_settings()["NEWSSCRAPER_ARCHIVE"])
    for what in get_args(What):
        if given == what:
            known: What = what
            return "none" if settings.get("NEWSSCRAPER_OFFLINE") else known
    names = get_args(What)
    raise InputError(
        f"NEWSSCRAPER_ARCHIVE: expected one of {', '.join(names)}, got {shown(given)}{suggestion(str(given), names)}"
    )


def describe_archive(settings: BaseSettings) -> dict[str, str]:
    """What the `warcinfo` of a run's archives says of how they came to be; the software is the ledger's to tell."""
    facts = {
        "operator": str(settings.get("NEWSSCRAPER_CONTACT") or ""),
        "http-header-user-agent": agent_of(settings),
        "robots": "RFC 9309" if settings.getbool("ROBOTSTXT_OBEY") else "ignored",
        "newsscraper-archive": str(settings.get("NEWSSCRAPER_ARCHIVE")),
        "newsscraper-purpose": str(settings.get("NEWSSCRAPER_PURPOSE")),
        "newsscraper-most-bytes": str(settings.get("DOWNLOAD_MAXSIZE")),
        "newsscraper-delay": str(settings.get("DOWNLOAD_DELAY")),
    }
    return {name: value for name, value in facts.items() if value}


class Archiving:
    """Of one run."""

    def __init__(self, what: What, *, clock: Clock, site_of: Callable[[str], str], keeps_visits: bool = False) -> None:
        self.what = what
        self._clock = clock
        self._site_of = site_of
        self._keeps_visits = keeps_visits
        self._beside: dict[str, list[Exchange]] = {}
        """By site: what was asked beside its pages, until something is archived that it belongs to."""
        self.archived: Counter[str] = Counter()
        """By site: the answers that the ledger was given to archive."""

    def capture(self, request: Request, response: Response) -> None:
        """Note what `request` brought, in its meta."""
        found = request.cb_kwargs.get("found")
        if self.what == "none" or (self.what == "stories" and isinstance(found, Found) and found.kind == "sitemap"):
            return
        captures: Captures = request.meta.setdefault(CAPTURES, Captures())
        if is_capturable(response):
            at = format_instant(self._clock.now())
            captures.add(read_exchange(request, response, at, keeps_visits=self._keeps_visits))
        else:
            captures.spoil()

    def note_beside(self, response: Response) -> None:
        """What a robots.txt, or a file like it, brought: archived with the next page of its site that is."""
        for exchange in captures_of(response).all():
            self._beside.setdefault(self._site_of(exchange.url), []).append(exchange)

    def choose(self, settled: Settled, captures: Captures, lease: Lease | None) -> Settled:
        """`settled` with what is to be archived with it."""
        if self.what == "all":
            return with_exchanges(settled, captures.all())
        is_known = settled.settlement.unchanged and lease is not None and lease.story_key is not None
        if self.what == "stories" and (settled.settlement.record is not None or is_known):
            return with_exchanges(settled, captures.of_story())
        return settled

    def complete(self, site: str, settlement: Settlement, stories: StoryStore) -> Settlement:
        """`settlement` as the ledger is to have it: with what was asked beside it, without a page that says no more."""
        exchanges = settlement.exchanges
        if self.what == "stories" and settlement.record is not None and not brings_text(settlement, stories):
            exchanges = ()
        if self.what == "all" or (exchanges and settlement.record is not None):
            exchanges = (*self._beside.pop(site, ()), *exchanges)
        self.archived[site] += len(exchanges)
        return dataclasses.replace(settlement, exchanges=exchanges)


def open_archiving(settings: BaseSettings, *, clock: Clock, site_of: Callable[[str], str]) -> Archiving:
    """As `settings` have it. Raises `InputError`."""
    return Archiving(
        read_what(settings), clock=clock, site_of=site_of, keeps_visits=settings.getbool("COOKIES_ENABLED")
    )


def captures_of(response: Response) -> Captures:
    """What came with `response` and before it; empty where nothing is archived."""
    captures = response.meta.get(CAPTURES) if response.request is not None else None
    return captures if isinstance(captures, Captures) else Captures()


def with_exchanges(settled: Settled, exchanges: tuple[Exchange, ...]) -> Settled:
    """`settled` with `exchanges` to be archived."""
    return dataclasses.replace(settled, settlement=dataclasses.replace(settled.settlement, exchanges=exchanges))


def brings_text(settlement: Settlement, stories: StoryStore) -> bool:
    """Whether a story's record may become a line: no story that goes by one of its names has this very text."""
    record = settlement.record
    if record is None:
        return False
    names = filter(None, (record.url, *settlement.aliases))
    known = [story for name in names if (story := stories.find_by_name(name)) is not None]
    return not any(
        story.base.content_hash == record.content_hash
        or (settlement.fingerprint is not None and story.base.fingerprint == settlement.fingerprint)
        for story in known
    )
