"""From record to record through an archive, over whatever is damaged in it."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from fastwarc.warc import ArchiveIterator

from newsscraper.store.archive.forms import (
    Form,
    begins_record,
    find_beginning,
    find_end,
    has_bare_lines,
    is_cut,
    names_other_kind,
    read_form,
)
from newsscraper.store.archive.remote import Source, Window

MOST_HEADERS = 1 << 20
"""Bytes of a record's own headers."""
_STEP = 1 << 14
_MOST_TRUSTED = 10
"""Damages of a file, after which no record is read before its length has proved right: that costs all a second look."""
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
    is_cut: bool = False
    """It cannot be as long as it says: nothing of it is worth reading."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The record that came last reaches to here."""

    end: int
    reason: str | None = None
    """`corrupt`, `truncated`, `unreachable` where what was read of it cannot be trusted."""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Damage:
    """Something that is no record, or of the one that came last nothing more than its beginning."""

    offset: int
    reason: str
    """`corrupt`, `truncated`, `no_warc`, `unreachable`."""
    detail: str


Step = Came | Ended | Damage


def walk(source: Source, *, start: int = 0, end: int | None = None) -> Iterator[Step]:
    """The records that begin at `start` or after it and before `end`, in order: each comes, and ends.

    Nothing raises: where no record can be read, the walk goes on at the next one that begins as records do. A record
    may come twice before it ends: the second time without what lies behind it, which had spoilt the reading.
    """
    try:
        form = read_form(source)
    except OSError as fault:
        yield Damage(start, "unreachable" if source.failure else "corrupt", str(fault))
        return
    at: int | None = start
    stretches = 0
    while at is not None:
        at = yield from _Stretch(source, form, at, end, "swift" if stretches < _MOST_TRUSTED else "careful").walk()
        stretches += 1


