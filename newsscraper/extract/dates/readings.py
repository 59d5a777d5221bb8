"""What the numbers of a candidate can mean: calendars, order of day and month, the century."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from newsscraper.extract.dates.grammar import Candidate
from newsscraper.extract.dates.lexicon import MonthName, lexicon
from newsscraper.extract.dates.shapes import Shape

# CLDR's default region of these is one that puts the month first; bare `en` counts as en-US.
_MONTH_FIRST = frozenset({"en", "en-us", "en-ph", "en-pr", "en-gu", "fil", "es-pr"})
_JALALI_LANGUAGES = frozenset({"fa", "prs", "ps", "ckb", "ku", "az", "tk", "uz", "tg", "azb", "lrc", "mzn", "glk"})
_HIJRI_LANGUAGES = frozenset({"ar", "ur", "ms", "id"})
_NAMED_YEARS = range(1900, 2101)
_NUMERIC_YEARS = range(1990, 2101)
_BUDDHIST_LEAD = 543


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known beside the text. Ties break by it, nothing else."""

    language: str = ""
    """BCP 47 in lower case, or empty."""
    calendar: str | None = None
    zone: str | None = None
    """IANA name."""
    day_first: bool | None = None
    script: str = ""
    """Digits of the text: `persian`, `arabic`, `thai`; empty when they are none of these."""
    twelve_hours: bool = False
    """The text has an English AM or PM in capitals."""

    @property
    def primary(self) -> str:
        """The language without region."""
        return self.language.partition("-")[0]


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing that a candidate can mean."""

    calendar: str
    date: dt.date
    swappable: bool = False
    """Day and month could change places and would still be a date."""
    language: str = ""
    """Language of the month's name; empty for figures."""
    order: str = ""
    """`day first` or `month first` of a numeric Gregorian reading."""


def find_readings(candidate: Candidate, shape: Shape, hints: Hints) -> list[Reading]:
    """All valid readings, the likeliest first; empty when it is no date."""
    readings = _numeric(candidate, shape, hints) if candidate.is_numeric else _named(candidate, shape, hints)
    era = _era_behind(candidate, shape)
    wanted = (era, hints.calendar)
    return sorted(readings, key=lambda reading: [reading.calendar != calendar for calendar in wanted if calendar])


def _named(candidate: Candidate, shape: Shape, hints: Hints) -> Iterator[Reading]:
    day, year = shape.number(candidate.day), shape.number(candidate.year)
    if candidate.era is not None:
        year += lexicon().era_years[shape.keys[candidate.era]]
    for name in _meanings(candidate, shape, hints):
        for calendar, full_year in _years(name, year, candidate):
            date = to_gregorian(calendar, full_year, name.month, day)
            if date and date.year in _NAMED_YEARS:
                yield Reading(calendar, date, language=name.language)


def _meanings(candidate: Candidate, shape: Shape, hints: Hints) -> list[MonthName]:
    if shape.kinds[candidate.month] == "d":
        return [MonthName("", "gregorian", shape.number(candidate.month))]
    names = lexicon().months[shape.keys[candidate.month]]
    return sorted(
        names,
        key=lambda name: (
            name.language.lower() != hints.language,
            name.language.lower().partition("-")[0] != hints.primary,
        ),
    )


def _years(name: MonthName, year: int, candidate: Candidate) -> Iterator[tuple[str, int]]:
    """Calendars in which `year` can stand beside this month's name."""
    if candidate.is_short:
        if name.language == "th":
            yield "buddhist", 2500 + year
        elif name.calendar == "gregorian" and (century := _century(year)):
            yield name.calendar, century + year
    elif name.calendar == "gregorian":
        yield ("buddhist" if name.language == "th" and year > 2400 else "gregorian"), year
    else:
        yield name.calendar, year


def _numeric(candidate: Candidate, shape: Shape, hints: Hints) -> Iterator[Reading]:
    first, second, year = (shape.number(token) for token in (candidate.month, candidate.day, candidate.year))
    if candidate.is_short:
        yield from _short_numeric(first, second, year, hints)
        return
    year_first = candidate.form == "numeric year first"
    for calendar in _calendars(year, hints):
        if calendar == "gregorian" and not year_first:
            separator = shape.keys[candidate.month + 1]
            yield from _both_orders(first, second, year, _is_day_first(separator, hints))
            continue
        month, day = (first, second) if year_first else (second, first)
        date = to_gregorian(calendar, year, month, day)
        if date and date.year in _NUMERIC_YEARS:
            yield Reading(calendar, date)


