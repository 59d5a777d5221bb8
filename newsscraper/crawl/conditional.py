"""Asking whether a page has changed instead of for the page (RFC 9110, section 13)."""

from __future__ import annotations

from http import HTTPStatus

from scrapy.http import Headers

from newsscraper.crawl.discovery.found import Found
from newsscraper.crawl.outcome import Answer
from newsscraper.store import Lease

HEADERS = ("If-None-Match", "If-Modified-Since")


def conditions_of(lease: Lease, found: Found) -> dict[str, str]:
    """The headers that make a request conditional; none where the page has to come whatever it is."""
    if not _may_be_kept(lease, found):
        return {}
    values = zip(HEADERS, (lease.etag, lease.last_modified), strict=True)
    return {name: value for name, value in values if value}


def drop_conditions(headers: Headers) -> None:
    """A redirect leads to another page, of which nothing is known."""
    for name in HEADERS:
        headers.pop(name, None)


def is_as_it_was(answer: Answer, found: Found, lease: Lease) -> bool:
    """Whether an answer says that the page is what it was, or is the very same bytes."""
    if answer.status == HTTPStatus.NOT_MODIFIED:
        return True
    return _may_be_kept(lease, found) and not answer.passed and answer.digest == lease.digest


def _may_be_kept(lease: Lease, found: Found) -> bool:
    """Whether the last answer was read, and as what it is: a copy that now stands alone was not."""
    return lease.status == HTTPStatus.OK and not (found.alone and lease.story_key is None)
