"""The spider for any news site. It asks and hands on; what answers mean is told by `course` and the rooms behind it."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from newsscraper.crawl.bounds import Limits
from newsscraper.crawl.checks import check_corpus, check_settings, tell_refusal
from newsscraper.crawl.course import Course
from newsscraper.crawl.discovery.found import Found
from newsscraper.crawl.discovery.shapes import series_of
from newsscraper.crawl.discovery.sitemaps import MAX_BYTES
from newsscraper.crawl.failures import RobotsUnreachable, name_failure
from newsscraper.crawl.outcome import Answer
from newsscraper.crawl.politeness import check_contact, keep_crawl_delay, settle_pace
from newsscraper.crawl.settings import own_settings
from newsscraper.crawl.several_pages import SeveralPages
from newsscraper.crawl.target import Target, check_arguments, read_target
from newsscraper.crawl.weights import read_model
from newsscraper.errors import NewsscraperError
from newsscraper.record import Record
from newsscraper.store import format_instant, new_run_id

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.robotstxt import RobotParser
    from scrapy.settings import BaseSettings

_PRIORITIES = {"sitemap": 400, "feed": 300, "story": 200, "page": 100, "listing": 50}
_DEEPEST_NUMBER = 10_000

logger = logging.getLogger(__name__)


class NewsSpider(Spider):
    """`-a site=NAME` (a profile), `-a url=ADDRESS` (any site), `-a urls=FILE` (these stories and nothing else)."""

    name = "news"
    profile_name: str | None = None
    """Set by the loader on the class that bears a profile's name."""
    target: Target
    course: Course

    def __init__(self, site: str | None = None, url: str | None = None, urls: str | None = None, **kwargs: Any) -> None:
        check_arguments(kwargs)
        super().__init__()
        given = {"site": site, "url": url, "urls": urls}
        self.arguments = {name: value for name, value in given.items() if value is not None}

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """As Scrapy makes it. Raises `InputError`, `ProfileError` or `ModelError` where it cannot crawl as told."""
        try:
            spider = super().from_crawler(crawler, *args, **kwargs)
            spider._prepare(crawler)
        except NewsscraperError as fault:
            tell_refusal(fault)
            raise
        return spider

    def _prepare(self, crawler: Crawler) -> None:
        from newsscraper.crawl.loader import read_folders  # noqa: PLC0415 (the loader makes classes of this one)

        check_settings(crawler.settings)
        arguments = ({"site": self.profile_name} if self.profile_name else {}) | self.arguments
        self.target = read_target(**arguments, folders=read_folders(crawler.settings))
        corpus = Path(crawler.settings.get("NEWSSCRAPER_CORPUS"))
        for site in sorted(self.target.scope.sites):
            check_corpus(corpus, site)
        limits, model = read_limits(crawler.settings), read_model(crawler.settings)
        self.course = Course(self.target, limits, new_run_id(), model)
        settle_pace(crawler.settings, self.target)
        crawler.signals.connect(self.on_robots, signals.robots_parsed)
        crawler.signals.connect(self.on_idle, signals.spider_idle)

    async def start(self) -> AsyncIterator[Request]:
        """Where the target begins."""
        check_contact(self.settings, self.target)
        for request in self._ask(self.target.start):
            yield request
        if self.target.follow and not self.settings.getbool("ROBOTSTXT_OBEY"):
            for request in self._ask(self._guess_sitemaps(self.target.start[0].url)):
                yield request

    async def parse(self, response: Response, found: Found) -> AsyncIterator[Record | Request]:
        """One answer, one outcome: its record and the requests that follow."""
        step = self.course.settle(read_answer(response), found)
        if step.record is not None:
            yield step.record
        for request in map(self.make_request, step.requests):
            yield request
        if step.unfinished is not None:
            yield await self._read_on(step.unfinished)

    async def _read_on(self, unfinished: SeveralPages) -> Record:
        """The record of a story on several pages: robots.txt, scope and pace hold for each as for any request."""
        while (url := self.course.want(unfinished)) is not None:
            try:
                response = await self.crawler.engine.download_async(Request(url))
            except Exception as error:  # whatever keeps a page away, those before it are there
                self._miss(unfinished, error)
            else:
                if response.status == HTTPStatus.OK:
                    self.course.take(unfinished, read_answer(response))
                else:
                    self._miss(unfinished, HttpError(response))
        return self.course.finish(unfinished)

    def _miss(self, unfinished: SeveralPages, error: Exception) -> None:
        name, detail = name_failure(error)
        logger.warning("%s: a further page of %s: %s", name, unfinished.answer.url, detail)
        self.course.miss(unfinished, name, detail)

    def on_failure(self, failure: Failure) -> Iterator[Request]:
        """A request that brought no answer to read."""
        found: Found = failure.request.cb_kwargs["found"]  # type: ignore[attr-defined] # Scrapy sets it
        error = failure.value or RuntimeError("no reason given")
        name, detail = name_failure(error)
        # That of a robots.txt has been told when it failed.
        if name.startswith(("failed", "refused")) and not isinstance(error, RobotsUnreachable):
            logger.warning("%s: %s %s", name, found.url, detail)
        yield from map(self.make_request, self.course.fail(found, name, detail))

    def on_robots(self, robotparser: RobotParser, request: Request) -> None:
        """robots.txt was read: its delay is kept; the sitemaps that it names, or a guess where nobody names one."""
        keep_crawl_delay(self.crawler, request, robotparser.crawl_delay(self.settings["ROBOTSTXT_USER_AGENT"]))
        if not self.target.follow or not self.target.scope.owns(request.url):
            return
        named = [str(url) for url in getattr(getattr(robotparser, "rp", None), "sitemaps", ())]
        sitemaps = [Found(url=url, kind="sitemap") for url in named if self.target.scope.owns(url)]
        for follow_up in self._ask(sitemaps or self._guess_sitemaps(request.url)):
            self.crawler.engine.crawl(follow_up)

    def on_idle(self) -> None:
        """Nothing is under way: what still waits for a page that never came is asked itself."""
        rest = self.course.release_rest()
        for found in rest:
            self.crawler.engine.crawl(self.make_request(found))
        if rest:
            raise DontCloseSpider

    def note_redirect_off_site(self, request: Request) -> None:
        """A redirect led to another site and was not followed."""
        self.course.note("offsite_redirects", request.meta["redirect_urls"][0], f"to {request.url}")

    def make_request(self, found: Found) -> Request:
        """The request for a discovery: stories before listings, first pages before later ones."""
        return Request(
            found.url,
            callback=self.parse,
            errback=self.on_failure,
            cb_kwargs={"found": found},
            priority=_priority(found),
            dont_filter=found.alone,
            meta={"download_maxsize": MAX_BYTES} if found.kind == "sitemap" else {},
        )

    def _ask(self, discoveries: Iterable[Found]) -> list[Request]:
        return [self.make_request(found) for found in self.course.admit(discoveries)]

    def _guess_sitemaps(self, url: str) -> list[Found]:
        if self.target.profile is not None and self.target.profile.sitemaps:
            return []
        parts = urlsplit(url)
        return [Found(url=f"{parts.scheme}://{parts.netloc}/sitemap.xml", kind="sitemap", guessed=True)]


