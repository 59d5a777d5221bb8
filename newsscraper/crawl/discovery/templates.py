"""Addresses that nobody links to, made from a profile's templates: stories by code, archives by day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urljoin

from newsscraper.crawl.discovery.found import Found
from newsscraper.crawl.discovery.windows import Window
from newsscraper.errors import InputError
from newsscraper.sites import Profile
from newsscraper.sites.templates import CODE, is_by_day, is_by_month

MAX_ARCHIVE_PAGES = 20_000
"""Of one run."""

_PLACE = re.compile(r"\{(\w+)\}")


def find_stories_by_code(templates: Iterable[str], base: str, codes: Iterable[str]) -> tuple[Found, ...]:
    """A story a code and template, in the order of `codes`; where none is, is no fault. `base`: a URL of the site."""
    patterns = [urljoin(base, template) for template in templates]
    return tuple(
        Found(url=pattern.replace(CODE, code), kind="story", guessed=True) for code in codes for pattern in patterns
    )


def find_archives(profile: Profile, base: str, window: Window, today: date) -> tuple[Found, ...]:
    """The archive pages of the days within `window`, which ends today at the latest; newest first.

    None where the profile has no templates of them or the window has no beginning. Raises `InputError`.
    """
    first, last = _day_of(window.since), _last_day(window.until)
    last = min(last or today, today)
    if not profile.archives or first is None or first > last:
        return ()
    pages = dict.fromkeys(
        url
        for template in profile.archives
        for day in _days_down(first, last, template)
        for url in [_fill(urljoin(base, template), day, _calendar_of(profile, urljoin(base, template)))]
    )
    if len(pages) > MAX_ARCHIVE_PAGES:
        raise InputError(
            f"since={window.since}: expected at most {MAX_ARCHIVE_PAGES:,} pages of archives, got {len(pages):,}"
        )
    return tuple(Found(url=url, kind="listing", guessed=True) for url in pages)


def _days_down(first: date, last: date, template: str) -> Iterator[date]:
    """Every day where the template is by day; else days close enough that no month, or year, lies between two."""
    step = timedelta(days=1 if is_by_day(template) else 28 if is_by_month(template) else 354)
    day = last
    while day > first:
        yield day
        day -= step
    yield first


def _fill(template: str, day: date, calendar: str) -> str:
    year, month, number = _parts_of(day, calendar)
    values = {
        "yyyy": f"{year:04}",
        "yy": f"{year % 100:02}",
        "mm": f"{month:02}",
        "m": f"{month}",
        "dd": f"{number:02}",
        "d": f"{number}",
    }
    return _PLACE.sub(lambda place: values.get(place[1], place[0]), template)


def _parts_of(day: date, calendar: str) -> tuple[int, int, int]:
    if calendar == "jalali":
        from jdatetime import date as jalali  # noqa: PLC0415 (only the sites of two countries need it)

        own = jalali.fromgregorian(date=day)
        return own.year, own.month, own.day
    if calendar == "hijri":
        from hijridate import Gregorian  # noqa: PLC0415

        return Gregorian(day.year, day.month, day.day).to_hijri().datetuple()
    return day.year, day.month, day.day


def _calendar_of(profile: Profile, url: str) -> str:
    edition = profile.edition_of(url)
    return edition.calendar if edition is not None else "gregorian"


def _day_of(bound: date | datetime | None) -> date | None:
    """The day that a bound falls on, or the one before it where a zone may make it that."""
    if isinstance(bound, datetime):
        return (bound.astimezone(UTC) - timedelta(hours=14)).date()
    return bound


def _last_day(bound: date | datetime | None) -> date | None:
    if isinstance(bound, datetime):
        return (bound.astimezone(UTC) + timedelta(hours=14)).date()
    return bound - timedelta(days=1) if bound is not None else None
