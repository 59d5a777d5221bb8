"""A URL that somebody named, and what is known of it before it is fetched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["story", "listing", "page", "feed", "sitemap"]
"""What a URL is expected to hold; `page` when nothing tells. What it does hold, the response says."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """One discovery: where to look, and on whose word."""

    url: str
    """Absolute, as found, without fragment."""
    kind: Kind = "page"
    depth: int = 0
    """Clicks from where the crawl began; the next page of a listing is as deep as the first."""
    announced: bool = False
    """A feed, a news sitemap or the user named it as a story."""
    trail: tuple[str, ...] = ()
    """Budget keys of the page that it was found on: a story found here is to their credit."""
    entrance: bool = False
    """The user or the profile named it as a page to begin at."""
    guessed: bool = False
    """Nobody named it; its absence is no fault."""
    alone: bool = False
    """To be read as itself: the address that it claims to be a copy of has been found wanting."""
    later: bool = False
    """A further page of a listing or feed: worth asking again only where the page before it brought something new."""
    modified: int | None = None
    """When it last changed, as its sitemap or feed says: Unix seconds."""
    published: int | None = None
    """When its story appeared, as its feed or news sitemap says: Unix seconds."""
    own_date: str | None = None
    """The same as the page itself said, ISO 8601, when it was read before."""