class _Stretch:
    """The records from a place on up to the first damage."""

    def __init__(
        self, source: Source, form: Form, at: int, end: int | None, manner: Literal["swift", "careful", "alone"]
    ) -> None:
        self._source = source
        self._form = form
        self._at = at
        self._end = end
        self._is_alone = manner == "alone"
        """The source holds one member, whose end is known."""
        self._is_careful = manner == "careful"
        """No length is believed: of what is packed each member is read by itself."""
        self._last: Came | None = None
        self._length = 0

    def walk(self) -> Generator[Step, None, int | None]:
        """Yields the steps; returns where to go on, None for nowhere."""
        try:
            is_apart = self._is_careful and self._form.packing != "plain"
            is_done = False if is_apart else (yield from self._walk())
            return None if is_done else (yield from self._finish())
        except OSError as fault:
            try:
                return (yield from self._settle(str(fault)))
            except OSError as second:
                fault = second
            yield from self._break_off(fault)
            return None

    def _walk(self) -> Generator[Step, None, bool]:
        """True where nothing behind the last record is wanted. Raises `OSError`."""
        # Bare line feeds take fastwarc's lenient mode, which passes over what lies between records without a word.
        is_lenient = has_bare_lines(self._source, self._form, self._at)
        stream = self._form.unpack(self._source, self._at)
        for record in _read_records(stream, is_lenient=is_lenient):
            offset = self._place_of(record, stream)
            is_shared = self._last is not None and offset == self._last.offset
            if self._last is not None:
                self._last = None
                yield Ended(self._end_of_all(offset) if is_shared else offset)
            if self._end is not None and offset >= self._end:
                return True
            self._length = record.content_length
            self._last = Came(offset, record, is_shared, is_cut=self._is_wrong(offset))
            yield self._last
            if self._last.is_cut or self._spills_over(stream):
                raise OSError("Content-Length is wrong")
        return False

    def _end_of_all(self, offset: int) -> int:
        """Of the records in one member, which is looked for once it is behind us: until then, the file's."""
        return offset if self._source.size is None else self._source.size

    def _place_of(self, record: Any, stream: Any) -> int:
        return int(record.stream_pos if self._form.packing == "plain" else stream.frame_start_position())

    def _is_wrong(self, offset: int) -> bool:
        """Whether the record there is seen not to be as long as it says, before any of it is read."""
        if self._form.packing != "plain":
            return False
        if self._reaches_beyond(offset) or not self._is_careful:
            return self._reaches_beyond(offset)
        place = self._source.tell()
        try:
            return self._examine(offset)[0] is not None
        finally:
            self._source.seek(place)

    def _reaches_beyond(self, offset: int) -> bool:
        """Whether even its block alone were larger than what is left of a plain file."""
        size = self._source.size
        return self._form.packing == "plain" and size is not None and offset + self._length > size

    def _spills_over(self, stream: Any) -> bool:
        """What was read of the last record reached into a member in which another record begins."""
        if self._last is None or self._form.packing == "plain":
            return False
        begins = stream.frame_start_position()
        if begins == self._last.offset:
            return False
        place = self._source.tell()
        try:
            return begins_record(self._source, self._form, begins)
        finally:
            self._source.seek(place)

    def _finish(self) -> Generator[Step, None, int | None]:
        """The file ends, or seems to: so does the last record, unless it is cut. Returns where to go on."""
        if self._last is not None and not self._last.is_shared and not self._is_alone:
            problem, end = self._examine(self._last.offset)
            if problem is None:
                if self._form.packing != "plain":
                    end = find_end(self._source, self._form, self._last.offset) or end
                yield Ended(end)
                return (yield from self._go_on(end, _NO_RECORD))
        return (yield from self._settle(_NO_RECORD))

    def _settle(self, fault: str) -> Generator[Step, None, int | None]:
        """How the last record ends, and what follows it that is none; returns where the next one begins."""
        if self._source.failure is not None:
            raise OSError(self._source.failure)
        if self._last is not None and self._last.is_shared:
            member = self._last.offset
            yield Ended(self._end_of_all(member))
            return None if self._is_alone else (yield from self._leave_member(member, fault))
        if self._last is None and self._source.size == self._at:
            if self._at == 0:
                yield Damage(0, "no_warc", "the file is empty")
            return None
        suspect = self._at if self._last is None else self._last.offset
        if self._form.packing != "plain" and not self._is_alone:
            end = find_end(self._source, self._form, suspect)
            if end is not None and begins_record(self._source, self._form, suspect):
                yield from _Stretch(Window(self._source, end), self._form, suspect, None, "alone").walk()
                return (yield from self._go_on(end, fault))
        return (yield from self._judge(suspect, fault))

    def _leave_member(self, member: int, fault: str) -> Generator[Step, None, int | None]:
        """What follows a member of several records."""
        end = find_end(self._source, self._form, member)
        if end is None:
            reason = "truncated" if is_cut(self._source, self._form, member) else "corrupt"
            yield Damage(member, reason, f"{fault}: of the many records packed together here the last ones are lost")
        return (yield from self._go_on(member + 1 if end is None else end, fault))

    def _judge(self, suspect: int, fault: str) -> Generator[Step, None, int | None]:
        """What is wrong with what begins at `suspect`."""
        if self._last is None:
            return (yield from self._go_on(suspect, fault))
        problem, end = self._examine(self._last.offset)
        if problem is None:
            yield Ended(end)
            return None if self._is_alone else (yield from self._go_on(end, fault))
        following = None if self._is_alone else find_beginning(self._source, self._form, suspect + 1)
        breaks_off = following is None and not self._is_alone and problem == _CUT
        yield Ended(end if following is None else following, "truncated" if breaks_off else "corrupt", problem)
        return self._within(following)

    def _go_on(self, place: int, fault: str) -> Generator[Step, None, int | None]:
        """Tells what lies from `place` on where that is no record; returns where the next one begins."""
        if place == self._source.size or self._within(place) is None:
            return None
        if self._is_alone:
            yield Damage(place, "corrupt", fault)
            return None
        following = find_beginning(self._source, self._form, place if place > self._at else place + 1)
        if following == place:
            return place
        if following is not None:
            yield Damage(place, "corrupt", f"{fault}; the next record begins at {following}")
        elif place == 0:
            kind = names_other_kind(self._source, self._form)
            yield Damage(0, "no_warc", kind or f"no WARC file: {fault}")
        elif is_cut(self._source, self._form, place):
            yield Damage(place, "truncated", "the file ends within a record")
        else:
            yield Damage(place, "corrupt", f"{fault}; nothing after it can be read")
        return self._within(following)

    def _within(self, place: int | None) -> int | None:
        return place if place is not None and (self._end is None or place < self._end) else None

    def _break_off(self, fault: OSError) -> Iterator[Step]:
        """The source itself gave up."""
        reason = "unreachable" if self._source.failure is not None else "corrupt"
        yield Damage(self._at if self._last is None else self._last.offset, reason, str(fault))

    def _examine(self, offset: int) -> tuple[str | None, int]:
        """What is wrong with the last record, which begins there; and where it ends. Raises `OSError`."""
        if self._reaches_beyond(offset):
            return _CUT, self._source.size or 0
        stream = self._form.unpack(self._source, offset)
        try:
            follows, plain_end = look_behind(stream, offset, self._length)
        except OSError as fault:
            if self._source.failure is not None:
                raise
            return str(fault), offset
        size = plain_end if self._form.packing == "plain" else self._source.size
        end = plain_end if size is None else size
        if follows is None:
            return _BEYOND if self._is_alone else _CUT, end
        if follows and not follows.startswith((b"\r\n", b"\n")):
            return _SHORT, end
        return None, end


