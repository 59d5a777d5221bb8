"""Pages that only a script can draw, drawn by a browser: where a profile says so, and where all else found no text.

The page has been asked for as any other, and its answer is what the browser is given: no address is asked twice. What
its scripts ask for meanwhile goes through the crawl's own downloader (`browser_requests`). Nothing is clicked, nothing
is feigned: the browser bears our user agent, and forgets each page with the next.
"""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from itertools import count
from typing import TYPE_CHECKING, Any

from scrapy import Request, signals

from newsscraper.crawl.browser_launch import check_browser, context_options, driver_settings
from newsscraper.crawl.browser_requests import PageRequests, Scripts
from newsscraper.crawl.discovery.found import Found
from newsscraper.crawl.offline import ArchivedDrawings, OfflineArchive
from newsscraper.crawl.outcome import Answer, Outcome
from newsscraper.crawl.settings import own_settings
from newsscraper.crawl.target import Target
from newsscraper.sites.profile import Drawing

if TYPE_CHECKING:
    from playwright.async_api import Page
    from scrapy.crawler import Crawler
    from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

_AT_ONCE = 2
"""Pages that are drawn at the same time."""
_WAITING = 8
"""Pages that may wait for it before nothing more is asked."""
_QUIET_PART = 0.75
"""Of a page's seconds: when its scripts ask on and on, it is read as it stands then."""
_CLOSING = 5.0

logger = logging.getLogger(__name__)


class BrowserFailed(Exception):
    """A page could not be drawn; the message says why."""


class RunEnds(Exception):
    """A page is not drawn any more, since the run was told to end: the next one asks it again."""


