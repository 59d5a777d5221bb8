"""What was read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadDate:
    """One date as a text gives it."""

    iso: str
    """`2022-03-30`, `2022-03-30T21:50` or `2022-03-30T21:50:05`, with `+04:30` when the offset is known; Gregorian."""
    raw: str
    """The very substring it was read from: weekday, date, time and zone."""
    start: int
    """Offset of `raw` in the text given."""
    end: int
    """Offset behind `raw`."""
    calendar: str
    """`gregorian`, `jalali`, `hijri` or `buddhist`: the calendar it was printed in."""
    weekday_agrees: bool | None
    """False when the weekday printed beside it contradicts it; None when none is printed."""
    zone_from_text: bool
    """The text itself gives the offset or zone."""
    ambiguous: bool
    """Day and month could be swapped (03/04/2022) and nothing in the text decided."""
