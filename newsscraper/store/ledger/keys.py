"""64-bit keys: as SQLite's integer primary key they stay cheap where texts would not."""

from __future__ import annotations

import hashlib
from contextlib import suppress

from newsscraper.store.identity import page_key
from newsscraper.store.urls import normalise_url


def hash_key(text: str) -> int:
    """A signed 64-bit number for `text`, never 0. Among ten million, a clash has a chance of 3 in a million."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True) or 1


def url_key(url: str) -> int:
    """The frontier's key of `url`. Raises `ValueError` for what is no absolute http or https URL."""
    return hash_key(normalise_url(url))


def find_url_key(url: str) -> int | None:
    """The same, None for what is no such URL: archives may hold others."""
    with suppress(ValueError):
        return url_key(url)
    return None


def url_host(url: str) -> str:
    """The host that `url` is asked from, with its port where that is not the scheme's own. Raises `ValueError`."""
    return normalise_url(url).split("/", 3)[2]


def name_key(name: str) -> int:
    """The key of a page's name: of a URL as a page, or of `site #code`. Raises `ValueError` for a URL that is none."""
    return hash_key(page_key(name) if name.startswith(("http:", "https:")) else name)


def story_id(story_key: str) -> int:
    """The number under which a story is kept."""
    return hash_key(f"story {story_key}")
