"""The time that a URL is about, where it says so: `/2022/03/30/slug`, `/1401/01/10/slug`, `sitemap-2022-03.xml`."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlsplit

Span = tuple[date, date]
"""Days: from the first, inclusive, to the second, exclusive."""

_YEAR = r"(?P<year>(?:19|20)\d\d|1[34]\d\d)"
_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905
_NAME = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?"
)
_FOLDERS = re.compile(
    rf"/{_YEAR}/(?P<month>0?[1-9]|1[0-2]|{_NAME})(?:/(?P<day>0?[1-9]|[12]\d|3[01])(?=/|$)|(?=[/.]|$))"
)
_DASHED = rf"{_YEAR}(?P<dash>[-_.])(?P<month>\d\d)(?P=dash)(?P<day>\d\d)"
_BEGINS_SEGMENT = re.compile(rf"/{_DASHED}(?=[/_.-]|$)")
_ENDS_SEGMENT = re.compile(rf"[_-]{_DASHED}(?=/|\.[a-z]+$|$)")
_COMPACT = re.compile(rf"/{_YEAR}(?P<month>\d\d)(?P<day>\d\d)(?=[/_-][^/])")
_OF_SITEMAP = (
    re.compile(rf"(?<!\d){_YEAR}[-_.]?(?P<month>0[1-9]|1[0-2])[-_.]?(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(rf"(?<!\d){_YEAR}[-_.]?(?P<month>0[1-9]|1[0-2])(?!\d)"),
    re.compile(rf"/{_YEAR}/"),
)
_WHOLE_DATE = re.compile(rf"{_YEAR}[-/.]?(?P<month>\d\d)[-/.]?(?P<day>\d\d)")
_DATE_PARAMETERS = ("date", "day", "d", "archive_date")
_PARTS = {"year": ("yyyy", "year", "y"), "month": ("mm", "month", "m"), "day": ("dd", "day", "d")}
_JALALI = range(1300, 1500)


def span_of_url(url: str, *, is_sitemap: bool = False) -> Span | None:
    """The days that the date in `url` covers; None where there is none, or it is none that exists.

    A year alone counts for a sitemap only: elsewhere it is a topic's, or a number.
    """
    parts = urlsplit(url)
    path = parts.path.lower()
    for found in _candidates(path, is_sitemap=is_sitemap):
        span = _span(**found)
        if span is not None:
            return span
    return _span_of_query(parts.query)


def _candidates(path: str, *, is_sitemap: bool) -> Iterator[dict[str, str | None]]:
    for pattern in (_FOLDERS, _BEGINS_SEGMENT, _ENDS_SEGMENT, _COMPACT, *(_OF_SITEMAP if is_sitemap else ())):
        match = pattern.search(path)
        if match:
            yield match.groupdict()


def _span_of_query(query: str) -> Span | None:
    pairs = {name.lower(): value for name, value in parse_qsl(query)}
    for name in _DATE_PARAMETERS:
        match = _WHOLE_DATE.fullmatch(pairs.get(name, ""))
        if match:
            return _span(**match.groupdict())
    values = {
        part: next((pairs[name] for name in names if pairs.get(name, "").isdecimal()), None)
        for part, names in _PARTS.items()
    }
    return _span(**values) if values["year"] and values["month"] else None


def _span(year: str | None = None, month: str | None = None, day: str | None = None, **_: str | None) -> Span | None:
    number = _NAMES.index(month[:3]) + 1 if month and not month.isdecimal() else int(month or 0)
    try:
        return _days(int(year or 0), number, int(day or 0))
    except (ValueError, OverflowError):
        return None


def _days(year: int, month: int, day: int) -> Span:
    if year in _JALALI:
        return _jalali_days(year, month, day)
    if not month:
        return date(year, 1, 1), date(year + 1, 1, 1)
    first = date(year, month, day or 1)
    return first, first + timedelta(days=1 if day else calendar.monthrange(year, month)[1])


def _jalali_days(year: int, month: int, day: int) -> Span:
    from jdatetime import date as jalali  # noqa: PLC0415 (only the sites of two countries need it)

    first = jalali(year, month or 1, day or 1)
    if day:
        following = first + timedelta(days=1)
    elif month:
        following = jalali(year + month // 12, month % 12 + 1, 1)
    else:
        following = jalali(year + 1, 1, 1)
    return first.togregorian(), following.togregorian()
