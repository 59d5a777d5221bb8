"""Zones as printed beside a time, and offsets as written in ISO 8601."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from newsscraper.extract.dates.folding import fold

_OFFSET = r"(?P<sign>[+-]) ?(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?(?!\d)"
_BARE_OFFSET = r"(?P<bare_sign>[+-])(?P<bare_hours>\d\d):?(?P<bare_minutes>\d\d)(?!\d)"


@dataclass(frozen=True, slots=True)
class ZoneHints:
    """What decides between the meanings of IST or CST."""

    language: str
    """BCP 47 in lower case, or empty."""
    zone: str | None
    """IANA name."""
    local: dt.datetime
    """The time that the zone stands beside."""


@dataclass(frozen=True, slots=True)
class PrintedZone:
    """A zone found in text."""

    meaning: int | str
    """Minutes east of Greenwich, or an IANA name."""
    end: int
    """Offset behind it in the folded text."""


@dataclass(frozen=True, slots=True)
class ZoneTable:
    """`zones.toml`, its names folded."""

    fixed: dict[str, int | str]
    several: dict[str, list[tuple[int, frozenset[str]]]]
    """Abbreviation -> minutes, and the languages that mean these."""
    phrases: dict[str, str]

    def abbreviates(self, word: str) -> bool:
        """True for a zone's abbreviation in lower case."""
        return word in self.fixed or word in self.several


@cache
def zone_table() -> ZoneTable:
    """The table, loaded once."""
    data = tomllib.loads((files(__package__) / "zones.toml").read_text(encoding="utf-8"))
    several: dict[str, list[tuple[int, frozenset[str]]]] = {}
    for entry in data["several"]:
        several.setdefault(entry["name"], []).append((entry["minutes"], frozenset(entry["languages"])))
    phrases = {fold(phrase).text: zone for phrase, zone in data["phrases"].items()}
    return ZoneTable({fold(name).text: meaning for name, meaning in data["fixed"].items()}, several, phrases)


@cache
def _zone_pattern() -> re.Pattern[str]:
    phrases = "|".join(re.escape(phrase) for phrase in sorted(zone_table().phrases, key=len, reverse=True))
    return re.compile(
        rf"[ ]{{0,2}},?[ ]?(?P<open>\()?(?:(?P<utc>utc|gmt|ut)[ ]?{_OFFSET}|{_BARE_OFFSET}|(?P<phrase>{phrases})(?!\w)"
        r"|(?P<word>[a-zмск]{1,5})(?![\w+]|[-]\d))(?(open)[ ]?\))"
    )


def read_zone(folded: str, original: str, hints: ZoneHints) -> PrintedZone | None:
    """The zone that begins `folded`, the text right behind a time.

    `original` holds the same characters unfolded: abbreviations count in capitals only.
    """
    match = _zone_pattern().match(folded)
    if not match:
        return None
    sign = match["sign"] or match["bare_sign"]
    if sign:
        minutes = _offset_minutes(
            sign, match["hours"] or match["bare_hours"], match["minutes"] or match["bare_minutes"]
        )
        return None if minutes is None else PrintedZone(minutes, match.end())
    if match["phrase"]:
        return PrintedZone(zone_table().phrases[match["phrase"]], match.end())
    printed = original[match.start("word") : match.end("word")]
    if not printed.isupper() and match["word"] not in ("utc", "gmt", "z", "мск"):
        return None
    meaning = _abbreviation(match["word"], hints)
    return None if meaning is None else PrintedZone(meaning, match.end())


def _offset_minutes(sign: str, hours: str, minutes: str | None) -> int | None:
    total = int(hours) * 60 + int(minutes or 0)
    return (-total if sign == "-" else total) if total <= 14 * 60 and int(minutes or 0) < 60 else None


def _abbreviation(word: str, hints: ZoneHints) -> int | str | None:
    meanings = zone_table().several.get(word)
    if not meanings:
        return zone_table().fixed.get(word)
    here = offset_of(hints.zone, hints.local) if hints.zone else None
    known = {hints.language, hints.language.partition("-")[0]}
    by_zone = [minutes for minutes, _ in meanings if minutes == here]
    by_language = [minutes for minutes, languages in meanings if known & languages]
    default = [minutes for minutes, languages in meanings if "*" in languages]
    return next(iter((*by_zone, *by_language, *default)), None)


def zone_info(zone: str) -> ZoneInfo:
    """The zone of an IANA name. Raises `ValueError` for a name that there is not."""
    try:
        return ZoneInfo(zone)
    except (KeyError, OSError, ValueError) as error:
        raise ValueError(f"no such time zone: {zone!r}") from error


def offset_of(meaning: int | str, local: dt.datetime) -> int:
    """Minutes east of Greenwich at a local time; of two in autumn's repeated hour, the first."""
    if isinstance(meaning, int):
        return meaning
    offset = zone_info(meaning).utcoffset(local.replace(tzinfo=None))
    return round(offset.total_seconds() / 60) if offset is not None else 0


def format_offset(minutes: int) -> str:
    """`+04:30`."""
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def with_zone(iso: str, zone: str) -> str:
    """`iso` with the offset that the IANA `zone` had at that local time; a bare day, or one with an offset, as it is.

    Raises `ValueError` when `zone` names none or `iso` is no ISO 8601 date.
    """
    local = dt.datetime.fromisoformat(iso)
    minutes = offset_of(zone, local)
    return iso if "T" not in iso or local.tzinfo else iso + format_offset(minutes)


def to_utc(iso: str) -> str | None:
    """`2022-03-30T17:20:00Z`, or None for a day without time or a time without offset, or what is no date."""
    try:
        moment = dt.datetime.fromisoformat(iso)
        if "T" not in iso or moment.tzinfo is None:
            return None
        return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError):
        return None
