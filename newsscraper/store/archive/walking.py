"""From record to record through an archive, over whatever is damaged in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastwarc.warc import ArchiveIterator

from newsscraper.store.archive.forms import Form, find_beginning, find_end, read_form
from newsscraper.store.archive.remote import Source

MOST_HEADERS = 1 << 20
"""Bytes of a record's own headers."""
_SEPARATORS = (b"\r\n\r\n", b"\n\n", b"\r\n", b"\n", b"")
"""What may follow a record's block: two line ends, or fewer where a writer knew no better."""


@dataclass(frozen=True, slots=True)
class Came:
    """A record begins; whoever takes it reads of it what is wanted before the next step."""

    offset: int
    record: Any
    """`fastwarc.warc.WarcRecord`."""
    is_shared: bool
    """Other records lie in the same gzip member: the offset is that of them all."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The record that came last reaches to here."""

    end: int
    problem: str | None = None
    """What is wrong with it, where what was read of it cannot be trusted."""


@dataclass(frozen=True, slots=True)
class Damage:
    """Something that is no record."""

    offset: int
    reason: str
    """`corrupt`, `truncated`, `no_warc`, `unreachable`."""
    detail: str


Step = Came | Ended | Damage


def walk(source: Source, *, start: int = 0, end: int | None = None) -> Iterator[Step]:
    """The records that begin at `start` or after it and before `end`, in order: each comes, and ends.

    Nothing raises: where no record can be read, the walk goes on at the next one that begins as records do.
    """
    try:
        form = read_form(source)
    except OSError as fault:
        yield Damage(start, "corrupt", f"cannot be read: {fault}")
        return
    at: int | None = start
    while at is not None:
        at = yield from _Stretch(source, form, at, end).walk()


class _Stretch:
    """The records from a place on up to the first damage."""

    def __init__(self, source: Source, form: Form, at: int, end: int | None) -> None:
        self._source = source
        self._form = form
        self._at = at
        self._end = end
        self._last: Came | None = None
        self._length = 0

    def walk(self) -> Iterator[Step]:
        """Yields the steps; returns where to go on, None for nowhere."""
        stream = self._form.unpack(self._source, self._at)
        records = ArchiveIterator(stream, parse_http=False, quirks_mode=True, max_header_len=MOST_HEADERS)
        try:
            for record in records:
                offset = self._place_of(record, stream)
                if self._last is not None:
                    yield Ended(offset)
                    shared = offset == self._last.offset
                    self._last = None
                else:
                    shared = False
                if self._end is not None and offset >= self._end:
                    return None
                self._last = Came(offset, record, shared)
                self._length = record.content_length
                yield self._last
        except OSError as fault:
            return (yield from self._recover(str(fault)))
        return (yield from self._finish())

    def _place_of(self, record: Any, stream: Any) -> int:
        place: int = record.stream_pos if self._form.packing == "plain" else stream.frame_start_position()
        return place

    def _finish(self) -> Iterator[Step]:
        """The file ended: so does the last record, unless what is left is torn."""
        if self._last is None:
            if self._at == 0 and self._source.size == 0:
                yield Damage(0, "no_warc", "the file is empty")
            elif self._source.size is None or self._at < self._source.size:
                return (yield from self._recover("no record begins here"))
            return None
        problem, end = self._examine(self._last)
        yield Ended(end, problem)
        size = self._source.size
        if problem is None and size is not None and end < size and (self._end is None or end < self._end):
            yield Damage(end, "truncated", f"the last {size - end:,} bytes are no whole record")
        return None

    def _recover(self, fault: str) -> Iterator[Step]:
        """What is known of the damage; returns where the next record begins."""
        place, after = self._at, self._at + 1
        problem = None
        if self._last is not None:
            problem, place = self._examine(self._last)
            after = max(place, self._last.offset + 1)
            yield Ended(place, problem)
        following = find_beginning(self._source, self._form, after)
        if problem is None and following != place:
            if place == 0 and following is None:
                yield Damage(0, "no_warc", f"no WARC file: {fault}")
            elif self._end is None or place < self._end:
                beyond = f"the next record begins at {following:,}" if following is not None else "no record follows"
                yield Damage(place, "corrupt", f"{fault}; {beyond}")
        return following if following is None or self._end is None or following < self._end else None

    def _examine(self, last: Came) -> tuple[str | None, int]:
        """What is wrong with `last`, after which nothing could be read; and where it ends."""
        if last.is_shared:
            return None, self._source.size or last.offset
        end = find_end(self._source, self._form, last.offset) if self._form.packing != "plain" else None
        try:
            follows, plain_end = self._look_behind(last)
        except OSError as fault:
            return str(fault), last.offset + 1
        if follows is None:
            return "the record is cut", end or last.offset + 1
        if follows not in _SEPARATORS and not follows.startswith((b"\r\n\r\n", b"\n\n")):
            return "Content-Length is wrong: the record goes on where it should end", end or last.offset + 1
        if end is None:
            end = plain_end
        return None, end

    def _look_behind(self, last: Came) -> tuple[bytes | None, int]:
        """The four bytes after the record's block, None where the block itself is cut; and where a plain one ends."""
        stream = self._form.unpack(self._source, last.offset)
        head = b""
        while b"\r\n\r\n" not in head and b"\n\n" not in head and len(head) <= MOST_HEADERS:
            read = stream.read(4096)
            if not read:
                return None, last.offset
            head += read
        begins = min(place + len(mark) for mark in (b"\r\n\r\n", b"\n\n") if (place := head.find(mark)) >= 0)
        skip = begins + self._length
        have = len(head)
        tail = head[skip : skip + 4] if have > skip else b""
        while have < skip + 4:
            read = stream.read(min(1 << 16, skip + 4 - have))
            if not read:
                break
            if have + len(read) > skip:
                tail += read[max(0, skip - have) :]
            have += len(read)
        separator = next((mark for mark in _SEPARATORS if tail.startswith(mark)), b"")
        return (tail[:4] if have >= skip else None), last.offset + skip + len(separator)
