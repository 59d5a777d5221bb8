"""What stops a request: another site, an address of the network that we are in, or a budget that is spent."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.offsite import OffsiteMiddleware
from scrapy.utils.httpobj import urlparse_cached

from newsscraper.crawl.browser_requests import may_be_led_to
from newsscraper.crawl.conditional import drop_conditions
from newsscraper.crawl.failures import AlreadyKnown, LeftSite, OutOfBounds, PrivateAddress
from newsscraper.crawl.safety_addresses import Reach
from newsscraper.crawl.spiders.news import NewsSpider
from newsscraper.crawl.standins import find_stand_in, read_stand_ins

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
                raise AlreadyKnown
        super().process_request(request)

    def request_scheduled(self, request: Request, spider: Spider) -> None:
        """Ours are refused when their turn comes: one refused here would have no outcome."""
        if not isinstance(spider, NewsSpider):
            super().request_scheduled(request, spider)

    def should_follow(self, request: Request, spider: Spider) -> bool:
        """True for a request within the site, or of a page that is being drawn to a host that its profile names."""
        if isinstance(spider, NewsSpider):
            return spider.target.scope.owns(request.url) or may_be_led_to(request)
        return super().should_follow(request, spider)


class AddressMiddleware:
    """Refuses addresses that may not be asked where they stand in the URL itself, and schemes that are none of the web.

    Names are looked at where connections are made (`safety_connections`); a proxy, where there is one, makes those.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy makes it."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises `PrivateAddress`."""
        spider = self._crawler.spider
        if not isinstance(spider, NewsSpider):
            return
        parts = urlparse_cached(request)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise PrivateAddress(f"{request.url} is no address of the web")
        if find_stand_in(request.url, self._stand_ins) is None and not self._reach.admits_literal(parts.hostname):
            raise PrivateAddress(f"{parts.hostname} is no public address")

    @cached_property
    def _stand_ins(self) -> dict[str, str]:
        return read_stand_ins(self._crawler.settings)

    @cached_property
    def _reach(self) -> Reach:
        target = self._crawler.spider.target if isinstance(self._crawler.spider, NewsSpider) else None
        return Reach(host for found in (target.start if target else ()) if (host := urlsplit(found.url).hostname))


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
