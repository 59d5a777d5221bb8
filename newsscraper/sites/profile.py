"""What is known of a site, as data. The loader beside this module reads it from TOML; nothing here does I/O."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True, kw_only=True)
class Edition:
    """One language edition of a host: the stories under one path prefix, or on one host name."""

    language: str
    """BCP 47."""
    calendar: str = "gregorian"
    """The calendar of printed dates: `gregorian`, `jalali` or `hijri`."""
    path: str | None = None
    """Path prefix, `/fa/`; None when the edition is told by `host`."""
    host: str | None = None
    """Host name, `fa.example.com`; None when the edition is told by `path`."""


@dataclass(frozen=True, kw_only=True)
class Politeness:
    """How gently to fetch; None leaves the setting of the crawl."""

    delay: float | None = None
    """Seconds between two requests."""
    concurrency: int | None = None
    """Requests under way at once."""


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """Whether pages whose story only a script can draw are drawn by a browser, and what that takes."""

    draw: bool = False
    """False: no page of the site is drawn."""
    wait_for: str | None = None
    """A CSS selector of what stands in a page when it is drawn; None: it is when its scripts ask for nothing more."""
    hosts: tuple[str, ...] = ()
    """Other hosts that the site's own scripts and data come from, without `www.`; a subdomain belongs to its host."""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """How well a group of facts is known."""

    seen_live: bool
    """Somebody looked at a page of the live site and found it so."""
    source: str
    """Where the facts are from, in a few words or as a URL."""


@dataclass(frozen=True, kw_only=True)
class Profile:
    """All facts about a host, its platform's included. Every field has a neutral default: it holds only differences."""

    name: str
    """`islamtimes`: file name, spider name, the record's `profile`."""
    platform: str | None = None
    """`newsstudio`: the CMS whose facts stand beneath this host's own."""
    version: str = ""
    """Twelve hex digits of a digest over all facts: changes whenever one of them does."""
    hosts: tuple[str, ...] = ()
    """Host names, without `www.`; a subdomain belongs to its host."""
    start_urls: tuple[str, ...] = ()
    """Where a crawl begins."""
    publisher: str | None = None
    """Used when the page declares none."""
    zone: str | None = None
    """IANA name for printed times that carry no zone."""
    editions: tuple[Edition, ...] = ()
    """Language editions; the first is the default."""
    story_urls: tuple[re.Pattern[str], ...] = ()
    """Patterns searched in URLs that are stories; a group named `code` is the story code."""
    listing_urls: tuple[re.Pattern[str], ...] = ()
    """Patterns searched in URLs that list stories."""
    ignored_urls: tuple[re.Pattern[str], ...] = ()
    """Patterns searched in URLs never worth a request: print views, logins."""
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Field name -> words that the site prints before its value, besides those that the core knows."""
    selectors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Field name (`title`, `date`, `body`, ...) -> CSS selectors, tried in order; `a::attr(x)` reads an attribute."""
    drop: tuple[str, ...] = ()
    """CSS selectors of what is never part of the story."""
    feeds: tuple[str, ...] = ()
    """URLs of RSS or Atom feeds."""
    sitemaps: tuple[str, ...] = ()
    """URLs of sitemaps."""
    archives: tuple[str, ...] = ()
    """Templates of pages that list the stories of a day, month or year: `/archive/{yyyy}/{mm}/{dd}/`, path or URL."""
    story_templates: tuple[str, ...] = ()
    """Templates of stories' addresses by story code: `/en/news/{code}`, path or URL."""
    politeness: Politeness = Politeness()
    browser: Drawing = Drawing()
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    """Group of facts (`hosts`, `selectors`, ...) -> how well it is known. No fact itself: no part of `version`."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the editions, without repetition, in their order."""
        return tuple(dict.fromkeys(edition.language for edition in self.editions))

    def edition_of(self, url: str | None) -> Edition | None:
        """The edition that `url` belongs to: the longest matching path or host, else the first, else None."""
        if not self.editions:
            return None
        parts = urlsplit(url or "")
        host = (parts.hostname or "").removeprefix("www.")
        matching = [
            e
            for e in self.editions
            if (e.path and parts.path.startswith(e.path))
            or (e.host and (host == e.host or host.endswith("." + e.host)))
        ]
        return max(matching, key=lambda e: len(e.path or e.host or ""), default=self.editions[0])

    def story_code_of(self, url: str | None) -> str | None:
        """The story code in `url`, by the `code` group of a story pattern."""
        for pattern in self.story_urls:
            match = pattern.search(url or "")
            if match and match.groupdict().get("code"):
                return match["code"]
        return None

    def owns(self, url: str) -> bool:
        """True when `url` lies on one of this profile's hosts or their subdomains."""
        host = (urlsplit(url).hostname or "").lower()
        return any(host == own or host.endswith("." + own) for own in self.hosts)
