"""Dates told from the moment of reading: "3 hours ago", "yesterday at 14:30". Of use where that moment is known."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from newsscraper.extract.dates.folding import fold
from newsscraper.extract.dates.lexicon import UNSPACED
from newsscraper.extract.dates.model import ReadDate

_LONGEST = 80
_MOST = {"minute": 600, "hour": 72, "day": 31}
"""Numbers above which nothing is told from the moment of reading."""
_CLOCK = re.compile(r"(?<![0-9])(?P<hour>[0-9]{1,2})[:.](?P<minute>[0-5][0-9])(?![0-9])(?: ?(?P<half>[ap]\.?m))?")


@dataclass(frozen=True, slots=True)
class _Words:
    """Folded words, as patterns and by meaning."""

    span: re.Pattern[str]
    units: dict[str, str]
    within: frozenset[str]
    """Units that need no word for "ago"."""
    day: re.Pattern[str]
    days: dict[str, int]
    with_time: frozenset[str]
    """Names of days that count beside a time only."""
    now: re.Pattern[str]


def read_relative(text: str, fetched_at: str) -> ReadDate | None:
    """The date that a short `text` tells from `fetched_at` (ISO 8601), or None.

    As precise as it is told: minutes ago give a time with the offset of `fetched_at`, hours and days ago a day, and
    "yesterday, 14:30" a time without zone. Weeks, months and years ago name no day. Raises `ValueError` for a
    `fetched_at` that is none.
    """
    if len(text) > _LONGEST:
        return None
    folded = fold(text)
    moment = dt.datetime.fromisoformat(fetched_at)
    try:
        found = _span_ago(folded.text, moment) or _named_day(folded.text, moment) or _just_now(folded.text, moment)
    except OverflowError:  # before the first day that there is
        return None
    if found is None:
        return None
    iso, start, end = found
    first, behind = folded.origins[start], folded.origins[end - 1] + 1
    return ReadDate(iso, text[first:behind], first, behind, "gregorian", None, False, ambiguous=False)


def _span_ago(text: str, moment: dt.datetime) -> tuple[str, int, int] | None:
    match = _words().span.search(text)
    if not match or not (match["before"] or match["behind"] or match["unit"] in _words().within):
        return None
    unit = _words().units[match["unit"]]
    count = int(match["number"]) if match["number"] else 1
    if count > _MOST[unit]:
        return None
    past = moment - dt.timedelta(**{f"{unit}s": count})
    iso = past.isoformat(timespec="minutes") if unit == "minute" else past.date().isoformat()
    return iso, match.start(), match.end()


def _named_day(text: str, moment: dt.datetime) -> tuple[str, int, int] | None:
    match = _words().day.search(text)
    if not match:
        return None
    day = (moment - dt.timedelta(days=_words().days[match[0]])).date()
    clock = _CLOCK.search(text)
    if not clock or int(clock["hour"]) > 23:
        if match[0] in _words().with_time:
            return None
        return day.isoformat(), match.start(), match.end()
    hour = int(clock["hour"])
    if clock["half"] and hour <= 12:
        hour = hour % 12 + 12 * clock["half"].startswith("p")
    start, end = min(match.start(), clock.start()), max(match.end(), clock.end())
    return f"{day.isoformat()}T{hour:02}:{clock['minute']}", start, end


def _just_now(text: str, moment: dt.datetime) -> tuple[str, int, int] | None:
    match = _words().now.search(text)
    return (moment.isoformat(timespec="minutes"), match.start(), match.end()) if match else None


@cache
def _words() -> _Words:
    data = tomllib.loads((files(__package__) / "relative.toml").read_text(encoding="utf-8"))
    units = {fold(word).text: unit for unit, names in data["units"].items() for word in names}
    words = data["words"]
    days = {fold(word).text: 0 for word in words["today"]} | {fold(word).text: 1 for word in words["yesterday"]}
    before, behind, one = _any(data["ago"]["before"]), _any(data["ago"]["behind"]), _any(words["one"])
    span = re.compile(
        rf"(?:(?P<before>{before}) )?(?:(?P<number>(?<![0-9.,:/-])[0-9]{{1,3}}(?![0-9.,:/-]))|{one}) ?"
        rf"(?P<unit>{_any(units)})\.?(?: ?(?P<behind>{behind}))?"
    )
    within = frozenset(fold(word).text for word in data["ago"]["within"])
    with_time = frozenset(fold(word).text for word in words["with_time"])
    return _Words(span, units, within, re.compile(_any(days)), days, with_time, re.compile(_any(words["now"])))


def _any(words: Iterable[str]) -> str:
    """A pattern of any of the words, longest first, whole where their script has spaces."""
    folded = sorted({fold(word).text for word in words}, key=lambda word: (-len(word), word))
    joined = [re.escape(word) for word in folded if re.match(f"[{UNSPACED}]", word)]
    spaced = "|".join(re.escape(word) for word in folded if not re.match(f"[{UNSPACED}]", word))
    return "(?:" + "|".join([*joined, rf"(?<![^\W\d_])(?:{spaced})(?![^\W\d_])"]) + ")"
