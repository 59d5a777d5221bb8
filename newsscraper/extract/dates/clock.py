"""The time printed beside a date."""

from __future__ import annotations

import re
from dataclasses import dataclass

from newsscraper.extract.dates.lexicon import lexicon
from newsscraper.extract.dates.shapes import Shape

_COLON = r"(?::| : )"
_TIME = (
    r"(?:(?P<before>A)[ :]?)?(?P<h>d)"
    rf"(?:{_COLON}(?P<m>d)(?:{_COLON}(?P<s>d)(?:[.,][dyx])?)?"  # 21:50, 21:50:05, 21:50:05.000
    r"|\.(?P<dot_m>d)(?:\.(?P<dot_s>d))?(?![./-][dy])"  # 21.50
    r"| ?(?P<mark>u)(?: ?(?P<mark_m>d) ?i?(?: ?(?P<mark_s>d) ?s)?)?)?"  # 21h50, 21 Uhr, 21时50分
    r"(?: ?(?P<after>[aA])(?!d))?(?: ?u(?! ?d| [f?]))?"
)
_AFTER_DATE = re.compile(rf"(?P<gap>(?:o|\.)?[ ,|/()\-.:'pfeua]{{0,8}}?)(?<![d+])(?P<time>{_TIME})")
_BEFORE_DATE = re.compile(_TIME)
_GAP_TO_DATE = re.compile(r"[ ,|/()\-.:pfeuaW]{1,8}")
_REACH = 20
"""Tokens before a date in which its time may begin."""


@dataclass(frozen=True, slots=True)
class PrintedTime:
    """A time as tokens, with what it says."""

    first: int
    end: int
    hour: int
    minute: int | None
    """None where only the hour is printed."""
    second: int | None

    @property
    def iso(self) -> str:
        """`T21:50` or `T21:50:05`."""
        return f"T{self.hour:02}:{self.minute or 0:02}" + ("" if self.second is None else f":{self.second:02}")


def time_after(shape: Shape, token: int) -> PrintedTime | None:
    """The time that follows a date which ends before `token`."""
    match = _AFTER_DATE.match(shape.kinds, token)
    if not match:
        return None
    introduced = any(kind in "pu" for kind in match["gap"])
    return _time_of(match, shape, match.start("time"), introduced=introduced)


def times_before(shape: Shape, token: int, floor: int) -> list[PrintedTime]:
    """Times that could belong to a date beginning at `token`, leftmost first; none begins before token `floor`.

    The caller still has to see that nothing but a zone and a gap lies between (`is_gap`).
    """
    found = []
    for start in range(max(floor, token - _REACH), token):
        if shape.kinds[start] not in "dA" or (start > 0 and shape.kinds[start - 1] in ":.+-/" and start - 1 > floor):
            continue
        match = _BEFORE_DATE.match(shape.kinds, start, token)
        time = _time_of(match, shape, start, introduced=True) if match else None
        if time:
            found.append(time)
    return found


def is_gap(shape: Shape, first: int, end: int) -> bool:
    """True when only marks and small words lie in the tokens from `first` to before `end`."""
    return bool(_GAP_TO_DATE.fullmatch(shape.kinds, first, end))


def _time_of(match: re.Match[str], shape: Shape, first: int, *, introduced: bool) -> PrintedTime | None:
    parts = {name: match.start(name) for name in match.groupdict() if match[name] is not None}
    minute_token = next((parts[name] for name in ("m", "dot_m", "mark_m") if name in parts), None)
    second_token = next((parts[name] for name in ("s", "dot_s", "mark_s") if name in parts), None)
    half_token = parts.get("after", parts.get("before"))
    if minute_token is None and not _may_lack_minutes(parts, shape, introduced=introduced):
        return None
    if minute_token is not None and len(shape.keys[minute_token]) != 2 and shape.kinds[minute_token + 1 :][:1] != "i":
        return None
    if "dot_m" in parts and not introduced and half_token is None and _reads_on(shape, match.end()):
        return None
    hour = _hour_of_day(
        shape.number(parts["h"]), lexicon().meridiem[shape.keys[half_token]] if half_token is not None else None
    )
    minute = shape.number(minute_token) if minute_token is not None else None
    second = shape.number(second_token) if second_token is not None else None
    if hour is None or (minute or 0) > 59 or (second or 0) > 60:
        return None
    return PrintedTime(first, match.end(), hour, minute, None if second is None else min(second, 59))


def _may_lack_minutes(parts: dict[str, int], shape: Shape, *, introduced: bool) -> bool:
    """9 PM; 21 Uhr; 21時; à 21h: a bare hour needs a mark that nothing but an hour has."""
    if "after" in parts or "before" in parts:
        return True
    mark = shape.keys[parts["mark"]] if "mark" in parts else ""
    return mark in ("uhr", "時", "时", "點", "点", "點鐘", "시") or (introduced and mark == "h")


def _reads_on(shape: Shape, token: int) -> bool:
    """True when a word follows that makes a decimal of 21.50: "10.30 million". A zone's letters do not."""
    return shape.kinds[token : token + 2] == " ?" or shape.kinds[token : token + 1] in ("!", "?")


def _hour_of_day(hour: int, half: str | None) -> int | None:
    """0 to 23; a half of the day that contradicts an hour above 12 is idle (13:50 PM). None for no hour."""
    if hour > 23:
        return None
    if half is None or hour > 12:
        return hour
    if half == "am":
        return hour % 12
    if half == "noon":
        return hour if hour >= 10 else hour + 12
    if half == "night":
        return hour % 12 + (12 if 5 <= hour < 12 else 0)
    return hour % 12 + 12
