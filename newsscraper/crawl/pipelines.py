"""From the spider to the corpus: every outcome is committed as one, lines are sealed. Other items pass through."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Self

from scrapy.exceptions import DropItem

from newsscraper.crawl.settled import Settled
from newsscraper.crawl.spiders.news import NewsSpider
from newsscraper.errors import LedgerError
from newsscraper.record import Record
from newsscraper.store import Committed

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)


class CommitPipeline:
    """Commits what became of a response, and hands on its record where the run wrote one."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._seal_every = max(1, crawler.settings.getint("NEWSSCRAPER_SEAL_EVERY", 1000))
        self._seal_seconds = crawler.settings.getfloat("NEWSSCRAPER_SEAL_MINUTES", 15.0) * 60
        self._gives_known = not crawler.settings.getbool("NEWSSCRAPER_INCREMENTAL", True)
        self._unsealed: dict[str, int] = {}
        self._sealed_at: dict[str, int] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy makes it."""
        return cls(crawler)

    def open_spider(self) -> None:
        """Tell what became of runs that had died."""
        spider = self._crawler.spider
        if not isinstance(spider, NewsSpider):
            return
        for site, ledger in spider.course.ledgers.items():
            for run_id in ledger.recovered:
                logger.info("%s: run %s had died: what it had committed has been sealed", site, run_id)

    def process_item(self, item: Any) -> Any:
        """The record in place of a `Settled`; raises `DropItem`, without a line in the log, where there is none."""
        if not isinstance(item, Settled):
            return item
        committed = self._commit(self._spider, item)
        record = committed and (committed.record or self._find_known(committed))
        if not isinstance(record, Record):
            # Scrapy's own line would hold the whole page.
            raise DropItem(f"no new story: {item.url}", log_level="DEBUG")
        return record

    def _find_known(self, committed: Committed) -> Record | None:
        """The record of a story that is what it was, for feeds that are to have every story; each comes once."""
        is_second = committed.verdict in {"copy", "duplicate"}
        return committed.record_as_known if self._gives_known and not is_second else None

    def close_spider(self) -> None:
        """Seal what has been committed; what fails is kept for the report, and sealed by the next run."""
        if not isinstance(self._crawler.spider, NewsSpider):
            return
        course = self._crawler.spider.course
        for site, _ in course.ledgers.items():
            if site not in course.faults:
                try:
                    self._seal(site, archive=True)
                except (LedgerError, OSError) as fault:
                    course.note_fault(site, fault)

    @property
    def _spider(self) -> NewsSpider:
        spider = self._crawler.spider
        if not isinstance(spider, NewsSpider):
            raise TypeError(f"an outcome of another spider: {spider}")
        return spider

    def _commit(self, spider: NewsSpider, settled: Settled) -> Committed | None:
        if settled.site in spider.course.faults:
            return None
        committed = None
        try:
            ledger = spider.course.ledgers[settled.site]
            settlement = spider.archiving.complete(settled.site, settled.settlement, ledger.stories)
            committed = ledger.settle(settlement, reread=spider.course.reread_of(settled))
            spider.note_settled(settled, committed)
            if committed.record is not None or settled.settlement.events:
                self._unsealed[settled.site] = self._unsealed.get(settled.site, 0) + 1
            if self._is_full(settled.site, settled.settlement.visited_at):
                self._seal(settled.site)
        except (LedgerError, OSError) as fault:
            spider.give_up(settled.site, fault)
        return committed

    def _is_full(self, site: str, now: int) -> bool:
        since = self._sealed_at.setdefault(site, now)
        waiting = self._unsealed.get(site, 0)
        return waiting >= self._seal_every or (waiting > 0 and now - since >= self._seal_seconds > 0)

    def _seal(self, site: str, *, archive: bool = False) -> None:
        """All lines; the archive's file is sealed when it is large enough, and with `archive`."""
        self._spider.course.ledgers[site].seal(archive=archive)
        self._unsealed[site] = 0
        self._sealed_at.pop(site, None)
