"""How a crawl shows itself while it runs: a live table on a terminal, log lines elsewhere, nothing when quiet."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.live import Live
from rich.logging import RichHandler
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from scrapy import signals

from newsscraper.crawl.spiders.news import NewsSpider

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_COLUMNS = (
    "{task.fields[stories]:>6} stories  {task.fields[requests]:>6} requests  {task.fields[queue]:>6} in the queue"
)


_TOLD_ELSEWHERE = (
    "scrapy.downloadermiddlewares.retry",
    "newsscraper.crawl.checks",
    "newsscraper.crawl.reporter",
    "newsscraper.crawl.robots",
    "newsscraper.crawl.spiders",
)
"""What these say of failures stands in the summary, once."""
_STATISTICS = "scrapy.extensions.logstats"


class CrawlProgress:
    """One line a crawler: stories, requests, what waits."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TextColumn(_COLUMNS),
            TimeElapsedColumn(),
            console=console,
        )
        self._tasks: dict[Crawler, TaskID] = {}

    def follow(self, crawler: Crawler, label: str) -> None:
        """Add a line for `crawler`, under `label`."""
        self._tasks[crawler] = self._progress.add_task(label, total=None, stories=0, requests=0, queue=0)

        def refresh(**_: Any) -> None:
            self._refresh(crawler)

        for signal in (
            signals.item_scraped,
            signals.response_received,
            signals.request_scheduled,
            signals.spider_closed,
        ):
            crawler.signals.connect(refresh, signal, weak=False)

    @contextmanager
    def shown(self) -> Iterator[Live]:
        """The lines, live while the block runs."""
        with self._progress as progress:
            yield progress.live

    def _refresh(self, crawler: Crawler) -> None:
        value = crawler.stats.get_value
        queued = value("scheduler/enqueued", 0) - value("scheduler/dequeued", 0)
        self._progress.update(
            self._tasks[crawler],
            stories=value("item_scraped_count", 0),
            requests=value("downloader/request_count", 0),
            queue=queued,
        )


@contextmanager
def shown_progress(crawlers: Sequence[tuple[Crawler, str]], *, quiet: bool) -> Iterator[None]:
    """Show `crawlers` with their labels while the block runs, on standard error."""
    console = Console(stderr=True)
    if quiet:
        with _handled(logging.NullHandler()):
            yield
        return
    if not console.is_terminal:
        with _handled(_plain_handler()):
            yield
        return
    progress = CrawlProgress(console)
    for crawler, label in crawlers:
        progress.follow(crawler, label)
    handler = RichHandler(console=console, show_path=False, level=logging.WARNING)
    handler.addFilter(_NewsFilter())
    with _handled(handler), progress.shown():
        yield


@contextmanager
def _handled(handler: logging.Handler) -> Iterator[None]:
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def _plain_handler() -> logging.Handler:
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(site)s%(message)s", "%H:%M:%S"))
    handler.addFilter(_NewsFilter())
    return handler


class _NewsFilter(logging.Filter):
    """Scrapy tells at length how it is set up and what it counted; the run's report and its summary have that."""

    def __init__(self) -> None:
        super().__init__()
        self._begun: set[object] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        """True for a line that is shown; `site` names the site of a line that does not say it."""
        record.site = ""
        if record.name == _STATISTICS:
            spider = getattr(record, "spider", None)
            record.site = f"{spider.target.scope.label}: " if isinstance(spider, NewsSpider) else ""
            has_begun = spider in self._begun
            self._begun.add(spider)
            return has_begun
        if record.name.startswith(_TOLD_ELSEWHERE):
            return False
        return record.levelno >= logging.WARNING or record.name.startswith("newsscraper.")
