"""What a record means that refers to an earlier one of its file: a revisit, or a page that was drawn anew.

A page that was found unchanged is not given again: its story stands where it was captured first. What a revisit does
give is the page of another address with the same payload, and one whose capture the wanted dates leave out.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from newsscraper.store.archive.captures import Capture, Unusable
from newsscraper.store.archive.filters import Filters
from newsscraper.store.archive.types import ArchivedPage, PassedOver

_MOST_KNOWN = 500_000
"""Keys of captures that are remembered: some 50 MB."""


class Visits:
    """The captures of one way through a file."""

    def __init__(self, filters: Filters) -> None:
        self._filters = filters
        self._places: dict[int, int] = {}
        """Digest of a record's id, or of URL and date -> its offset."""
        self._drawn: dict[int, int] = {}
        """Digest of a URL -> of the page as it was drawn last."""
        self._last: Capture | None = None

    def note(self, capture: Capture) -> None:
        """A capture that later ones may refer to."""
        self._last = capture
        if len(self._places) >= _MOST_KNOWN or capture.kind == "revisit":
            return
        self._places.setdefault(hash(capture.record_id), capture.offset)
        self._places.setdefault(hash((capture.url, capture.at)), capture.offset)

    def resolve(self, capture: Capture, read: Callable[[int, int], ArchivedPage | PassedOver]) -> ArchivedPage:
        """The page of a revisit; `read` reads the record at a place. Raises `Unusable`."""
        if capture.profile.rstrip("/").endswith("server-not-modified"):
            raise Unusable("revisit", "not modified")
        if capture.refers_to_url == capture.url:
            self._refuse_repetition(capture, capture.refers_to_date)
        by_id = None if capture.refers_to is None else self._places.get(hash(capture.refers_to))
        place = by_id or self._places.get(hash((capture.refers_to_url, capture.refers_to_date)), by_id)
        if place is None:
            raise Unusable("revisit", "what it refers to is not in this file")
        page = read(place, 1)
        if not isinstance(page, ArchivedPage):
            raise Unusable("revisit", f"what it refers to holds no page: {page.reason}")
        if page.url == capture.url:
            self._refuse_repetition(capture, page.fetched_at)
        if which := self._filters.refuse_page(page.body, page.content_type, ""):
            raise Unusable(f"filtered:{which}")
        return dataclasses.replace(page, url=capture.url, fetched_at=capture.at)

    def _refuse_repetition(self, capture: Capture, before: str | None) -> None:
        """Raises `Unusable` where the page was given when it was captured `before`."""
        if before is None or self._filters.has_date(before):
            raise Unusable("revisit", f"as on {before}" if before else "as before")

    def note_drawn(self, capture: Capture) -> None:
        """The page of a conversion is given."""
        if len(self._drawn) < _MOST_KNOWN:
            self._drawn[hash(capture.url)] = hash(capture.digest)

    def refuse_drawn(self, capture: Capture) -> None:
        """Raises `Unusable` where a conversion is of a page that was given already, and no later visit drew another."""
        last = self._last
        is_of_visit = last is not None and last.kind == "revisit" and last.refers_to == capture.refers_to
        if is_of_visit and self._drawn.get(hash(capture.url)) != hash(capture.digest):
            return
        if is_of_visit or (capture.refers_to is not None and hash(capture.refers_to) in self._places):
            raise Unusable("conversion", "of a page that was given already")
