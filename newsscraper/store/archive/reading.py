"""Archives of any origin as pages: one after the other, or one by its place."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice

from newsscraper.store.archive.captures import MOST_BYTES, Capture, Unusable, read_capture, read_further, read_page
from newsscraper.store.archive.filters import Filters
from newsscraper.store.archive.remote import Source, open_source
from newsscraper.store.archive.types import ArchivedPage, PassedOver
from newsscraper.store.archive.visits import Visits
from newsscraper.store.archive.walking import PANIC_AS_FAULT, Came, Damage, Ended, walk

Found = ArchivedPage | PassedOver

_BESIDE = frozenset({"warcinfo", "request", "metadata"})
"""Records that stand beside pages and hold none."""
_MOST_FURTHER = 200
"""Pages of one story."""


def read_archive(
    file: str, *, start: int = 0, end: int | None = None, filters: Filters | None = None
) -> Iterator[Found]:
    """The pages of `file`, a path or an fsspec URL, whose records begin at `start` or after it and before `end`.

    In the order of the file. What holds no page, or none that `filters` let in, is a `PassedOver`; records that stand
    beside others (`warcinfo`, `request`, `metadata`) are none. At most a few pages are in memory at a time. Raises
    `InputError` at the first step where the file cannot be opened, and nothing for what is in it.
    """
    with open_source(file) as source, closing(_Reading(source, filters or Filters())) as reading:
        for step in walk(source, start=start, end=end):
            yield from reading.take(step)
        yield from reading.finish()


def read_at(file: str, offset: int, length: int, record_id: str | None = None) -> Found:
    """The page whose record begins at `offset` and has `length` bytes there.

    Where several records lie in one gzip member, `record_id` says which is meant; else it is the first. Raises
    `InputError` where the file cannot be opened.
    """
    with open_source(file) as source:
        return _read_one(source, offset, length, record_id)


def _read_one(
    source: Source, offset: int, length: int, record_id: str | None = None, *, is_part: bool = False
) -> Found:
    """`is_part` where the record is a further page, of which nothing else is wanted."""
    reading = _Reading(source, Filters(), is_single=True, is_part=is_part)
    with closing(reading):
        for step in walk(source, start=offset, end=offset + max(1, length)):
            if isinstance(step, Damage):
                return PassedOver(file=source.name, offset=step.offset, reason=step.reason, detail=step.detail)
            if isinstance(step, Came) and step.offset != offset:
                break
            if isinstance(step, Came) and record_id and step.record.record_id != record_id:
                continue
            found: list[Found] = [*reading.take(step), *(reading.finish() if isinstance(step, Ended) else ())]
            if found:
                return found[0]
    return PassedOver(file=source.name, offset=offset, reason="corrupt", detail="no page begins there")


@dataclass(slots=True)
class _Draft:
    """What was read of a record, until it is known where that ends."""

    capture: Capture
    found: Found


class _Reading:
    """One way through a file."""

    def __init__(self, source: Source, filters: Filters, *, is_single: bool = False, is_part: bool = False) -> None:
        self._source = source
        self._aside: Source | None = None
        """The same file once more, for records that lie elsewhere in it."""
        self._filters = filters
        self._visits = Visits(filters)
        self._is_single = is_single
        self._is_part = is_part
        self._came = 0
        """Where the last record began."""
        self._draft: _Draft | None = None
        self._held: ArchivedPage | None = None
        """A page that a browser may have drawn anew, as a later record tells."""

    def take(self, step: Came | Ended | Damage) -> Iterator[Found]:
        """What is settled by this step."""
        if isinstance(step, Came):
            self._draft, self._came = self._read(step), step.offset
        elif isinstance(step, Damage):
            self._draft = None
            yield from self.finish()
            reason = self._name(step.reason)
            yield PassedOver(file=self._source.name, offset=step.offset, reason=reason, detail=step.detail)
        elif self._draft is not None:
            draft, self._draft = self._draft, None
            yield from self._place(draft, self._close(draft, step))
        elif step.reason is not None:  # what stands beside pages is no page, and yet no less broken
            yield from self.finish()
            reason = self._name(step.reason)
            yield PassedOver(file=self._source.name, offset=self._came, reason=reason, detail=step.detail)

    def close(self) -> None:
        """Let go what was opened."""
        if self._aside is not None:
            self._aside.close()

    def finish(self) -> Iterator[Found]:
        """What was held back."""
        if self._held is not None:
            held, self._held = self._held, None
            yield held

    def _read(self, came: Came) -> _Draft | None:
        if str(came.record.record_type) in _BESIDE:
            return None
        capture = read_capture(came.record, self._source.name, came.offset)
        if came.is_cut:
            return _Draft(capture, capture.passed_over("corrupt", "Content-Length is wrong"))
        try:
            with PANIC_AS_FAULT:
                return _Draft(capture, self._find_page(capture, came))
        except Unusable as no:
            return _Draft(capture, capture.passed_over(no.reason, no.detail))
        except OSError as fault:
            return _Draft(capture, capture.passed_over("corrupt", str(fault)))

    def _find_page(self, capture: Capture, came: Came) -> ArchivedPage:
        """Raises `Unusable`, `OSError` of a damaged archive."""
        if which := self._filters.refuse_capture(capture.url, capture.at):
            self._visits.note(capture)
            raise Unusable(f"filtered:{which}")
        if capture.page_of and not self._is_single:
            raise Unusable("further_page", f"of {capture.page_of}")
        if capture.kind == "revisit":
            self._visits.note(capture)
            return self._visits.resolve(capture, self._read_aside)
        page = read_page(capture, came.record.reader, self._filters)
        if capture.kind != "conversion":
            self._visits.note(capture)
        elif not self._is_single and not self._is_of_held(capture):
            self._visits.refuse_drawn(capture)
        return page

    def _is_of_held(self, capture: Capture) -> bool:
        return self._held is not None and capture.refers_to == self._held.warc["record_id"]

    def _close(self, draft: _Draft, ended: Ended) -> Found:
        """The same with what its end tells."""
        found = draft.found
        if ended.reason is not None:
            return draft.capture.passed_over(self._name(ended.reason), ended.detail)
        if isinstance(found, PassedOver) or found.warc["offset"] != draft.capture.offset:
            return found
        pointer = {**found.warc, "length": ended.end - found.warc["offset"]}
        places = [] if self._is_part else read_further(draft.capture)
        return dataclasses.replace(
            found,
            warc=pointer,  # type: ignore[arg-type] # as it was, with another length
            further=tuple(self._read_further(places)),
        )

    def _read_further(self, places: Iterable[tuple[int, int]]) -> Iterator[ArchivedPage]:
        """Each place once, all of them together no more than one page may have."""
        size = 0
        for offset, length in islice(dict.fromkeys(places), _MOST_FURTHER):
            page = self._read_aside(offset, length)
            if isinstance(page, ArchivedPage) and (size := size + len(page.body)) <= MOST_BYTES:
                yield page
            if size > MOST_BYTES:
                return

    def _name(self, reason: str) -> str:
        """The end of a file that still grows is no fault."""
        is_growing = self._source.name.endswith(".open")
        return "torn" if is_growing and (reason == "truncated" or self._source.size == 0) else reason

    def _read_aside(self, offset: int, length: int) -> Found:
        if self._aside is None:
            self._aside = open_source(self._source.name)
        return _read_one(self._aside, offset, length, is_part=True)

    def _place(self, draft: _Draft, found: Found) -> Iterator[Found]:
        """Hold a page back, let the one before it go; a page that was drawn takes the place of its answer."""
        if isinstance(found, PassedOver):
            yield from self.finish()
            yield found
            return
        if draft.capture.kind == "conversion":
            self._visits.note_drawn(draft.capture)
            if self._held is not None and self._is_of_held(draft.capture):
                further = found.further or self._held.further
                held = self._held
                found = dataclasses.replace(found, status=held.status, headers=held.headers, further=further)
                self._held = None
        yield from self.finish()
        self._held = found
