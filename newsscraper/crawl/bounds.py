"""Evidence against endlessness: who brings no story loses the right to more requests.

Three kinds of budget are kept by key. A *series* is the numbered pages of one listing: it ends after a few pages in a
row without a link to a story that nobody had named, and at a fixed number of pages. A *shape* is all pages of one URL
pattern (`/calendar/N/N`), a *folder* all pages below one path: both end after many pages in a row without news. A page
that turns out to be a story is to the credit of the page it was found on.

With a window (`since`, `until`) what is known to lie outside is refused, and a listing or feed is not followed further
than the page all of whose stories appeared before it.

What each page links to is not kept here: the ledger knows which links are new.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from newsscraper.crawl.discovery.found import Found
from newsscraper.crawl.discovery.shapes import (
    chooses_the_same,
    ending_of,
    names_a_page_number,
    query_of,
    series_of,
    shape_of,
)
from newsscraper.crawl.discovery.windows import WHOLE, Side, Window

_STORY_PATIENCE = 5
"""Addresses that look like stories may fail so much longer in a row: archives have dead stretches."""
_LABELS = frozenset({"tag", "tags", "topic", "topics", "keyword", "keywords", "author", "authors", "search"})
_LABEL_PATIENCE = 3
_MOST_ABOVE = 3
_WIDE = 2
"""So much longer pages may fail in a row below a folder, whatever folders they lie in below it."""
_MOST_OF_ONE = 3
"""Barren pages of one kind, by shape, folder or series, that count for the folders around them."""
_SURE_OF_AGE = 2
"""Stories on a page of a listing, all too old, after which the pages behind it are not asked."""
_SURE_BY_NUMBER = 3
_SURE_BY_HABIT = 10
_NEVER = 1 << 30
_NUMBER = "N"
BEFORE_SINCE, AFTER_UNTIL = "before_since", "after_until"
"""Refusals that belong to a run's `since` and `until`: another run may ask."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The bounds of a run; see `settings.py`, where each has its default."""

    depth: int
    pages_per_listing: int
    barren_pages: int
    barren_shape: int
    barren_folder: int
    pages: int
    machine_files: int
    pages_per_story: int
    refusals: int = 10
    url_length: int = 0
    """Characters of an address; 0: as many as it has."""


@dataclass
class _Budget:
    pages: int = 0
    barren: int = 0


@dataclass
class _Ages:
    """Of the stories found on one page of a listing."""

    old: int = 0
    young: int = 0


