"""Writes the run's report when a crawl ends, and keeps its summary for whoever started it."""

from __future__ import annotations

import dataclasses
import logging
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, Spider, signals
from scrapy.settings import overridden_settings
from scrapy.utils.asyncio import run_in_thread

from newsscraper.crawl.course import Course
from newsscraper.crawl.failures import NOT_ARCHIVED
from newsscraper.crawl.monitors.findings import Finding
from newsscraper.crawl.monitors.watch import Watch, advise
from newsscraper.crawl.settings import own_settings
from newsscraper.crawl.settled import Settled
from newsscraper.crawl.spiders.news import NewsSpider
from newsscraper.crawl.summary import (
    RunSummary,
    count_answers,
    count_failures,
    count_not_stories,
    find_problems,
    judge_exit,
    shares_of,
)
from newsscraper.crawl.tally import Tally
from newsscraper.errors import LedgerError
from newsscraper.record import Record
from newsscraper.store import RunReport, Seal, format_instant, write_report

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_SECRET = re.compile(r"PASS|SECRET|TOKEN|CREDENTIAL|(?:^|_)KEY|_AUTH|AUTH_|PROXY|WEBHOOK|_DSN", re.IGNORECASE)

logger = logging.getLogger(__name__)


class RunReporter:
    """For `news` spiders only; others see no difference."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._started = datetime.now(UTC)
        self.summaries: list[RunSummary] = []
        """One a site, when the crawl has ended."""
        crawler.signals.connect(self.on_opened, signals.spider_opened)
        crawler.signals.connect(self.on_request, signals.request_reached_downloader)
        crawler.signals.connect(self.on_item, signals.item_scraped)
        crawler.signals.connect(self.on_dropped, signals.item_dropped)
        crawler.signals.connect(self.on_item_error, signals.item_error)
        crawler.signals.connect(self.on_spider_error, signals.spider_error)
        crawler.signals.connect(self.on_closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy makes it."""
        return cls(crawler)

    def on_opened(self, spider: Spider) -> None:
        """The clock starts."""
        self._started = datetime.now(UTC)

    def on_request(self, request: Request, spider: Spider) -> None:
        """A request goes out."""
        if isinstance(spider, NewsSpider):
            spider.course.tally_of(request.url).requests += 1

    def on_item(self, item: Any, spider: Spider) -> None:
        """A record has passed the pipelines."""
        if isinstance(spider, NewsSpider) and isinstance(item, Record):
            tally = spider.course.tally_of(item.url or "")
            tally.stories += 1
            tally.quality.note_story(item)

    def on_dropped(self, item: Any, spider: Spider) -> None:
        """An answer has been committed and brought no record: a story as it was, or none."""
        if isinstance(spider, NewsSpider) and isinstance(item, Settled):
            spider.course.tally_of(item.url).quality.note(item)

    def on_item_error(self, item: Any, spider: Spider) -> None:
        """A pipeline broke on a record."""
        if isinstance(spider, NewsSpider):
            spider.course.note("failed:not_written", str(getattr(item, "url", "")))

    def on_spider_error(self, response: Any, spider: Spider) -> None:
        """A callback broke on a response."""
        if isinstance(spider, NewsSpider):
            spider.course.note("failed:spider_error", str(getattr(response, "url", "")))

    async def on_closed(self, spider: Spider, reason: str) -> None:
        """Count, judge, write, say."""
        if not isinstance(spider, NewsSpider):
            return
        # All of it before anything is waited for: the ledgers are closed meanwhile.
        watched = [self._end(spider, tally, reason) for tally in spider.course.tallies.values()]
        self._set_stats(spider)
        for watch, report, path in watched:
            await run_in_thread(watch.tell, report, path)

    def _end(self, spider: NewsSpider, tally: Tally, reason: str) -> tuple[Watch, RunReport, Path]:
        """One site's part: its summary, its line in the log, its report; with whom to tell of it."""
        corpus = Path(self._crawler.settings.get("NEWSSCRAPER_CORPUS"))
        written = _find_written(spider.course, tally.site)
        if spider.archive is not None and not spider.archive.holds(spider.target):
            written = dataclasses.replace(written, is_known=False)
        summary = self._summarise(spider, tally, written, reason)
        report = self._report(spider, summary, tally, written)
        watch = Watch(
            self._crawler.settings, corpus, spider=spider, crawler=self._crawler, stats=self._crawler.stats.get_stats()
        )
        findings = self._find(watch, report)
        told = [*(each.sentence for each in findings), *summary.problems, *advise(findings, report.started_at)]
        gravest = max([summary.exit_code, *(each.exit_code for each in findings)])
        report = dataclasses.replace(
            report, exit_code=gravest, problems=told, findings=[dataclasses.asdict(each) for each in findings]
        )
        self.summaries.append(dataclasses.replace(summary, exit_code=gravest, problems=told))
        if gravest:
            logger.error("newsscraper: %s: exit %d: %s", tally.site, gravest, "; ".join(told))
        return watch, report, _write(corpus, report)

    def _find(self, watch: Watch, report: RunReport) -> list[Finding]:
        """What is no longer as it was. Whatever breaks there, the run has its report."""
        try:
            return watch.find(report)
        except Exception:
            logger.exception("%s: the run could not be held against earlier ones", report.site)
            return []

    def _summarise(self, spider: NewsSpider, tally: Tally, written: _Written, reason: str) -> RunSummary:
        follow = not spider.target.expects_all
        has_answered = not tally.requests or count_answers(tally.counts) > 0 or spider.archive is not None
        found = find_problems(
            stories=tally.stories + written.known,
            is_known=written.is_known and has_answered,
            counts=tally.counts,
            examples=tally.examples,
            finish_reason=reason,
            follow=follow,
        )
        problems = [*written.faults, *found]
        return RunSummary(
            site=tally.site,
            stories=sum(seal.records for seal in written.stories),
            changed=tally.counts["changed"],
            duplicates=tally.counts["duplicates"],
            requests=tally.requests,
            failures=count_failures(tally.counts, follow=follow) + len(written.faults),
            seconds=round((datetime.now(UTC) - self._started).total_seconds(), 3),
            files=[seal.file for seal in written.stories],
            archived=spider.archiving.archived[tally.site],
            archives=[seal.file for seal in written.seals if seal.file.startswith("archive/")],
            not_stories=count_not_stories(tally.counts) if spider.archive is not None else 0,
            not_archived=tally.counts[NOT_ARCHIVED] if spider.archive is not None else 0,
            exit_code=judge_exit(stories=tally.stories + written.known, counts=tally.counts, problems=problems),
            finish_reason=reason,
            problems=problems,
        )

    def _set_stats(self, spider: NewsSpider) -> None:
        counts = sum((tally.counts for tally in spider.course.tallies.values()), Counter())
        for name, number in counts.items():
            self._crawler.stats.set_value(f"newsscraper/{name.replace(':', '/')}", number)
        self._crawler.stats.set_value("newsscraper/exit_code", max(summary.exit_code for summary in self.summaries))

    def _report(self, spider: NewsSpider, summary: RunSummary, tally: Tally, written: _Written) -> RunReport:
        return RunReport(
            run_id=spider.course.run_id,
            site=summary.site,
            started_at=format_instant(self._started),
            finished_at=format_instant(datetime.now(UTC)),
            finish_reason=summary.finish_reason,
            exit_code=summary.exit_code,
            counts={"stories": summary.stories, "requests": summary.requests, "archived": summary.archived}
            | written.archived
            | dict(sorted(tally.counts.items())),
            examples={name: tally.examples[name] for name in sorted(tally.examples) if tally.examples[name]},
            problems=summary.problems,
            files=written.seals,
            settings=_settings_of(self._crawler),
            arguments={"spider": spider.name} | spider.arguments,
            quality=tally.quality.to_dict(),
            shares=shares_of(tally.counts),
        )