class Browser:
    """Draws the pages of one run. There is none where no profile of the target asks for it."""

    def __init__(self, crawler: Crawler, target: Target, path: str) -> None:
        own = own_settings()
        self._crawler = crawler
        self._target = target
        self._seconds = crawler.settings.getfloat("NEWSSCRAPER_BROWSER_SECONDS", own["NEWSSCRAPER_BROWSER_SECONDS"])
        self._requests = crawler.settings.getint("NEWSSCRAPER_BROWSER_REQUESTS", own["NEWSSCRAPER_BROWSER_REQUESTS"])
        self._agent = str(crawler.settings.get("USER_AGENT"))
        self._largest = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self._scripts = Scripts()
        self._numbers = count()
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._under_way = 0
        self._handler: ScrapyPlaywrightDownloadHandler | None = None
        crawler.settings.setdict(driver_settings(path, self._agent), priority="cmdline")
        # scrapy-playwright starts its driver with the engine, and is to hear of that.
        crawler.signals.connect(self._open, signals.spider_opened)
        crawler.signals.connect(self._close, signals.engine_stopped)

    @property
    def is_busy(self) -> bool:
        """More pages wait to be drawn than should."""
        return self._under_way >= _AT_ONCE + _WAITING

    def may_help(self, outcome: Outcome, answer: Answer, found: Found) -> bool:
        """Whether the page that `outcome` was read from may hold more once it is drawn."""
        if not self._facts_of(answer.url).draw or outcome.kind != "listing":
            return False
        if outcome.reason == "no_text":
            # A page that leads somewhere is worth it only where a story is looked for.
            return found.kind == "story" or found.entrance or not outcome.found
        return outcome.reason == "empty"

    async def draw(self, answer: Answer) -> Answer:
        """The same answer with the page as its scripts leave it. Raises `BrowserFailed`, `RunEnds`."""
        self._under_way += 1
        try:
            async with self._turn:
                if not self._crawler.crawling:
                    raise RunEnds
                return await self._draw(answer)
        finally:
            self._under_way -= 1

    async def _draw(self, answer: Answer) -> Answer:
        request = self._request_for(answer)
        try:
            html = await asyncio.wait_for(self._show(request, self._facts_of(answer.url)), self._seconds)
        except TimeoutError as fault:
            raise BrowserFailed(f"not drawn after {self._seconds:g} s") from fault
        except Exception as fault:  # the driver's and the browser's errors have no common ground
            raise BrowserFailed(" ".join(str(fault).split())[:200] or type(fault).__name__) from fault
        finally:
            await _forget(request)
        if len(html) > self._largest > 0:
            raise BrowserFailed(f"{len(html):,} bytes when drawn, which is more than DOWNLOAD_MAXSIZE")
        self._crawler.stats.inc_value("newsscraper/browser/pages")
        # What the site says of its page's age says nothing of what a script fills it with.
        return dataclasses.replace(
            answer, body=html, content_type="text/html; charset=utf-8", etag=None, last_modified=None
        )

    async def _show(self, request: Request, facts: Drawing) -> bytes:
        assert self._handler is not None
        await self._handler.download_request(request)
        page: Page = request.meta["playwright_page"]
        await _wait(page, facts, self._seconds * _QUIET_PART)
        return (await page.content()).encode("utf-8", "replace")

    def _request_for(self, answer: Answer) -> Request:
        requests = PageRequests(
            self._crawler,
            answer,
            self._scripts,
            owns=self._target.scope.owns,
            hosts=self._facts_of(answer.url).hosts,
            most=self._requests,
        )

        async def take_over(page: Page, _request: Request) -> None:
            # After scrapy-playwright's own: the last one that is added is asked first.
            await page.route("**/*", requests.handle)

        meta: dict[str, Any] = {
            "playwright": True,
            "playwright_include_page": True,
            "playwright_context": f"page {next(self._numbers)}",
            "playwright_context_kwargs": context_options(self._agent),
            "playwright_page_init_callback": take_over,
            # A page whose script wants to be elsewhere at once is never loaded, as Playwright sees it.
            "playwright_page_goto_kwargs": {"wait_until": "commit", "timeout": self._seconds * 1000},
        }
        return Request(answer.url, meta=meta, dont_filter=True)

    def _facts_of(self, url: str) -> Drawing:
        profile = self._target.profile_of(url)
        return profile.browser if profile is not None else Drawing()

    def _open(self) -> None:
        from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler  # noqa: PLC0415 (an extra)

        self._handler = ScrapyPlaywrightDownloadHandler.from_crawler(self._crawler)

    async def _close(self) -> None:
        if self._handler is not None:
            await self._handler.close()


def open_browser(
    crawler: Crawler, target: Target, archive: OfflineArchive | None = None
) -> Browser | ArchivedDrawings | None:
    """The browser of a run, None where no profile wants one; in a run over `archive`, what a browser drew then.

    Raises `InputError` where it is not installed.
    """
    if archive is not None:
        return ArchivedDrawings(archive, crawler.settings.getint("DOWNLOAD_MAXSIZE"))
    profiles = [target.profile, *(target.profile_of(found.url) for found in target.start)]
    if not any(profile is not None and profile.browser.draw for profile in profiles):
        return None
    return Browser(crawler, target, check_browser(crawler.settings))


async def _wait(page: Page, facts: Drawing, seconds: float) -> None:
    """Until a page is drawn, or for so long: what stands there then is read."""
    from playwright.async_api import TimeoutError as NotDrawn  # noqa: PLC0415 (an extra)

    try:
        if facts.wait_for is None:
            await page.wait_for_load_state("networkidle", timeout=seconds * 1000)
        else:
            await page.wait_for_selector(facts.wait_for, state="attached", timeout=seconds * 1000)
    except NotDrawn:
        logger.info("%s: not done after %g s: read as it stands", page.url, seconds)


async def _forget(request: Request) -> None:
    """Close what a page was drawn in, with all that it kept."""
    page = request.meta.get("playwright_page")
    if page is None:
        return
    try:
        await asyncio.wait_for(page.context.close(), _CLOSING)
    except Exception as fault:  # it is gone, or hangs: the browser's end takes it along
        logger.debug("a page's context did not close: %s", fault)
