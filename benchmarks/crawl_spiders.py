"""What `newsscraper crawl` is compared with: `scrapy runspider benchmarks/crawl_spiders.py -a urls=FILE -a how=...`.

`how`: `bare` notes that a page came; `trafilatura` has a pipeline that extracts each page as its documentation shows.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, ClassVar

import scrapy
from scrapy.http import Response

FIELDS = ("title", "author", "date", "text", "tags", "description", "sitename", "language")


class TrafilaturaPipeline:
    """Text and metadata of each page, in the event loop, where pipelines run. Items without a page pass."""

    def process_item(self, item: dict[str, Any]) -> dict[str, Any]:
        if "html" not in item:
            return item
        from trafilatura import bare_extraction  # noqa: PLC0415 - not loaded for the bare spider

        found = bare_extraction(item.pop("html"), url=item["url"], with_metadata=True)
        return item | {name: getattr(found, name, None) for name in FIELDS}


class UrlsSpider(scrapy.Spider):
    """Every URL of a file once."""

    name = "urls"

    def __init__(self, urls: str, how: str = "bare", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.urls, self.how = urls, how

    custom_settings: ClassVar[dict[str, Any]] = {
        "ROBOTSTXT_OBEY": True,
        "LOG_LEVEL": "INFO",
        "ITEM_PIPELINES": {TrafilaturaPipeline: 100},
    }

    async def start(self) -> AsyncIterator[scrapy.Request]:
        with open(self.urls, encoding="utf-8") as lines:
            for line in lines:
                yield scrapy.Request(line.strip())

    def parse(self, response: Response) -> Any:
        item: dict[str, Any] = {"url": response.url, "status": response.status, "size": len(response.body)}
        if self.how == "trafilatura":
            item["html"] = response.body
        yield item
