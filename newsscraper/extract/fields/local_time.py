"""An instant told to machines in UTC, and the local time printed for people: together they give the zone's offset."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from newsscraper.extract.dates import ReadDate

_WHOLE_HOURS = {timedelta(hours=h) for h in range(-12, 15)} - {timedelta()}
_OTHER = {timedelta(minutes=m) for m in (-570, -210, 210, 270, 330, 345, 390, 570, 630)}
OFFSETS = _WHOLE_HOURS | _OTHER
"""Offsets that zones have."""


def localise(instant: ReadDate, printed: list[ReadDate], modified: ReadDate | None) -> ReadDate | None:
    """`instant` with the offset that the one time printed gives it; None where that cannot be told for sure.

    Not for sure: no time or several are printed, the instant has an offset of its own, the difference is none that a
    zone has, or the printed time may as well be that of the last change.
    """
    moment = _in_utc(instant)
    times = {date.iso[:16] for date in printed if len(date.iso) >= 16}
    if moment is None or len(times) != 1:
        return None
    local = datetime.fromisoformat(times.pop())
    offset = local - moment.replace(tzinfo=None, second=0)
    if offset not in OFFSETS or _explains(modified, local, instant):
        return None
    iso = moment.astimezone(timezone(offset)).isoformat(timespec="seconds" if len(instant.iso) > 22 else "minutes")
    return replace(instant, iso=iso)


def _in_utc(date: ReadDate) -> datetime | None:
    if "T" not in date.iso or not date.iso.endswith("+00:00"):
        return None
    return datetime.fromisoformat(date.iso).astimezone(UTC)


def _explains(modified: ReadDate | None, local: datetime, published: ReadDate) -> bool:
    """The printed time differs from the last change by an offset, too, and that change is another minute."""
    moment = _in_utc(modified) if modified else None
    if moment is None or modified is None or modified.iso[:16] == published.iso[:16]:
        return False
    return local - moment.replace(tzinfo=None, second=0) in OFFSETS | {timedelta()}
