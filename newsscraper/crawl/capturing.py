"""Every answer as it comes, before anything has unpacked, followed or repeated it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy import Request
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from newsscraper.crawl.archiving import Archiving
from newsscraper.crawl.spiders.news import NewsSpider

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class CaptureMiddleware:
    """Nearest to the site of all downloader middlewares. What differs from the wire all the same: see `captures`."""

    def __init__(self, archiving: Archiving) -> None:
        self._archiving = archiving

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy makes it: for `news` spiders that archive something."""
        if not isinstance(crawler.spider, NewsSpider) or crawler.spider.archiving.what == "none":
            raise NotConfigured
        return cls(crawler.spider.archiving)

    def process_response(self, request: Request, response: Response) -> Response:
        """The very same response; what it was is in the request's meta."""
        self._archiving.capture(request, response)
        return response
