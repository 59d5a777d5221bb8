"""Which of an archive's pages are wanted: told from a record's headers, before its page is parsed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from newsscraper.store.archive.http import charset_of, media_type_of
from newsscraper.store.archive.language import guess_language
from newsscraper.store.urls import normalise_url


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Each is empty where it is to keep nothing out."""

    hosts: frozenset[str] = frozenset()
    """Names in lower case, in ASCII (IDNA); each stands for its subdomains, too."""
    since: str | None = None
    """The first instant of capture, UTC, `2022-03-30T17:20:00Z`."""
    until: str | None = None
    """The last one."""
    url_pattern: re.Pattern[str] | None = None
    """Found anywhere in the URL."""
    languages: frozenset[str] = frozenset()
    """Primary subtags: `fa`."""
    media_types: frozenset[str] = frozenset()

    def refuse_capture(self, url: str, at: str | None) -> str | None:
        """Which filter keeps a capture out: `host`, `date`, `url`; None where it may come in."""
        if self.hosts and not self._has_host(url):
            return "host"
        if not self.has_date(at):
            return "date"
        if self.url_pattern is not None and self.url_pattern.search(url) is None:
            return "url"
        return None

    def refuse_page(self, body: bytes, content_type: str, language: str) -> str | None:
        """Which filter keeps a page out whose headers may come in: `media_type`, `language`; None where none does.

        `language` is the Content-Language header.
        """
        if self.media_types and media_type_of(content_type) not in self.media_types:
            return "media_type"
        if self.languages and guess_language(body, charset_of(content_type), language) not in self.languages:
            return "language"
        return None

    def _has_host(self, url: str) -> bool:
        try:
            named = url if url.isascii() else normalise_url(url)
            host = (urlsplit(named).hostname or "").rstrip(".")
        except ValueError:
            return False
        labels = host.split(".")
        return any(".".join(labels[number:]) in self.hosts for number in range(len(labels)))

    def has_date(self, at: str | None) -> bool:
        """Whether a capture at that instant may come in."""
        if not (self.since or self.until):
            return True
        if at is None:
            return False
        return (self.since is None or at >= self.since) and (self.until is None or at <= self.until)