def _calendars(year: int, hints: Hints) -> tuple[str, ...]:
    """Calendars in which a year in figures, beside a month in figures, is a year of our time."""
    if 1300 <= year < 1500:
        return _hijri_calendars(hints)
    if 2400 <= year < 2700:
        thai = hints.primary == "th" or hints.script == "thai" or hints.calendar == "buddhist"
        return ("buddhist",) if thai else ()
    return ("gregorian",)


def _hijri_calendars(hints: Hints) -> tuple[str, ...]:
    """Solar and lunar Hijri, the likelier first (a weekday may decide otherwise); none in a text of Europe."""
    if hints.script == "persian" or not hints.primary or hints.primary in _JALALI_LANGUAGES:
        lunar_first = hints.script == "arabic" and hints.primary not in _JALALI_LANGUAGES
    elif hints.primary in _HIJRI_LANGUAGES:
        lunar_first = True
    elif hints.calendar not in ("jalali", "hijri"):
        return ()
    else:
        lunar_first = hints.calendar == "hijri"
    return ("hijri", "jalali") if lunar_first else ("jalali", "hijri")


def _both_orders(first: int, second: int, year: int, day_first: bool) -> Iterator[Reading]:
    by_day = to_gregorian("gregorian", year, second, first)
    by_month = to_gregorian("gregorian", year, first, second)
    swappable = bool(by_day and by_month and by_day != by_month)
    ordered = ((by_day, "day first"), (by_month, "month first"))
    for date, order in ordered if day_first else reversed(ordered):
        if date and date.year in _NUMERIC_YEARS:
            yield Reading("gregorian", date, swappable, order=order)


def _is_day_first(separator: str, hints: Hints) -> bool:
    if hints.day_first is not None:
        return hints.day_first
    if separator.startswith("."):
        return True
    if hints.language:
        return hints.language not in _MONTH_FIRST
    return not hints.twelve_hours


def _short_numeric(first: int, second: int, third: int, hints: Hints) -> Iterator[Reading]:
    """30.03.22; 22.03.30 where Korean, Hungarian or an impossible day say so; ۰۱/۰۱/۱۰ in Persian figures."""
    if hints.script == "persian" or hints.calendar == "jalali":
        date = to_gregorian("jalali", (1400 if first < 50 else 1300) + first, second, third)
        if date and date.year in _NUMERIC_YEARS:
            yield Reading("jalali", date)
    if hints.primary in ("ko", "hu", "ja", "zh") and (century := _century(first)):
        date = to_gregorian("gregorian", century + first, second, third)
        if date:
            yield Reading("gregorian", date)
    if century := _century(third):
        yield from _both_orders(first, second, century + third, _is_day_first("." if first > 12 else "/", hints))


def _century(year: int) -> int | None:
    """The pivot of years of two digits: 90 to 99 are 1990 to 1999, 00 to 49 are 2000 to 2049, others none."""
    if year >= 90:
        return 1900
    return 2000 if year < 50 else None


def _era_behind(candidate: Candidate, shape: Shape) -> str | None:
    """The calendar told by a word beside the year: هـ, م, شمسی, พ.ศ."""
    eras = lexicon().eras
    for token in (candidate.end, candidate.end + 1, candidate.year - 2):
        if 0 <= token < len(shape.kinds) and shape.kinds[token] != " " and shape.keys[token] in eras:
            return eras[shape.keys[token]]
    return None


def to_gregorian(calendar: str, year: int, month: int, day: int) -> dt.date | None:
    """The Gregorian day, or None for a day that the calendar does not have or its library does not know."""
    try:
        if calendar in ("jalali", "hijri"):
            return _converters()[calendar](year, month, day)
        return dt.date(year - _BUDDHIST_LEAD if calendar == "buddhist" else year, month, day)
    except (ValueError, OverflowError):
        return None


@cache
def _converters() -> dict[str, Callable[[int, int, int], dt.date]]:
    import hijridate  # noqa: PLC0415 - only texts in these calendars pay for the imports
    import jdatetime  # noqa: PLC0415

    return {
        "jalali": lambda year, month, day: dt.date(*jdatetime.date(year, month, day).togregorian().timetuple()[:3]),
        "hijri": lambda year, month, day: dt.date(*hijridate.Hijri(year, month, day).to_gregorian().datetuple()),
    }
