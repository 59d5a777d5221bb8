"""From the spider to the corpus: valid, once, sealed. Items that are no records pass through."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from scrapy.exceptions import DropItem
from scrapy.utils.defer import deferred_from_coro

from newsscraper.crawl.spiders.news import NewsSpider
from newsscraper.record import Record, find_faults
from newsscraper.store import Seal, SealedFile, remove_leftovers, stories_file

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

UNWRITABLE = "corpus_unwritable"
"""Why a run ended whose records could no longer be written."""

logger = logging.getLogger(__name__)


class ValidatePipeline:
    """Drops records that break the schema, and says which and why."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy makes it."""
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        """Raises `DropItem` for a faulty record."""
        faults = _find_faults(item) if isinstance(item, Record) else []
        if faults:
            self._crawler.stats.inc_value("newsscraper/faulty")
            if isinstance(self._crawler.spider, NewsSpider):
                self._crawler.spider.course.note("failed:faulty_record", item.url or "", faults[0])
            logger.warning("faulty record from %s: %s", item.url, "; ".join(faults))
            # Scrapy's own line would hold the whole story.
            raise DropItem(f"faulty record from {item.url}: {'; '.join(faults)}", log_level="DEBUG")
        return item


def _find_faults(record: Record) -> list[str]:
    data = record.to_dict()
    faults = find_faults(data)
    try:
        json.dumps(data, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as fault:
        faults.append(f"record: a lone surrogate, which no UTF-8 file can hold: {fault}")
    return faults


class OncePipeline:
    """Drops a story that this run has written already."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._keys: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy makes it."""
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        """Raises `DropItem` for a story key that came before."""
        if isinstance(item, Record):
            if item.story_key in self._keys:
                if isinstance(self._crawler.spider, NewsSpider):
                    self._crawler.spider.course.note("duplicates", item.url or "")
                raise DropItem(f"met before in this run: {item.url}", log_level="DEBUG")
            self._keys.add(item.story_key)
        return item


class SealPipeline:
    """Writes records into a file a site, sealed when the crawl ends."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._corpus = Path(crawler.settings.get("NEWSSCRAPER_CORPUS"))
        self._files: dict[str, SealedFile] = {}
        self._ending: object = None
        self.seals: dict[str, list[Seal]] = {}
        """What has been sealed, by site."""
        self.faults: dict[str, str] = {}
        """Why not everything was, by site."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy makes it."""
        return cls(crawler)

    def open_spider(self) -> None:
        """Remove what dead runs of the same sites left unsealed."""
        spider = self._crawler.spider
        for site in sorted(spider.target.scope.sites) if isinstance(spider, NewsSpider) else ():
            try:
                removed = remove_leftovers(self._corpus, site)
            except OSError as fault:
                logger.warning("what a dead run left of %s could not be removed: %s", site, fault)
            else:
                for part in removed:
                    logger.info("removed %s, which a run that is no longer alive never sealed", part)

    def process_item(self, item: Any) -> Any:
        """Write a record, and pass it on to the feeds; where it cannot be written, the crawl ends."""
        if isinstance(item, Record) and not self.faults:
            site, run_id = item.site or "unknown", item.run_id or "unknown"
            file = self._files.setdefault(site, SealedFile(self._corpus, stories_file(site, run_id)))
            try:
                file.write(item.to_dict())
            except OSError as fault:
                self._note_fault(site, fault)
                self._ending = deferred_from_coro(self._crawler.engine.close_spider_async(reason=UNWRITABLE))
        return item

    def close_spider(self) -> None:
        """Seal every file; what fails is kept for the report."""
        for site, file in self._files.items():
            try:
                seal = file.seal()
            except OSError as fault:
                self._note_fault(site, fault)
            else:
                self.seals[site] = [seal] if seal else []

    def _note_fault(self, site: str, fault: OSError) -> None:
        self.faults[site] = f"the stories of {site} could not be written: {fault}"
        logger.error("%s", self.faults[site])
