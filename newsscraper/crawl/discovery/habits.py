"""What a site's URLs have turned out to hold, in this run: evidence that grows with every answer.

A *shape* that yields stories and nothing else is asked like addresses that look like stories; one of which many looked
like stories and none was is asked like any page. A query *parameter* under which known stories came back, and that
never chose between two, is taken off: a session, a campaign, the list that the link stood in.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable
from itertools import islice
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from newsscraper.crawl.discovery.found import Found
from newsscraper.crawl.discovery.shapes import shape_of
from newsscraper.store import normalise_url

_SURE_OF_STORIES = 3
_SURE_OF_NONE = 10
_SURE_OF_NOISE = 3
_MOST_KEPT = 50_000
"""Pages that are remembered, so that a large site does not fill the memory."""
_MOST_COMPARED = 50
"""Addresses of one page, `/view?id=...`, that are compared with one another."""


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


_Place = tuple[str, frozenset[str], str]
"""Where a parameter stands: the shape of the page, the parameters beside it, its name. `?cat=` may choose nothing on
`/news/1`, and all on `/list`."""


class Parameters:
    """Which query parameters choose no story, and where; and which stories came under which addresses."""

    def __init__(self) -> None:
        self._repeats: Counter[_Place] = Counter()
        self._decisive: set[_Place] = set()
        self._came: dict[str, dict[str, str]] = {}

    def twin_of(self, url: str, content_hash: str) -> str | None:
        """The address that differs from `url` by parameters alone, and under which the very same story came."""
        url = normalise_url(url)
        came = self._came.get(_page_of(url), {})
        return next((other for other, content in came.items() if content == content_hash and other != url), None)

    def note(self, url: str, content_hash: str, own: str | None = None) -> None:
        """A story came at `url`: that of the address `own`, or (None) one that nobody had."""
        url = normalise_url(url)
        if own is None:
            self._note_choices(url, content_hash)
        elif _page_of(own := normalise_url(own)) == _page_of(url):
            self._repeats.update(_places_of(url, _names_apart(url, own)))

    def _note_choices(self, url: str, content_hash: str) -> None:
        """Two stories whose addresses differ in nothing but one parameter: that one chooses."""
        page = _page_of(url)
        if page not in self._came and len(self._came) >= _MOST_KEPT:
            return
        came = self._came.setdefault(page, {})
        for other, content in islice(came.items(), _MOST_COMPARED):
            names = [*_names_apart(url, other)]
            if len(names) == 1 and content != content_hash:
                self._decisive.update(_places_of(url, names))
        if len(came) < _MOST_COMPARED or not urlsplit(url).query:
            came[url] = content_hash

    def own_address(self, url: str) -> str:
        """`url` without what has turned out to choose nothing."""
        parts = urlsplit(url)
        if not parts.query or not self._repeats:
            return url
        noise = {place[-1] for place in _places_of(url, _names_in(url)) if self._is_noise(place)}
        return _without(url, noise) if noise else url

    def has_come(self, url: str) -> bool:
        """Whether a story came whose address differs from `url`, but by nothing that chooses."""
        came = self._came.get(_page_of(url), {}) if self._repeats else {}
        own = self.own_address(url)
        return url not in came and any(self.own_address(other) == own for other in came)

    def _is_noise(self, place: _Place) -> bool:
        return place not in self._decisive and self._repeats[place] >= _SURE_OF_NOISE


def _page_of(url: str) -> str:
    return url.partition("?")[0]


def _names_in(url: str) -> frozenset[str]:
    return frozenset(name for name, _ in parse_qsl(urlsplit(url).query, keep_blank_values=True))


def _places_of(url: str, names: Iterable[str]) -> list[_Place]:
    shape, beside = shape_of(_page_of(url)), _names_in(url)
    return [(shape, beside - {name}, name) for name in names]


def _names_apart(url: str, other: str) -> frozenset[str]:
    """The names of the parameters by which two addresses of one page differ."""
    own, others = (set(parse_qsl(urlsplit(each).query, keep_blank_values=True)) for each in (url, other))
    return frozenset(name for name, _ in own ^ others)


def _without(url: str, names: set[str]) -> str:
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True, encoding="latin-1")
    kept = urlencode([pair for pair in pairs if pair[0] not in names], encoding="latin-1")
    return urlunsplit(parts._replace(query=kept))