def read_answer(response: Response) -> Answer:
    """A response as the rooms behind take it."""
    asked = [response.request.url] if response.request else []
    return Answer(
        url=response.url,
        asked_url=[*response.meta.get("redirect_urls", ()), *asked, response.url][0],
        status=response.status,
        body=response.body,
        content_type=(response.headers.get("Content-Type") or b"").decode("latin-1"),
        fetched_at=format_instant(datetime.now(UTC)),
    )


def read_limits(settings: BaseSettings) -> Limits:
    """The bounds that the settings give; in a project that has none of ours, the defaults."""
    own = own_settings()

    def number(name: str) -> int:
        return settings.getint(name, own[name])

    return Limits(
        depth=number("NEWSSCRAPER_MAX_DEPTH"),
        pages_per_listing=number("NEWSSCRAPER_MAX_PAGES_PER_LISTING"),
        barren_pages=number("NEWSSCRAPER_MAX_BARREN_PAGES"),
        barren_shape=number("NEWSSCRAPER_MAX_BARREN_OF_A_SHAPE"),
        pages=number("NEWSSCRAPER_MAX_LISTING_PAGES"),
        machine_files=number("NEWSSCRAPER_MAX_FEEDS_AND_SITEMAPS"),
        pages_per_story=number("NEWSSCRAPER_MAX_PAGES_PER_STORY"),
    )


def _priority(found: Found) -> int:
    series = series_of(found.url) if found.kind in {"page", "listing"} else None
    return _PRIORITIES[found.kind] - (min(series[1], _DEEPEST_NUMBER) if series else 0)
