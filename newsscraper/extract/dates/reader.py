"""From text to dates: the recipe."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from newsscraper.extract.dates.anchors import find_stretches
from newsscraper.extract.dates.clock import is_gap, time_after, times_before
from newsscraper.extract.dates.folding import Folded, fold
from newsscraper.extract.dates.found import FoundDate, Stretch
from newsscraper.extract.dates.grammar import Candidate, find_candidates
from newsscraper.extract.dates.model import ReadDate
from newsscraper.extract.dates.readings import Hints, Reading, find_readings
from newsscraper.extract.dates.shapes import Shape, shape_of
from newsscraper.extract.dates.timing import TimedDate, with_times
from newsscraper.extract.dates.weekdays import weekday_beside
from newsscraper.extract.dates.zones import format_offset, offset_of, zone_info

_LINE = 200
"""Characters up to which a text is a line."""
_GRACE = dt.timedelta(days=1)
_DIGIT = re.compile(r"\d\d|年")
_MARKS = " .,-|()"
_TWELVE_HOURS = re.compile(r"\d ?[AP]\.?M\b")
_SCRIPTS = (("persian", re.compile("[۰-۹]")), ("arabic", re.compile("[٠-٩]")), ("thai", re.compile("[\u0e01-\u0e59]")))


def find_dates(  # noqa: PLR0913 - one argument a hint
    text: str,
    *,
    language: str | None = None,
    calendar: str | None = None,
    zone: str | None = None,
    day_first: bool | None = None,
    not_after: str | None = None,
) -> list[ReadDate]:
    """All dates printed in `text`, in order, not overlapping.

    `language` (BCP 47), `calendar` and `day_first` only break ties; `zone` (IANA) gives the offset of times that print
    none; dates more than a day later than `not_after` (ISO 8601) are dropped. Relative dates, dates without a year and
    times alone are not read. Raises `ValueError` for a `zone` or `not_after` that is none, never for a text.
    """
    latest = _with_grace(dt.date.fromisoformat(not_after[:10])) if not_after else None
    if zone:
        zone_info(zone)
    if not _DIGIT.search(text):
        return []
    folded, shaped = _shaped_line(text) if len(text) <= _LINE else _shaped(text)
    if not shaped:
        return []
    hints = Hints(
        language=(language or "").lower().replace("_", "-"),
        calendar=calendar,
        zone=zone,
        day_first=day_first,
        script=next((name for name, digits in _SCRIPTS if digits.search(text)), ""),
        twelve_hours=bool(_TWELVE_HOURS.search(text)),
    )
    found: list[ReadDate] = []
    for shape, candidates in shaped:
        stretch = Stretch(text, folded, shape, hints)
        dates = _settle_order(_not_overlapping(_find(candidates, stretch, latest), stretch))
        certain = [date for date in dates if not _is_doubtful(date, stretch)]
        found.extend(_finish(timed, stretch) for timed in with_times(certain, stretch))
    return found


_Shaped = tuple[Folded, list[tuple[Shape, list[Candidate]]]]
"""A folded text, and of each stretch that may hold dates its shape and what is shaped like one in it."""


def _shaped(text: str) -> _Shaped:
    """All that reading a text for dates can tell without hints; stretches without candidates are left out."""
    folded = fold(text)
    shapes = (shape_of(text, folded, start, end) for start, end in find_stretches(folded.text))
    return folded, [(shape, candidates) for shape in shapes if (candidates := find_candidates(shape))]


_shaped_line = lru_cache(maxsize=512)(_shaped)
"""The same for lines, which several parts read one after the other."""


def _with_grace(day: dt.date) -> dt.date:
    """The next day, but for the last one that there is."""
    return day if day == dt.date.max else day + _GRACE


def read_date(  # noqa: PLR0913 - one argument a hint
    text: str,
    *,
    language: str | None = None,
    calendar: str | None = None,
    zone: str | None = None,
    day_first: bool | None = None,
    not_after: str | None = None,
) -> ReadDate | None:
    """`first_plausible` of the dates in `text`; arguments as for `find_dates`."""
    return first_plausible(
        find_dates(text, language=language, calendar=calendar, zone=zone, day_first=day_first, not_after=not_after)
    )


def first_plausible(dates: list[ReadDate]) -> ReadDate | None:
    """The first date whose weekday does not contradict it, else the first; None where there is none.

    Where the same day follows in another calendar and only there with a time, that one is taken.
    """
    plausible = [date for date in dates if date.weekday_agrees is not False] or dates
    if not plausible:
        return None
    first = plausible[0]
    twin = plausible[1] if len(plausible) > 1 else first
    is_twin = twin.calendar != first.calendar and twin.iso[:10] == first.iso and "T" in twin.iso
    return twin if is_twin else first


def _find(candidates: list[Candidate], stretch: Stretch, latest: dt.date | None) -> Iterator[FoundDate]:
    for candidate in candidates:
        readings = find_readings(candidate, stretch.shape, stretch.hints)
        if latest:
            readings = [reading for reading in readings if reading.date <= latest]
        if readings:
            weekday = weekday_beside(candidate, stretch.shape, stretch.folded.text, readings, stretch.hints)
            first = min(candidate.first, weekday.first) if weekday else candidate.first
            end = max(candidate.end, weekday.end) if weekday else candidate.end
            yield FoundDate(candidate, readings, weekday, first, end)


def _not_overlapping(found: Iterable[FoundDate], stretch: Stretch) -> list[FoundDate]:
    kept: list[FoundDate] = []
    for date in found:
        if kept and date.candidate.first < kept[-1].candidate.end:
            continue
        if kept and _is_clock(date.candidate, kept[-1], stretch.shape):
            continue
        if kept and kept[-1].end > date.first:
            kept[-1] = kept[-1].without_weekday_behind(date.first)
        kept.append(date)
    return kept


def _is_clock(candidate: Candidate, before: FoundDate, shape: Shape) -> bool:
    """True when what looks like a date with a short year (21.05.07) is the time of the date before it."""
    time = time_after(shape, before.end)
    between = shape.kinds[before.candidate.end : candidate.first]
    is_dotted = candidate.form == "short numeric" and shape.kinds[candidate.first + 1] == "."
    return (
        is_dotted
        and not before.candidate.is_short
        and "-" not in between
        and time is not None
        and time.end >= candidate.end
    )


def _settle_order(dates: list[FoundDate]) -> list[FoundDate]:
    """Let a date that is certain (13/04/2022, or one with its weekday) decide the order of those that are not."""
    orders = {date.reading.order for date in dates if _is_certain(date)} - {""}
    if len(orders) != 1:
        return dates
    (order,) = orders
    return [replace(date, readings=_preferring(order, date.readings)) for date in dates]


def _is_certain(date: FoundDate) -> bool:
    return not date.reading.swappable or date.agrees(date.reading)


def _preferring(order: str, readings: list[Reading]) -> list[Reading]:
    if not all(reading.swappable for reading in readings):
        return readings
    chosen = [replace(reading, swappable=False) for reading in readings if reading.order == order]
    return chosen + [reading for reading in readings if reading.order != order]


def _is_doubtful(date: FoundDate, stretch: Stretch) -> bool:
    """True for a year of two digits unless shape, weekday, time, or standing alone make it unmistakable."""
    candidate, shape = date.candidate, stretch.shape
    if not candidate.is_short or date.agrees(date.reading):
        return False
    if _stands_alone(candidate, stretch) or _has_time(candidate, shape):
        return False
    if "e" in shape.kinds[candidate.end : candidate.end + 2]:
        return False  # 1.01.22 г.
    inner = shape.kinds[candidate.first : candidate.end]
    if candidate.is_numeric:
        lengths = {len(shape.keys[token]) for token in (candidate.day, candidate.month, candidate.year)}
        return lengths != {2} or "-" in inner
    thai = any(reading.language == "th" for reading in date.readings)
    return not thai and "'" not in inner and inner not in ("d-M-d", "d/M/d")


def _stands_alone(candidate: Candidate, stretch: Stretch) -> bool:
    start, end = stretch.shape.starts[candidate.first], stretch.shape.ends[candidate.end - 1]
    return not (stretch.folded.text[:start].strip(_MARKS) or stretch.folded.text[end:].strip(_MARKS))


def _has_time(candidate: Candidate, shape: Shape) -> bool:
    before = times_before(shape, candidate.first, 0)
    return bool(time_after(shape, candidate.end)) or any(is_gap(shape, time.end, candidate.first) for time in before)


def _finish(timed: TimedDate, stretch: Stretch) -> ReadDate:
    date, zone = timed.found, stretch.hints.zone
    reading = date.reading
    iso = reading.date.isoformat()
    if timed.time:
        minutes = offset_of(zone, timed.local) if timed.minutes is None and zone else timed.minutes
        iso += timed.time.iso + ("" if minutes is None else format_offset(minutes))
    start, end = stretch.folded.origins[timed.start], stretch.folded.origins[timed.end - 1] + 1
    agrees = date.agrees(reading) if date.weekday else None
    return ReadDate(
        iso=iso,
        raw=stretch.text[start:end],
        start=start,
        end=end,
        calendar=reading.calendar,
        weekday_agrees=agrees,
        zone_from_text=timed.minutes is not None,
        ambiguous=reading.swappable and not agrees,
    )
