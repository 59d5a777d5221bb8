"""The same story under several addresses, within one run.

A page may say that it is a copy: its canonical address on the same host, or a story code that its URL confirms. What it
claims counts only where the title bears it out, since sites name one canonical address for all their pages by mistake.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from newsscraper.store import normalise_url, site_of
from newsscraper.story import Story

Verdict = Literal["new", "duplicate", "elsewhere"]


@dataclass(frozen=True)
class _Copy:
    url: str
    title: str


class Identity:
    """What stories a run has met, and which copies wait for the page that they are a copy of."""

    def __init__(self) -> None:
        self._titles: dict[str, str] = {}
        self._answered: set[str] = set()
        self._waiting: dict[str, list[_Copy]] = {}

    def judge(self, story: Story, url: str, *, alone: bool) -> tuple[Verdict, str | None]:
        """Whether `story`, read at `url`, is new in this run.

        `elsewhere` comes with the canonical address, which should be read first; `released` then says what follows.
        With `alone` the claimed address is not asked again.
        """
        own, title = page_key(url), fold_title(story.title)
        if own in self._titles:
            return "duplicate", None
        names = [own, *code_keys(story, url)]
        claimed = canonical_url(story.canonical_url, url)
        if claimed is not None:
            key = page_key(claimed)
            if key not in self._titles and key not in self._answered and not alone:
                self._waiting.setdefault(key, []).append(_Copy(url, title))
                return "elsewhere", claimed
            if key in self._titles and self._titles[key] == title:
                return "duplicate", None
        if any(self._titles.get(name) == title for name in names):
            return "duplicate", None
        self._titles.update(dict.fromkeys(names, title))
        return "new", None

    def released(self, url: str) -> list[str]:
        """Called when `url` has been answered, whatever came: the copies of it that turn out to be none."""
        key = page_key(url)
        self._answered.add(key)
        title = self._titles.get(key)
        return [copy.url for copy in self._waiting.pop(key, ()) if copy.title != title]

    def released_at_end(self) -> list[str]:
        """The copies that still wait although nothing is under way."""
        waiting, self._waiting = self._waiting, {}
        self._answered.update(waiting)
        return [copy.url for copies in waiting.values() for copy in copies]


def page_key(url: str) -> str:
    """`url` as a page: normalised, without scheme, `www.` and a slash at the end."""
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