def _write(corpus: Path, report: RunReport) -> Path:
    try:
        return write_report(corpus, report)
    except OSError as fault:
        logger.error("the report of %s could not be written: %s", report.site, fault)
        return corpus / "runs"


@dataclass(frozen=True)
class _Written:
    seals: list[Seal]
    faults: list[str]
    known: int
    """Stories that were found to be what they were."""
    is_known: bool
    """Stories of the site were there already: a run without any is none that failed."""
    archived: dict[str, int] = field(default_factory=dict)
    """Records and bytes of the archive."""

    @property
    def stories(self) -> list[Seal]:
        """The seals of stories."""
        return [seal for seal in self.seals if seal.file.startswith("stories/")]


def _find_written(course: Course, site: str) -> _Written:
    """What was written of `site`."""
    faults = [course.faults[site]] if site in course.faults else []
    try:
        seals = course.ledgers[site].seals()
        is_known = course.ledgers[site].stories.totals()["stories"] > 0
        archived = course.ledgers[site].archive_counts()
    except LedgerError as fault:
        return _Written([], faults or [str(fault)], known=0, is_known=False)
    counts = course.tallies[site].counts
    known = sum(counts[name] for name in ("unchanged", "rebased", "not_modified"))
    return _Written(seals, faults, known=known, is_known=is_known, archived=archived)


def _settings_of(crawler: Crawler) -> dict[str, Any]:
    """What differs from Scrapy's defaults, and our own; without what is nobody's business."""
    own = [(name, crawler.settings.get(name)) for name in own_settings() if name.startswith("NEWSSCRAPER_")]
    shown = (*overridden_settings(crawler.settings), *own)
    return {name: "(withheld)" if _SECRET.search(name) else _plain(value) for name, value in shown}


def _plain(value: Any) -> Any:
    return value if isinstance(value, (str, int, float, bool, list, dict, type(None))) else repr(value)
