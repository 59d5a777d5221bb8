"""The names of a page: what may lead to the story that it is.

A page may say that it is a copy: its canonical address on the same host, or a story code that its URL confirms. What it
claims counts only where the title bears it out, since sites name one canonical address for all their pages by mistake.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

from newsscraper.store.urls import normalise_url, site_of
from newsscraper.story import Story


@lru_cache(maxsize=4096)
def page_key(url: str) -> str:
    """`url` as a page: normalised, without scheme, `www.` and a slash at the end.

    Raises `ValueError` for what is no absolute http or https URL.
    """
    parts = urlsplit(normalise_url(url))
    path = parts.path.rstrip("/")
    return f"{parts.netloc.removeprefix('www.')}{path}{'?' + parts.query if parts.query else ''}"


def canonical_url(claim: str | None, url: str) -> str | None:
    """`claim` where it names another page of the same host than `url`, and not the home page."""
    if claim is None:
        return None
    try:
        claimed, own = page_key(claim), page_key(url)
    except ValueError:
        return None
    host, slash, _ = claimed.partition("/")
    if claimed == own or not slash or host != own.partition("/")[0]:
        return None
    return claim


def code_keys(story: Story, url: str) -> list[str]:
    """Site and story code, where `url` holds the code as a number of its own."""
    code = story.story_code
    if not code or not re.search(rf"(?<!\d){re.escape(code)}(?!\d)", urlsplit(url).path + "?" + urlsplit(url).query):
        return []
    return [f"{site_of(url)} #{code}"]


def fold_title(title: str) -> str:
    """A title for comparing: letters and digits only, case folded."""
    return re.sub(r"[\W_]+", " ", title).casefold().strip()
