"""Dates of attributes and structured data: ISO 8601 as sites write it, RFC 2822, epochs."""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parsedate_tz

from dateutil.parser import isoparse

from newsscraper.extract.dates.model import ReadDate
from newsscraper.extract.dates.reader import read_date
from newsscraper.extract.dates.zones import format_offset, offset_of, zone_info

_DAY_ISO = r"(?P<year>\d{4})(?P<dash>[- ])(?P<month>\d{1,2})(?P=dash)(?P<day>\d{1,2})"
_TIME_ISO = r"(?P<hour>\d{1,2}):?(?P<minute>(?<=:)\d{1,2}|\d\d)(?::?(?P<second>\d{1,2})(?:[.,:]\d{1,9})?)?"
_ZONE_ISO = r"[ ]?(?P<zone>Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?(?::?00)?(?: [A-Z]{3,4})?)?"
_REGION = r"(?:\[(?P<region>[A-Za-z_]+(?:/[A-Za-z_+\-0-9]+){0,2})\])?"
_ISO = re.compile(rf"{_DAY_ISO}(?:(?:[Tt] ?|[ _]{{1,2}}){_TIME_ISO}{_ZONE_ISO}{_REGION})?", re.ASCII)
_COMPACT = re.compile(
    r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)"
    r"(?:[T ]?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?(?:\.\d{1,9})?(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?)?"
    r"(?P<region>(?!))?",  # gives both patterns the same groups
    re.ASCII,
)
_EPOCH = re.compile(r"(?:/Date\()?(?P<seconds>\d{10})(?P<fraction>\d{3}|\.\d{1,9})?(?:[+-]\d{4})?(?:\)/)?")
_RFC_822 = re.compile(
    r"(?:[A-Za-z]{3,9}, ?)?\d{1,2}[ -][A-Za-z]{3}[ -]\d\d \d\d:\d\d(?::\d\d)?(?: [A-Z+-]\S{1,4})?", re.ASCII
)
_RARE_ISO = re.compile(
    r"\d{4}(?:-W\d\d-\d|W\d{3}|-\d{3})(?P<time>T\d\d:\d\d(?P<second>:\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)?)?",
    re.ASCII,
)
_YEARS = range(1900, 2101)
_NO_DATES = frozenset({"1970-01-01T00:00:00", "1970-01-01T00:00", "1970-01-01", "1900-01-01", "1900-01-01T00:00:00"})
"""What databases write for none."""
_AROUND = " \t\r\n\"'\\"
_LONGEST = 80
_NAMED_OFFSET = re.compile(r"\s*\([^()]{1,40}\)$")


def read_machine_date(value: str, *, zone: str | None = None) -> ReadDate | None:
    """The date that an attribute's whole `value` is, or None.

    Reads ISO 8601 (week and ordinal dates too) and its common deviations, RFC 2822, epochs in seconds or milliseconds,
    and whatever `read_date` finds when that fills the value. `zone` (IANA) gives times without an offset theirs.
    Fractions of seconds are dropped. Raises `ValueError` for a `zone` that is none.
    """
    text = value.strip(_AROUND) if isinstance(value, str) else ""
    if zone:
        zone_info(zone)
    if not text or len(text) > _LONGEST:
        return None
    start = value.index(text)
    known = _iso(text, zone) or _epoch(text) or _rfc_2822(text, zone) or _rare_iso(text, zone)
    if known:
        iso, zone_from_text = known
        if iso[:19] in _NO_DATES:
            return None
        return ReadDate(iso, text, start, start + len(text), "gregorian", None, zone_from_text, ambiguous=False)
    return _printed(value, text, zone)


def _printed(value: str, text: str, zone: str | None) -> ReadDate | None:
    """A printed date that fills the value, but for marks and the name of its zone in brackets."""
    found = read_date(_NAMED_OFFSET.sub("", value) if text.endswith(")") and "+" in text else value, zone=zone)
    if not found:
        return None
    rest = value[: found.start] + _NAMED_OFFSET.sub("", value[found.end :].rstrip())
    return None if rest.strip(_AROUND + ".,;|-") else found


def _iso(text: str, zone: str | None) -> tuple[str, bool] | None:
    match = _ISO.fullmatch(text) or _COMPACT.fullmatch(text)
    if not match:
        return None
    try:
        year, month, day = (int(match[part]) for part in ("year", "month", "day"))
        if year not in _YEARS:
            return None
        if match["hour"] is None:
            return dt.date(year, month, day).isoformat(), False
        hour, second = int(match["hour"]), match["second"]
        next_day = hour == 24 and int(match["minute"]) == 0
        local = dt.datetime(year, month, day, 0 if next_day else hour, int(match["minute"]), min(int(second or 0), 59))
        minutes = _offset(match["zone"], match["region"], zone, local)
    except (ValueError, OverflowError):
        return None
    local += dt.timedelta(days=next_day)
    return _stamp(local, minutes, second is not None), bool(match["zone"] or match["region"])


def _offset(printed: str | None, region: str | None, zone: str | None, local: dt.datetime) -> int | None:
    """Minutes from Greenwich. Raises `ValueError` for an offset or region that is none."""
    if not printed:
        place = region or zone
        return offset_of(place, local) if place else None
    if printed[0] not in "+-":
        return 0
    digits = printed[1:].partition(" ")[0].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:4] or 0)
    if minutes > 14 * 60 or int(digits[2:4] or 0) > 59:
        raise ValueError(printed)
    return -minutes if printed[0] == "-" else minutes


def _epoch(text: str) -> tuple[str, bool] | None:
    match = _EPOCH.fullmatch(text)
    if not match:
        return None
    moment = dt.datetime.fromtimestamp(int(match["seconds"]), dt.UTC)
    if moment.year not in _YEARS:
        return None
    return _stamp(moment.replace(tzinfo=None), 0, seconds=True), True


def _rfc_2822(text: str, zone: str | None) -> tuple[str, bool] | None:
    """Years of two digits only, as RFC 822 had them: `read_date` reads the others and checks their weekday."""
    parts = parsedate_tz(text) if _RFC_822.fullmatch(text) else None
    if not parts or parts[0] not in _YEARS:
        return None
    try:
        local = dt.datetime(*parts[:6])
    except ValueError:
        return None
    known = text[-1:].isalpha() or text[-5:-4] in ("+", "-")
    printed = (parts[9] or 0) // 60 if known else None
    minutes = offset_of(zone, local) if printed is None and zone else printed
    return _stamp(local, minutes, text.count(":") == 2), known


def _rare_iso(text: str, zone: str | None) -> tuple[str, bool] | None:
    """Week dates and ordinal dates of ISO 8601, by dateutil, which checks that they exist."""
    match = _RARE_ISO.fullmatch(text)
    if not match:
        return None
    try:
        moment = isoparse(text)
    except ValueError:
        return None
    if moment.year not in _YEARS:
        return None
    if not match["time"]:
        return moment.date().isoformat(), False
    offset, local = moment.utcoffset(), moment.replace(tzinfo=None)
    minutes = int(offset.total_seconds()) // 60 if offset is not None else offset_of(zone, local) if zone else None
    return _stamp(local, minutes, match["second"] is not None), offset is not None


def _stamp(local: dt.datetime, minutes: int | None, seconds: bool) -> str:
    iso = local.isoformat(timespec="seconds" if seconds else "minutes")
    return iso + ("" if minutes is None else format_offset(minutes))
