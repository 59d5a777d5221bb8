"""What came, and what became of it: one answer, one outcome."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from newsscraper.crawl.discovery.found import Found
from newsscraper.extract.further_pages import FurtherPages
from newsscraper.record import WarcPointer
from newsscraper.store.archive.http import charset_of
from newsscraper.story import Story


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A response, without the machinery that fetched it."""

    url: str
    """Where it came from in the end."""
    asked_url: str
    """What was asked for, before redirects."""
    status: int
    body: bytes
    """Decompressed."""
    content_type: str
    """The header as sent, or empty."""
    fetched_at: str
    """UTC, `2022-03-30T17:20:00Z`."""
    passed: tuple[str, ...] = ()
    """Addresses that redirected on the way."""
    etag: str | None = None
    last_modified: str | None = None
    """As sent, to be sent back."""
    warc: WarcPointer | None = None
    """Where it came from, in a crawl of an archive."""

    @property
    def charset(self) -> str | None:
        """The label that the header carries."""
        return charset_of(self.content_type)

    @property
    def digest(self) -> str:
        """Of the body: the same for the very same bytes."""
        return hashlib.blake2b(self.body, digest_size=16).hexdigest()

    @property
    def media_type(self) -> str:
        """`text/html`; empty when the header is missing."""
        return self.content_type.partition(";")[0].strip().lower()


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What an answer turned out to be, and everything that was discovered in it."""

    kind: Literal["story", "listing", "feed", "sitemap", "ignored", "failed"]
    story: Story | None = None
    reason: str | None = None
    """Why it is no story, or why it was ignored or failed: one word."""
    detail: str | None = None
    """The same for people."""
    found: tuple[Found, ...] = ()
    fingerprint: int | None = None
    """Of the text of the whole page, furniture included, whoever reads it: 64 bits, signed."""
    further: FurtherPages | None = None
    """Where a story goes on that is not all on its first page."""
