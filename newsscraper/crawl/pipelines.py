"""From the spider to the corpus: valid, once, sealed. Items that are no records pass through."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from scrapy.exceptions import DropItem

from newsscraper.crawl.spiders.news import NewsSpider
from newsscraper.record import Record, find_faults
from newsscraper.store import Seal, SealedFile, stories_file

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

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
                self._crawler.spider.course.note("failed:faulty_record", f"{item.url}: {faults[0]}")
            raise DropItem(f"faulty record from {item.url}: {'; '.join(faults)}", log_level="WARNING")
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
        self.seals: dict[str, list[Seal]] = {}
        """What has been sealed, by site."""
        self.faults: list[str] = []
        """What could not be."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy makes it."""
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        """Write a record. Raises `OSError`."""
        if isinstance(item, Record):
            site, run_id = item.site or "unknown", item.run_id or "unknown"
            if site not in self._files:
                self._files[site] = SealedFile(self._corpus, stories_file(site, run_id))
            self._files[site].write(item.to_dict())
        return item

    def close_spider(self) -> None:
        """Seal every file; what fails is kept for the report."""
        for site, file in self._files.items():
            try:
                seal = file.seal()
            except OSError as fault:
                logger.error("the stories of %s could not be sealed: %s", site, fault)
                self.faults.append(f"the stories of {site} could not be written: {fault}")
            else:
                self.seals[site] = [seal] if seal else []
