"""What a site's URLs have turned out to hold, in this run: evidence that grows with every answer.

A *shape* that yields stories and nothing else is asked like addresses that look like stories; one of which many looked
like stories and none was is asked like any page. A query *parameter* under which known stories came back, and that
never chose between two, is taken off: a session, a campaign, the list that the link stood in.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from newsscraper.crawl.discovery.found import Found
from newsscraper.crawl.discovery.shapes import shape_of
from newsscraper.store import normalise_url

_SURE_OF_STORIES = 3
_SURE_OF_NONE = 10
_SURE_OF_NOISE = 3
_MOST_KEPT = 50_000
"""Addresses with parameters that are remembered, so that a large site does not fill the memory."""


class Shapes:
    """Which URL shapes have held stories."""

    def __init__(self) -> None:
        self._stories: Counter[str] = Counter()
        self._others: Counter[str] = Counter()

    def note(self, url: str, *, is_story: bool) -> None:
        """`url` turned out to be a story that nobody had, or none at all."""
        (self._stories if is_story else self._others)[shape_of(url)] += 1

    def judge(self, found: Found) -> Found:
        """`found` with the kind that its shape tells by now; who named it as a story knows better."""
        if found.announced or found.entrance or found.kind not in {"story", "page"}:
            return found
        shape = shape_of(found.url)
        stories, others = self._stories[shape], self._others[shape]
        if found.kind == "page" and stories >= _SURE_OF_STORIES and not others:
            return dataclasses.replace(found, kind="story")
        if found.kind == "story" and others >= _SURE_OF_NONE and not stories:
            return dataclasses.replace(found, kind="page")
        return found


class Parameters:
    """Which query parameters choose no story, by host and name."""

    def __init__(self) -> None:
        self._repeats: Counter[tuple[str, str]] = Counter()
        self._decisive: set[tuple[str, str]] = set()
        self._values: dict[tuple[str, str], str] = {}

    def note(self, url: str, own: str | None = None) -> None:
        """A story came at `url`: that of the address `own`, or (None) one that nobody had."""
        url = normalise_url(url)
        parts = urlsplit(url)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        if own is None:
            for name, value in pairs:
                self._note_choice(url, parts.netloc, name, value)
        elif (others := urlsplit(normalise_url(own)))[:3] == parts[:3]:
            differing = {name for name, _ in set(pairs) ^ set(parse_qsl(others.query, keep_blank_values=True))}
            self._repeats.update((parts.netloc, name) for name in differing)

    def _note_choice(self, url: str, host: str, name: str, value: str) -> None:
        """Two stories whose addresses differ in nothing but one parameter: that one chooses."""
        if (host, name) in self._decisive:
            return
        rest = (_without(url, {name}), name)
        if rest not in self._values and len(self._values) >= _MOST_KEPT:
            return
        if self._values.setdefault(rest, value) != value:
            self._decisive.add((host, name))

    def own_address(self, url: str) -> str:
        """`url` without what has turned out to choose nothing."""
        parts = urlsplit(url)
        if not parts.query or not self._repeats:
            return url
        noise = {
            name for name, _ in parse_qsl(parts.query, keep_blank_values=True) if self._is_noise(parts.netloc, name)
        }
        return _without(url, noise) if noise else url

    def _is_noise(self, host: str, name: str) -> bool:
        return (host, name) not in self._decisive and self._repeats[host, name] >= _SURE_OF_NOISE


def _without(url: str, names: set[str]) -> str:
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True, encoding="latin-1")
    kept = urlencode([pair for pair in pairs if pair[0] not in names], encoding="latin-1")
    return urlunsplit(parts._replace(query=kept))
