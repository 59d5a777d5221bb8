"""An instant told to machines in UTC, and what the page says of local time: together they give its place's offset.

The instant stays the same; only its offset, and so the day on which a reader saw it, are those of its place.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from newsscraper.extract.dates import ReadDate, offset_of_country

_WHOLE_HOURS = {timedelta(hours=h) for h in range(-12, 15)} - {timedelta()}
_OTHER = {timedelta(minutes=m) for m in (-570, -210, 210, 270, 330, 345, 390, 570, 630)}
OFFSETS = _WHOLE_HOURS | _OTHER
"""Offsets that zones have."""


def localise(
    instant: ReadDate,
    printed: list[ReadDate],
    modified: ReadDate | None,
    others: list[ReadDate] | None = None,
    country: str = "",
) -> ReadDate | None:
    """`instant`, given in UTC, with its place's offset; None where that cannot be told for sure.

    Told by the one local time that is `printed`, unless that may as well be the time of the last change. Where it is
    another day at the place, also by another source that gives the same instant with its offset, by a time without zone
    that is the same to the second, and by the offset of any source, or else of the site's `country` (two letters), with
    which the instant falls on the day printed.
    """
    moment = _in_utc(instant)
    if moment is None:
        return None
    others = others or []
    if offset := _time_printed(instant, moment, printed, modified):
        return _at(instant, moment, offset)
    offset = (
        _same_instant(moment, others)
        or _same_second(moment, others)
        or _day_printed(moment, printed, [*([modified] if modified else []), *others], country)
    )
    is_other_day = offset is not None and (moment + offset).date() != moment.date()
    return _at(instant, moment, offset) if offset and is_other_day else None


def _in_utc(date: ReadDate) -> datetime | None:
    if "T" not in date.iso or not date.iso.endswith("+00:00"):
        return None
    return datetime.fromisoformat(date.iso).astimezone(UTC)


def _at(instant: ReadDate, moment: datetime, offset: timedelta) -> ReadDate:
    iso = moment.astimezone(timezone(offset)).isoformat(timespec="seconds" if len(instant.iso) > 22 else "minutes")
    return replace(instant, iso=iso)


def _same_instant(moment: datetime, others: list[ReadDate]) -> timedelta | None:
    """The offset of a source that tells the same instant, to the minute."""
    for other in others:
        told = datetime.fromisoformat(other.iso)
        if told.tzinfo and told.utcoffset() and abs(told - moment) < timedelta(minutes=1):
            return told.utcoffset()
    return None


def _time_printed(
    instant: ReadDate, moment: datetime, printed: list[ReadDate], modified: ReadDate | None
) -> timedelta | None:
    """The offset of the one time that is printed."""
    times = {date.iso[:16] for date in printed if len(date.iso) >= 16}
    if len(times) != 1:
        return None
    local = datetime.fromisoformat(times.pop())
    offset = local - moment.replace(tzinfo=None, second=0)
    return offset if offset in OFFSETS and not _explains(modified, local, instant) else None


def _explains(modified: ReadDate | None, local: datetime, published: ReadDate) -> bool:
    """The printed time differs from the last change by an offset, too, and that change is another minute."""
    moment = _in_utc(modified) if modified else None
    if moment is None or modified is None or modified.iso[:16] == published.iso[:16]:
        return False
    return local - moment.replace(tzinfo=None, second=0) in OFFSETS | {timedelta()}


def _same_second(moment: datetime, others: list[ReadDate]) -> timedelta | None:
    """The offset of a local time that shows the same second of another hour; full minutes are too common to tell."""
    for other in others:
        local = datetime.fromisoformat(other.iso)
        if len(other.iso) == 19 and local.second:
            offset = local - moment.replace(tzinfo=None)
            if offset in OFFSETS:
                return offset
    return None


def _day_printed(moment: datetime, printed: list[ReadDate], zoned: list[ReadDate], country: str) -> timedelta | None:
    """The offset with which the instant falls on the one day that is printed.

    One that the page shows elsewhere; the one that makes it midnight there, as sites write a day without a time; or
    that of the country.
    """
    days = {date.iso[:10] for date in printed}
    if len(days) != 1 or moment.date().isoformat() in days:
        return None
    (day,) = days
    offsets = [offset for date in zoned if (offset := datetime.fromisoformat(date.iso).utcoffset())]
    to_midnight = datetime.fromisoformat(day).replace(tzinfo=UTC) - moment
    if to_midnight in OFFSETS:
        offsets.append(to_midnight)
    if at_home := offset_of_country(country, moment):
        offsets.append(at_home)
    return next((offset for offset in offsets if (moment + offset).date().isoformat() == day), None)