class Bounds:
    """The budgets of one run; what lies outside `window` is not asked."""

    def __init__(self, limits: Limits, window: Window = WHOLE) -> None:
        self._limits = limits
        self._window = window
        self._ages: dict[str, _Ages] = {}
        self._budgets: dict[str, _Budget] = {}
        self._pages = 0
        self._machine_files = 0

    def trail_of(self, url: str) -> tuple[str, ...]:
        """The budget keys of `url`: its shape; its series when it has a number, else its folder when it lies in one.

        Its path, too, where a query chooses what is shown; with a window also the page itself.
        """
        series, folder, query = series_of(url), _folder_of(url), query_of(url)
        names = [("series", series[0])] if series is not None else [("folder", folder)]
        names += [("below", each) for each in _folders_above(url)]
        names += [("query", query), ("page", None if self._window.since is None else url)]
        return shape_of(url), *(f"{kind} {key}" for kind, key in names if key is not None)

    def refusal(self, found: Found) -> str | None:
        """Why `found` may not be fetched, in one word, or None."""
        if 0 < self._limits.url_length < len(found.url):
            return "url_length"
        if found.depth > self._limits.depth:
            return "depth"
        side = self._side_of(found)
        if side is not None:
            return {"before": BEFORE_SINCE, "after": AFTER_UNTIL}[side]
        if found.kind in {"feed", "sitemap"}:
            return "machine_files" if self._machine_files >= self._limits.machine_files else None
        if found.announced or found.alone or found.guessed:
            return None
        if found.kind != "story" and self._pages >= self._limits.pages:
            return "pages"
        for key in self.trail_of(found.url):
            budget = self._budgets.get(key, _Budget())
            kind = key.partition(" ")[0]
            if kind == "below" and (found.kind == "story" or names_a_page_number(found.url)):
                continue  # a listing's own further pages answer for themselves
            if kind == "series" and budget.pages >= self._limits.pages_per_listing:
                return "pages_per_listing"
            if kind != "page" and budget.barren >= self._patience(found, kind):
                return "barren"
        return None

    def _side_of(self, found: Found) -> Side | None:
        if self._window.is_open:
            return None
        side = self._window.side_of_found(found)
        if found.kind == "story" and side is not None:
            self.note_age(found.trail, is_old=side == "before")
        return "before" if side is None and found.later and self._is_past(found.trail) else side

    def _is_past(self, trail: Iterable[str]) -> bool:
        """Whether all stories of the page that led there appeared before the window."""
        ages = [self._ages[key] for key in trail if key in self._ages]
        return any(each.old >= _SURE_OF_AGE and not each.young for each in ages)

    def note_age(self, trail: Iterable[str], *, is_old: bool) -> None:
        """A story that was found on the page with `trail` appeared before the window, or not."""
        for key in trail:
            if key.startswith("page "):
                ages = self._ages.setdefault(key, _Ages())
                ages.old, ages.young = ages.old + is_old, ages.young + (not is_old)

    def _patience(self, found: Found, kind: str) -> int:
        if found.kind == "story":
            return _STORY_PATIENCE * self._limits.barren_shape
        if kind == "series":
            return self._limits.barren_pages
        if kind == "below":
            return _WIDE * self._limits.barren_folder
        if kind in {"folder", "query"}:
            is_label = kind == "folder" and is_label_list(found.url)
            return min(_LABEL_PATIENCE, self._limits.barren_folder) if is_label else self._limits.barren_folder
        return self._limits.barren_shape

    def note_page(self, url: str, *, brings_news: bool, following: str | None = None) -> None:
        """A page that is no story was read: whether it links to a story that nobody had named.

        `following`: a further page of the same listing, to the series of which a first page without a number belongs.
        """
        self._pages += 1
        is_first = following is not None and series_of(url) is None and chooses_the_same(url, following)
        series = self.trail_of(following)[1:] if following is not None and is_first else ()
        is_much = self._is_known_to_be_barren(url)
        for key in (*self.trail_of(url), *series):
            if key.startswith("page ") or (is_much and not brings_news and key.startswith("below ")):
                continue
            budget = self._budgets.setdefault(key, _Budget())
            budget.pages += 1
            budget.barren = 0 if brings_news else budget.barren + 1

    def _is_known_to_be_barren(self, url: str) -> bool:
        """Whether so many pages like `url` were barren that one more says nothing of the folders around it."""
        shape, *keys = self.trail_of(url)
        own = [shape, *(key for key in keys if key.startswith(("folder ", "series ")))]
        return any(self._budgets.get(key, _Budget()).barren >= _MOST_OF_ONE for key in own)

    def note_machine_file(self) -> None:
        """A feed or a sitemap was read."""
        self._machine_files += 1

    def note_story(self, url: str, trail: Iterable[str]) -> None:
        """A story came: to the credit of its own shape, and of the page that led to it."""
        for key in (*self.trail_of(url), *trail):
            # None is made for it: a site has more stories than it has lists.
            if key in self._budgets:
                self._budgets[key].barren = 0

    def note_waste(self, url: str) -> None:
        """A request brought nothing: an error, or a story that is known already."""
        for key in self.trail_of(url):
            if key.startswith("below "):
                continue  # what fails in one folder says nothing of the lists in another
            if key in self._budgets or not key.startswith(("folder ", "query ", "page ")):
                self._budgets.setdefault(key, _Budget()).barren += 1


class SecondAddresses:
    """URL patterns with a number under which a site repeats its stories: it did so, and never had one of its own.

    Where the site's own number for the story is in the URL and is known, a few times are enough.
    """

    def __init__(self) -> None:
        self._seconds: dict[str, int] = {}

    def note(self, url: str, *, is_second: bool) -> None:
        """A story came at `url`, or that of another address."""
        ending = ending_of(url)
        if _NUMBER not in ending:
            return
        if not is_second:
            self._seconds[ending] = -_NEVER
        else:
            self._seconds[ending] = self._seconds.get(ending, 0) + 1

    def suspects(self, found: Found) -> bool:
        """Whether `found` repeats a story if its number is known."""
        return self._count(found) >= _SURE_BY_NUMBER

    def covers(self, found: Found) -> bool:
        """Whether `found` repeats a story whatever its number."""
        return self._count(found) >= _SURE_BY_HABIT

    def _count(self, found: Found) -> int:
        if found.announced or found.alone or found.kind != "story":
            return 0
        return self._seconds.get(ending_of(found.url), 0)


def is_label_list(url: str) -> bool:
    """True for the list of a tag, an author, a search: it only cuts across what other lists have."""
    return not _LABELS.isdisjoint(urlsplit(url).path.lower().split("/")[:-1])


def _folders_above(url: str) -> list[str]:
    """Host and path of the folders that the folder of `url` lies in, but for the top."""
    parts = urlsplit(url)
    segments = parts.path.strip("/").split("/")[:-2]
    return [f"{parts.netloc}/{'/'.join(segments[:end])}" for end in range(1, len(segments) + 1)][:_MOST_ABOVE]


def _folder_of(url: str) -> str | None:
    """Host and path without its last segment, of a label's list only the word for labels; None at the top."""
    parts = urlsplit(url)
    folder = parts.path.rstrip("/").rpartition("/")[0]
    if is_label_list(url):
        folder = "/" + next(part for part in folder.lower().split("/") if part in _LABELS)
    return f"{parts.netloc}{folder}" if folder else None