def _read_records(stream: Any, *, is_lenient: bool) -> Iterator[Any]:
    """The records that fastwarc finds. Raises `OSError`."""
    records = ArchiveIterator(stream, parse_http=False, quirks_mode=is_lenient, max_header_len=MOST_HEADERS)
    while True:
        with PANIC_AS_FAULT:
            record = next(records, None)
        if record is None:
            return
        yield record


class _PanicAsFault:
    """fastwarc panics over some damage, where an error would do: in Python that is none that `Exception` covers."""

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        if kind is not None and kind.__name__ == "PanicException":
            raise OSError(f"damaged data: {error}") from error


PANIC_AS_FAULT = _PanicAsFault()
"""Within it a panic is raised as `OSError`."""
_NO_RECORD = "no record begins here"
_CUT = "the file ends within the record"
_BEYOND = "Content-Length is wrong: the record ends before it should"
_SHORT = "Content-Length is wrong: the record goes on where it should end"


def look_behind(stream: Any, offset: int, length: int) -> tuple[bytes | None, int]:
    """The bytes after the block of the record that `stream` is at, at most four, None where the block itself is cut.

    And where, in a plain file, the record ends that begins at `offset` and has a block of `length` bytes.
    """
    head = b""
    while (begins := _end_of_headers(head)) is None:
        read = stream.read(_STEP) if len(head) <= MOST_HEADERS else b""
        if not read:
            return None, offset
        head += read
    skip = begins + length
    have, tail = len(head), head[skip:]
    if have < skip and isinstance(stream, Source) and stream.size is not None:
        have = min(stream.size, stream.seek(min(stream.size, offset + skip))) - offset
    while have < skip + 4:
        read = stream.read(min(_STEP, skip + 4 - have))
        if not read:
            break
        tail += read[max(0, skip - have) :]
        have += len(read)
    separator = next(mark for mark in _SEPARATORS if tail.startswith(mark))
    return (tail[:4] if have >= skip else None), offset + skip + len(separator)


def _end_of_headers(head: bytes) -> int | None:
    ends = [place + len(mark) for mark in (b"\r\n\r\n", b"\n\n") if (place := head.find(mark)) >= 0]
    return min(ends, default=None)
