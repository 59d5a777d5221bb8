"""Which printed time is which date's, and in which zone."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from newsscraper.extract.dates.clock import PrintedTime, is_gap, time_after, times_before
from newsscraper.extract.dates.found import FoundDate, Stretch
from newsscraper.extract.dates.zones import ZoneHints, offset_of, read_zone

_ZONE_REACH = 60
"""Characters behind a time in which its zone ends."""


@dataclass(frozen=True, slots=True)
class TimedDate:
    """A date with the time and zone beside it."""

    found: FoundDate
    time: PrintedTime | None
    start: int
    """Offset in the folded text."""
    end: int
    minutes: int | None
    """Offset from Greenwich that the text gives."""

    @property
    def local(self) -> dt.datetime:
        """The moment without zone; midnight where no time is printed."""
        return _local(self.found, self.time)


def with_times(dates: list[FoundDate], stretch: Stretch) -> Iterator[TimedDate]:
    """Each date with the time that follows it; or the one before it, where the following one is another date's."""
    floor = 0
    for index, date in enumerate(dates):
        following = dates[index + 1] if index + 1 < len(dates) else None
        timed = _timed(date, following, floor, stretch)
        yield timed
        floor = bisect_left(stretch.shape.starts, timed.end)


def _timed(date: FoundDate, following: FoundDate | None, floor: int, stretch: Stretch) -> TimedDate:
    shape = stretch.shape
    if inside := _time_inside(date, stretch):
        return _timed_after(date, inside, stretch)
    after = time_after(shape, date.end)
    if after and following and after.end > following.first:
        after = None
    before = _timed_before(date, floor, stretch)
    if before and (not after or (following and is_gap(shape, after.end, following.first))):
        return before
    if after:
        return _timed_after(date, after, stretch)
    return TimedDate(date, None, shape.starts[date.first], shape.ends[date.end - 1], None)


def _time_inside(date: FoundDate, stretch: Stretch) -> PrintedTime | None:
    """The time between day and year: Mar 30 21:50:05 2022."""
    candidate = date.candidate
    if ":" not in stretch.shape.kinds[candidate.day : candidate.year]:
        return None
    return time_after(stretch.shape, candidate.day + 1)


def _timed_after(date: FoundDate, time: PrintedTime, stretch: Stretch) -> TimedDate:
    shape = stretch.shape
    minutes, end = _zone_at(shape.ends[time.end - 1], _local(date, time), stretch)
    return TimedDate(date, time, shape.starts[date.first], max(end, shape.ends[date.end - 1]), minutes)


def _timed_before(date: FoundDate, floor: int, stretch: Stretch) -> TimedDate | None:
    """The time printed in front of the date, when nothing but its zone and small words lies between."""
    shape = stretch.shape
    for time in times_before(shape, date.first, floor):
        minutes, zone_end = _zone_at(shape.ends[time.end - 1], _local(date, time), stretch)
        if is_gap(shape, bisect_left(shape.starts, zone_end), date.first):
            return TimedDate(date, time, shape.starts[time.first], shape.ends[date.end - 1], minutes)
    return None


def _local(date: FoundDate, time: PrintedTime | None) -> dt.datetime:
    clock = dt.time(time.hour, time.minute or 0) if time else dt.time()
    return dt.datetime.combine(date.reading.date, clock)


def _zone_at(position: int, local: dt.datetime, stretch: Stretch) -> tuple[int | None, int]:
    """Minutes from Greenwich printed at `position`, and where that ends."""
    window = slice(position, position + _ZONE_REACH)
    folded = stretch.folded.text[window]
    original = "".join([stretch.text[origin] for origin in stretch.folded.origins[window][: len(folded)]])
    zone = read_zone(folded, original, ZoneHints(stretch.hints.language, stretch.hints.zone, local))
    return (offset_of(zone.meaning, local), position + zone.end) if zone else (None, position)
