"""What is put into archives, and what comes out of them."""

from __future__ import annotations

from dataclasses import dataclass

from newsscraper.record import WarcPointer


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One request and its answer, as near to the wire as the crawl sees them."""

    url: str
    """As asked."""
    at: str
    """When the answer came, UTC, `2022-03-30T17:20:00Z`."""
    status: int
    reason: str
    """The words after the status, `OK`."""
    headers: tuple[tuple[str, str], ...]
    """The answer's, in Latin-1 as header bytes are read, each line by itself."""
    body: bytes
    """Still as its Content-Encoding says; a Transfer-Encoding is undone."""
    method: str = "GET"
    request_headers: tuple[tuple[str, str], ...] = ()
    """As sent, but for what is secret."""
    request_body: bytes = b""
    protocol: str = "HTTP/1.1"
    address: str | None = None
    """The IP address that answered."""
    page_of: str | None = None
    """Where the story begins that this is a further page of."""
    drawn: bytes | None = None
    """The page as a browser drew it from this answer, UTF-8: what was read in its place."""


@dataclass(frozen=True, kw_only=True)
class ArchivedPage:
    """An HTML page out of an archive, ready to be read."""

    url: str
    fetched_at: str | None
    """UTC, `2022-03-30T17:20:00Z`; None where the archive does not say."""
    status: int
    """0 where no HTTP answer was archived."""
    content_type: str
    """The header as sent, or empty."""
    body: bytes
    """Decoded: no transfer encoding, no content encoding."""
    warc: WarcPointer
    """Where it lies; `file` as its reader was given it."""
    headers: tuple[tuple[str, str], ...] = ()
    """The answer's, names in lower case; empty where no HTTP answer was archived."""
    is_truncated: bool = False
    """It breaks off: whoever archived it kept its beginning only (`WARC-Truncated`), or no more of it came."""
    further: tuple[ArchivedPage, ...] = ()
    """Where the story goes on, where the archive tells it."""


@dataclass(frozen=True, kw_only=True)
class PassedOver:
    """A record, or what should have been one, that gives no page."""

    file: str
    offset: int
    """Where it begins, in bytes of the file as it lies there."""
    reason: str
    """One word: `http_error`, `redirect`, `not_html`, `filtered:host`, `truncated`, `corrupt`, `too_large`, ..."""
    detail: str = ""
    """For people."""
    url: str | None = None
