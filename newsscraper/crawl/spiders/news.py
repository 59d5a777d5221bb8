"""The spider for any news site. It asks and hands on; what answers mean is told by `course` and the rooms behind it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Iterator
from http import HTTPStatus
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.utils.defer import deferred_from_coro
from twisted.python.failure import Failure

from newsscraper.crawl.answers import read_answer
from newsscraper.crawl.archiving import Archiving, captures_of, describe_archive, open_archiving
from newsscraper.crawl.browser import BrowserFailed, RunEnds, open_browser
from newsscraper.crawl.captures import CAPTURES, Captures
from newsscraper.crawl.checks import check_corpus, check_settings, tell_refusal
from newsscraper.crawl.conditional import conditions_of, is_as_it_was
from newsscraper.crawl.course import Course
from newsscraper.crawl.discovery.found import Found
from newsscraper.crawl.discovery.sitemaps import MAX_BYTES
from newsscraper.crawl.entries import read_entry
from newsscraper.crawl.failures import RobotsUnreachable, name_failure
from newsscraper.crawl.offline import OfflineArchive, is_offline, open_archive
from newsscraper.crawl.opening import open_ledgers, open_readers, read_clock, read_limits, read_revisit_hours
from newsscraper.crawl.outcome import Answer, Outcome
from newsscraper.crawl.politeness import keep_crawl_delay, settle_pace
from newsscraper.crawl.readers import ReadingDied
from newsscraper.crawl.robots import robots_fetched
from newsscraper.crawl.robots_signals import headers_of
from newsscraper.crawl.settled import Settled
from newsscraper.crawl.several_pages import SeveralPages
from newsscraper.crawl.target import Target, check_arguments, read_target
from newsscraper.crawl.walls import ADVICE
from newsscraper.crawl.weights import read_model
from newsscraper.errors import NewsscraperError
from newsscraper.extract import Model
from newsscraper.extract.signals import read_headers
from newsscraper.store import Clock, Committed, Lease, new_run_id

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from newsscraper.crawl.robots_rules import RobotRules
    from newsscraper.crawl.scheduler import FrontierScheduler

LEASE = "newsscraper_lease"
"""In a request's meta: the site whose ledger leased it, and the lease. Redirects and retries keep it."""
_AT_ONCE = 10_000
UNWRITABLE = "corpus_unwritable"
"""Why a run ended whose outcomes could no longer be written."""

logger = logging.getLogger(__name__)


