"""What stops a request: another site, or a budget that is spent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.offsite import OffsiteMiddleware

from newsscraper.crawl.conditional import drop_conditions
from newsscraper.crawl.failures import AlreadyKnown, LeftSite, OutOfBounds
from newsscraper.crawl.spiders.news import NewsSpider

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class SiteMiddleware(OffsiteMiddleware):
    """Scrapy's off-site filter with our spiders' scope, redirects included; other spiders see no difference."""

    def process_request(self, request: Request) -> None:  # type: ignore[override] # Scrapy drops its `spider` argument
        """Raises `IgnoreRequest` for a request that leaves the site."""
        spider = self.crawler.spider
        # Also where `dont_filter` lets a request be sent twice: that is no leave to go elsewhere.
        if (
            isinstance(spider, NewsSpider)
            and "redirect_urls" in request.meta
            and not self.should_follow(request, spider)
        ):
            raise LeftSite(f"to {request.url}")
        if isinstance(spider, NewsSpider) and "redirect_urls" in request.meta:
            drop_conditions(request.headers)
            if spider.leads_to_known(request):
                raise AlreadyKnown(f"known already: {request.url}")
        super().process_request(request)

    def request_scheduled(self, request: Request, spider: Spider) -> None:
        """Ours are refused when their turn comes: one refused here would have no outcome."""
        if not isinstance(spider, NewsSpider):
            super().request_scheduled(request, spider)

    def should_follow(self, request: Request, spider: Spider) -> bool:
        """True for a request within the site."""
        if isinstance(spider, NewsSpider):
            return spider.target.scope.owns(request.url)
        return super().should_follow(request, spider)


class BoundsMiddleware:
    """Asks the budgets again when a request's turn has come: it may have waited long."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy makes it."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises `OutOfBounds` for a request whose budget is spent."""
        spider = self._crawler.spider
        found = request.cb_kwargs.get("found")
        if isinstance(spider, NewsSpider) and found is not None and "redirect_urls" not in request.meta:
            refusal = spider.course.refusal(found)
            if refusal is not None:
                raise OutOfBounds(refusal)
