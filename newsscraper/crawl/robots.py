"""robots.txt as RFC 9309 has it, where Scrapy is laxer: one that cannot be had says no, a missing one says nothing."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached

from newsscraper.crawl.failures import RobotsUnreachable, name_failure

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's, with the two rules above; `ROBOTSTXT_OBEY` switches both off as it does there."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._unreachable: dict[str, Exception | int] = {}

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Raises `RobotsUnreachable` for a robots.txt that did not come, told in one line."""
        if request.callback is NO_CALLBACK and request.meta.get("dont_obey_robotstxt"):
            if isinstance(exception, IgnoreRequest):
                return
            logger.warning("%s could not be had: %s", request.url, name_failure(exception)[1])
            raise RobotsUnreachable(exception)

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Raises `RobotsUnreachable` where robots.txt could not be had, `IgnoreRequest` where it forbids `request`."""
        cause = self._unreachable.get(urlparse_cached(request).netloc)
        if cause is not None:
            raise RobotsUnreachable(cause)
        super().process_request_2(rp, request)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500:
            self._unreachable[netloc] = response.status
        # The text of an error page holds no rules.
        body = response.body if response.status < 400 else b""
        await super()._parse_robots(response.replace(body=body), netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if isinstance(exc, RobotsUnreachable):
            self._unreachable[netloc] = exc.cause
        elif not isinstance(exc, IgnoreRequest):
            self._unreachable[netloc] = exc
        super()._robots_error(exc, netloc)
