"""Writes the run's report when a crawl ends, and keeps its summary for whoever started it."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from scrapy import Spider, signals
from scrapy.settings import overridden_settings

from newsscraper.crawl.pipelines import SealPipeline
from newsscraper.crawl.settings import own_settings
from newsscraper.crawl.spiders.news import NewsSpider
from newsscraper.crawl.summary import RunSummary, count_failures, find_problems, judge_exit
from newsscraper.store import RunReport, Seal, format_instant, write_report

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_SECRET = re.compile(r"PASS|SECRET|TOKEN|CREDENTIAL|(?:^|_)KEY|_AUTH|AUTH_|PROXY", re.IGNORECASE)

logger = logging.getLogger(__name__)


class RunReporter:
    """For `news` spiders only; others see no difference."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._started = datetime.now(UTC)
        self.summary: RunSummary | None = None
        """Set when the crawl has ended."""
        crawler.signals.connect(self.on_opened, signals.spider_opened)
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

    def on_item_error(self, item: Any, spider: Spider) -> None:
        """A pipeline broke on a record."""
        if isinstance(spider, NewsSpider):
            spider.course.note("failed:not_written", str(getattr(item, "url", "")))

    def on_spider_error(self, response: Any, spider: Spider) -> None:
        """A callback broke on a response."""
        if isinstance(spider, NewsSpider):
            spider.course.note("failed:spider_error", str(getattr(response, "url", "")))

    def on_closed(self, spider: Spider, reason: str) -> None:
        """Count, judge, write, say."""
        if not isinstance(spider, NewsSpider):
            return
        pipeline = self._crawler.get_item_pipeline(SealPipeline)
        seals = pipeline.seals if pipeline else {}
        self.summary = self._summarise(spider, reason, seals, pipeline.faults if pipeline else [])
        self._crawler.stats.set_value("newsscraper/exit_code", self.summary.exit_code)
        for name, number in spider.course.counts.items():
            self._crawler.stats.set_value(f"newsscraper/{name.replace(':', '/')}", number)
        for problem in self.summary.problems:
            logger.warning("%s: %s", self.summary.site, problem)
        corpus = Path(self._crawler.settings.get("NEWSSCRAPER_CORPUS"))
        for site in sorted({*seals, spider.target.scope.label}):
            self._write(corpus, spider, site, seals.get(site, []))

    def _summarise(
        self, spider: NewsSpider, reason: str, seals: dict[str, list[Seal]], faults: list[str]
    ) -> RunSummary:
        counts, examples = spider.course.counts, spider.course.examples
        stories = int(self._crawler.stats.get_value("item_scraped_count", 0))
        found = find_problems(
            stories=stories, counts=counts, examples=examples, finish_reason=reason, follow=spider.target.follow
        )
        problems = [*faults, *found]
        return RunSummary(
            site=spider.target.scope.label,
            stories=stories,
            duplicates=counts["duplicates"],
            requests=int(self._crawler.stats.get_value("downloader/request_count", 0)),
            failures=count_failures(counts) + len(faults),
            seconds=round((datetime.now(UTC) - self._started).total_seconds(), 3),
            files=[seal.file for own in seals.values() for seal in own],
            exit_code=judge_exit(stories=stories, counts=counts, problems=problems),
            finish_reason=reason,
            problems=problems,
        )

    def _write(self, corpus: Path, spider: NewsSpider, site: str, seals: list[Seal]) -> None:
        summary = self.summary
        if summary is None:
            return
        report = RunReport(
            run_id=spider.course.run_id,
            site=site,
            started_at=format_instant(self._started),
            finished_at=format_instant(datetime.now(UTC)),
            finish_reason=summary.finish_reason,
            exit_code=summary.exit_code,
            counts={"stories": summary.stories, "requests": summary.requests}
            | dict(sorted(spider.course.counts.items())),
            problems=summary.problems,
            files=seals,
            settings=_settings_of(self._crawler),
            arguments={"spider": spider.name} | spider.arguments,
        )
        try:
            write_report(corpus, report)
        except OSError as fault:
            logger.error("the report of %s could not be written: %s", site, fault)


def _settings_of(crawler: Crawler) -> dict[str, Any]:
    """What differs from Scrapy's defaults, and our own; without what is nobody's business."""
    own = [(name, crawler.settings.get(name)) for name in own_settings() if name.startswith("NEWSSCRAPER_")]
    shown = (*overridden_settings(crawler.settings), *own)
    return {name: "(withheld)" if _SECRET.search(name) else _plain(value) for name, value in shown}


def _plain(value: Any) -> Any:
    return value if isinstance(value, (str, int, float, bool, list, dict, type(None))) else repr(value)
