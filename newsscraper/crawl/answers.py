"""A response as the rooms behind take it, without the machinery that fetched it."""

from __future__ import annotations

from scrapy.http import Response

from newsscraper.crawl.archiving import captures_of
from newsscraper.crawl.offline import ARCHIVED
from newsscraper.crawl.outcome import Answer
from newsscraper.store import Clock, format_instant


def read_answer(response: Response, clock: Clock) -> Answer:
    """It came when it was captured, else now; one out of an archive is as old as that says."""
    meta = response.meta if response.request else {}
    at, warc = meta.get(ARCHIVED, (captures_of(response).at, None))
    asked = [response.request.url] if response.request else []
    passed = tuple(meta.get("redirect_urls", ()))
    return Answer(
        url=response.url,
        asked_url=[*passed, *asked, response.url][0],
        status=response.status,
        body=response.body,
        content_type=_header(response, "Content-Type") or "",
        fetched_at=at or format_instant(clock.now()),
        passed=passed,
        etag=_header(response, "ETag"),
        last_modified=_header(response, "Last-Modified"),
        warc=warc,
    )


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