class NewsSpider(Spider):
    """`-a site=NAME` (a profile), `-a url=ADDRESS` (any site), `-a urls=FILE` (these stories and nothing else).

    `-a codes=`, `-a since=`, `-a until=`, `-a limit=` say which of its stories; see `target`.
    """

    name = "news"
    profile_name: str | None = None
    """Set by the loader on the class that bears a profile's name."""
    target: Target
    course: Course
    clock: Clock
    archiving: Archiving
    archive: OfflineArchive | None = None
    """What the run is answered from, where it is offline."""
    scheduler: FrontierScheduler | None = None
    """Told what has been settled."""

    def __init__(self, _job: str | None = None, **arguments: Any) -> None:
        # `_job` is Scrapyd's, which gives every spider the run's name there.
        check_arguments(arguments)
        super().__init__()
        self._ending: object = None
        self._one_machine_file = asyncio.Lock()
        self._has_begun_again = False
        self.arguments = {name: value for name, value in arguments.items() if value is not None}

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
        self.clock = read_clock(crawler.settings)
        self.target = read_target(**arguments, folders=read_folders(crawler.settings), now=self.clock.now())
        settle_pace(crawler.settings, self.target)
        corpus = Path(crawler.settings.get("NEWSSCRAPER_CORPUS"))
        for site in sorted(self.target.scope.sites):
            check_corpus(corpus, site)
        model = read_model(crawler.settings)
        self.archive = open_archive(crawler.settings, corpus) if is_offline(crawler.settings) else None
        self.course = self._open_course(crawler, corpus, model)
        self.archiving = open_archiving(crawler.settings, clock=self.clock, site_of=self.course.ledgers.site_of)
        self._readers = open_readers(crawler.settings, self.target, model)
        self._browser = open_browser(crawler, self.target, self.archive)
        crawler.signals.connect(self.on_robots, signals.robots_parsed)
        crawler.signals.connect(self.archiving.note_beside, robots_fetched)
        crawler.signals.connect(self._close, signals.engine_stopped)

    def _close(self) -> None:
        self._readers.close()
        self.course.ledgers.close()

    def _open_course(self, crawler: Crawler, corpus: Path, model: Model) -> Course:
        run_id = new_run_id(self.clock.now())
        limits, hours = read_limits(crawler.settings), read_revisit_hours(crawler.settings)
        ledgers = open_ledgers(
            crawler.settings,
            corpus,
            self.target,
            clock=self.clock,
            run_id=run_id,
            archive_info=describe_archive(crawler.settings),
        )
        return Course(self.target, limits, run_id, model, ledgers=ledgers, clock=self.clock, revisit_hours=hours)

    @property
    def is_busy(self) -> bool:
        """More pages wait to be read, or drawn, than should."""
        return self._readers.is_busy or (self._browser is not None and self._browser.is_busy)

    async def start(self) -> AsyncIterator[Request]:
        """Where the target begins: into the frontier, from which every request comes."""
        self._begin(self.target.start, again=self.target.follow)
        if self.target.follow and not self.settings.getbool("ROBOTSTXT_OBEY"):
            self._begin(self._guess_sitemaps(self.target.start[0].url), again=False)
        nothing: tuple[Request, ...] = ()
        for request in nothing:  # an asynchronous generator, as Scrapy wants it
            yield request

    async def parse(self, response: Response, found: Found) -> AsyncIterator[Settled]:
        """One answer, one outcome, with the requests that follow in it."""
        _, lease = response.meta.get(LEASE, (None, None))
        answer, captures = read_answer(response, self.clock), captures_of(response)
        settled: Settled | None
        try:
            settled = await self._settle(answer, found, lease, captures)
        except ReadingDied as death:
            settled = self._note_death(answer, found, lease, str(death))
        except RunEnds:
            return  # not acknowledged: the next run takes it up
        except BrowserFailed as fault:
            logger.warning("failed:browser: %s: %s", answer.url, fault)
            settled = self.course.fail(found, lease, "failed:browser", str(fault), answer.status)
        except Exception as fault:  # whatever broke, this URL is answered
            logger.exception("reading broke on %s", answer.url)
            settled = self.course.fail(found, lease, "failed:spider_error", repr(fault), answer.status)
        if settled is not None:
            yield self.archiving.choose(settled, captures, lease)

    async def _settle(self, answer: Answer, found: Found, lease: Lease | None, captures: Captures) -> Settled:
        if found.kind not in {"sitemap", "feed"}:
            return await self._settle_answer(answer, found, lease, captures)
        # One after the other: what a large sitemap names takes some hundred megabytes until the ledger has it.
        async with self._one_machine_file:
            return await self._settle_answer(answer, found, lease, captures)

    async def _settle_answer(self, answer: Answer, found: Found, lease: Lease | None, captures: Captures) -> Settled:
        if lease is not None and is_as_it_was(answer, found, lease):
            return self.course.keep(answer, found, lease)
        outcome = await self._read(answer, found, lease)
        if self._browser is not None and self._browser.may_help(outcome, answer, found):
            answer = await self._browser.draw(answer)
            captures.draw(answer.body)
            outcome = await self._read(answer, found, lease)
        step = self.course.settle(answer, found, lease, outcome)
        if step.unfinished is None:
            return step.settled
        await self._read_on(step.unfinished, captures)
        return self.course.finish(step.settled, step.unfinished, outcome)

    async def _read(self, answer: Answer, found: Found, lease: Lease | None) -> Outcome:
        is_suspect = lease is not None and (lease.suspect or lease.deaths > 0)
        if not self._readers.reads_here(is_suspect=is_suspect):
            return await self._readers.read_apart(answer, found)
        frontier = self.course.ledgers.of(found.url).frontier
        frontier.in_hand(lease.key if lease is not None else None)
        try:
            return self._readers.read_here(answer, found)
        finally:
            frontier.in_hand(None)

    def _note_death(self, answer: Answer, found: Found, lease: Lease | None, reason: str) -> Settled | None:
        """A page over which a worker died is asked again, and set aside after the third."""
        logger.warning("%s: %s", answer.url, reason)
        if lease is None:
            return self.course.fail(found, lease, "failed:reading_died", reason, answer.status)
        self.course.note_death(found, lease, reason)
        if self.scheduler is not None:
            self.scheduler.forget(lease.key)
        return None

    async def _read_on(self, unfinished: SeveralPages, captures: Captures) -> None:
        """Fetch the further pages of a story: robots.txt, scope and pace hold for each as for any request."""
        while (url := self.course.want(unfinished)) is not None:
            try:
                response = await self.crawler.engine.download_async(Request(url))
            except Exception as error:  # whatever keeps a page away, those before it are there
                self._miss(unfinished, error)
            else:
                if response.status == HTTPStatus.OK:
                    unfinished.hear(read_headers(headers_of(response), self.settings["ROBOTSTXT_USER_AGENT"]))
                    before = unfinished.size
                    self.course.take(unfinished, read_answer(response, self.clock))
                    is_part = unfinished.size > before
                    captures.add_further(captures_of(response), of=unfinished.answer.url if is_part else None)
                else:
                    self._miss(unfinished, HttpError(response))

    def _miss(self, unfinished: SeveralPages, error: Exception) -> None:
        name, detail = name_failure(error)
        logger.warning("%s: a further page of %s: %s", name, unfinished.answer.url, detail)
        self.course.miss(unfinished, name, detail)

    def on_failure(self, failure: Failure) -> Iterator[Settled]:
        """A request that brought no answer to read: an outcome, too."""
        request: Request = failure.request  # type: ignore[attr-defined] # Scrapy sets it
        found: Found = request.cb_kwargs["found"]
        error = failure.value or RuntimeError("no reason given")
        name, detail = name_failure(error)
        # That of a robots.txt has been told when it failed.
        if name.startswith(("failed", *ADVICE)) and not isinstance(error, RobotsUnreachable):
            logger.warning("%s: %s %s", name, found.url, detail)
        status = error.response.status if isinstance(error, HttpError) else None
        _, lease = request.meta.get(LEASE, (None, None))
        captures = request.meta.get(CAPTURES) or Captures()
        yield self.archiving.choose(self.course.fail(found, lease, name, detail, status), captures, lease)

    def begin_again(self) -> bool:
        """Nothing is left to be asked: whether pages of an archive have been begun with that nothing led to; once."""
        if self.archive is None or not self.target.follow or self._has_begun_again:
            return False
        self._has_begun_again = True
        return self._begin(self.archive.starts(self.target), again=False) > 0

    def on_robots(self, robotparser: RobotRules, request: Request) -> None:
        """robots.txt was read: its delay is kept; the sitemaps that it names, or a guess where nobody names one."""
        keep_crawl_delay(self.crawler, request, robotparser.crawl_delay(self.settings["ROBOTSTXT_USER_AGENT"]))
        if not self.target.follow or not self.target.scope.owns(request.url):
            return
        named = robotparser.sitemaps
        sitemaps = [Found(url=url, kind="sitemap") for url in named if self.target.scope.owns(url)]
        if sitemaps:
            self._begin(sitemaps, again=True)
        else:
            self._begin(self._guess_sitemaps(request.url), again=False)

    def leads_to_known(self, request: Request) -> bool:
        """Whether a redirect leads to a page that has been asked already, or will be by itself."""
        found = request.cb_kwargs.get("found")
        _, lease = request.meta.get(LEASE, (None, None))
        return found is not None and self.course.knows_elsewhere(request.url, found, lease)

    def note_settled(self, settled: Settled, committed: Committed) -> None:
        """The ledger has an outcome."""
        self.course.account(settled, committed)
        self.crawler.stats.inc_value("scheduler/enqueued", committed.discovered)
        if self.scheduler is not None:
            self.scheduler.settled(settled.settlement)

    def give_up(self, site: str, fault: Exception) -> None:
        """The ledger of `site` can no longer be written: the run ends, and nothing is tried a second time."""
        self.course.note_fault(site, fault)
        if self._ending is None:
            self._ending = deferred_from_coro(self.crawler.engine.close_spider_async(reason=UNWRITABLE))

    def make_request(self, lease: Lease, site: str) -> Request:
        """The request for a lease of `site`'s ledger: conditional where an answer is known."""
        found = read_entry(lease.entry)
        meta: dict[str, Any] = {LEASE: (site, lease), "handle_httpstatus_list": [HTTPStatus.NOT_MODIFIED]}
        if found.kind == "sitemap":
            meta["download_maxsize"] = MAX_BYTES
        return Request(
            found.url,
            callback=self.parse,
            errback=self.on_failure,
            cb_kwargs={"found": found},
            headers=conditions_of(lease, found),
            dont_filter=found.alone,
            meta=meta,
        )

    def _begin(self, discoveries: Iterable[Found], *, again: bool) -> int:
        begun = 0
        # Some at a time: an archive may hold very many.
        rest = iter(discoveries)
        while some := list(islice(rest, _AT_ONCE)):
            begun += self.course.begin(some, again=again)
        self.crawler.stats.inc_value("scheduler/enqueued", begun)
        if self.scheduler is not None:
            self.scheduler.refresh()
        return begun

    def _guess_sitemaps(self, url: str) -> list[Found]:
        if self.target.profile is not None and self.target.profile.sitemaps:
            return []
        parts = urlsplit(url)
        return [Found(url=f"{parts.scheme}://{parts.netloc}/sitemap.xml", kind="sitemap", guessed=True)]
