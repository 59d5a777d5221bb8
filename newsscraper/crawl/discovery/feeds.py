"""RSS and Atom feeds: the stories that they announce."""

from __future__ import annotations

import calendar
import io
from collections.abc import Mapping
from dataclasses import dataclass, field

import feedparser

from newsscraper.crawl.discovery.joining import join


@dataclass(frozen=True, kw_only=True)
class Feed:
    """What a feed says; URLs absolute, entries in its order."""

    entries: tuple[str, ...]
    modified: Mapping[str, int] = field(default_factory=dict)
    """When an entry was updated, or else published, where it says so: URL -> Unix seconds."""
    next_url: str | None = None
    """The following page of a paged feed (RFC 5005)."""


def read_feed(body: bytes, url: str, content_type: str = "") -> Feed | None:
    """The feed in `body`, or None when it holds none. `url` is where it came from."""
    headers = {"content-type": content_type, "content-location": url}
    try:
        # A file object: given bytes, feedparser would first try them as the name of a file.
        parsed = feedparser.parse(io.BytesIO(body), response_headers=headers, sanitize_html=False)
    except ValueError:
        return None
    if not parsed.get("version") and not parsed.entries:
        return None
    found = [(address, entry) for entry in parsed.entries if (address := join(url, _link_of(entry)))]
    moments = [(address, moment) for address, entry in found if (moment := _moment_of(entry)) is not None]
    following = next((link.href for link in parsed.feed.get("links", ()) if link.get("rel") == "next"), None)
    return Feed(
        entries=tuple(dict.fromkeys(address for address, _ in found)),
        modified=dict(moments),
        next_url=join(url, following),
    )


def _moment_of(entry: feedparser.FeedParserDict) -> int | None:
    for name in ("updated_parsed", "published_parsed"):
        # `get` would take one for the other.
        parsed = dict.get(entry, name)
        if parsed:
            try:
                return calendar.timegm(parsed)
            except (ValueError, OverflowError):
                continue
    return None


def _link_of(entry: feedparser.FeedParserDict) -> str | None:
    link = entry.get("feedburner_origlink") or entry.get("link") or ""
    if not link and entry.get("guidislink"):
        link = entry.get("id", "")
    return link.strip() or None
