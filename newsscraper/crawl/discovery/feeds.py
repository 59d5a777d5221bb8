"""RSS, Atom and JSON feeds: the stories that they announce."""

from __future__ import annotations

import calendar
import io
from collections.abc import Mapping
from dataclasses import dataclass, field

import feedparser

from newsscraper.crawl.discovery.joining import join
from newsscraper.crawl.discovery.json_feeds import JsonFeed, read_json_feed


@dataclass(frozen=True, kw_only=True)
class Feed:
    """What a feed says; URLs absolute, entries in its order."""

    entries: tuple[str, ...]
    modified: Mapping[str, int] = field(default_factory=dict)
    """When an entry was updated, or else published, where it says so: URL -> Unix seconds."""
    published: Mapping[str, int] = field(default_factory=dict)
    """When an entry was published, where it says so: URL -> Unix seconds."""
    next_url: str | None = None
    """The following page of a paged feed (RFC 5005)."""


def read_feed(body: bytes, url: str, content_type: str = "") -> Feed | None:
    """The feed in `body`, or None when it holds none. `url` is where it came from."""
    json_feed = read_json_feed(body)
    if json_feed is not None:
        return _of_json(json_feed, url)
    headers = {"content-type": content_type, "content-location": url}
    try:
        # A file object: given bytes, feedparser would first try them as the name of a file.
        parsed = feedparser.parse(io.BytesIO(body), response_headers=headers, sanitize_html=False)
    except ValueError:
        return None
    if not parsed.get("version") and not parsed.entries:
        return None
    found = [(address, entry) for entry in parsed.entries if (address := join(url, _link_of(entry)))]
    updated = {address: moment for address, entry in found if (moment := _moment_of(entry, "updated")) is not None}
    published = {address: moment for address, entry in found if (moment := _moment_of(entry, "published")) is not None}
    following = next((link.href for link in parsed.feed.get("links", ()) if link.get("rel") == "next"), None)
    return Feed(
        entries=tuple(dict.fromkeys(address for address, _ in found)),
        modified=published | updated,
        published=published,
        next_url=join(url, following),
    )


def _of_json(feed: JsonFeed, url: str) -> Feed:
    found = [(address, item) for item in feed.items if (address := join(url, item.url))]
    published = {address: item.published for address, item in found if item.published is not None}
    modified = {address: item.modified for address, item in found if item.modified is not None}
    return Feed(
        entries=tuple(dict.fromkeys(address for address, _ in found)),
        modified=published | modified,
        published=published,
        next_url=join(url, feed.next_url),
    )


def _moment_of(entry: feedparser.FeedParserDict, name: str) -> int | None:
    # `get` would take one of both times for the other.
    parsed = dict.get(entry, f"{name}_parsed")
    try:
        return calendar.timegm(parsed) if parsed else None
    except (ValueError, OverflowError):
        return None


def _link_of(entry: feedparser.FeedParserDict) -> str | None:
    link = entry.get("feedburner_origlink") or entry.get("link") or ""
    if not link and entry.get("guidislink"):
        link = entry.get("id", "")
    return link.strip() or None
